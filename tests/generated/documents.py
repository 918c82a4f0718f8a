"""Small contracts of every shape, made up: Terms files that the loader takes, as Hypothesis draws them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import hypothesis.strategies as st

from lifecycle.terms import Terms, parse
from lifecycle.terms.toml import dotted, written

HAND, POST, EMAIL = {"counts": "in person"}, {"counts": "dispatch"}, {"counts": "delivery"}
METHODS = ("hand", "post", "email", "pigeon")
ENDS, PAID = ("cured", "withdrawn"), ("paid", "credited", "written_off")
PLANS = ("small", "large")
KINDS = ("lapse", "debt", "storm")
ZONES = ("UTC", "America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin", "America/Santiago")

yes = st.booleans()
parties = st.sampled_from(["provider", "customer"])
counts = st.integers(0, 12)


def some(*items: Any) -> st.SearchStrategy[list[Any]]:
    """Any of some items, none twice."""
    return st.lists(st.sampled_from(items), unique=True, max_size=len(items)).map(sorted)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """The tables of a Terms file: matters, notices, powers, duties, perhaps a trial, renewal, survivors."""
    ordered = draw(st.sampled_from([True, True, True, False]))
    methods: dict[str, Any] = {"hand": HAND, "post": draw(st.sampled_from([POST, POST | {"n": 3}])), "email": EMAIL}
    if draw(yes):
        methods["post"] = methods["post"] | {"unit": "business days"} if "n" in methods["post"] else methods["post"]
    document: dict[str, Any] = {
        "terms": {
            "id": "made-up",
            "title": "Made-up Terms",
            "dated": "2026-01-01",
            "provider": "Nobody Ltd",
            "zone": draw(st.sampled_from(ZONES)),
            "begins": "order" if ordered else "made",
        },
        "clauses": {str(n): {"title": f"Section {n}"} for n in range(1, 7)},
        "counting": {
            "first_day": draw(st.sampled_from(["exclude", "exclude", "include"])),
            "roll": draw(st.sampled_from(["none", "next business day"])),
        },
        "notice": {"clause": "6", "methods": methods},
        "kind": {
            "lapse": {
                "party": draw(st.sampled_from(["either", "customer", "provider"])),
                "ends": list(ENDS),
                "attributes": {"grave": "yes or no"},
            },
            "debt": {"party": "customer", "money": "owed", "days": ["due"], "ends": [*PAID, "voided"]},
            "storm": {"party": "none", "ends": ["over"], "attributes": {"stops": "matters"}},
        },
        "notice_kind": {
            "warning": {"by": draw(st.sampled_from(["provider", "customer", "other", "either"])), "about": ["lapse"]},
            "dunning": {
                "by": "provider",
                "about": ["debt"],
                "covers": draw(st.sampled_from(["named", "named or all"])),
            },
        },
        "power": {},
        "duty": {},
    }
    if draw(yes):
        document["notice_kind"]["dunning"]["given"] = [{"start": "due", "compare": "more than", "n": draw(counts)}]
    if draw(yes):
        document["kind"]["lapse"]["asserted_by"] = draw(parties)
    for kind in [*document["kind"].values(), *document["notice_kind"].values()]:
        kind.update(title="something", clause="1")
    if ordered:
        document["order"] = {"attributes": {"plan": list(PLANS)}}
    for n in range(draw(st.integers(2, 4))):
        document["power"][f"power {n}"] = draw(powers())
        if ordered and draw(st.sampled_from([True, False, False, False])):
            document["power"][f"power {n}"]["order_unless"] = {"plan": draw(st.sampled_from([*PLANS, list(PLANS)]))}
    document["power"]["lift"] = {"does": "reinstate", "by": "provider", "matter": ["hold"], "exercise": "act"}
    if not any(power["does"] == "suspend" for power in document["power"].values()):
        del document["power"]["lift"]
    for n in range(draw(st.integers(0, 2))):
        document["duty"][f"duty {n}"] = draw(duties())
    if ordered and draw(st.sampled_from([True, True, False])):
        document["notice_kind"]["stop"] = {"by": "either", "title": "stop", "clause": "3"}
        before = {
            "start": "term end",
            "direction": "before",
            "compare": draw(st.sampled_from(["at least", "more than"])),
        }
        document["power"]["stop"] = {
            "does": "stop renewal",
            "by": "either",
            "matter": ["term"],
            "exercise": "notice:stop",
        }
        document["power"]["stop"]["clocks"] = [before | {"n": draw(counts)}]
        document["renewal"] = {"clause": "3", "stopped_by": "stop"}
    if ordered and draw(yes):
        document["trial"] = {"clause": "2", "lacks": draw(some("4", "5"))}
    if draw(yes):
        document["survival"] = {"clause": "5", "clauses": ["5", *draw(some("1", "6"))]}
    for power in [*document["power"].values(), *document["duty"].values()]:
        power.update(title="do something", clause=draw(st.sampled_from(["1", "4", "5"])))
    return document


@st.composite
def clocks(draw: st.DrawFn, kind: str, *, compares: tuple[str, ...] = ("at least", "more than", "not within")) -> Any:
    """A clock over matters of a kind; it only ever opens, unless ``compares`` has what shuts."""
    notice = {"lapse": ["notice:warning"] * 2, "debt": ["notice:dunning", "due", "due"], "storm": ["start"]}
    start = draw(st.sampled_from(["start", *notice[kind]]))
    unit = draw(st.sampled_from(["days", "days", "days", "business days", "months"] + ["hours"] * (start != "due")))
    n = draw(st.integers(0, 2)) if unit == "months" else draw(counts)
    clock = {"start": start, "compare": draw(st.sampled_from(compares)), "n": n, "unit": unit}
    clock |= {"rounding": draw(st.sampled_from(["down", "up"]))} if unit == "months" else {}
    clock |= {"performance": True} if unit != "hours" and draw(yes) else {}
    if kind == "lapse" and unit != "hours" and draw(st.sampled_from([True, False, False])):
        clock[draw(st.sampled_from(["paused_by", "restarted_by"]))] = "storm"
    if kind == "lapse" and draw(st.sampled_from([True, False, False])):
        clock[draw(st.sampled_from(["when", "unless"]))] = {"grave": draw(yes)}
    return clock


@st.composite
def powers(draw: st.DrawFn) -> dict[str, Any]:
    """A power over a kind of matter."""
    kind = draw(st.sampled_from(KINDS))
    ends = {"lapse": ENDS, "debt": (*PAID, "voided"), "storm": ("over",)}[kind]
    shutting = draw(st.sampled_from([(), (), ("no later than",)]))
    power: dict[str, Any] = {
        "does": draw(st.sampled_from(["suspend", "suspend", "terminate", "accelerate"])),
        "by": draw(st.sampled_from(["provider", "provider", "customer", "either", "other"])),
        "matter": [kind],
        "clocks": draw(st.lists(clocks(kind), max_size=2)) + [draw(clocks(kind, compares=(s,))) for s in shutting],
        "ended_by": draw(some(*ends)),
        "exercise": draw(st.sampled_from(["act", "act", "written notice"])),
    }
    if power["does"] == "terminate" and draw(st.sampled_from([True, False, False])):
        power["exercise"] = "automatic"
    if not shutting and draw(yes):
        power["needs"] = draw(st.sampled_from(["all", "any"]))
    if prevented := [end for end in draw(some(*ends)) if end not in power["ended_by"]]:
        power["prevented_by"] = prevented
    if kind == "lapse" and draw(yes):
        power["when"] = {"grave": draw(yes)}
    if kind == "lapse" and draw(st.sampled_from([True, False, False])):
        power["blocked_by"] = ["storm"]
    if power["does"] == "suspend":
        power["lifts"] = draw(st.sampled_from(["by itself", "by an act"]))
    if power["does"] == "accelerate":
        power["outlives"] = draw(yes)
    return power


@st.composite
def duties(draw: st.DrawFn) -> dict[str, Any]:
    """A duty over a kind of matter: by a day, at once, or without a date."""
    kind = draw(st.sampled_from(KINDS))
    duty: dict[str, Any] = {
        "by": draw(parties),
        "matter": [kind],
        "deadline": draw(st.sampled_from(["clocks", "at once", "unscheduled"])),
    }
    if duty["deadline"] == "clocks":
        clock = draw(clocks(kind, compares=("no later than",)).filter(lambda clock: clock["unit"] != "hours"))
        duty["clocks"] = [clock]
    if kind == "lapse":
        duty["met_by"] = ["cured"]
    return duty


def terms(document: Mapping[str, Any]) -> Terms:
    """The Terms of a document, read from the file it would be."""
    return parse(text(document).encode())


def text(document: Mapping[str, Any]) -> str:
    """The TOML file of a document."""
    lines = []
    for section, tables in document.items():
        named = section in ("kind", "notice_kind", "power", "duty", "clauses")
        for path, table in (
            [((section, name), table) for name, table in tables.items()] if named else [((section,), tables)]
        ):
            lines.append(f"[{dotted(path)}]")
            lines += [f"{dotted([key])} = {_value(key, value)}" for key, value in table.items()]
    return "\n".join(lines)


def _value(key: str, value: Any) -> str:
    if key == "dated":
        return str(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{dotted([k])} = {_value(k, v)}" for k, v in value.items()) + " }"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[" + ", ".join(_value(key, item) for item in value) + "]"
    return written(value)
