"""The clause table of the Modal Terms, row by row, with its numbers as it gives them.

``{"breach": 31}`` is N+31: the day on which a count begun with the notice reads 31. Comments marked *reading* say which
of two defensible meanings is told, where the table leaves it open.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """A power: clause, act, who, because of what; what that must be; the first day; what ends it; how it is exercised.

    who: "other" is the party that the matter is not about. days: "due", "due by card" and "due by invoice" are counted
    from D; "overdue" and "breach" from the notice of that kind; "start" from the beginning of the matter. Without days:
    at the instant of the matter. Several kinds or ends stand in one text, apart by spaces.
    """

    clause: str
    does: str
    who: str
    kinds: str = ""
    fits: dict[str, object] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    ends: str = ""
    how: str = "act"
    outlives: bool = False


PROVIDER, CUSTOMER, EITHER, OTHER, BOTH = "provider", "customer", "either", "other", "both"
PAID = "paid voided"
CURED = "cured withdrawn"  # reading: a breach no longer asserted goes like one that was cured
CURABLE: dict[str, object] = {"remediable": True}
INCURABLE: dict[str, object] = {"remediable": False}
THEIRS: dict[str, object] = {"party": "customer"}
MATERIAL: dict[str, object] = {"material": True}
MADE: dict[str, object] = {"attempted": False}
IN_30 = {"due by invoice": 30, "due by card": 10}  # D+30 (card D+10)
INSOLVENT = "insolvency cessation proceeding other_proceeding"

TABLE = {
    "suspend.security": Row("1.12(a)", "suspend", PROVIDER, "security_risk", ends="resolved"),
    "suspend.prohibited_use": Row("1.12(b)", "suspend", PROVIDER, "prohibited_use"),
    "suspend.insolvency": Row("1.12(c)", "suspend", PROVIDER, INSOLVENT, ends="ended dismissed"),
    "suspend.assignment": Row("1.12(c)", "suspend", PROVIDER, "creditor_assignment", MADE),
    "suspend.breach": Row("1.12(d)", "suspend", PROVIDER, "breach", CURABLE | THEIRS, {"breach": 31}, CURED),
    "suspend.breach.incurable": Row(
        "1.12(d)", "suspend", PROVIDER, "breach", INCURABLE | THEIRS, {"breach": 31}, "withdrawn"
    ),
    "suspend.overdue": Row("1.12(e)", "suspend", PROVIDER, "invoice", {}, IN_30 | {"overdue": 10}, PAID),
    "reinstate.lift": Row("1.12", "reinstate", PROVIDER, "hold"),
    "accelerate.overdue": Row("1.12", "accelerate", PROVIDER, "invoice", {}, IN_30, PAID),
    "interest.late": Row("2.2(a)", "charge interest", PROVIDER, "invoice", {}, {"due": 1}, PAID, outlives=True),
    "payment_terms.shorter": Row("2.2(b)", "shorten payment terms", PROVIDER, "invoice", {}, {"due": 1}),
    "non_renewal": Row("3.1", "stop renewal", EITHER, "term", how="written"),
    "terminate.breach": Row(
        "3.2(a)", "terminate", OTHER, "breach", MATERIAL | CURABLE, {"breach": 31}, CURED, "written"
    ),
    "terminate.breach.irremediable": Row(
        "3.2(a)", "terminate", OTHER, "breach", MATERIAL | INCURABLE, {}, "withdrawn", "written"
    ),
    "terminate.assignment": Row("3.2(b)(i)", "terminate", PROVIDER, "creditor_assignment composition", how="written"),
    "terminate.proceeding": Row(
        "3.2(b)(ii)", "terminate", PROVIDER, "proceeding", {}, {"start": 61}, "dismissed", "written"
    ),
    "terminate.liquidation": Row("3.2(b)(iii)", "terminate", PROVIDER, "liquidation", how="written"),
    "terminate.analogous": Row("3.2(b)(iv)", "terminate", PROVIDER, "analogous_event", how="written"),
    "terminate.force_majeure": Row("8.4", "terminate", EITHER, "force_majeure", {}, {"start": 31}, "ended", "written"),
    "terminate.discontinuation": Row("1.3", "terminate", PROVIDER, how="posting"),
    "terminate.agreed": Row("8.9", "terminate", BOTH, how="consent"),
    "data.delete": Row("1.8", "delete data", PROVIDER, "ending", outlives=True),
    "terms.modify": Row("1.3", "modify terms", PROVIDER, how="posting"),
    "amend": Row("8.9", "amend", BOTH, how="consent", outlives=True),
    "assign.consent": Row("8.3", "assign", BOTH, how="consent", outlives=True),
    "assign.change_of_control": Row("8.3", "assign", PROVIDER, "change_of_control", outlives=True),
}

NON_RENEWAL = 30  # 3.1: the last day to give notice is E-30
CLAIM = 30  # 5.3: a claim received on R is notified through R+30
SURVIVORS = ("1.6", "3.3", "3.4", "4", "7", "8")  # 3.4
TRIAL_LACKS = ("5.2", "6.1", "6.2")  # 1.4
METHODS = ("personal", "registered_mail", "certified_mail", "courier")  # 8.5
LIFTS_BY_ITSELF = "suspend.overdue"  # every other hold lifts by the provider's act

# How a matter can end, where it can; an invoice also by being paid, which is computed.
ENDS = {
    "invoice": "voided",
    "breach": "cured withdrawn",
    "security_risk": "resolved",
    "insolvency": "ended",
    "cessation": "ended",
    "proceeding": "dismissed",
    "other_proceeding": "dismissed",
    "force_majeure": "ended",
    "claim": "settled decided withdrawn",
    "warranty_breach": "corrected",
    "return_request": "withdrawn",
    "compelled_disclosure": "withdrawn",
}

# Whom a matter is about where the fact does not say: the customer, but for these.
ABOUT = {"warranty_breach": PROVIDER, "change_of_control": PROVIDER, "force_majeure": None}

# What rests on something not having happened takes someone who vouches that the facts are complete.
SILENT = {power for power, row in TABLE.items() if row.ends or row.days} - {"suspend.security"}


def opposite(party: str) -> str:
    return CUSTOMER if party == PROVIDER else PROVIDER


def holders(who: str, about: str | None) -> tuple[str, ...]:
    """Who holds a power, of a matter about a party."""
    if who == OTHER and about:
        return (opposite(about),)
    return (PROVIDER, CUSTOMER) if who in (EITHER, OTHER) else (who,)


def among(clause: str, sections: tuple[str, ...]) -> bool:
    """Whether a clause is one of some sections, or part of one."""
    return any(clause == section or clause.startswith((f"{section}.", f"{section}(")) for section in sections)
