"""Recording, acting and starting on the command line: one whole event or nothing, and every fact by its options."""

from __future__ import annotations

import io
import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest
from rich.console import Console

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.answers import ANSWERS
from lifecycle.cli import facts, main, recording
from lifecycle.demo import example, play
from lifecycle.errors import AppendConflict
from lifecycle.events import AgreementMade, CaughtUp, Event, Fact, Money, Paid
from lifecycle.history import to_document, to_fact
from lifecycle.plain import spoken
from tests.commands import MODAL, Ran, overdue, started


def paid(history: Path, *more: str) -> Ran:
    return Ran("record", "paid", history, "--matter", "INV-7", "--amount", "1200.00 USD", *more)


def last(history: Path) -> Event:
    return list(files.read(history))[-1]


# ---- every fact by its options -----------------------------------------------------------------------------------


def test_what_can_be_recorded_is_the_closed_set_but_for_beginnings_and_memos() -> None:
    assert set(facts.recordable().values()) == set(get_args(Fact)) - {AgreementMade, CaughtUp}
    said = Ran("record", "--help").said
    assert all(f" {name} " in said for name in facts.recordable())


@pytest.mark.parametrize(("name", "cls"), facts.recordable().items())
def test_every_field_of_a_fact_has_an_option_and_every_fact_an_example(name: str, cls: type[Any]) -> None:
    options = facts.options(cls)
    assert [option.field for option in options] == [field.name for field in attrs.fields(cls)]
    ran = Ran("record", name, "--help")
    told = " ".join(ran.said.replace("│", " ").split())
    assert all(f"--{option.name} " in told for option in facts.options(cls, taken=recording.RESERVED))
    assert f"Example: lifecycle record {name} acme.jsonl" in told
    assert all(option.meaning or option.form for option in options)


@pytest.mark.parametrize(("name", "cls"), facts.recordable().items())
def test_the_example_of_every_fact_is_such_a_fact(name: str, cls: type[Any], tmp_path: Path) -> None:
    """It may be refused for what the history holds, but not for its form."""
    history = overdue(tmp_path)
    example = facts.example(name, facts.options(cls, taken=recording.RESERVED))
    ran = Ran(*(str(history) if word == "acme.jsonl" else word for word in shlex.split(example)[1:]))
    assert "--help" not in ran.wrong
    assert not ran.wrong.startswith(f"lifecycle: {spoken(cls)}: ")


def given(document: dict[str, Any], options: tuple[facts.Option, ...]) -> list[str]:
    """The words by which a person gives a fact."""
    words: list[str] = []
    for option in options:
        if option.field not in document:
            continue
        value = document[option.field]
        match value:
            case bool():
                words.append(f"--{option.name}" if value else f"--no-{option.name}")
            case {"amount": amount, "currency": currency}:
                words += [f"--{option.name}", f"{amount} {currency}"]
            case {"n": n, "unit": unit}:
                words += [f"--{option.name}", f"{n} {unit}"]
            case {"type": _}:
                words += [f"--{option.name}", json.dumps(value)]
            case dict():
                for key, each in value.items():
                    words += [f"--{option.name}", f"{key}={_beside(each)}"]
            case list():
                for each in value:
                    text = ",".join(f"{k}={v}" for k, v in each.items()) if isinstance(each, dict) else each
                    words += [f"--{option.name}", text]
            case _:
                words += [f"--{option.name}", str(value)]
    return words


def _beside(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"{value['n']} {value['unit']}"
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)


DAYS, TEXTS = {"due": "2026-03-01"}, {"a": "b"}
FULL: list[dict[str, Any]] = [
    {
        "type": "opening balance",
        "order": "O-1",
        "started": "2026-01-05",
        "number": 3,
        "renews": False,
        "term": {"n": 12, "unit": "months"},
        "attributes": TEXTS,
        "values": {"x": {"n": 1, "unit": "days"}},
        "holds": [{"power": "suspend.overdue", "matter": "INV-7"}, {"matter": "INV-8"}],
    },
    {"type": "order signed", "order": "O-1", "start": "2026-01-05", "renews": False, "attributes": TEXTS},
    {
        "type": "matter opened",
        "kind": "dispute",
        "matter": "D-1",
        "by": "customer",
        "party": "provider",
        "days": DAYS,
        "amount": {"amount": "1.00", "currency": "USD"},
        "attributes": {"about": ["INV-7", "INV-8"], "material": True, "remediable": False, "payment": "card"},
    },
    {"type": "matter changed", "matter": "INV-7", "days": DAYS},
    {"type": "matter ended", "matter": "B-1", "how": "cured"},
    {"type": "matter reopened", "matter": "P-1"},
    {"type": "paid", "matter": "INV-7", "amount": {"amount": "1.00", "currency": "USD"}, "means": "refund"},
    {
        "type": "notice given",
        "kind": "overdue",
        "by": "provider",
        "method": "email",
        "about": ["A", "B"],
        "delivered": "2026-01-05",
        "terms": "t",
        "digest": "d",
        "readings": TEXTS,
        "effective": "2026-02-01",
    },
    {"type": "notice delivered", "notice": "acme:4"},
    {
        "type": "acted",
        "does": "suspend",
        "by": "both",
        "power": "p",
        "about": ["A"],
        "method": "courier",
        "override": "why",
        "known_through": "2026-01-05T08:00:00Z",
        "approvals": ["A", "B"],
    },
    {"type": "done", "duty": "d", "by": "customer", "about": "ending"},
    {"type": "accepted", "notice": "acme:4", "by": "customer", "counts_from": "2026-01-05"},
    {"type": "extended", "matter": "INV-7", "by": "provider", "to": "2026-04-01", "day": "due", "power": "p"},
    {"type": "waived", "matter": "INV-7", "power": "p", "by": "provider"},
    {"type": "agreed", "what": "amendment", "target": "x", "power": "p", "text": "t", "terms": "t", "digest": "d"},
    {"type": "posted", "power": "p", "effective": "2026-02-01", "text": "t", "terms": "t", "readings": TEXTS},
    {"type": "corrected", "event": "x", "fact": {"type": "matter reopened", "matter": "P"}, "occurred": "2026-01-05"},
    {"type": "withdrawn", "event": "x", "why": "typed twice"},
]


def test_there_is_a_full_one_of_every_fact() -> None:
    assert {fact["type"] for fact in FULL} == {spoken(cls) for cls in facts.recordable().values()}


@pytest.mark.parametrize("document", FULL, ids=lambda document: str(document["type"]))
def test_a_fact_given_by_options_is_the_fact_a_line_would_hold(
    document: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Any] = []

    def instead(_: object, __: Path, fact: Any, *___: object, **____: object) -> int:
        found.append(fact(datetime.now(UTC)))
        return 0

    monkeypatch.setattr(recording.Recorder, "record", instead)
    name = document["type"].replace(" ", "-")
    options = facts.options(facts.recordable()[name], taken=recording.RESERVED)
    ran = Ran("record", name, tmp_path / "x.jsonl", *given(document, options))
    assert (ran.code, ran.wrong) == (0, "")
    assert found == [to_fact(document)]


def test_the_example_account_can_be_told_by_options_alone(tmp_path: Path) -> None:
    """Every fact of its history, given as a person gives it: the same facts, and the same answer at the end."""
    history, events = tmp_path / "acme.jsonl", list(files.read(example()))
    made = ("--terms", MODAL, "--customer", "Acme GmbH", "--trial-through", "2026-02-10", "--freshness", "6 hours")
    assert Ran("new", history, *made, "--at", "2026-01-12").code == 0
    for event in events[1:]:
        document = to_document(event)
        if isinstance(event.fact, CaughtUp):
            ran = Ran("catch-up", history, "--at", document["recorded"])
        else:
            name = spoken(type(event.fact)).replace(" ", "-")
            options = facts.options(type(event.fact), taken=recording.RESERVED)
            place = ["--occurred", document["occurred"], "--at", document["recorded"]]
            place += [f"--{word}={document[word]}" for word in ("key", "actor", "ref") if word in document]
            ran = Ran("record", name, history, *given(document["fact"], options), *place)
        assert (ran.code, ran.wrong) == (0, ""), event
    assert history.read_bytes() == example().read_bytes()


@pytest.mark.parametrize(("arguments", "says"), [
    (("paid", "--matter", "X", "--amount", "12"), "--amount: an amount is said with its currency, as '120.00 USD'"),
    (("paid", "--matter", "X", "--amount", "12 usd"), "three capital letters"),
    (("paid", "--matter", "X", "--amount", "1 USD", "--means", "gift"), "one of payment, credit, write_off"),
    (("paid", "--matter", "X"), 'parameter --amount requires an argument'),
    (("order-signed", "--order", "O", "--start", "soon"), "not a day: say YYYY-MM-DD"),
    (("order-signed", "--order", "O", "--start", "2027-01-05", "--term", "year"), "--term: a period is said as"),
    (("matter-opened", "--kind", "x", "--matter", "y"), "the Terms know no matter 'x': trial_limit, invoice"),
    (("matter-opened", "--kind", "invoice", "--matter", "y", "--day", "due"), "--day: it is said as NAME=VALUE"),
    (("notice-given", "--kind", "x", "--by", "provider", "--method", "courier"), "know no 'x' notice: overdue"),
    (("done", "--duty", "x", "--by", "provider", "--about", "y"), "the Terms know no duty 'x': cease_use"),
    (("withdrawn", "--event", "acme:99"), "name the id of an earlier event"),
    (("corrected", "--event", "acme:3", "--fact", "{"), "not a line of JSON"),
    (("zzz", "--matter", "X"), "FACT one of opening-balance, order-signed"),
    (("paid", "--matter", "X", "--amount", "1 USD", "--meta", "a"), "a detail is said as NAME=VALUE"),
    (("paid", "--matter", "X", "--amount", "1 USD", "--at", "today"), "neither a day nor an instant"),
])  # fmt: skip
def test_what_is_no_fact_ends_with_two_and_nothing_is_written(
    arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    history = overdue(tmp_path)
    before = history.read_bytes()
    ran = Ran("record", arguments[0], history, *arguments[1:])
    assert (ran.code, ran.said) == (2, "")
    assert says in ran.wrong
    assert history.read_bytes() == before


# ---- record ------------------------------------------------------------------------------------------------------


def test_record_appends_one_line_and_says_where_the_account_stands(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    before = history.read_text(encoding="utf-8")
    place = (
        "--actor",
        "collections",
        "--ref",
        "psp-1",
        "--meta",
        "batch=7",
        "--id",
        "pay-1",
        "--occurred",
        "2026-04-01",
    )
    ran = paid(history, "--at", "2026-04-02", *place)
    assert (ran.code, ran.said.splitlines()[0]) == (0, "acme: recorded, event 5")
    assert "  2026-04-01 1200.00 USD paid for INV-7 [pay-1] (recorded 2026-04-02T07:00:00Z)\n" in ran.said
    assert ran.said.endswith("  on 2026-04-02 it is active\n")
    after = history.read_text(encoding="utf-8")
    assert (after.startswith(before), after.count("\n")) == (True, before.count("\n") + 1)
    event = last(history)
    assert (event.actor, event.ref, event.meta, str(event.occurred)) == (
        "collections",
        "psp-1",
        {"batch": "7"},
        "2026-04-01",
    )


def test_a_fact_can_be_given_as_json_and_on_standard_input(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    fact = '{"type": "paid", "matter": "INV-7", "amount": {"amount": "1.00", "currency": "USD"}}'
    assert Ran("record", history, "--json-fact", fact, "--json", "--at", "2026-04-02").json["event"]["type"] == "paid"
    assert Ran("record", history, "--json-fact", "-", "--at", "2026-04-02", answer=fact.replace(",", ",\n")).code == 0
    assert [type(event.fact) for event in files.read(history)][-2:] == [Paid, Paid]
    for wrong in ("{", '{"type": "paid"}', '{"type": "nope"}', "[]", '{"a": 1, "a": 2}', "NaN"):
        assert Ran("record", history, "--json-fact", wrong).code == 2


def test_to_be_interrupted_before_the_end_of_the_input_writes_nothing(tmp_path: Path) -> None:
    def interrupted() -> str:
        raise KeyboardInterrupt

    history = started(tmp_path)
    before = history.read_bytes()
    console = Console(file=io.StringIO())
    assert main(["record", str(history), "--json-fact", "-"], console=console, answer=interrupted) == 130
    assert history.read_bytes() == before


def test_the_same_key_again_changes_nothing_and_another_body_under_it_is_a_conflict(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    assert paid(history, "--key", "psp-1", "--at", "2026-04-02", "--json").json["repeated"] is False
    before = history.read_bytes()
    again = paid(history, "--key", "psp-1", "--at", "2026-04-03", "--json")
    assert (again.code, again.json["repeated"], again.json["event"]["sequence"]) == (0, True, 5)
    assert "was recorded under this key already, event 5" in paid(history, "--key", "psp-1", "--at", "2026-04-03").said
    other = Ran("record", "paid", history, "--matter", "INV-7", "--amount", "1 USD", "--key", "psp-1")
    assert other.code == 2
    assert "send the same body again, or a new key" in other.wrong
    assert history.read_bytes() == before


def test_an_act_that_has_no_effect_any_more_is_refused_and_not_written(tmp_path: Path) -> None:
    history = started(tmp_path)
    end = ("--what", "termination", "--at", "2026-03-01")
    assert Ran("record", "agreed", history, *end).code == 0
    before = history.read_bytes()
    arguments = ("record", "acted", history, "--does", "suspend", "--by", "provider", "--at", "2026-04-01")
    ran = Ran(*arguments)
    assert ran.code == 1
    assert ran.said.startswith("acme: refused, nothing was recorded\n  suspend refused on 2026-04-01: ")
    answer = Ran(*arguments, "--json").json
    assert (answer["event"], answer["state"]) == (None, "terminated")
    assert "suspend refused" in answer["refused"]
    assert history.read_bytes() == before


def test_terms_that_are_not_published_can_be_named_beside_a_fact_that_names_terms(tmp_path: Path) -> None:
    """``--terms`` are always the Terms of the history; those that a fact names are ``--fact-terms``."""
    own, history = tmp_path / "own.toml", tmp_path / "acme.jsonl"
    assert Ran("terms", "new", own, "--defaults").code == 0
    assert Ran("new", history, "--terms", own, "--customer", "Acme", "--at", "2026-01-05").code == 0
    posted = ("record", "posted", history, "--text", "a policy", "--fact-terms", "p-1", "--digest", "d")
    assert Ran(*posted).code == 2
    assert "--terms FILE" in Ran(*posted).wrong
    assert Ran(*posted, "--terms", own).code == 0
    assert getattr(last(history).fact, "terms", None) == "p-1"


# ---- do ----------------------------------------------------------------------------------------------------------


def test_do_acts_where_it_is_permitted_and_tells_the_effects(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    ran = Ran("do", "suspend", history, "--at", "2026-03-31", "--known-through", "now", "--actor", "collections")
    assert (ran.code, ran.said.splitlines()) == (0, [
        "acme: suspend done",
        "  2026-03-31T07:00:00Z the provider acted: suspend under 1.12(e) because of INV-7 [acme:5]",
        "      by         collections",
        "  active -> suspended",
        "  1.12  access stops: the customer's access to the service stops",
    ])  # fmt: skip
    assert last(history).actor == "collections"


def test_do_refuses_with_every_reason_and_writes_nothing(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    before = history.read_bytes()
    arguments = ("do", "suspend", history, "--at", "2026-03-30", "--known-through", "now")
    ran = Ran(*arguments)
    assert ran.code == 1
    assert "May the provider suspend acme on 2026-03-30? No.\n" in ran.said
    assert "  first day       2026-03-31\n" in ran.said
    assert ran.said.endswith("Refused: nothing was recorded. `lifecycle explain` tells the way there.\n")
    answer = Ran(*arguments, "--json").json
    assert (answer["event"], answer["verdict"]["codes"], answer["source"]) == (None, ["clock"], "active")
    assert history.read_bytes() == before


def test_do_again_under_a_key_returns_the_first_outcome(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    arguments = ("do", "suspend", history, "--known-through", "now", "--key", "k", "--json")
    first, again = Ran(*arguments, "--at", "2026-03-31").json, Ran(*arguments, "--at", "2026-04-01").json
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["event"] == again["event"]
    assert len(list(files.read(history))) == 5


def test_do_acts_against_the_verdict_for_a_reason_that_is_kept(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    ran = Ran("do", "suspend", history, "--at", "2026-03-10", "--override", "attack from their network")
    assert (ran.code, ran.said.splitlines()[0]) == (0, "acme: suspend done, against the verdict")
    assert "attack from their network" in history.read_text(encoding="utf-8")


def test_do_asks_for_every_reading_and_for_the_house_where_told_to(tmp_path: Path) -> None:
    history, policy = overdue(tmp_path), tmp_path / "policy.toml"
    head = f'[policy]\nid = "p"\ntitle = "P"\nnarrows = "{MODAL}"\n'
    policy.write_text(f'{head}[act.suspend]\napprovals = 2\nreason = "four eyes"\n', encoding="utf-8")
    act = ("do", "suspend", history, "--at", "2026-04-05", "--known-through", "now")
    assert Ran(*act, "--only-undisputed", "--json").json["verdict"]["codes"] == ["contested"]
    assert Ran(*act, "--policy", policy, "--json").json["verdict"]["codes"] == ["policy-approvals"]
    assert "name who approved (--approval)" in Ran(*act, "--policy", policy).said
    approved = ("--approval", "Ada", "--approval", "Bo", "--power", "suspend.overdue", "--about", "INV-7")
    assert Ran(*act, "--policy", policy, *approved).code == 0
    assert getattr(last(history).fact, "approvals", None) == ("Ada", "Bo")


def test_do_of_what_changes_no_state_says_that_it_stays(tmp_path: Path) -> None:
    act = ("do", "stop renewal", started(tmp_path), "--by", "customer", "--method", "courier", "--at", "2026-02-01")
    assert Ran(*act).said.endswith("  it stays active\n")


def test_do_in_writing_takes_a_method_that_counts(tmp_path: Path) -> None:
    """Force majeure since 10 February: more than 30 days on 13 March (18 left in February, 28 days), 8.4."""
    history = started(tmp_path)
    opened = ("--kind", "force_majeure", "--matter", "FM-1", "--at", "2026-02-10")
    assert Ran("record", "matter-opened", history, *opened).code == 0
    act = (
        "do",
        "terminate",
        history,
        "--by",
        "customer",
        "--about",
        "FM-1",
        "--at",
        "2026-03-13",
        "--known-through",
        "now",
    )
    assert Ran(*act, "--method", "email").code == 1
    done = Ran(*act, "--method", "courier")
    assert (done.code, "active -> terminated" in done.said) == (0, True)


# ---- catch-up ----------------------------------------------------------------------------------------------------


def test_catch_up_tells_each_thing_once(tmp_path: Path) -> None:
    """The term from 5 January 2026 renews on 5 January 2027."""
    history = started(tmp_path)
    answer = Ran("catch-up", history, "--at", "2027-02-01", "--json").json
    assert [(entry["transition"], entry["on"]) for entry in answer["entries"]] == [("renew", "2027-01-05")]
    assert answer["recorded"] == ["acme:3"]
    again = Ran("catch-up", history, "--at", "2027-02-01")
    assert (again.code, "nothing took effect by itself that was not told before" in again.said) == (0, True)
    assert len(list(files.read(history))) == 3


def test_catch_up_tells_what_later_facts_undo(tmp_path: Path) -> None:
    """A notice of non-renewal of 1 December 2026, 30 days before the 31st and more, learned in February."""
    history = started(tmp_path)
    assert Ran("catch-up", history, "--at", "2027-02-01").code == 0
    notice = ("--kind", "non_renewal", "--by", "customer", "--method", "courier")
    late = ("--occurred", "2026-12-01", "--at", "2027-02-02")
    assert Ran("record", "notice-given", history, *notice, *late).code == 0
    said = Ran("catch-up", history, "--at", "2027-02-02").said
    assert "  2027-01-05 overturned by what was learned since: renew: active -> renewed (term 2) [3.1]\n" in said
    assert "  2027-01-05 expire: active -> terminated" in said


# ---- two writers, and a write that was cut off -------------------------------------------------------------------


def test_where_somebody_else_appends_first_it_is_decided_again(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    seen: list[int] = []

    def act(account: Agreement) -> Event:
        seen.append(len(account.history))
        if len(seen) == 1:
            assert paid(history, "--at", "2026-04-02").code == 0
        return account.record(Paid(matter="INV-7", amount=Money("1.00", "USD")), at="2026-04-03")

    found = recording.appended(history, (), act)
    assert (seen, found.before, found.done.sequence) == ([4, 5], 5, 6)
    assert [event.sequence for event in files.read(history)] == [1, 2, 3, 4, 5, 6]


def test_somebody_who_is_always_first_is_told_of(tmp_path: Path) -> None:
    history = overdue(tmp_path)

    def act(account: Agreement) -> Event:
        assert paid(history, "--at", "2026-04-02").code == 0
        return account.record(Paid(matter="INV-7", amount=Money("1.00", "USD")), at="2026-04-03")

    with pytest.raises(AppendConflict, match="nothing was recorded"):
        recording.appended(history, (), act)


def test_nothing_is_appended_behind_a_line_that_was_cut_off_until_it_is_repaired(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    whole = history.read_bytes()
    history.write_bytes(whole + b'{"agreement":"acme","seq')
    torn = paid(history, "--at", "2026-04-02")
    assert (torn.code, torn.said) == (2, "")
    assert "repair" in torn.wrong
    ran = Ran("repair", history, "--json")
    assert (ran.code, ran.json["events"], history.read_bytes()) == (0, 4, whole)
    assert Path(ran.json["set_aside"]).read_bytes() == b'{"agreement":"acme","seq'
    assert paid(history, "--at", "2026-04-02").code == 0
    assert "is whole: 5 events, nothing to" in Ran("repair", history).said


def test_repair_says_where_it_kept_what_was_left(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    history.write_bytes(history.read_bytes() + b"{")
    said = Ran("repair", history, width=400).said
    assert ": 4 events, each of them whole\n" in said
    assert f"is kept in {history}.torn-1\n" in " ".join(said.split(" ")).replace("\n    ", " ")


def test_repair_mends_no_fault_of_another_kind(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    text = history.read_text(encoding="utf-8").replace('"INV-7"', '"INV-7', 1)
    history.write_text(text, encoding="utf-8")
    ran = Ran("repair", history)
    assert ran.code == 2
    assert "line 3" in ran.wrong
    assert history.read_text(encoding="utf-8") == text


# ---- new and import ----------------------------------------------------------------------------------------------


def test_new_starts_an_account_and_never_overwrites_a_file(tmp_path: Path) -> None:
    history = started(tmp_path)
    before = history.read_bytes()
    answer = Ran("new", tmp_path / "b.jsonl", "--terms", MODAL, "--customer", "B", "--at", "2026-01-05", "--json").json
    assert (answer["agreement"], [event["type"] for event in answer["events"]]) == ("b", ["agreement made"])
    again = Ran("new", history, "--terms", MODAL, "--customer", "Other")
    assert again.code == 2
    assert "there is such a file, and it is not overwritten: name another" in again.wrong
    assert history.read_bytes() == before


def test_new_takes_readings_a_trial_a_zone_and_a_name(tmp_path: Path) -> None:
    history = tmp_path / "acme.jsonl"
    made = ("--terms", MODAL, "--customer", "Acme", "--agreement", "A-17", "--zone", "Europe/Berlin", "--trial")
    assert Ran("new", history, *made, "--reading", "8.5=receipt", "--at", "2026-01-05").code == 0
    account = Agreement(files.read(history))
    assert (account.id, account.status("2026-01-05").state, account.terms.chosen) == (
        "A-17",
        "trial",
        {"8.5": "receipt"},
    )
    assert str(account.history[0].recorded) == "2026-01-04 23:00:00+00:00"


@pytest.mark.parametrize(("more", "says"), [
    (("--order", "O-1"), "an order takes --start too"),
    (("--start", "2026-01-05"), "an order takes --order too"),
    (("--order", "O-1", "--start", "2026-01-05"), "say how long its term is"),
    (("--reading", "8.5=pigeon"), "'dispatch' or 'receipt'"),
    (("--reading", "nope=x"), "nope"),
    (("--trial-through", "soon"), "not a day"),
    (("--zone", "Mars"), "not a zone of the tz database"),
    (("--freshness", "soon"), "--freshness: a period is said as"),
    (("--terms", "nope"), "nope"),
    (("--agreement", "a\x1bb"), "control character"),
])  # fmt: skip
def test_what_starts_no_account_writes_no_file(more: tuple[str, ...], says: str, tmp_path: Path) -> None:
    history = tmp_path / "acme.jsonl"
    terms = () if "--terms" in more else ("--terms", MODAL)
    ran = Ran("new", history, *terms, "--customer", "Acme", "--at", "2026-01-05", *more)
    assert (ran.code, ran.said) == (2, "")
    assert says in ran.wrong
    assert not history.exists()


def test_a_folder_is_no_history(tmp_path: Path) -> None:
    ran = Ran("new", tmp_path, "--terms", MODAL, "--customer", "Acme")
    assert (ran.code, "a folder: name the file to write" in ran.wrong) == (2, True)
    assert Ran("new", tmp_path / "none" / "a.jsonl", "--terms", MODAL, "--customer", "Acme").code == 2


def test_import_opens_with_where_the_account_stands(tmp_path: Path) -> None:
    """The third term of a year from 5 January 2026 on ends on 4 January 2027."""
    history = tmp_path / "acme.jsonl"
    balance = ("--order", "O-1", "--started", "2026-01-05", "--term", "12 months", "--number", "3")
    hold = ("--hold", "power=suspend.overdue,matter=INV-7")
    made = ("--terms", MODAL, "--customer", "Acme GmbH", *balance, *hold, "--at", "2026-03-10")
    answer = Ran("import", history, *made, "--json").json
    assert [event["type"] for event in answer["events"]] == ["agreement made", "opening balance"]
    status = Ran("status", history, "--at", "2026-03-10", "--json").json
    assert (status["state"], status["unverified"], status["term"]["number"]) == ("suspended", True, 3)
    assert status["term"]["last"] == "2027-01-04"
    assert "  unverified      it rests on an opening balance" in Ran("status", history, "--at", "2026-03-10").said
    assert Ran("import", history, *made).code == 2
    missing = Ran("import", tmp_path / "b.jsonl", "--terms", MODAL, "--customer", "B", "--order", "O-1")
    assert (missing.code, "--started" in missing.wrong) == (2, True)


# ---- demo and completion -----------------------------------------------------------------------------------------


def test_the_demo_plays_the_life_of_the_example_or_of_another_account(tmp_path: Path) -> None:
    lines = [line for told in play(list(files.read(example()))) for line in told.split("\n")]
    assert Ran("demo").said.splitlines() == lines
    assert Ran("demo", "--json").json["lines"] == lines
    assert Ran("demo", overdue(tmp_path)).said.startswith(
        "Modal Terms of Service (2024-03-26), history of acme, 4 events"
    )
    assert Ran("demo", tmp_path / "nope").code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_command(shell: str) -> None:
    ran = Ran("completion", shell)
    assert (ran.code, ran.wrong) == (0, "")
    assert all(name in ran.said for name in (*COMMANDS, "terms", "matter-opened", "--known-through"))


# ---- help --------------------------------------------------------------------------------------------------------


COMMANDS = [command for command in ANSWERS if " " not in command]


@pytest.mark.parametrize("command", [*ANSWERS, "completion"])
def test_every_command_has_help_that_teaches(command: str) -> None:
    ran = Ran(*command.split(), "--help")
    told = " ".join(ran.said.replace("│", " ").split())
    assert ran.code == 0
    assert f"Example: lifecycle {command}" in told
    assert "Ends with 0" in told
    assert command == "completion" or f"With --json: the answer {command} of lifecycle terms schema answers" in told


def test_help_lists_the_commands_in_their_groups() -> None:
    said = Ran("--help").said
    groups = ["Ask", "Record", "Show", "Many accounts", "Terms", "Session"]
    assert re.findall(r"─ (\w[\w ]+) ─", said) == ["Commands", *groups]
    assert all(f" {command} " in said for command in (*COMMANDS, "portfolio", "terms", "completion"))
