"""Starting a Terms file: what is answered is what it says; it loads, and its stubs would too."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.errors import InvalidTerms
from lifecycle.plain import text_problem
from lifecycle.structuring import Faults
from lifecycle.terms import parse
from lifecycle.terms.drafting import Answers, Question, answered, drafted, questions
from lifecycle.terms.review import findings

TODAY = date(2026, 5, 1)
METHODS = ("personal", "registered_mail", "certified_mail", "courier", "email")
COUNTS = tuple(name for name, hint in Answers.__annotations__.items() if hint == "int")
TEXTS = ('A "quoted" name', "back\\slash", "$100 ${x} {y}", "größe 東京 🚀", "'single'", "# no comment")


def made(**answers: object) -> str:
    return drafted(answered(answers, TODAY))


def question(key: str) -> Question:
    return next(question for question in questions(TODAY) if question.key == key)


def test_every_answer_is_asked_for_once() -> None:
    assert sorted(question.key for question in questions(TODAY)) == sorted(Answers.__annotations__)


def test_without_answers_the_defaults_make_terms_dated_today() -> None:
    terms = parse(made().encode())
    assert (terms.id, terms.dated, terms.zone) == ("our-terms-1", TODAY, "UTC")
    assert {clock.n for power in terms.powers.values() for clock in power.clocks} == {0, 30, 60}
    assert findings(terms) == ()


@settings(max_examples=60, deadline=None)
@given(
    counts=st.fixed_dictionaries({key: st.sampled_from([0, 1, 14, 400]) for key in COUNTS}),
    begins=st.sampled_from(["order", "made"]),
    methods=st.lists(
        st.sampled_from(["personal", "registered_mail", "certified_mail", "courier", "email"]), min_size=1
    ),
)
def test_whatever_is_answered_makes_terms_without_errors(
    counts: dict[str, int], begins: str, methods: list[str]
) -> None:
    terms = parse(made(begins=begins, methods=methods, **counts).encode())
    assert [finding for finding in findings(terms) if finding.severity == "error"] == []
    assert terms.begins == begins
    assert terms.notice
    assert set(terms.notice.methods) == set(methods)
    assert bool(terms.powers_to("suspend")) is bool(counts["overdue_days"])
    assert bool(terms.renewal) is (begins == "order" and bool(counts["renewal_days"]))
    assert bool(terms.trial) is (begins == "order" and bool(counts["trial_days"]))
    assert ("terminate.breach" in terms.powers) is bool(counts["cure_days"])


@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=40) | st.sampled_from(TEXTS), provider=st.sampled_from(TEXTS))
def test_texts_come_back_as_they_were_given(title: str, provider: str) -> None:
    """Or are refused, as the loader refuses control characters."""
    if not title.strip() or text_problem(title):
        with pytest.raises(InvalidTerms, match="at title"):
            made(title=title, provider=provider)
    else:
        terms = parse(made(title=title, provider=provider).encode())
        assert (terms.title, terms.provider) == (title, provider)


def test_the_stubs_of_readings_load_and_change_something() -> None:
    head, mark, stubs = made().partition("# ---- unclear clauses")
    live = re.sub(r"^# ", "", stubs.partition("# ---- clauses about")[0].partition("\n")[2], flags=re.M)
    terms = parse(f"{head}{mark}\n{live}".encode())
    assert len(terms.readings) == 3
    assert [finding for finding in findings(terms) if finding.severity == "error"] == []


def test_what_to_do_next_is_said_at_the_top() -> None:
    assert made(title="Nice\\Terms").splitlines()[0].startswith("# Nice\\Terms, as data.")
    assert "What to do next" in made()


def test_a_file_without_orders_says_nothing_of_them() -> None:
    document = tomllib.loads(made(begins="made"))
    assert not {"order", "renewal", "trial"} & set(document)
    assert document["effect"][-1]["on"] == ["terminate"]


@pytest.mark.parametrize(("answers", "problem"), [
    ({"nope": 1}, "unknown key 'nope'"),
    ({"zone": "Nowhere"}, "'Nowhere': not a zone of the tz database: say for instance America/Los_Angeles at zone"),
    ({"dated": "tomorrow"}, "'tomorrow': not a day: say YYYY-MM-DD at dated"),
    ({"dated": "2026-02-30"}, "2026-02-30: there is no such day in the calendar at dated"),
    ({"cure_days": "30"}, "a whole number is wanted, not '30' at cure_days"),
    ({"cure_days": -1}, "a number from 0 to 1000000000 is wanted at cure_days"),
    ({"cure_days": 40_000}, "40000: a period counts whole days, from 0 to 36525 (a century) at cure_days"),
    ({"term_months": 1_201}, "1201: a period counts whole months, from 0 to 1200 (a century) at term_months"),
    ({"begins": "soon"}, "one of order, made is wanted, not 'soon' at begins"),
    ({"methods": ["fax"]}, f"one of {', '.join(METHODS)} is wanted, not 'fax' at methods[0]"),
    ({"methods": []}, "at least one is wanted at methods"),
    ({"methods": "email"}, "a list is wanted, not 'email' at methods"),
    ({"title": " "}, "a text is wanted at title"),
    ({"title": "a\u0007"}, "a text with the control character U+0007 at title"),
    ({"title": 7}, "a text is wanted, not 7 at title"),
])  # fmt: skip
def test_an_answer_that_cannot_be_used_is_refused_in_the_words_of_the_loader(answers: Any, problem: str) -> None:
    with pytest.raises(InvalidTerms) as refused:
        answered(answers, TODAY)
    assert refused.value.problems == (problem,)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidTerms) as refused:
        answered({"begins": "soon", "cure_days": None}, TODAY)
    assert len(refused.value.problems) == 2


@pytest.mark.parametrize(("key", "line", "answer"), [
    ("title", "Our Terms", "Our Terms"),
    ("cure_days", " 45 ", 45),
    ("methods", "personal, email", ["personal", "email"]),
    ("methods", "email", ["email"]),
    ("dated", "2026-02-28", "2026-02-28"),
    ("begins", "made", "made"),
])  # fmt: skip
def test_a_line_is_read_as_the_question_wants_it(key: str, line: str, answer: object) -> None:
    assert question(key).read(line) == answer


@pytest.mark.parametrize(("key", "line"), [
    ("cure_days", "thirty"), ("cure_days", "-3"), ("cure_days", "³"), ("cure_days", "9" * 5_000),
    ("cure_days", "99999999"), ("dated", "soon"), ("zone", "Mars/Olympus"), ("methods", "fax"), ("methods", ","),
    ("begins", "maybe"), ("title", " "),
])  # fmt: skip
def test_a_line_that_is_no_answer_is_refused(key: str, line: str) -> None:
    with pytest.raises(Faults, match=f"at {key}"):
        question(key).read(line)


def test_what_only_orders_have_is_asked_only_of_them() -> None:
    asked = {q.key for q in questions(TODAY) if q.asked({"begins": "made"})}
    assert {q.key for q in questions(TODAY)} - asked == {"term_months", "renewal_days", "trial_days"}
