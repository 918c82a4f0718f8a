"""Plain values from outside - texts and amounts - and how they are shown in messages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

MAX_TEXT = 2_000
MAX_NAME = 200
MAX_ITEMS = 100
MAX_COUNT = 1_000_000_000
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
# Control characters, bidirectional overrides and lone surrogates: nothing a title, a name or an id needs.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

# Noncharacters, some of which XML does not take.
_UNMARKABLE = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def text_problem(value: object, longest: int = MAX_TEXT) -> str | None:
    """Why a value is not a plain text of at most so many characters, or None if it is one."""
    if not isinstance(value, str):
        return f"a text is wanted, not {shown(value)}"
    if len(value) > longest:
        return f"a text longer than {longest} characters"
    if not value.isprintable() and (unwritable := _UNWRITABLE.search(value)):
        return f"a text with the control character U+{ord(unwritable[0]):04X}"
    return None


def writable(text: str) -> str:
    """A line of text that does nothing to a terminal: what could control one is written as its number.

    >>> writable("a\\x1b[2Jb\\n")
    'a\\\\u001b[2Jb\\\\u000a'
    """
    return _UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def markable(text: str) -> str:
    """A line of text that HTML and XML can hold once it is escaped."""
    return _UNMARKABLE.sub("\ufffd", writable(text))


def shown(value: object) -> str:
    """A value as its author wrote it, cut to 80 characters."""
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    try:
        return repr(value)[:80]
    except ValueError:  # an int of thousands of digits
        return f"a {type(value).__name__} too long to show"


def to_amount(value: object) -> Decimal:
    """An amount of money from a text such as ``"120.00"``: at least 0, at most 15 digits before the point and 6 after
    it.

    Raises ValueError for anything else: floats, exponents, signs.
    """
    if isinstance(value, Decimal):
        sane = value.is_finite() and -6 <= int(value.as_tuple().exponent) <= 15
        value = format(value, "f") if sane else str(value)
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise ValueError(f'an amount is wanted, as a text such as "120.00", not {shown(value)}')
    return Decimal(value)


def spoken(cls: type[Any]) -> str:
    """The tag of an event's class in files: ``MatterOpened`` is ``matter opened``."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", cls.__name__).lower()


def a(noun: str) -> str:
    """The noun with its article."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
