"""References inside a Terms file that lead nowhere: clauses, kinds, notices, attributes and ends that nobody
declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lifecycle.days import WEEKDAYS, Period, to_zone, weekday_number
from lifecycle.errors import InvalidTime
from lifecycle.terms.model import DERIVED_KINDS, TRANSITIONS, TRIAL_END, Clock, Condition, Duty, Kind, Power, Terms

EXERCISES = ("act", "written notice", "posting", "consent")
_DERIVED_DAYS = {"term": ("term start", "term end")}
_DERIVED_ATTRIBUTES = {"ending": ("how", "power", "by"), "hold": ("power",)}
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
        yield from _kind(kind, at("kind", kind.id))
    for notice in terms.notices.values():
        path = at("notice_kind", notice.id)
        yield from _known_kinds(terms, notice.about, f"{path}.about")
        if notice.given:
            yield from _clock(terms, notice.given, notice.about, f"{path}.given")
    for name, method in terms.notice.methods.items() if terms.notice else ():
        if method.unit not in ("days", "business days"):
            yield f"days or business days are wanted, not {method.unit}, at notice.methods.{name}.unit"
        try:
            Period(method.n, method.unit)
        except InvalidTime as error:
            yield f"{error} at notice.methods.{name}.n"
    for power in terms.powers.values():
        yield from _power(terms, power, at("power", power.id))
    for duty in terms.duties.values():
        yield from _duty(terms, duty, at("duty", duty.id))
    acts = {*TRANSITIONS, TRIAL_END, *(power.does for power in terms.powers.values())}
    for i, effect in enumerate(terms.effects):
        yield from (f"unknown power {p!r} at effect[{i}].powers" for p in effect.powers if p not in terms.powers)
        yield from (f"unknown act {act!r} at effect[{i}].on" for act in effect.on if act not in acts)
    for i, rule in enumerate(terms.rules):
        yield from (f"unknown act {act!r} at rule[{i}].on" for act in rule.on if act not in acts)
    keys = [reading.key for reading in terms.readings]
    for i, reading in enumerate(terms.readings):
        if reading.key in keys[:i]:
            yield f"the key {reading.key!r} is taken at reading[{i}].key"
        if reading.default in reading.alternatives or not reading.alternatives:
            yield f"an alternative that differs from the default is wanted at reading[{i}].alternatives"
    if terms.begins == "made" and (terms.trial or terms.renewal):
        yield "an agreement in force from its making has neither trial nor renewal at terms.begins"
    if terms.trial and terms.trial.limit and terms.trial.limit not in terms.kinds:
        yield f"unknown kind of matter {terms.trial.limit!r} at trial.limit"
    if terms.renewal and not _stops_renewal(terms.powers.get(terms.renewal.stopped_by)):
        yield f"{terms.renewal.stopped_by!r} is not a power about a term, exercised by notice, at renewal.stopped_by"


def _kind(kind: Kind, path: str) -> Iterator[str]:
    if kind.id in DERIVED_KINDS:
        yield f"the kind {kind.id!r} is the library's own at {path}"
    if kind.money and not {"paid", "credited", "written_off"} <= set(kind.ends):
        yield f"a kind with money ends as paid, credited and written_off at {path}.ends"
    for day in kind.days:
        if day == "start" or day.startswith("notice:"):
            yield f"{day!r} means something else for a clock at {path}.days"
    for name, allowed in kind.attributes.items():
        if isinstance(allowed, str) and allowed not in _SPECIFICATIONS:
            known = ", ".join(_SPECIFICATIONS)
            yield f"{allowed!r} is neither {known} nor a list of values at {path}.attributes.{name}"


def _clauses(terms: Terms) -> Iterator[str]:
    cited = [
        (rule.clause, f"{name}.clause")
        for name in ("notice", "trial", "renewal", "survival")
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
    for power in terms.powers.values():
        cited += [
            (c.clause, f"{at('power', power.id)}.clocks[{i}].clause") for i, c in enumerate(power.clocks) if c.clause
        ]
    cited += [
        (n.given.clause, f"{at('notice_kind', n.id)}.given.clause")
        for n in terms.notices.values()
        if n.given and n.given.clause
    ]
    deadlines = [(duty, duty.deadline) for duty in terms.duties.values() if isinstance(duty.deadline, Clock)]
    cited += [(clock.clause, f"{at('duty', duty.id)}.deadline.clause") for duty, clock in deadlines if clock.clause]
    listings: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("effect", terms.effects),
        ("rule", terms.rules),
        ("reading", terms.readings),
    )
    for section, listed in listings:
        cited += [(item.clause, f"{section}[{i}].clause") for i, item in enumerate(listed)]
    cited += [(clause, "survival.clauses") for clause in (terms.survival.clauses if terms.survival else ())]
    cited += [(clause, "trial.lacks") for clause in (terms.trial.lacks if terms.trial else ())]
    cited += [(duty.rests_on, f"{at('duty', duty.id)}.rests_on") for duty in terms.duties.values() if duty.rests_on]
    yield from (f"unknown clause {c!r} at {path}" for c, path in cited if c not in terms.clauses)


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
        if value not in terms.order_attributes.get(key, ()):
            yield f"no order has {key} = {value!r} at {path}.order_unless"
    for i, clock in enumerate(power.clocks):
        yield from _clock(terms, clock, power.matter, f"{path}.clocks[{i}]")
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
    if isinstance(duty.deadline, Clock):
        yield from _clock(terms, duty.deadline, duty.matter, f"{path}.deadline")
        if (duty.deadline.direction, duty.deadline.compare) != (
            "after",
            "no later than",
        ) or duty.deadline.unit == "hours":
            yield f"a deadline is 'no later than' so many days, months or years after its start at {path}.deadline"


def _clock(terms: Terms, clock: Clock, kinds: tuple[str, ...], path: str) -> Iterator[str]:
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
    if clock.unit == "hours" and clock.paused_by:
        yield f"a clock in hours cannot be paused at {path}.paused_by"
    if clock.unit in ("months", "years") and clock.rounding is None:
        yield f"a clock in {clock.unit} must name its rounding, down or up, at {path}.rounding"
    if clock.direction == "before" and (clock.compare not in ("at least", "more than") or clock.unit == "hours"):
        yield f"backwards a clock counts 'at least' or 'more than' so many days, months or years at {path}.compare"
    if clock.paused_by and "matters" not in getattr(terms.kinds.get(clock.paused_by), "attributes", {}).values():
        yield f"{clock.paused_by!r} is no kind of matter that can prevent others at {path}.paused_by"
    for name in ("when", "unless"):
        yield from _condition(terms, getattr(clock, name), kinds, f"{path}.{name}")


def _days(terms: Terms, kind: str) -> tuple[str, ...]:
    return terms.kinds[kind].days if kind in terms.kinds else _DERIVED_DAYS.get(kind, ())


def _ends(terms: Terms, ends: tuple[str, ...], kinds: tuple[str, ...], path: str) -> Iterator[str]:
    known = {end for kind in kinds if kind in terms.kinds for end in terms.kinds[kind].ends}
    notices = {f"notice:{notice}" for notice in terms.notices}
    yield from (f"{end!r} ends none of {', '.join(kinds)} at {path}" for end in ends if end not in known | notices)


def _condition(terms: Terms, condition: Condition, kinds: tuple[str, ...], path: str) -> Iterator[str]:
    for key, value in condition.items():
        for kind in kinds:
            found = terms.kinds.get(kind)
            if problem := _condition_problem(found, key, value) if found else _derived_problem(terms, kind, key, value):
                yield f"{problem} at {path}.{key}"


def _derived_problem(terms: Terms, name: str, key: str, value: object) -> str | None:
    """What is wrong with a condition on a matter that the course opens."""
    if key not in _DERIVED_ATTRIBUTES.get(name, ()):
        return f"{name} has no attribute {key!r}"
    known = {"how": ("expired", "terminated"), "power": tuple(terms.powers), "by": ("provider", "customer", "both")}[
        key
    ]
    values = value if isinstance(value, tuple) else (value,)
    return None if set(values) <= set(known) else f"{key} of {name} is one of {', '.join(known)}"


def _condition_problem(kind: Kind, key: str, value: object) -> str | None:
    name = kind.id
    if key == "party":
        return None if value in ("provider", "customer") else "a party is provider or customer"
    allowed = kind.attributes.get(key)
    if allowed is None:
        return f"{name} has no attribute {key!r}"
    if allowed == "yes or no":
        return None if isinstance(value, bool) else f"{key} of {name} is true or false"
    if isinstance(allowed, tuple):
        values = value if isinstance(value, tuple) else (value,)
        return None if set(values) <= set(allowed) else f"{key} of {name} is one of {', '.join(allowed)}"
    return None


def _stops_renewal(power: Power | None) -> bool:
    return power is not None and power.matter == ("term",) and power.exercise.startswith("notice:")
