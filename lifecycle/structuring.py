"""Strict structuring of documents from outside - TOML tables and lines of JSON - into frozen attrs; the only module
that knows cattrs.

Closed keys, no coercion (a number is not a text, true is not 1), and every fault with its path: ``clocks[0].n``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from attrs import fields, has

from lifecycle.days import Moment, as_text, to_day, to_instant, to_moment
from lifecycle.errors import LifecycleError
from lifecycle.plain import MAX_COUNT, shown, spoken, text_problem, to_amount
from lifecycle.values import define

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")


@define(eq=False)
class Faults(LifecycleError, ValueError):
    """What is wrong with a document: ``problem at path``, one text a fault."""

    problems: tuple[str, ...]

    def __str__(self) -> str:
        return "; ".join(self.problems)


def structure(value: object, cls: type[T], path: str = "", tagged: tuple[Any, str] | None = None) -> T:
    """A document's part as an instance of ``cls``; ``tagged`` is a union of classes and the key that tells them apart.

    Raises Faults with every fault, each with its path below ``path``.
    """
    from cattrs import BaseValidationError, transform_error

    try:
        return _converter(tagged).structure(value, cls)
    except (BaseValidationError, KeyError, ValueError, TypeError, AttributeError) as error:
        found = transform_error(error, path=path, format_exception=_explained)
        raise Faults(tuple(_placed(fault) for fault in found)) from None


def straight(value: object, cls: type[T], tagged: tuple[Any, str]) -> T:
    """What :func:`structure` makes of a document without a fault, for classes that check their own fields: several
    times as fast, and without a word on what is wrong.

    Raises TypeError, ValueError, KeyError or RecursionError where structure finds a fault: ask it which.
    """
    maker: Any = _maker
    made: T = maker(cls, tagged)(value)
    return made


@cache
def _maker(type_: Any, tagged: tuple[Any, str]) -> Callable[[Any], Any]:
    """How a value of a type is made of a document's part; what its class checks itself is left as it is."""
    arguments = get_args(type_)
    if type_ in (tagged[0], "Fact"):  # in a correction, which is part of the union, by its name
        return _tagged_maker(*tagged)
    if has(type_):
        return _table_maker(type_, tagged)
    if _is_a(type_, tuple):
        item = _maker(arguments[0], tagged)
        return lambda value: tuple(map(item, _instance_of(list, value)))
    if _is_a(type_, Mapping) and (item := _maker(arguments[1], tagged)) is not _as_it_is:
        return lambda value: {name: item(part) for name, part in _instance_of(dict, value).items()}
    if NoneType in arguments and (some := _maker(arguments[0], tagged)) is not _as_it_is:
        return lambda value: None if value is None else some(value)
    return _as_it_is


def _table_maker(cls: Any, tagged: tuple[Any, str]) -> Callable[[Any], Any]:
    @cache
    def parts() -> tuple[tuple[str, Callable[[Any], Any]], ...]:  # asked for the first one: a class may hold itself
        makers = ((each.name, _maker(cls.__annotations__[each.name], tagged)) for each in fields(cls))
        return tuple((name, make) for name, make in makers if make is not _as_it_is)

    def made(value: Any) -> Any:
        table = _instance_of(dict, value).copy()
        for name, make in parts():
            if name in table:
                table[name] = make(table[name])
        return cls(**table)

    return made


def _tagged_maker(union: Any, key: str) -> Callable[[Any], Any]:
    makers = {spoken(cls): _maker(cls, (union, key)) for cls in get_args(union)}

    def made(value: Any) -> Any:
        table = _instance_of(dict, value).copy()
        return makers[table.pop(key)](table)

    return made


def _instance_of(cls: type[T], value: Any) -> T:
    if type(value) is not cls:
        raise TypeError
    return value


def _as_it_is(value: Any) -> Any:
    return value


def unstructure(value: object, tagged: tuple[Any, str] | None = None) -> Any:
    """What :func:`structure` reads back: plain dicts, lists and texts, without what equals its default."""
    return _converter(tagged).unstructure(value)


def _placed(fault: str) -> str:
    problem, _, path = fault.rpartition(" @ ")
    path = re.sub(r"\['([^']*)'\]", r".\1", path).lstrip(".")
    return f"{problem} at {path}" if path else problem


def _explained(error: BaseException, _: object) -> str:
    from cattrs.errors import ForbiddenExtraKeysError

    match error:
        case ForbiddenExtraKeysError():
            return f"unknown key {', '.join(map(repr, sorted(error.extra_fields)))}"
        case KeyError():
            return "a key is missing"
        case _:
            return str(error)


@cache
def _converter(tagged: tuple[Any, str] | None) -> Converter:
    from cattrs import Converter
    from cattrs.cols import homogenous_tuple_structure_factory, mapping_structure_factory

    converter = Converter(forbid_extra_keys=True, omit_if_default=True)

    def refusing(check: Callable[[Any], str | None]) -> Callable[[Any, Any], Any]:
        def hook(value: Any, _: Any) -> Any:
            if problem := check(value):
                raise ValueError(problem)
            return value

        return hook

    def literal(value: Any, type_: Any) -> Any:
        choices = get_args(type_)
        if type(value) not in map(type, choices) or value not in choices:
            raise ValueError(f"one of {', '.join(map(str, choices))} is wanted, not {shown(value)}")
        return value

    def scalar(value: Any, type_: Any) -> Any:
        items = value if isinstance(value, list) else [value]
        fits = isinstance(value, bool) and bool in get_args(type_)
        if not fits and (problem := next(filter(None, map(text_problem, items)), None)):
            raise ValueError(problem)
        return tuple(value) if isinstance(value, list) else value

    def only_from(container: type[Any], wanted: str, factory: Any) -> Any:
        def made(type_: Any, converter: Any) -> Any:
            inner = factory(type_, converter)

            def hook(value: Any, _: Any) -> Any:
                if not isinstance(value, container):
                    raise ValueError(f"a {wanted} is wanted, not {shown(value)}")
                return inner(value, type_)

            return hook

        return made

    def of_class(type_: Any, converter: Any) -> Any:
        from cattrs.gen import make_dict_structure_fn

        inner = make_dict_structure_fn(type_, converter, _cattrs_forbid_extra_keys=True)
        return only_from(dict, "table", lambda *_: inner)(type_, converter)

    converter.register_structure_hook_factory(has, of_class)
    converter.register_structure_hook_factory(
        lambda t: _is_a(t, tuple) and get_args(t)[-1:] == (...,),
        only_from(list, "list", homogenous_tuple_structure_factory),
    )
    converter.register_structure_hook_factory(
        lambda t: _is_a(t, Mapping), only_from(dict, "table", mapping_structure_factory)
    )
    converter.register_structure_hook_func(lambda t: str(get_origin(t)) == "typing.Literal", literal)
    converter.register_structure_hook_func(lambda t: t in (str | bool | tuple[str, ...], str | tuple[str, ...]), scalar)
    converter.register_structure_hook_func(lambda t: t == Moment, lambda value, _: to_moment(value))
    converter.register_structure_hook(str, refusing(text_problem))
    converter.register_structure_hook(int, refusing(_number_problem))
    converter.register_structure_hook(
        bool, refusing(lambda v: None if type(v) is bool else f"true or false is wanted, not {shown(v)}")
    )
    converter.register_structure_hook(date, lambda value, _: to_day(value))
    converter.register_structure_hook(datetime, lambda value, _: to_instant(value))
    converter.register_structure_hook(Decimal, lambda value, _: to_amount(value))
    converter.register_unstructure_hook(date, as_text)
    converter.register_unstructure_hook(datetime, as_text)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_unstructure_hook_func(lambda t: t == Moment, as_text)
    converter.register_unstructure_hook_func(
        lambda t: _is_a(t, tuple), lambda value: [converter.unstructure(item) for item in value]
    )
    converter.register_unstructure_hook_func(
        lambda t: t == str | bool | tuple[str, ...], lambda value: list(value) if isinstance(value, tuple) else value
    )
    if tagged is not None:
        _configure_union(converter, *tagged)
    return converter


def _configure_union(converter: Converter, union: Any, key: str) -> None:
    """A union told apart by a tag: unknown tags are faults that list the known ones, and the tag is written first."""
    classes = {spoken(cls): cls for cls in get_args(union)}

    def structure_tagged(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"a table is wanted, not {shown(value)}")
        tag = value.get(key)
        if not isinstance(tag, str) or tag not in classes:
            raise ValueError(f"{key} {shown(tag)} is unknown: known are {', '.join(classes)}")
        return converter.structure({name: part for name, part in value.items() if name != key}, classes[tag])

    def unstructure_tagged(value: Any) -> Any:
        return {key: spoken(type(value)), **converter.unstructure(value)}

    converter.register_structure_hook(union, structure_tagged)
    converter.register_unstructure_hook(union, unstructure_tagged)


def _is_a(type_: Any, container: Any) -> bool:
    return get_origin(type_) is container


def _number_problem(value: object) -> str | None:
    if type(value) is not int:
        return f"a whole number is wanted, not {shown(value)}"
    return None if 0 <= value <= MAX_COUNT else f"a number from 0 to {MAX_COUNT} is wanted"
