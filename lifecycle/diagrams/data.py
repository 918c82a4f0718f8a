"""The picture as JSON: for programs that draw it their own way."""

from __future__ import annotations

import json
from typing import Any

from attrs import asdict

from lifecycle.diagrams.picture import Picture


def data(picture: Picture) -> dict[str, Any]:
    """The picture as plain data: names as in :mod:`lifecycle.diagrams.picture`, days as texts."""
    return asdict(picture, filter=lambda field, value: value not in ("", None, ()), value_serializer=_plain)


def _plain(_: Any, field: Any, value: Any) -> Any:
    return value


def json_text(picture: Picture) -> str:
    return json.dumps(data(picture), ensure_ascii=False, indent=2, default=str) + "\n"
