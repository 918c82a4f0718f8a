"""References inside a Terms file that lead nowhere: clauses, kinds, notices, attributes and ends that nobody
declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lifecycle.days import WEEKDAYS, Period, to_zone, weekday_number
from lifecycle.errors import InvalidTime
from lifecycle.terms.model import (
    DERIVED_KINDS,
    TERM_END,
    TRANSITIONS,
    TRIAL_END,
    Amendment,
    Clock,
    Condition,
    Duty,
    Kind,
    Power,
    Scalar,
    Terms,
    values_of,
)

EXERCISES = ("act", "written notice", "posting", "consent", "automatic")
_DERIVED_DAYS = {"term": ("term start", "term end", "next term start")}
_DERIVED_ATTRIBUTES = {"ending": ("how", "power", "by"), "hold": ("power",)}
_OPENING = (("after", "at least"), ("after", "more than"), ("after", "not within"))
_BARE = re.compile(r"[\w-]+", re.ASCII)
_SPECIFICATIONS = ("yes or no", "text", "matters")


def at(section: str, key: str) -> str:
    """The path of a named table, as TOML writes it: quoted where the name needs it."""
    return f"{section}.{key}" if _BARE.fullmatch(key) else f'{section}."{key}"'


def dangling(terms: Terms) -> Iterator[str]:
    """Every such fault, as ``problem at path``; none for Terms that can be used."""
    try:
        to_zone(terms.zone)
    except InvalidTime as error:
        yield f"{error} at terms.zone"
    for i, name in enumerate(terms.counting.weekend):
        try:
            weekday_number(name)
        except InvalidTime as error:
            yield f"{error} at counting.weekend[{i}]"
    yield from _clauses(terms)
    if len(set(terms.counting.weekend)) > len(WEEKDAYS) - 1:
        yield "a week needs a business day at counting.weekend"
    for kind in terms.kinds.values():
        yield from _kind(terms, kind, at("kind", kind.id))
    for notice in terms.notices.values():
        path = at("notice_kind", notice.id)
        yield from _known_kinds(terms, notice.about, f"{path}.about")
        for i, clock in enumerate(notice.given):
            yield from clock_problems(terms, clock, notice.about, f"{path}.given[{i}]")
    yield from _methods(terms)
    for power in terms.powers.values():
        yield from _power(terms, power, at("power", power.id))
    for duty in terms.duties.values():
        yield from _duty(terms, duty, at("duty", duty.id))
    acts = {*TRANSITIONS, TRIAL_END, TERM_END, *(power.does for power in terms.powers.values())}
    for i, effect in enumerate(terms.effects):
        yield from (f"unknown power {p!r} at effect[{i}].powers" for p in effect.powers if p not in terms.powers)
        yield from (f"unknown act {act!r} at effect[{i}].on" for act in effect.on if act not in acts)
    for i, rule in enumerate(terms.rules):
        yield from (f"unknown act {act!r} at rule[{i}].on" for act in rule.on if act not in acts)
    yield from _readings(terms)
    if terms.begins == "made" and (terms.trial or terms.renewal or terms.framework):
        yield "an agreement in force from its making has neither trial nor renewal nor framework at terms.begins"
    if terms.trial and terms.trial.limit and terms.trial.limit not in terms.kinds:
        yield f"unknown kind of matter {terms.trial.limit!r} at trial.limit"
    if terms.renewal and not _stops_renewal(terms.powers.get(terms.renewal.stopped_by)):
        yield f"{terms.renewal.stopped_by!r} is not a power about a term, exercised by notice, at renewal.stopped_by"

    yield from _orders(terms)
    if terms.amendment:
        yield from _amendment(terms, terms.amendment)


def _methods(terms: Terms) -> Iterator[str]:
    methods = {f"methods.{name}": method for name, method in terms.notice.methods.items()} if terms.notice else {}
    if terms.notice and terms.notice.others:
        methods["others"] = terms.notice.others
    for name, method in methods.items():
        if method.unit not in ("days", "business days"):
            yield f"days or business days are wanted, not {method.unit}, at notice.{name}.unit"
        try:
            Period(method.n, method.unit)
        except InvalidTime as error:
            yield f"{error} at notice.{name}.n"


def _readings(terms: Terms) -> Iterator[str]:
    keys = [reading.key for reading in terms.readings]
    for i, reading in enumerate(terms.readings):
        if reading.key in keys[:i]:
            yield f"the key {reading.key!r} is taken at reading[{i}].key"
        if not reading.alternative or len(set(reading.meanings)) < len(reading.meanings):
            yield f"alternatives that differ from the default and each other are wanted at reading[{i}].alternative"


def _orders(terms: Terms) -> Iterator[str]:
    if terms.order.term and (terms.order.term.n < 1 or terms.order.term.unit in ("hours", "business days")):
        yield f"a term lasts at least one day, month or year, not {terms.order.term}, at order.term"
    lengths = {
        "trial.length": terms.trial and terms.trial.length,
        "renewal.longest": terms.renewal and terms.renewal.longest,
        "framework.at_least": terms.framework and terms.framework.at_least,
    }
    for path, length in lengths.items():
        if length and (length.n < 1 or length.unit in ("hours", "business days")):
            yield f"at least one day, month or year is wanted, not {length}, at {path}"


def _amendment(terms: Terms, rule: Amendment) -> Iterator[str]:
    power = terms.powers.get(rule.power)
    if power is None or not (power.exercise == "posting" or power.exercise.startswith("notice:")):
        yield f"{rule.power!r} is no power exercised by posting or notice at amendment.power"
    if rule.objection and rule.objection not in terms.notices:
        yield f"unknown kind of notice {rule.objection!r} at amendment.objection"
    if rule.lead and rule.lead.unit == "hours":
        yield "days, business days, months or years are wanted, not hours, at amendment.lead"


def _kind(terms: Terms, kind: Kind, path: str) -> Iterator[str]:
    if kind.id in DERIVED_KINDS:
        yield f"the kind {kind.id!r} is the library's own at {path}"
    if kind.money == "owed" and not {"paid", "credited", "written_off"} <= set(kind.ends):
        yield f"a kind with money ends as paid, credited and written_off at {path}.ends"
    if kind.lasts:
        yield from clock_problems(terms, kind.lasts, (kind.id,), f"{path}.lasts")
        if kind.lasts.start != "start" or not _is_bare(kind.lasts):
            yield f"it lasts 'no later than' so many days, months or years after its start at {path}.lasts"
    for name, clock in kind.defaults.items():
        yield from clock_problems(terms, clock, (kind.id,), f"{path}.defaults.{name}")
        if name not in kind.days:
            yield f"{name!r} is no day of {kind.id} at {path}.defaults"
        given = [day for day in kind.days if day not in kind.defaults]
        if clock.start not in ("start", *given) or not _is_bare(clock):
            yield (
                "a day is 'no later than' so many days, months or years after start or a day that is given "
                f"at {path}.defaults.{name}"
            )
    for day in kind.days:
        if day == "start" or day.startswith("notice:"):
            yield f"{day!r} means something else for a clock at {path}.days"
    for name, allowed in kind.attributes.items():
        if isinstance(allowed, str) and allowed not in _SPECIFICATIONS:
            known = ", ".join(_SPECIFICATIONS)
            yield f"{allowed!r} is neither {known} nor a list of values at {path}.attributes.{name}"


def _is_bare(clock: Clock) -> bool:
    """Whether a clock is no more than a last day counted forward: it may still be the order's to name."""
    conditions = (clock.when, clock.unless, clock.paused_by, clock.restarted_by)
    forward = (clock.direction, clock.compare) == ("after", "no later than")
    return forward and clock.unit != "hours" and not any(conditions)


def _clauses(terms: Terms) -> Iterator[str]:
    cited = [
        (rule.clause, f"{name}.clause")
        for name in ("notice", "trial", "renewal", "framework", "amendment", "survival")
        if (rule := getattr(terms, name))
    ]
    named: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("kind", terms.kinds),
        ("notice_kind", terms.notices),
        ("power", terms.powers),
        ("duty", terms.duties),
    )
    for section, items in named:
        cited += [(item.clause, f"{at(section, item.id)}.clause") for item in items.values()]
    cited += [(clock.clause, f"{path}.clause") for path, clock in clocks(terms) if clock.clause]
    listings: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("effect", terms.effects),
        ("rule", terms.rules),
        ("reading", terms.readings),
        ("left_out", terms.left_out),
    )
    for section, listed in listings:
        cited += [(item.clause, f"{section}[{i}].clause") for i, item in enumerate(listed)]
    cited += [(clause, "survival.clauses") for clause in (terms.survival.clauses if terms.survival else ())]
    cited += [(clause, "trial.lacks") for clause in (terms.trial.lacks if terms.trial else ())]
    cited += [(duty.rests_on, f"{at('duty', duty.id)}.rests_on") for duty in terms.duties.values() if duty.rests_on]
    yield from (f"unknown clause {c!r} at {path}" for c, path in cited if c not in terms.clauses)


def clocks(terms: Terms) -> Iterator[tuple[str, Clock]]:
    """Every clock of the Terms, with its path."""
    for kind in terms.kinds.values():
        path = at("kind", kind.id)
        yield from ((f"{path}.defaults.{name}", clock) for name, clock in kind.defaults.items())
        yield from ((f"{path}.lasts", clock) for clock in (kind.lasts,) if clock)
    listed: tuple[tuple[str, str, tuple[Clock, ...]], ...] = (
        *(("notice_kind", notice.id, notice.given) for notice in terms.notices.values()),
        *(("power", power.id, power.clocks) for power in terms.powers.values()),
        *(("duty", duty.id, duty.clocks) for duty in terms.duties.values()),
    )
    for section, name, counts in listed:
        key = "given" if section == "notice_kind" else "clocks"
        yield from ((f"{at(section, name)}.{key}[{i}]", clock) for i, clock in enumerate(counts))


def _known_kinds(terms: Terms, kinds: tuple[str, ...], path: str) -> Iterator[str]:
    yield from (
        f"unknown kind of matter {kind!r} at {path}"
        for kind in kinds
        if kind not in terms.kinds and kind not in DERIVED_KINDS
    )


def _power(terms: Terms, power: Power, path: str) -> Iterator[str]:
    yield from _known_kinds(terms, power.matter, f"{path}.matter")
    for name in ("when", "unless"):
        yield from _condition(terms, getattr(power, name), power.matter, f"{path}.{name}")
    for key, value in power.order_unless.items():
        for each in values_of(value):
            if each not in terms.order.attributes.get(key, ()):
                yield f"no order has {key} = {each!r} at {path}.order_unless"
    for i, clock in enumerate(power.clocks):
        yield from clock_problems(terms, clock, power.matter, f"{path}.clocks[{i}]")
        if power.needs == "any" and (clock.direction, clock.compare) not in _OPENING:
            yield f"any clock suffices only where each opens the power: clocks[{i}] shuts it at {path}.needs"
    yield from _ends(terms, power.ended_by, power.matter, f"{path}.ended_by")
    yield from _ends(terms, power.prevented_by, power.matter, f"{path}.prevented_by")
    kind, _, notice = power.exercise.partition(":")
    if power.exercise not in EXERCISES and not (kind == "notice" and notice in terms.notices):
        yield f"{power.exercise!r} is not {', '.join(EXERCISES)} or notice:KIND at {path}.exercise"
    if not power.matter:
        needing = [name for name in ("clocks", "when", "unless", "ended_by", "prevented_by") if getattr(power, name)]
        needing += ["by"] if power.by in ("other", "subject") else []
        yield from (f"it takes a matter to be about at {path}.{name}" for name in needing)
    if power.exercise == "written notice" and terms.notice is None:
        yield f"nothing says how notice is given at {path}.exercise"
    for i, blocker in enumerate(power.blocked_by):
        if not _names_matters(terms, blocker):
            yield f"{blocker!r} is no kind of matter that names others at {path}.blocked_by[{i}]"
    if power.exercise == "automatic":
        recorded = bool(power.matter) and not set(power.matter) & set(DERIVED_KINDS)
        if power.does != "terminate" or not recorded:
            yield f"by itself only an end comes, because of a matter that is recorded, at {path}.exercise"
    if power.lifts_with and (power.lifts != "by itself" or power.lifts_with not in terms.powers):
        yield f"{power.lifts_with!r} is no power that a lifting by itself could wait for at {path}.lifts_with"
    if power.does == "suspend" and power.lifts is None:
        yield f"a suspension must say how it lifts at {path}.lifts"


def _duty(terms: Terms, duty: Duty, path: str) -> Iterator[str]:
    yield from _known_kinds(terms, duty.matter, f"{path}.matter")
    for name in ("when", "unless"):
        yield from _condition(terms, getattr(duty, name), duty.matter, f"{path}.{name}")
    yield from _ends(terms, duty.met_by, duty.matter, f"{path}.met_by")
    if not duty.matter:
        yield f"it takes a matter to be about at {path}.matter"
    if duty.arises not in ("start", *(f"notice:{notice}" for notice in terms.notices)):
        yield f"{duty.arises!r} is neither start nor notice:KIND at {path}.arises"
    if bool(duty.clocks) != (duty.deadline == "clocks"):
        yield f"clocks are wanted, or a deadline of 'at once' or 'unscheduled', at {path}.deadline"
    for i, clock in enumerate(duty.clocks):
        yield from clock_problems(terms, clock, duty.matter, f"{path}.clocks[{i}]")
        if (clock.direction, clock.compare) != ("after", "no later than") or clock.unit == "hours":
            yield f"a deadline is 'no later than' so many days, months or years after its start at {path}.clocks[{i}]"


def clock_problems(terms: Terms, clock: Clock, kinds: tuple[str, ...], path: str) -> Iterator[str]:
    """What is wrong with a clock of something about matters of some kinds."""
    try:
        _ = clock.period
    except InvalidTime as error:
        yield f"{error} at {path}.n"
    if clock.notice:
        if clock.notice not in terms.notices:
            yield f"unknown kind of notice {clock.notice!r} at {path}.start"
    elif clock.start != "start" and kinds and any(clock.start not in _days(terms, kind) for kind in kinds):
        yield f"{clock.start!r} is no day of {', '.join(kinds)} at {path}.start"
    if clock.unit == "hours" and clock.start != "start" and not clock.notice:
        yield f"hours are counted from an instant, not from the day {clock.start!r}, at {path}.unit"
    if clock.unit in ("months", "years") and clock.rounding is None:
        yield f"a clock in {clock.unit} must name its rounding, down or up, at {path}.rounding"
    if clock.direction == "before" and (clock.compare not in ("at least", "more than") or clock.unit == "hours"):
        yield f"backwards a clock counts 'at least' or 'more than' so many days, months or years at {path}.compare"
    for name in ("paused_by", "restarted_by"):
        if (kind := getattr(clock, name)) and not _names_matters(terms, kind):
            yield f"{kind!r} is no kind of matter that names others at {path}.{name}"
        if kind and (clock.unit == "hours" or clock.direction == "before"):
            yield f"only days counted forward can be {name.replace('_', ' ')} a matter at {path}.{name}"
    if clock.order_value and clock.order_value not in terms.order.values:
        yield f"no order names a period {clock.order_value!r} at {path}.order_value"
    for name in ("when", "unless"):
        yield from _condition(terms, getattr(clock, name), kinds, f"{path}.{name}")


def _names_matters(terms: Terms, kind: str) -> bool:
    return kind in terms.kinds and "matters" in terms.kinds[kind].attributes.values()


def _days(terms: Terms, kind: str) -> tuple[str, ...]:
    return terms.kinds[kind].days if kind in terms.kinds else _DERIVED_DAYS.get(kind, ())


def _ends(terms: Terms, ends: tuple[str, ...], kinds: tuple[str, ...], path: str) -> Iterator[str]:
    known = {end for kind in kinds if kind in terms.kinds for end in terms.kinds[kind].ends}
    known |= {"lapsed" for kind in kinds if kind in terms.kinds and terms.kinds[kind].lasts}
    notices = {f"notice:{notice}" for notice in terms.notices}
    yield from (f"{end!r} ends none of {', '.join(kinds)} at {path}" for end in ends if end not in known | notices)


def _condition(terms: Terms, condition: Condition, kinds: tuple[str, ...], path: str) -> Iterator[str]:
    for key, value in condition.items():
        for kind in kinds:
            found = terms.kinds.get(kind)
            if problem := _condition_problem(found, key, value) if found else _derived_problem(terms, kind, key, value):
                yield f"{problem} at {path}.{key}"


def _derived_problem(terms: Terms, name: str, key: str, value: Scalar) -> str | None:
    """What is wrong with a condition on a matter that the course opens."""
    if key not in _DERIVED_ATTRIBUTES.get(name, ()):
        return f"{name} has no attribute {key!r}"
    known = {"how": ("expired", "terminated"), "power": tuple(terms.powers), "by": ("provider", "customer", "both")}[
        key
    ]
    return None if set(values_of(value)) <= set(known) else f"{key} of {name} is one of {', '.join(known)}"


def _condition_problem(kind: Kind, key: str, value: Scalar) -> str | None:
    name = kind.id
    if key == "party":
        return None if value in ("provider", "customer") else "a party is provider or customer"
    allowed = kind.attributes.get(key)
    if allowed is None:
        return f"{name} has no attribute {key!r}"
    if allowed == "yes or no":
        return None if isinstance(value, bool) else f"{key} of {name} is true or false"
    if isinstance(allowed, tuple):
        return None if set(values_of(value)) <= set(allowed) else f"{key} of {name} is one of {', '.join(allowed)}"
    return None


def _stops_renewal(power: Power | None) -> bool:
    return power is not None and power.matter == ("term",) and power.exercise.startswith("notice:")
