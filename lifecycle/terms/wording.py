"""Terms in words: one way to say who, when, how and until when, for people who read Terms rather than write them.

Everything that shows Terms - the command, comparisons, pictures - takes its words from here. Nothing in these words is
parsed again; programs read the Terms themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lifecycle.terms.model import Clock, Condition, Duty, Kind, Method, Power, Scalar, Terms, Who, other

_DERIVED = {
    "term": "a term",
    "hold": "a hold",
    "suspension": "the suspension",
    "idle": "the time without a term",
    "ending": "the end of the agreement",
}
_BEGINS = {
    "term": "the term begins",
    "hold": "the hold begins",
    "suspension": "the suspension begins",
    "idle": "the time without a term begins",
    "ending": "the agreement ends",
}
_DAYS_OF_TERM = {
    "term start": "the start of the term",
    "term end": "the end of the term",
    "next term start": "the start of the next term",
}
_EXERCISES = {
    "act": "by doing it",
    "written notice": "by written notice",
    "posting": "by posting it",
    "consent": "by both together in writing",
    "automatic": "by itself, once its conditions are met",
}
_COUNTS = {"in person": "when handed over", "dispatch": "when sent", "delivery": "once delivered"}
_ROUNDED = {"down": "the last day of the month", "up": "the first day of the next month"}


# ---- small words ---------------------------------------------------------------------------------------------


def spaced(name: str) -> str:
    """A name of the file as people write it: ``written_off`` is ``written off``."""
    return name.replace("_", " ")


def either(words: Iterable[str], last: str = "or") -> str:
    """A list in a sentence.

    >>> either(["paid", "credited", "voided"])
    'paid, credited or voided'
    """
    *head, tail = [*words] or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def ordinal(n: int) -> str:
    """A place in a row.

    >>> [ordinal(n) for n in (1, 2, 3, 11, 21, 112)]
    ['1st', '2nd', '3rd', '11th', '21st', '112th']
    """
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


# ---- who, because of what ------------------------------------------------------------------------------------


def who(by: Who, kinds: tuple[str, ...], terms: Terms) -> str:
    """Who holds a power, owes a duty or gives a notice about matters of some kinds."""
    match by:
        case "provider" | "customer":
            return f"the {by}"
        case "either":
            return "either party"
        case "both":
            return "both parties together"
        case _:
            about = {terms.kinds[kind].party if kind in terms.kinds else "either" for kind in kinds}
            subject = next(iter(about)) if len(about) == 1 else "either"
            if subject == "provider" or subject == "customer":
                return f"the {subject if by == 'subject' else other(subject)}"
            it = f"the {terms.kinds[kinds[0]].title}" if len(kinds) == 1 and kinds[0] in terms.kinds else "it"
            return f"the party that {it} is {'' if by == 'subject' else 'not '}about"


def matters(kinds: Iterable[str], terms: Terms) -> str:
    """Kinds of matters by their titles, any of which will do."""
    return either(_DERIVED.get(kind) or _a_matter(terms.kinds[kind]) for kind in kinds)


def _a_matter(kind: Kind) -> str:
    return f"{kind.title} (as the {kind.asserted_by} asserts)" if kind.asserted_by else kind.title


def ends(names: Iterable[str], terms: Terms) -> str:
    """Ends of a matter, or notices, that take something away or fulfil it."""
    plain, given = [], []
    for name in names:
        kind, _, notice = name.partition(":")
        if kind == "notice":
            given.append(f"{article(terms.notices[notice].title)} is given")
        else:
            plain.append(spaced(name))
    return ", or ".join(filter(None, (either(plain), *given)))


def value(found: Scalar) -> str:
    if isinstance(found, bool):
        return "yes" if found else "no"
    return either(map(spaced, found)) if isinstance(found, tuple) else spaced(found)


def conditions(when: Condition, unless: Condition, kinds: tuple[str, ...] = ()) -> str:
    """What attributes must be, and must not be: ``remediable and it is the customer's``; '' where nothing is asked."""
    told = [_is(name, wanted, kinds, holds=True) for name, wanted in when.items()]
    told += [_is(name, wanted, kinds, holds=False) for name, wanted in unless.items()]
    return " and ".join(told)


def _is(name: str, wanted: Scalar, kinds: tuple[str, ...], *, holds: bool) -> str:
    not_ = "" if holds else "not "
    match name, wanted:
        case "party", str():
            return f"it is {not_}the {wanted}'s"
        case _, bool():
            return f"{'' if wanted is holds else 'not '}{spaced(name)}"
        case "how", _ if kinds == ("ending",):
            return f"it is {not_}{value(wanted)}"
        case "by", _ if kinds == ("ending",):
            return f"it was {not_}ended by the {value(wanted)}"
        case "power", _ if kinds == ("ending",):
            powers = either(wanted) if isinstance(wanted, tuple) else wanted
            return f"it ended {'' if holds else 'otherwise than '}under {powers}"
        case _:
            return f"{spaced(name)} is {not_}{value(wanted)}"


# ---- clocks --------------------------------------------------------------------------------------------------


def anchor(clock: Clock, kinds: tuple[str, ...], terms: Terms) -> str:
    """What a clock counts from, for matters of some kinds: ``the due day``, ``the breach notice counts``."""
    if clock.notice:
        return f"the {terms.notices[clock.notice].title} counts"
    if clock.start in _DAYS_OF_TERM:
        return _DAYS_OF_TERM[clock.start]
    if clock.start != "start":
        name = spaced(clock.start)
        return f"the {name}" if name.endswith(("day", "date")) else f"the {name} day"
    if len(kinds) != 1:
        return "it begins"
    return _BEGINS.get(kinds[0]) or f"the {terms.kinds[kinds[0]].title} begins"


def clock(found: Clock, kinds: tuple[str, ...], terms: Terms) -> str:
    """A clock about matters of some kinds, in words and days, with what it turns on.

    >>> from lifecycle.terms import load
    >>> modal = load("modal-2024-03-26")
    >>> for found in modal.powers["suspend.overdue"].clocks[:2]:
    ...     print(clock(found, ("invoice",), modal))
    30 days or more after the due day where payment is not card (time for payment)
    10 days or more after the due day where payment is card (time for payment)
    >>> clock(modal.powers["non_renewal"].clocks[0], ("term",), modal)
    'through the 30th day before the end of the term'
    """
    told = bare_clock(found, kinds, terms)
    if where := conditions(found.when, found.unless, kinds):
        told += f" where {where}"
    notes = "; ".join(_notes(found, terms))
    return f"{told} ({notes})" if notes else told


def _notes(found: Clock, terms: Terms) -> Iterator[str]:
    """What else there is to say of a clock: whom the time is for, and what stretches it."""
    if found.leaves:
        yield f"time for {found.leaves}"
    if found.order_value:
        yield f"or what the order names: {terms.order.values[found.order_value]}"
    if found.rounding and found.period.months:
        yield f"a day that does not exist is {_ROUNDED[found.rounding]}"
    if found.performance and terms.counting.roll != "none":
        yield f"rolls to the {terms.counting.roll}"
    if found.paused_by:
        yield f"not counting days of {terms.kinds[found.paused_by].title} that stands in the way"
    if found.restarted_by:
        yield f"counted anew after {terms.kinds[found.restarted_by].title} that stood in the way"


def bare_clock(found: Clock, kinds: tuple[str, ...], terms: Terms) -> str:
    """The count of a clock alone: ``not within 30 days after the breach notice counts``."""
    since, period = anchor(found, kinds, terms), found.period
    if found.direction == "before":
        return _before(found, since)
    match found.compare:
        case "at least":
            return f"{period} or more after {since}" if found.n else f"from {_on(since)}"
        case "more than":
            return f"more than {period} after {since}" if found.n else f"after {_on(since)}"
        case "not within":
            return f"not within {period} after {since}" if found.n else f"after {_on(since)}"
        case "no later than":
            return f"no later than {period} after {since}" if found.n else f"no later than {_on(since)}"


def _on(since: str) -> str:
    """The day itself, of what is a day and of what happens on one."""
    return since if since.endswith(("day", "date", "term")) else f"the day on which {since}"


def _before(found: Clock, since: str) -> str:
    more = found.compare == "more than"
    if found.unit in ("days", "business days"):
        n, unit = found.n + more, found.unit.removesuffix("s")
        place = f"{ordinal(n)} {unit}" if n > 1 else unit
        return f"through the {place} before {since}" if n else f"through {since}"
    return f"through the day {'more than ' if more else ''}{found.period} before {since}"


def counted_day(found: Clock, kinds: tuple[str, ...], terms: Terms) -> str:
    """A day that a clock gives: ``30 days after the invoice begins``."""
    since = anchor(found, kinds, terms)
    told = f"{found.period} after {since}" if found.n else _on(since)
    return f"{told}, or what the order names: {terms.order.values[found.order_value]}" if found.order_value else told


# ---- how -----------------------------------------------------------------------------------------------------


def exercise(power: Power, terms: Terms) -> str:
    """How a power is exercised."""
    kind, _, notice = power.exercise.partition(":")
    return f"by giving {article(terms.notices[notice].title)}" if kind == "notice" else _EXERCISES[power.exercise]


def lifting(power: Power, terms: Terms) -> str:
    """How a suspension under a power goes; '' for other powers."""
    if power.lifts is None:
        return ""
    if power.lifts == "by an act":
        return "by an act of lifting"
    also = f" and nothing is left to {terms.powers[power.lifts_with].title} for" if power.lifts_with else ""
    return f"by itself, once the power is gone{also}"


def method(found: Method) -> str:
    """When a notice by a method counts: ``when sent``, ``2 business days after it was sent``."""
    if not found.n:
        return f"counts {_COUNTS[found.counts]}"
    happened = {"in person": "it is handed over", "dispatch": "it was sent", "delivery": "it was delivered"}
    unit = found.unit if found.n != 1 else found.unit.removesuffix("s")
    return f"counts {found.n} {unit} after {happened[found.counts]}"


def deadline(duty: Duty, terms: Terms) -> str:
    """By when a duty is to be done."""
    if duty.deadline == "clocks":
        joined = " and " if duty.needs == "all" else " or "
        return joined.join(clock(found, duty.matter, terms) for found in duty.clocks)
    return "at once" if duty.deadline == "at once" else "no date is set"
