"""The published reason codes are those of the code, no more and no fewer."""

import re
from pathlib import Path

import lifecycle

PACKAGE = Path(lifecycle.__file__).parent
PAGE = PACKAGE.parent / "docs" / "codes.md"


def test_every_code_is_documented_and_every_documented_code_exists() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))
    used = set(re.findall(r'code(?:: str)? ?= ?"([a-z-]+)"', source))
    page = PAGE.read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([a-z-]+)` \|", page, flags=re.M))
    only_said = set(re.findall(r"`([a-z]+)` \(", page))
    assert used == told | only_said
