"""Terms with one thing changed, the way a reading changes it, so that a history can pin what it was made under."""

from __future__ import annotations

from pathlib import Path

from lifecycle.terms import Terms, under
from lifecycle.terms.loading import parse

SMALL = Path(__file__).parent / "small.toml"


def small() -> Terms:
    return parse(SMALL.read_bytes(), "small.toml")


def seeded(*patches: str, source: Path = SMALL) -> Terms:
    """The Terms with patches, each ``at = value`` as TOML, or ``drop at``."""
    return under(parse(faulty(*patches, source=source), source.name), {"seeded": "yes"})


def faulty(*patches: str, source: Path = SMALL) -> bytes:
    """A Terms file that has the patches if it is read with ``seeded`` as ``yes``."""
    told = ", ".join(_patch(patch) for patch in patches)
    reading = (
        '\n[[reading]]\nkey = "seeded"\nclause = "1"\nquestion = "Is it so?"\ndefault = "no"\n'
        f'[[reading.alternative]]\nmeaning = "yes"\npatch = [{told}]\n'
    )
    return source.read_bytes() + reading.encode()


def _patch(patch: str) -> str:
    if patch.startswith("drop "):
        return f"{{ at = '{patch.removeprefix('drop ')}', drop = true }}"
    at, _, value = patch.partition(" = ")
    return f"{{ at = '{at}', put = {value} }}"
