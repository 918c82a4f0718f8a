"""Questions on the command line: what they say, as what they end, and that nothing given to them breaks them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.demo import example
from lifecycle.history import to_line
from lifecycle.terms import load, published
from lifecycle.testing import Story
from tests.commands import MODAL, Ran, overdue, started

ACME = example()
QUESTIONS = ("status", "powers", "timeline", "duties", "audit", "clauses", "log")
# Of the example: before it began, on trial, suspended, in its second and third term, ended.
INSTANTS = ("2026-01-01", "2026-01-20", "2026-03-17", "2026-09-01", "2027-09-15", "2028-03-01", "2028-06-01")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("at", INSTANTS)
def test_every_question_answers_in_words_and_as_its_schema_says(question: str, at: str) -> None:
    told = Ran(question, ACME, "--at", at)
    assert told.wrong == ""
    assert told.code in ((0, 1) if question == "audit" else (0,))
    assert told.said.startswith(f"acme on {at}: ")
    answer = Ran(question, ACME, "--at", at, "--json")
    assert (answer.code, answer.json["agreement"], answer.json["on"]) == (told.code, "acme", at)


@pytest.mark.parametrize("terms", sorted({*published()} - {"modal-privacy-2023-05-17"}))
def test_every_question_answers_for_every_terms_published(terms: str, tmp_path: Path) -> None:
    history = tmp_path / "acme.jsonl"
    order = ("--order", "O-1", "--start", "2026-01-05", "--term", "12 months")
    made = Ran("new", history, "--terms", terms, "--customer", "Acme", *order, "--at", "2026-01-05")
    assert (made.code, made.wrong) == (0, "")
    for question in QUESTIONS:
        assert Ran(question, history, "--at", "2026-06-01", "--json").code == 0
    for does in dict.fromkeys(power.does for power in load(terms).powers.values()):
        for by in ("provider", "customer"):
            assert Ran("explain", does, history, "--by", by, "--at", "2026-06-01", "--json").code in (0, 1)


# ---- status ------------------------------------------------------------------------------------------------------


def test_status_reads_like_this() -> None:
    """Suspended on 16 March 2026; term 1 from 11 February 2026 ends on 10 February 2027."""
    assert Ran("status", ACME, "--at", "2026-03-17").said.splitlines() == [
        "acme on 2026-03-17: suspended",
        "  customer        Acme GmbH",
        "  Terms           Modal Terms of Service (modal-2024-03-26)",
        "  term            term 1 of order O-1, 2026-02-11 through 2027-02-10",
        "  on hold         since 2026-03-16, by the provider: suspend for overdue amounts (INV-1) [1.12(e)]; lifts by",
        "                  itself (acme:7)",
        "  so it stays     until 2026-03-19, if nothing is recorded",
    ]


def test_status_tells_what_was_known_then() -> None:
    """Paid on 20 August, learned on 2 September: the suspension of 31 August was so, as far as anyone knew."""
    assert Ran("status", ACME, "--at", "2026-09-01", "--json").json["state"] == "active"
    known = Ran("status", ACME, "--at", "2026-09-01", "--known-at", "2026-09-01", "--json").json
    assert (known["state"], known["known_at"]) == ("suspended", "2026-09-01T07:00:00Z")
    said = Ran("status", ACME, "--at", "2026-09-01", "--known-at", "2026-09-01").said
    assert "acme on 2026-09-01: suspended\n  as it was known at 2026-09-01T07:00:00Z\n" in said


def test_before_anything_was_recorded_nothing_was_known() -> None:
    ran = Ran("status", ACME, "--known-at", "2026-01-01")
    assert (ran.code, ran.said) == (2, "")
    assert "nothing was recorded of acme by 2026-01-01: its first record is of 2026-01-12" in ran.wrong


def test_status_of_an_agreement_that_ended_says_how() -> None:
    said = Ran("status", ACME, "--at", "2028-06-01").said
    assert "acme on 2028-06-01: terminated" in said
    assert re.search(r"ended +2028-04-15, terminated by provider \[3\.2\(b\)\(ii\)\]", said)
    assert "  term " not in said


def test_without_at_the_question_is_about_now(tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    at = datetime.fromisoformat(Ran("status", started(tmp_path), "--json").json["at"])
    assert before <= at <= datetime.now(UTC)


# ---- powers, timeline, duties, clauses, log ------------------------------------------------------------------------


def test_powers_tell_what_may_be_done_now_and_from_when(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    answer = Ran("powers", history, "--at", "2026-03-20", "--json").json
    (suspend,) = (power for power in answer["powers"] if power["power"] == "suspend.overdue")
    assert (suspend["standing"], suspend["window"]["first_day"], suspend["about"]) == (
        "later",
        "2026-03-31",
        "invoice INV-7",
    )
    said = Ran("powers", history, "--at", "2026-03-20").said
    assert "  may later\n" in said
    assert (
        "    provider: suspend for overdue amounts (invoice INV-7) [1.12(e)]\n      when      from 2026-03-31\n" in said
    )


def test_powers_tell_the_last_day(tmp_path: Path) -> None:
    """A term through 4 January 2027 is stopped 30 days before: 5 December is the last day, E-30."""
    answer = Ran("powers", started(tmp_path), "--at", "2026-03-20", "--json").json
    (stop,) = (power for power in answer["powers"] if power["power"] == "non_renewal")
    assert (stop["window"]["last_day"], stop["window"]["closes"]) == ("2026-12-05", "2026-12-06T08:00:00Z")


def test_powers_tell_what_is_missing(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    invoice = ("--kind", "invoice", "--matter", "INV-8", "--amount", "1.00 USD", "--day", "due=2026-04-01")
    Ran("record", "matter-opened", history, *invoice, "--attribute", "payment=invoice", "--at", "2026-03-06")
    said = " ".join(Ran("powers", history, "--at", "2026-04-02").said.partition("  not yet\n")[2].split())
    assert "provider: suspend for overdue amounts (invoice INV-8) [1.12(e)]" in said
    assert "give an overdue notice about invoice INV-8 by personal, registered mail, certified mail, courier" in said


def test_the_timeline_looks_ahead_as_far_as_asked(tmp_path: Path) -> None:
    """A term from 5 January 2026 renews on 5 January of 2027 and 2028; 5 December is E-30, the last day against it."""
    history = started(tmp_path)
    said = Ran("timeline", history, "--at", "2026-06-01").said
    assert "  2026-12-06  provider or customer may no longer give notice of non-renewal (term 1) [3.1]\n" in said
    assert "  2027-01-05  renew: active -> renewed (term 2) [3.1]\n" in said
    assert "2028-01-05" not in said
    later = Ran("timeline", history, "--at", "2026-06-01", "--until", "2028-02-01").said
    assert "  2028-01-05  renew: renewed -> renewed (term 3) [3.1]\n" in later
    assert later.endswith("Then: shown through 2028-02-01.\n")


def test_duties_tell_who_owes_what_and_how_it_stands() -> None:
    said = Ran("duties", ACME, "--at", "2028-06-01").said
    assert (
        "  met          customer: return confidential information on written request (R-1) [4], done 2028-06-01" in said
    )
    assert (
        Ran("duties", ACME, "--at", "2026-01-20").said == "acme on 2026-01-20: nobody owes anything under the Terms\n"
    )


def test_clauses_tell_the_survivors() -> None:
    answer = Ran("clauses", ACME, "--at", "2028-06-01", "--json").json
    assert [c["clause"] for c in answer["clauses"] if c["in_force"]][:4] == ["1.6", "3.3", "3.4", "4"]
    assert "  in force  1.6 Ownership\n" in Ran("clauses", ACME, "--at", "2028-06-01").said


def test_the_log_tells_every_event_and_what_has_no_effect() -> None:
    said = Ran("log", ACME, "--at", "2028-07-01").said
    assert "acme on 2028-07-01: 37 events recorded\n" in said
    assert (
        "  2026-03-03T18:00:00Z the provider gave an overdue notice about INV-1 by email [acme:5]\n"
        "      no effect  8.5: email gives no notice; personal, registered mail, certified mail, courier do\n"
    ) in said
    assert "[acme:16] (recorded 2026-09-02T17:00:00Z)" in said
    events = Ran("log", ACME, "--json").json["events"]
    lines = [json.loads(line) for line in ACME.read_text(encoding="utf-8").splitlines()]
    assert [event["fact"] for event in events] == [line["fact"] for line in lines]


# ---- explain -----------------------------------------------------------------------------------------------------


def test_explain_reads_like_this(tmp_path: Path) -> None:
    """28 March is day 27 since 1 March, the 31st day 30, the 15th the tenth since the notice. Rolled to business days,
    what is due on Sunday the 1st is due on the 2nd, and the last day to pay, the 31st, a holiday, is 1 April.
    """
    said = Ran("explain", "suspend", overdue(tmp_path), "--at", "2026-03-28", "--known-through", "now").said
    assert said == (
        "May the provider suspend acme on 2026-03-28? No.\n"
        "  clause          1.12(e) [suspend.overdue]\n"
        "  about           INV-7\n"
        "  first day       2026-03-31\n"
        "\n"
        "  met             1.12(e) invoice INV-7 since 2026-02-01\n"
        "  not met         1.12 needs 30 days overdue (invoice INV-7 due 2026-03-01: day 27) - opens 2026-03-31\n"
        "  met             1.12 needs 10 days on notice (overdue notice given 2026-03-05: day 23) - met\n"
        "\n"
        "What is missing\n"
        "  - wait until 2026-03-31\n"
        "\n"
        "Under every reading of unclear clauses\n"
        "  contested: not open as agreed; never undisputed, as things are\n"
        "  - as agreed: from 2026-03-31\n"
        "  - counting-roll read as 'rolls to the next business day': from 2026-04-02\n"
        "  - 8.5 read as 'receipt': never\n"
        "  - or-more read as 'from the 31st day': from 2026-04-01\n"
        "  - 1.12e read as 'own power: ten days after notice alone': from 2026-03-15\n"
        "  - 1.12e read as 'own power: ten days after notice alone'; counting-roll read as 'rolls to the next "
        "business\n    day': from 2026-03-17\n"
        "\n"
        "How to get there\n"
        "  1. suspend for overdue amounts [1.12(e)] (invoice INV-7): from 2026-03-31\n"
        "     - wait until 2026-03-31: invoice INV-7 due 2026-03-01 + 30 days: payment through 2026-03-30, opens\n"
        "       2026-03-31\n"
        "     - 2026-03-31: if invoice INV-7 has not been paid or credited or written off or voided (vouch for that:\n"
        "       --known-through), suspend for overdue amounts\n"
        "  6 further powers rest on what is not recorded: --power ID or --json tells why\n"
    )


def test_explain_ends_with_zero_from_the_first_day_on_and_with_one_before(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    for day, code in (("2026-03-30", 1), ("2026-03-31", 0)):
        ran = Ran("explain", "suspend", history, "--at", day, "--known-through", "now", "--json")
        assert (ran.code, ran.json["verdict"]["permitted"]) == (code, code == 0)
        assert ran.json["verdict"]["first_day"] == "2026-03-31"
    assert Ran("explain", "suspend", history, "--at", "2026-03-31", "--known-through", "2026-03-31").code == 0


def test_what_is_met_asks_for_no_step(tmp_path: Path) -> None:
    answer = Ran("explain", "suspend", overdue(tmp_path), "--at", "2026-03-28", "--known-through", "now", "--json").json
    steps = [(reason["met"], reason["step"]) for reason in answer["verdict"]["reasons"]]
    assert steps == [(True, ""), (False, "wait until 2026-03-31"), (True, "")]


def test_silence_that_nobody_vouches_for_permits_nothing(tmp_path: Path) -> None:
    ran = Ran("explain", "suspend", overdue(tmp_path), "--at", "2026-03-31")
    assert ran.code == 1
    assert "  - ask again with --known-through: the instant up to which the facts are complete\n" in ran.said


def test_explain_tells_the_steps_where_a_notice_is_missing(tmp_path: Path) -> None:
    """Notice on 10 March is ten days old on the 20th; 30 days overdue on the 31st."""
    history = started(tmp_path)
    invoice = ("--kind", "invoice", "--matter", "INV-7", "--amount", "1.00 USD", "--day", "due=2026-03-01")
    Ran("record", "matter-opened", history, *invoice, "--attribute", "payment=invoice", "--at", "2026-02-01")
    answer = Ran("explain", "suspend", history, "--at", "2026-03-10", "--json").json
    (route,) = answer["routes"]
    assert [step["kind"] for step in route["steps"]] == ["give notice", "wait", "wait", "act"]
    assert (route["first_day"], route["steps"][0]["on"]) == ("2026-03-31", "2026-03-10")
    assert answer["verdict"]["codes"] == ["clock", "notice-missing"]
    said = Ran("explain", "suspend", history, "--at", "2026-03-10").said
    assert "     - 2026-03-10: give an overdue notice about invoice INV-7\n         personal, " in said
    assert "(if the missing notice is given as soon as it counts)" in said


def test_who_acts_is_taken_from_the_terms_where_only_one_may_and_asked_for_where_not(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    assert Ran("explain", "suspend", history, "--at", "2026-03-28", "--json").json["verdict"]["by"] == "provider"
    ran = Ran("explain", "terminate", history)
    assert ran.code == 2
    assert "say who is to terminate: --by provider or --by customer, or --by both" in ran.wrong
    renew = Ran("explain", "renew", history)
    assert (renew.code, "renew takes effect by itself: nobody does it" in renew.said) == (1, True)
    customer = Ran("explain", "terminate", history, "--by", "customer", "--at", "2026-03-28", "--json").json
    assert (customer["verdict"]["by"], customer["routes"]) == ("customer", [])
    assert "There is no way there\n" in Ran("explain", "terminate", history, "--by", "customer").said


def test_explain_tells_of_a_matter_that_leads_nowhere_beside_one_that_does(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    invoice = ("--kind", "invoice", "--matter", "INV-6", "--amount", "1.00 USD", "--day", "due=2026-02-01")
    Ran("record", "matter-opened", history, *invoice, "--attribute", "payment=invoice", "--at", "2026-03-06")
    Ran("record", "paid", history, "--matter", "INV-6", "--amount", "1.00 USD", "--at", "2026-03-07")
    said = Ran("explain", "suspend", history, "--at", "2026-03-28").said.partition("\nNo way there\n")[2]
    assert said.startswith("  - suspend for overdue amounts [1.12(e)] (invoice INV-6): 1.12(e) invoice INV-6 was paid")
    assert "6 further powers rest on what is not recorded" in said


def test_only_undisputed_asks_for_every_reading(tmp_path: Path) -> None:
    arguments = ("explain", "suspend", overdue(tmp_path), "--at", "2026-04-05", "--known-through", "now")
    assert Ran(*arguments).code == 0
    refused = Ran(*arguments, "--only-undisputed", "--json")
    assert (refused.code, refused.json["verdict"]["codes"]) == (1, ["contested"])
    assert refused.json["every_reading"]["standing"] == "contested"


def test_a_house_policy_narrows_and_says_so(tmp_path: Path) -> None:
    """The house waits for 45 days: 1 March + 45 is 15 April."""
    policy = tmp_path / "policy.toml"
    clock = '{ start = "due", compare = "at least", n = 45, reads = "overdue" }'
    head = f'[policy]\nid = "p"\ntitle = "P"\nnarrows = "{MODAL}"\n'
    policy.write_text(f'{head}[power."suspend.overdue"]\nclocks = [{clock}]\nreason = "patience"\n', encoding="utf-8")
    arguments = ("explain", "suspend", overdue(tmp_path), "--at", "2026-04-01", "--known-through", "now")
    assert Ran(*arguments).code == 0
    ran = Ran(*arguments, "--policy", policy, "--json")
    assert (ran.code, ran.json["verdict"]["blocked_by"]) == (1, ["policy"])
    assert ran.json["verdict"]["first_day"] == "2026-04-15"
    assert "  blocked by      the policy\n" in Ran(*arguments, "--policy", policy).said


def test_a_reading_is_asked_about_without_being_agreed(tmp_path: Path) -> None:
    """Read as more than 30 days, it opens on day 31: 1 April."""
    history = overdue(tmp_path)
    reading = "or-more=from the 31st day"
    answer = Ran("explain", "suspend", history, "--at", "2026-03-20", "--reading", reading, "--json").json
    assert (answer["verdict"]["first_day"], answer["readings"]) == ("2026-04-01", {"or-more": "from the 31st day"})
    assert "  with or-more read as 'from the 31st day'\n" in Ran("status", history, "--reading", reading).said
    assert Agreement(files.read(history)).terms.chosen == {}


# ---- audit -------------------------------------------------------------------------------------------------------


def test_the_audit_ends_with_one_where_an_act_is_to_be_looked_at(tmp_path: Path) -> None:
    ran = Ran("audit", ACME, "--at", "2026-09-20", "--json")
    assert (ran.code, [f["standing"] for f in ran.json["findings"]]) == (1, ["contested", "overtaken"])
    assert ran.json["right"] is False
    said = Ran("audit", ACME, "--at", "2026-09-20").said
    assert "  2026-08-31 provider suspend [1.12(e)]: overtaken (acme:15)\n" in said
    assert "    now             suspend refused on 2026-08-31: 1.12(e) invoice INV-2 was paid on 2026-08-20" in said
    none = Ran("audit", started(tmp_path))
    assert (none.code, none.said.partition(": ")[2]) == (0, "no act is recorded\n")


def test_the_audit_tells_why_somebody_acted_against_the_verdict(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    why = "attack from their network"
    assert Ran("do", "suspend", history, "--at", "2026-03-10", "--override", why).code == 0
    said = Ran("audit", history).said
    assert "2026-03-10 provider suspend" in said
    assert f"    override        {why}\n" in said
    assert "irregular" in Ran("status", history, "--at", "2026-03-11").said


# ---- what cannot be used -----------------------------------------------------------------------------------------

BAD: list[tuple[tuple[str, ...], str]] = [
    (("explain", "frobnicate", str(ACME)), "the Terms know no 'frobnicate': convert, renew, suspend"),
    (("explain", "suspend", str(ACME), "--about", "INV-99"), "no matter 'INV-99' is recorded by"),
    (
        ("explain", "suspend", str(ACME), "--about", "x", "--at", "2026-09-01"),
        "by 2026-09-01: INV-1, B-1, INV-2, term 1",
    ),
    (("explain", "suspend", str(ACME), "--power", "x"), "the Terms know no power 'x' to suspend: suspend.security"),
    (("status", str(ACME), "--reading", "x=y"), "the Terms of acme have no reading 'x': 1.12d-incurable, 1.12e"),
    (("status", str(ACME), "--reading", "or-more"), "a reading is said as KEY=MEANING, not 'or-more'"),
    (("status", str(ACME), "--reading", "8.5=a", "--reading", "8.5=b"), "8.5 is said twice"),
    (("status", str(ACME), "--reading", "8.5=pigeon"), "'dispatch' or 'receipt', not 'pigeon'"),
    (("status", str(ACME), "--at", "yesterday"), "neither a day nor an instant: say a day, YYYY-MM-DD"),
    (("status", str(ACME), "--at", "2026-02-30"), "there is no such day in the calendar"),
    (
        ("status", "missing.jsonl"),
        "missing.jsonl: there is no such file: `lifecycle new --help` tells how to start one",
    ),
    (("status", "."), ".: no history, but no file: `lifecycle new --help` tells"),
    (("status", __file__), "line 1: not a line of JSON"),
    (("status", str(ACME), "--terms", "nope.toml"), "nope.toml"),
    (("status", str(ACME), "--bogus"), "lifecycle status --help tells how it is used"),
    (("status",), "lifecycle status --help tells how it is used"),
    (("explain", "suspend", str(ACME), "--by", "nobody"), "lifecycle explain --help tells how it is used"),
    (("frob",), "lifecycle --help tells how it is used"),
    (("completion", "tcsh"), "lifecycle completion --help tells how it is used"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=[" ".join(arguments)[-60:] for arguments, _ in BAD])
def test_what_cannot_be_used_ends_with_two_and_says_what_to_do(arguments: tuple[str, ...], says: str) -> None:
    ran = Ran(*arguments)
    assert (ran.code, ran.said) == (2, "")
    assert ran.wrong.startswith("lifecycle: ")
    assert says in ran.wrong
    assert "Traceback" not in ran.wrong


def test_an_empty_file_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    ran = Ran("status", tmp_path / "empty.jsonl")
    assert ran.code == 2
    assert "empty.jsonl: no history, but an empty file: `lifecycle new --help` tells how to start one" in ran.wrong


def test_terms_that_are_not_published_are_to_be_named(tmp_path: Path) -> None:
    own, history = tmp_path / "own.toml", tmp_path / "acme.jsonl"
    assert Ran("terms", "new", own, "--defaults").code == 0
    made = Ran("new", history, "--terms", own, "--customer", "Acme", "--at", "2026-01-05")
    assert (made.code, made.wrong) == (0, "")
    ran = Ran("status", history)
    assert ran.code == 2
    assert "Name the file of those Terms with --terms FILE" in ran.wrong
    assert Ran("status", history, "--terms", own).code == 0


# ---- what is printed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", [*QUESTIONS, "explain"])
def test_lines_fit_a_narrow_terminal(question: str) -> None:
    import io

    from rich.console import Console

    from lifecycle.cli import main

    said = io.StringIO()
    arguments = [question, *(["suspend"] if question == "explain" else []), str(ACME), "--at", "2027-09-15"]
    assert main(arguments, console=Console(file=said, width=60, force_terminal=True, no_color=True)) in (0, 1)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in said.getvalue().splitlines()]
    assert max(map(len, lines)) <= 60
    assert not [line for line in lines if line != line.rstrip()]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_customer_cannot_act_on_a_terminal(question: str, tmp_path: Path) -> None:
    """A history that somebody else wrote may hold what this library would not have recorded."""
    history = started(tmp_path)
    hostile = "[bold]A\\u001b[2J\\u202e:smile:"
    text = history.read_text(encoding="utf-8").replace("Acme GmbH", hostile).replace("O-1", hostile)
    history.write_text(text, encoding="utf-8")
    ran = Ran(question, history, "--at", "2026-02-01")
    assert ran.code == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", ran.said + ran.wrong)


def test_markup_in_a_name_is_text(tmp_path: Path) -> None:
    history = tmp_path / "acme.jsonl"
    customer = "[red]Acme[/red] :smile:"
    assert Ran("new", history, "--terms", MODAL, "--customer", customer, "--at", "2026-01-05").code == 0
    assert customer in Ran("status", history).said
    assert Ran("status", history, "--json").json["customer"] == customer


def written(path: Path, story: Story) -> Path:
    history = path / "acme.jsonl"
    history.write_text("".join(f"{to_line(event)}\n" for event in story.agreement.history), encoding="utf-8")
    return history


def test_explain_tells_of_a_long_account_what_bears_on_the_question_first(tmp_path: Path) -> None:
    # Twenty invoices were paid, the last of them on 20 May; one of 30 June is open, of which no notice was given.
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    for n in range(1, 21):
        story.on(f"2026-04-{n:02d}").invoice(f"I-{n}", "10 USD", due=f"2026-04-{n:02d}")
        story.on(f"2026-05-{n:02d}").paid(f"I-{n}", "10 USD")
    story.on("2026-06-01").invoice("I-21", "10 USD", due="2026-06-30")
    history = written(tmp_path, story)
    told = Ran("explain", "suspend", history, "--at", "2026-07-01", "--power", "suspend.overdue").said
    ways = told[told.index("How to get there") :]
    assert "I-21" in ways
    assert "I-20" in ways
    assert "(invoice I-8)" not in ways
    assert "8 further matters give no way: --all tells them" in ways
    every = Ran("explain", "suspend", history, "--at", "2026-07-01", "--power", "suspend.overdue", "--all").said
    assert all(f"(invoice I-{n})" in every for n in range(1, 22))
    assert "--all" not in every


def test_timeline_and_powers_tell_each_for_itself_from_both_together(tmp_path: Path) -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    history = written(tmp_path, story)
    told = Ran("powers", history, "--at", "2026-02-01", "--json").json["powers"]
    powers = {power["power"]: power["by"] for power in told}
    assert powers["terminate.agreed"] == ["both"]  # 8.9
    assert powers["non_renewal"] == ["provider", "customer"]  # 3.1: either
    ahead = Ran("timeline", history, "--at", "2026-02-01", "--json").json["entries"]
    assert {tuple(entry["by"]) for entry in ahead if entry["power"] == "non_renewal"} == {("provider", "customer")}
