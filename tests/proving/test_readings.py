"""Every meaning of an unclear clause is proved, not only the one that is taken by default."""

from __future__ import annotations

import pytest

from lifecycle.proving import prove
from lifecycle.terms import load, published, under

# What another meaning of an unclear clause takes away: under 5.1 nobody can stop the renewal of an order that names no
# day for it; 6.2 is then the only remedy, so that a warranty breach never leads to termination.
TAKEN_AWAY = {
    ("common-paper-csa-2.1", "5.1-none", "no"): ["renewal-stoppable"],
    ("modal-2024-03-26", "6.2", "never"): ["powers-open"],
}


@pytest.mark.parametrize("name", published())
def test_under_each_other_meaning_of_an_unclear_clause_all_holds_but_what_it_takes_away(name: str) -> None:
    terms = load(name)
    for reading in terms.readings:
        for other in reading.alternative:
            expected = TAKEN_AWAY.get((name, reading.key, other.meaning), [])
            proofs = prove(under(terms, {reading.key: other.meaning}))
            assert [each.of.name for each in proofs if not each.holds] == expected, (reading.key, other.meaning)
