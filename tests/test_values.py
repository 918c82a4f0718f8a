"""Frozen values show what those of attrs show, with one ``repr`` for all classes."""

from collections.abc import Callable
from typing import Any, cast

import attrs
import pytest

from lifecycle import values
from lifecycle.events import Money, Paid

Maker = Callable[..., Any]


def made(maker: Maker) -> Any:
    """A class with a part, a field that is not shown and one that starts with an underscore."""

    class Outer:
        @maker(kw_only=True)
        class Part:
            name: str

        part: Part
        many: tuple[Part, ...] = ()
        _kept: int = 3
        secret: str = attrs.field(default="s", repr=False)

    whole, part = maker(Outer), cast("Any", Outer.Part)
    return whole(part=part(name="a'b"), many=(part(name="c"),))


@pytest.mark.parametrize(("ours", "theirs"), [(values.frozen, attrs.frozen), (values.define, attrs.define)])
def test_a_value_shows_what_attrs_would_show(ours: Maker, theirs: Maker) -> None:
    assert repr(made(ours)) == repr(made(theirs))
    assert "part=" in repr(made(ours))
    assert "secret" not in repr(made(ours))


def test_a_value_can_be_read_back_from_what_it_shows() -> None:
    paid = Paid(matter="INV-7", amount=Money("120.00", "USD"))
    assert repr(paid).startswith("Paid(matter='INV-7', amount=Money(amount=Decimal('120.00'), currency='USD')")


def test_a_class_with_words_of_its_own_keeps_them_and_one_that_wants_none_has_none() -> None:
    class Own:
        def __repr__(self) -> str:
            return "mine"

    class Bare:
        pass

    assert repr(values.frozen(Own)()) == "mine"
    assert repr(values.frozen(repr=False)(Bare)()).startswith("<")


def test_a_frozen_value_is_frozen_and_equal_to_one_that_says_the_same() -> None:
    value, other = Money("120.00", "USD"), Money("120.00", "USD")
    assert (value, hash(value)) == (other, hash(other))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.currency = "EUR"  # type: ignore[misc]
