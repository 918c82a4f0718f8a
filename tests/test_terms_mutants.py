"""Every small fault in the data of the Modal Terms is seen: by the loader, or by a claim with days from the clause's
text (:mod:`tests.seeded.terms` makes the faults). What no claim can see means the same, and says here why.

Run as a program it prints what sees each: ``make mutants-terms``.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources

from lifecycle.errors import InvalidTerms
from tests import test_course, test_modal_clauses, test_modal_readings, test_oracle_findings
from tests.seeded.claims import Jury
from tests.seeded.terms import Mutant, mutants, read

DOCUMENT = tomllib.loads((resources.files("lifecycle.terms") / "modal-2024-03-26.toml").read_text(encoding="utf-8"))

MEANS_THE_SAME = {
    "counting.first_day left out": "what it says is what holds where a file says nothing",
    "counting.roll left out": "the same",
    "power.terminate.warranty.by = 'other' -> 'customer'": "a breach of warranty is always the provider's",
    "duty.notify_claim.provider.rests_on left out": "5.1, on which it rests, binds whenever its own clause, 5.3, does",
    "duty.allow_defence.provider.rests_on left out": "the same",
}


def seen(*, wanted: Callable[[Mutant], bool] = lambda _: True) -> Iterator[tuple[Mutant, str]]:
    """The mutants wanted, and what sees each; '' where nothing does."""
    plain = {section: tables for section, tables in DOCUMENT.items() if section != "reading"}
    clauses = Jury([test_modal_clauses, test_oracle_findings, test_course], read(plain))
    # What only another reading shows: days that roll, days excused, fees that fall due either way.
    readings = Jury([test_modal_readings], read(DOCUMENT), named="counting_roll|8_4|3_3_direction|6_2")
    otherwise = {mutant.what: mutant for mutant in mutants(DOCUMENT)}
    for mutant in filter(wanted, mutants(plain)):
        try:
            terms = read(mutant.document)
        except InvalidTerms:
            yield mutant, "the loader"
        else:
            found = clauses.against(terms, mutant)
            yield mutant, found or readings.against(read(otherwise[mutant.what].document), mutant)


def counts(mutant: Mutant) -> bool:
    """Whether it is about a number, a comparator, a clock, an end, a way of giving notice, a lift or a survivor."""
    told = ("clocks", ".n = ", "compare", "ended_by", "prevented_by", "methods", "lifts", "survival")
    return any(what in mutant.what for what in told) and "clause" not in mutant.what


def test_every_small_fault_in_what_is_counted_is_seen() -> None:
    """``make mutants-terms`` tries the rest too."""
    everything = {mutant.what: by for mutant, by in seen(wanted=counts)}
    assert len(everything) > 200
    assert [what for what, by in everything.items() if not by and what not in MEANS_THE_SAME] == []


def main() -> int:
    """Say of every mutant what sees it; 1 where one is not seen, or one that means the same is."""
    everything = {mutant.what: by for mutant, by in seen()}
    for what, by in everything.items():
        sys.stdout.write(f"{what}: {by or MEANS_THE_SAME.get(what, 'NOT SEEN')}\n")
    unseen = {what for what, by in everything.items() if not by}
    sys.stdout.write(
        f"{len(everything)} mutants, {len(everything) - len(unseen)} seen, {len(MEANS_THE_SAME)} the same\n"
    )
    return int(unseen != set(MEANS_THE_SAME))


if __name__ == "__main__":
    sys.exit(main())
