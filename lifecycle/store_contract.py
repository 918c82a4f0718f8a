"""The append contract as tests, for every store: those here, and those of a host."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from lifecycle.days import Period
from lifecycle.errors import AppendConflict, InvalidHistory
from lifecycle.events import (
    FORMAT,
    AgreementMade,
    CaughtUp,
    Corrected,
    Entry,
    Event,
    Fact,
    MatterChanged,
    MatterOpened,
    Money,
    NoticeGiven,
    OrderSigned,
    Withdrawn,
)
from lifecycle.store import Store

_START = datetime(2026, 1, 5, 8, 0, 0, 123456, tzinfo=UTC)
_MADE = AgreementMade(
    format=FORMAT, terms="modal-2024-03-26", digest="0" * 64, customer="Zürich 東京", freshness=Period(36, "hours")
)
_ODD_IDS = (
    "acme", "Acme", "ac", "acme ", "", ".", "..", "../acme", "/etc/acme", "a/b", "a%2Fb", "a\\b", "a.jsonl", "acme:1",
    "%", "_", "a_me", "*", "?", "'; drop table events; --", "zürich", "zu\u0308rich", "東京", "\U0001d11e", "-1",
)  # fmt: skip


class StoreContract:
    """What every store must do. A host holds its own to it with a class of tests: it inherits from this one, and says
    where its store is. Each test begins with an empty one.

        class TestOurStore(StoreContract):
            @pytest.fixture(autouse=True)
            def place(self, tmp_path): self.path = tmp_path / "events.db"

            def store(self): return OurStore(self.path)
    """

    def store(self) -> Store:
        """A handle on the store of this test. Asked again, on the same store; also from another thread, whose own it
        is.
        """
        raise NotImplementedError

    def test_what_was_appended_is_loaded_event_by_event_as_it_was(self) -> None:
        events = _history("acme")
        self.store().append("acme", events, expected=0)
        _claim(_loaded(self.store(), "acme") == events, "the events loaded are not those appended")

    def test_an_agreement_that_is_not_recorded_has_no_events(self) -> None:
        _claim(_loaded(self.store(), "acme") == [], "an empty store loads events")
        _claim(list(self.store().agreements()) == [], "an empty store lists agreements")

    def test_events_are_appended_one_after_the_other(self) -> None:
        events = _history("acme")
        for event in events:
            self.store().append("acme", [event], expected=event.sequence - 1)
        _claim(_loaded(self.store(), "acme") == events, "the events loaded are not those appended one by one")

    def test_whoever_comes_second_is_refused_and_leaves_nothing(self) -> None:
        store, events = self.store(), _history("acme")
        store.append("acme", events[:3], expected=0)
        other = [_event("acme", sequence, _invoice("OTHER")) for sequence in (1, 2, 3, 4)]
        for expected in range(3):
            late = [_event("acme", expected + 1, _MADE), *other[expected + 1 :]] if not expected else other[expected:]
            _refused(AppendConflict, store, late, expected)
            _refused(AppendConflict, store, late[:1], expected)
            _claim(_loaded(store, "acme") == events[:3], "what was refused has changed the history")
        store.append("acme", events[3:], expected=3)
        _claim(_loaded(store, "acme") == events, "after a refusal the right events cannot be appended")

    def test_nothing_is_appended_beyond_a_gap(self) -> None:
        store, events = self.store(), _history("acme")
        _refused(AppendConflict, store, events[1:], 1)
        _claim(list(store.agreements()) == [], "what was refused is listed")
        store.append("acme", events[:1], expected=0)
        _refused(AppendConflict, store, events[2:], 2)
        _claim(_loaded(store, "acme") == events[:1], "what was refused has changed the history")

    def test_events_that_are_not_the_next_ones_are_refused_all_of_them(self) -> None:
        store, events = self.store(), _history("acme")
        store.append("acme", events[:2], expected=0)
        stranger = _event("zenith", 4, _invoice("INV-9"))
        for wrong in ([events[3]], [events[2], events[4]], [events[2], events[2]], [events[2], stranger], [events[1]]):
            _refused(InvalidHistory, store, wrong, 2)
            _claim(_loaded(store, "acme") == events[:2], "part of what was refused was appended")
        _claim(set(store.agreements()) == {"acme"}, "what was refused is listed")

    def test_to_append_nothing_does_nothing(self) -> None:
        store = self.store()
        for expected in (0, 7):
            store.append("acme", [], expected=expected)
        _claim(list(store.agreements()) == [], "an agreement without events is listed")
        _claim(_loaded(store, "acme") == [], "an agreement without events has some")

    def test_agreements_are_kept_apart_whatever_their_ids(self) -> None:
        store = self.store()
        for number, agreement in enumerate(_ODD_IDS):
            _claim(_loaded(store, agreement) == [], f"{agreement!r} has the events of another agreement")
            store.append(agreement, _history(agreement, f"INV-{number}"), expected=0)
        for number, agreement in enumerate(_ODD_IDS):
            kept = _loaded(store, agreement) == _history(agreement, f"INV-{number}")
            _claim(kept, f"the events of {agreement!r} are not those appended to it")
        _claim(sorted(store.agreements()) == sorted(_ODD_IDS), "not each agreement is listed once, by its id")

    def test_a_long_history_is_loaded_in_sequence(self) -> None:
        store = self.store()
        events = [_event("acme", 1, _MADE), *(_event("acme", n, _invoice(f"INV-{n}")) for n in range(2, 301))]
        store.append("acme", events[:150], expected=0)
        store.append("acme", events[150:], expected=150)
        _claim(_loaded(store, "acme") == events, "a long history is not loaded in sequence")

    def test_what_was_loaded_and_what_was_appended_are_not_the_hosts_to_change(self) -> None:
        store, events = self.store(), _history("acme")
        given = list(events)
        store.append("acme", given, expected=0)
        given.clear()
        loaded = store.load("acme")
        if isinstance(loaded, list):
            loaded.clear()
        _claim(_loaded(store, "acme") == events, "the store keeps lists that others hold")

    def test_of_many_who_append_at_once_each_is_heard_once(self) -> None:
        workers, each = 4, 5
        self.store().append("acme", [_event("acme", 1, _MADE)], expected=0)

        def work(worker: int) -> None:
            store = self.store()
            for number in range(each):
                pair = [_invoice(f"INV-{worker}-{number}-{part}") for part in "ab"]
                _append_at_last(store, "acme", pair, attempts=10 * workers * each)

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, range(workers)))
        loaded = _loaded(self.store(), "acme")
        wanted = {f"INV-{w}-{n}-{part}" for w in range(workers) for n in range(each) for part in "ab"}
        _claim([event.sequence for event in loaded] == list(range(1, len(loaded) + 1)), "the sequence has a gap")
        told = [event.fact.matter for event in loaded if isinstance(event.fact, MatterOpened)]
        _claim(sorted(told) == sorted(wanted), "an event that was acknowledged is missing, or there twice")
        pairs = list(zip(told[::2], told[1::2], strict=True))
        _claim(all(a[:-1] == b[:-1] for a, b in pairs), "another's events stand between two appended together")


def _append_at_last(store: Store, agreement: str, facts: Sequence[Fact], attempts: int) -> None:
    for _ in range(attempts):
        last = len(_loaded(store, agreement))
        events = [_event(agreement, sequence, fact) for sequence, fact in enumerate(facts, last + 1)]
        try:
            return store.append(agreement, events, expected=last)
        except AppendConflict:
            pass
    raise AssertionError("no append went through, however often it was tried")


def _loaded(store: Store, agreement: str) -> list[Event]:
    return list(store.load(agreement))


def _claim(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - asserted, also under python -O
    if not holds:
        raise AssertionError(otherwise)


def _refused(error: type[Exception], store: Store, events: Sequence[Event], expected: int) -> None:
    try:
        store.append("acme", events, expected=expected)
    except error:
        return
    raise AssertionError(f"{error.__name__} is wanted, and nothing was raised")


def _invoice(matter: str) -> MatterOpened:
    owed = Money("1200.50", "USD")
    return MatterOpened(kind="invoice", matter=matter, amount=owed, days={"due": "2026-03-01"})


def _history(agreement: str, matter: str = "INV-7") -> list[Event]:
    """Events of many forms: amounts, periods, days, instants to the microsecond, lists, tables, facts within facts."""
    attributes = {"payment": "card", "disputed": True, "prevents": ("B-1", "B-2")}
    memo = Entry(key="k", transition="renew", effective="2027-01-05T08:00Z", clause="3.1", text="„renewed“")
    facts: tuple[Fact, ...] = (
        _MADE,
        OrderSigned(order="O-1", start="2026-01-05", term=Period(12, "months"), values={"trial": Period(14)}),
        _invoice(matter),
        MatterChanged(matter=matter, attributes=attributes),
        NoticeGiven(kind="overdue", by="provider", method="courier", about=(matter, "INV-8")),
        Corrected(event=f"{agreement}:3", fact=_invoice(matter), occurred="2026-02-01"),
        Withdrawn(event=f"{agreement}:5", why='"quoted" \\ and\u00a0spaced 𝄞'),
        CaughtUp(through="2027-01-06T00:00:00.000001Z", entries=(memo,)),
    )
    return [_event(agreement, sequence, fact) for sequence, fact in enumerate(facts, 1)]


def _event(agreement: str, sequence: int, fact: Fact) -> Event:
    recorded = _START + timedelta(days=sequence)
    return Event(
        agreement=agreement,
        sequence=sequence,
        id=f"{agreement}:{sequence}",
        occurred=recorded.date() if sequence % 2 else recorded,
        recorded=recorded,
        fact=fact,
        key=f"key {sequence}",
        actor="ann",
        ref="crm/7",
        meta={"source": "contract"},
    )
