"""The whole of some Terms as a sheet: each table of the file an entry, whose lines say everything that the table says.

So Terms that differ have sheets that differ, and two Terms are compared by them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import evolve

from lifecycle.terms import wording
from lifecycle.terms.model import Alternative, Clock, Duty, Kind, NoticeKind, Power, Reading, Terms
from lifecycle.terms.sheet import Entry, Line, lines
from lifecycle.terms.wording import either, spaced


def entries(terms: Terms) -> Iterator[Entry]:
    """Every entry of the Terms, section by section; powers to do the same together. A place in the sheet is that of its
    section and id: what stands twice in a list is numbered.
    """
    seen = Counter[tuple[str, str]]()
    for entry in _entries(terms):
        seen[entry.section, entry.id] += 1
        times = seen[entry.section, entry.id]
        yield entry if times == 1 else evolve(entry, id=f"{entry.id} ({times})")


def _entries(terms: Terms) -> Iterator[Entry]:
    yield _header(terms)
    for number, clause in terms.clauses.items():
        yield Entry("clause", number, number, clause.title, lines(("says", clause.gist)), source=clause)
    acts = dict.fromkeys(power.does for power in terms.powers.values())
    for act in acts:
        yield from (_power(power, terms) for power in terms.powers_to(act))
    yield from _notices(terms)
    yield from (_duty(duty, terms) for duty in terms.duties.values())
    yield from _term(terms)
    if survival := terms.survival:
        after = either({"expire": "expiry", "terminate": "termination"}[how] for how in survival.after)
        told = lines(("clauses", ", ".join(survival.clauses)), ("after", after))
        yield Entry("survival", "survival", survival.clause, "survivors", told, "", survival.clauses, survival)
    yield from (_kind(kind, terms) for kind in terms.kinds.values())
    yield from _said(terms)
    yield from (_reading(reading, terms.chosen.get(reading.key, reading.default)) for reading in terms.readings)
    for left in terms.left_out:
        yield Entry("left out", left.clause, left.clause, "", lines(("why", left.why)), source=left)


def _clocks(label: str, clocks: Iterable[Clock], kinds: tuple[str, ...], terms: Terms) -> tuple[Line, ...]:
    """A line for each clock, under a key that stays when only its count or comparison changes."""
    found, seen = [], Counter[str]()
    for clock in clocks:
        conditions = wording.conditions(clock.when, clock.unless)
        key = f"{clock.start} {clock.direction} {clock.compare == 'no later than'} {conditions}"
        seen[key] += 1
        cited = f" [{clock.clause}]" if clock.clause else ""
        found.append(Line(label, f"{wording.clock(clock, kinds, terms)}{cited}", f"{key} {seen[key]}"))
    return tuple(found)


def _header(terms: Terms) -> Entry:
    counting = terms.counting
    holidays = either(filter(None, (counting.calendar, *map(str, counting.holidays))), "and")
    governs = "what opens from then on" if terms.applies_to == "new matters" else "every matter"
    begins = {"order": "from the start of its order", "made": "as soon as it is made"}[terms.begins]
    told = lines(
        ("id", terms.id),
        ("dated", str(terms.dated)),
        ("provider", terms.provider),
        ("law", terms.law),
        ("text", terms.credit),
        ("in force", begins),
        ("amending", f"it governs {governs}"),
        ("days", f"of {terms.zone}; the day of an event is {'not ' if counting.first_day == 'exclude' else ''}counted"),
        ("days off", either(counting.weekend, "and")),
        ("holidays", f"{holidays}{f' ({counting.holidays_source})' if counting.holidays_source else ''}"),
        ("last days", "move to the next business day" if counting.roll != "none" else "stay where they fall"),
    )
    return Entry("terms", "terms", "", terms.title, told)


def _power(power: Power, terms: Terms) -> Entry:
    kinds = power.matter
    gives_way = either(f"an order with {spaced(k)} {wording.value(v)}" for k, v in power.order_unless.items())
    ended = wording.ends(power.ended_by, terms)
    told = (
        *lines(
            ("who", wording.who(power.by, kinds, terms)),
            ("because of", wording.matters(kinds, terms)),
            ("if", wording.conditions(power.when, power.unless, kinds)),
            ("of these", "any one suffices" if power.needs == "any" else ""),
        ),
        *_clocks("when", power.clocks, kinds, terms),
        *lines(
            ("not under", gives_way),
            ("shut while", f"{wording.matters(power.blocked_by, terms)} stands in the way" if power.blocked_by else ""),
            ("prevented once", wording.ends(power.prevented_by, terms)),
            ("gone once", ended),
            ("how", wording.exercise(power, terms)),
            ("lifts", wording.lifting(power, terms)),
            ("after the end", "can still be exercised" if power.outlives else ""),
        ),
    )
    cites = tuple(clock.clause for clock in power.clocks if clock.clause)
    return Entry("power", power.id, power.clause, power.title, told, power.does, cites, power)


def _notices(terms: Terms) -> Iterator[Entry]:
    if rule := terms.notice:
        told = [Line("method", f"{spaced(name)} {wording.method(m)}", name) for name, m in rule.methods.items()]
        others = wording.method(rule.others) if rule.others else "gives no notice"
        told.append(Line("method", f"any other {others}", "others"))
        yield Entry("notice", "notice", rule.clause, "how notice is given", tuple(told), source=rule)
    for notice in terms.notices.values():
        yield _notice(notice, terms)


def _notice(notice: NoticeKind, terms: Terms) -> Entry:
    named = "all of them, if it names none" if notice.covers == "named or all" else ""
    told = lines(
        ("who", wording.who(notice.by, notice.about, terms)),
        ("about", wording.matters(notice.about, terms)),
        ("covers", named),
    )
    given = _clocks("given", notice.given, notice.about, terms)
    cites = tuple(clock.clause for clock in notice.given if clock.clause)
    return Entry("notice", notice.id, notice.clause, notice.title, told + given, "", cites, notice)


def _duty(duty: Duty, terms: Terms) -> Entry:
    kind = duty.arises.removeprefix("notice:")
    arises = "" if duty.arises == "start" else f"once {wording.article(terms.notices[kind].title)} is given"
    due = {"at once": "at once", "unscheduled": "no date is set", "clocks": ""}[duty.deadline]
    told = (
        *lines(
            ("who", wording.who(duty.by, duty.matter, terms)),
            ("because of", wording.matters(duty.matter, terms)),
            ("if", wording.conditions(duty.when, duty.unless, duty.matter)),
            ("arises", arises),
            ("by", due),
            ("of these", "the last counts" if duty.needs == "any" else ""),
        ),
        *_clocks("by", duty.clocks, duty.matter, terms),
        *lines(
            ("met once", wording.ends(duty.met_by, terms)),
            ("missed", duty.missed),
            ("asks for", "an attempt only" if duty.effort else ""),
            ("rests on", duty.rests_on),
            ("after the end", "goes on" if duty.outlives else ""),
        ),
    )
    cites = (*(clock.clause for clock in duty.clocks if clock.clause), *([duty.rests_on] if duty.rests_on else []))
    return Entry("duty", duty.id, duty.clause, duty.title, told, "", cites, duty)


def _term(terms: Terms) -> Iterator[Entry]:
    order = terms.order
    if order.term or order.attributes or order.values:
        told = (
            *lines(("lasts", f"{order.term}, where it names no term of its own" if order.term else "")),
            *(Line("may say", f"{spaced(k)}: {either(v)}", k) for k, v in order.attributes.items()),
            *(Line("may name", f"{spaced(k)} ({told})", k) for k, told in order.values.items()),
        )
        yield Entry("term", "order", "", "an order", told, source=order)
    if trial := terms.trial:
        limit = terms.kinds[trial.limit].title if trial.limit else ""
        gap = {"goes on": "it goes on until the order starts", "ends": "it ends on its last day"}[trial.gap]
        told = lines(
            ("lasts", f"{trial.length}, where nobody says" if trial.length else "as agreed"),
            ("ends early", limit),
            ("lacks", ", ".join(trial.lacks)),
            ("until an order", gap),
        )
        yield Entry("term", "trial", trial.clause, "trial", told, "", trial.lacks, trial)
    if renewal := terms.renewal:
        power = terms.powers[renewal.stopped_by]
        longest = f", {renewal.longest} at most" if renewal.longest else ""
        told = lines(
            ("renews", f"by itself, for a term as long as the one that ends{longest}"),
            ("unless", f"a party uses its power to {power.title} [{power.clause}]"),
            ("short months", f"end by the {renewal.month_ends}"),
        )
        yield Entry("term", "renewal", renewal.clause, "renewal", told, source=renewal)
    yield from _framework(terms)


def _framework(terms: Terms) -> Iterator[Entry]:
    if framework := terms.framework:
        least = f"{framework.at_least} from its making at least" if framework.at_least else ""
        told = lines(("outlives", "its orders: it ends with the last of them"), ("lasts", least))
        yield Entry("term", "framework", framework.clause, "framework", told, source=framework)
    if amendment := terms.amendment:
        power = terms.powers[amendment.power]
        objection = terms.notices[amendment.objection].title if amendment.objection else ""
        told = lines(
            ("who", wording.who(power.by, power.matter, terms)),
            ("how", wording.exercise(power, terms)),
            ("in effect", f"{amendment.lead} later" if amendment.lead else "at once"),
            ("objection", f"by {wording.article(objection)}: it {amendment.objected}" if objection else ""),
        )
        yield Entry("term", "amendment", amendment.clause, "amendment by one party", told, source=amendment)


def _kind(kind: Kind, terms: Terms) -> Entry:
    party = {"either": "a party: each says which", "none": "nobody"}.get(kind.party, f"the {kind.party}")
    money = {"owed": "it is owed", "disputed": "it says how much is disputed", None: ""}[kind.money]
    lasts = f"by itself {wording.counted_day(kind.lasts, (kind.id,), terms)}" if kind.lasts else ""
    told = (
        *lines(
            ("about", party),
            ("asserted by", f"the {kind.asserted_by}" if kind.asserted_by else ""),
            ("money", money),
            ("ends as", either(map(spaced, kind.ends))),
            ("lapses", lasts),
        ),
        *(Line("day", f"{spaced(day)}{_default(kind, day, terms)}", day) for day in kind.days),
        *(
            Line("attribute", f"{spaced(k)}: {v if isinstance(v, str) else either(map(spaced, v))}", k)
            for k, v in kind.attributes.items()
        ),
    )
    return Entry("matter", kind.id, kind.clause, kind.title, told, source=kind)


def _default(kind: Kind, day: str, terms: Terms) -> str:
    clock = kind.defaults.get(day)
    return f", if it names none: {wording.counted_day(clock, (kind.id,), terms)}" if clock else ""


def _said(terms: Terms) -> Iterator[Entry]:
    for effect in terms.effects:
        figures = ", ".join(f"{spaced(name)} {figure}" for name, figure in effect.figures.items())
        told = lines(
            ("says", effect.text),
            ("follows from", either(effect.on)),
            ("only under", either(effect.powers)),
            ("only by", f"the {effect.by}" if effect.by else ""),
            ("figures", figures),
        )
        yield Entry("effect", effect.id, effect.clause, effect.id, told, source=effect)
    for rule in terms.rules:
        by = f" by the {rule.by}" if rule.by else ""
        quoted = f"{either(rule.on)}{by}" if rule.on else by.strip()
        yield Entry(
            "rule", rule.id, rule.clause, rule.id, lines(("says", rule.text), ("bears on", quoted)), source=rule
        )


def _reading(reading: Reading, taken: str) -> Entry:
    chosen = taken if taken != reading.default else ""
    told = lines(("question", reading.question), ("default", reading.default), ("taken as", chosen))
    others = tuple(Line("or", _patched(a), a.meaning) for a in reading.alternative)
    return Entry("reading", reading.key, reading.clause, reading.key, told + others, source=reading)


def _patched(alternative: Alternative) -> str:
    """Another meaning, with what it puts in the file."""
    puts = (
        f"without {patch.at}" if patch.drop else f"{patch.at} = {json.dumps(patch.put, default=str)}"
        for patch in alternative.patch
    )
    return f"{alternative.meaning} - {'; '.join(puts)}"
