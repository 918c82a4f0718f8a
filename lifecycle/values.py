"""Frozen values: ``frozen`` and ``define`` of attrs, with one ``repr`` for all classes.

attrs compiles one for each class, which is a sixth of what importing the library costs. Type checkers see those of
attrs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from attrs import define, frozen
else:

    def frozen(cls=None, **options):
        """``attrs.frozen``."""
        return _made(attrs.frozen, cls, options)

    def define(cls=None, **options):
        """``attrs.define``."""
        return _made(attrs.define, cls, options)


__all__ = ["define", "frozen"]


def _made(maker: Any, cls: Any, options: dict[str, Any]) -> Any:
    """A class made by attrs; one that has its own ``__repr__``, or wants none, is left with that."""
    if cls is None:
        return lambda cls: _made(maker, cls, options)
    shows = options.get("repr", "__repr__" not in vars(cls))
    made = maker(cls, **{**options, "repr": False})
    if shows:
        made.__repr__ = _shown
    return made


def _shown(value: Any) -> str:
    """A value as it would be written in code."""
    cls = type(value)
    told = (f"{field.name}={getattr(value, field.name)!r}" for field in attrs.fields(cls) if field.repr)
    return f"{cls.__qualname__.rpartition('>.')[2]}({', '.join(told)})"
