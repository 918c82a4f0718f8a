"""The picture as JSON: for programs that draw it their own way."""

from __future__ import annotations

import json
from typing import Any

from attrs import asdict

from lifecycle.diagrams.picture import Picture


def data(picture: Picture) -> dict[str, Any]:
    """The picture as plain data: names as in :mod:`lifecycle.diagrams.picture`, all of them, days as texts."""
    plain: dict[str, Any] = json.loads(json_text(picture))
    return plain


def json_text(picture: Picture) -> str:
    return json.dumps(asdict(picture), ensure_ascii=False, indent=2, default=str) + "\n"
