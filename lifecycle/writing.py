"""Writings: whether and when what is given in writing counts, by the Terms in force when it was given."""

from __future__ import annotations

from lifecycle.days import Instant, plus_days
from lifecycle.matters import Notice
from lifecycle.terms.model import PARTIES, Method, NoticeKind, Party, holders
from lifecycle.versions import Versions


class Writing:
    """What the Terms of an agreement, over time, say of writings."""

    __slots__ = ("versions",)

    def __init__(self, versions: Versions) -> None:
        self.versions = versions

    def judged(self, notice: Notice) -> Notice:
        """The notice with when it counts, or why it does not, after a fact about it."""
        kind = self.versions.notice_kind(notice.kind, notice.given)
        assert kind is not None
        counts, defect = self.heard(kind, notice.by, notice.method, notice.given, notice.delivered)
        if notice.accepted is not None and notice.by in _givers(kind):
            counts, defect = notice.counts or notice.accepted, ""
        return notice._replace(counts=counts, defect=defect)

    def heard(
        self, kind: NoticeKind, by: Party, method: str, given: Instant, delivered: Instant | None
    ) -> tuple[Instant | None, str]:
        """When a notice counts by itself, and '', or None, and why it does not."""
        if by not in _givers(kind):
            return None, f"{kind.clause}: not the {by}'s to give"
        rule = self.versions.at(given).notice
        if rule is None:
            return given, ""
        way = rule.method(method)
        if way is None:
            known = ", ".join(rule.methods).replace("_", " ")
            return None, f"{rule.clause}: {method or 'no method'} gives no notice; {known} do"
        # What arrived cannot have arrived before it was given.
        arrived = None if delivered is None else max(delivered, given)
        if way.counts == "delivery":
            if arrived is None:
                return None, f"{rule.clause}: {method} counts once delivered, and no delivery is recorded"
            return self.after(arrived, way, given), ""
        return self.after((arrived or given) if way.counts == "in person" else given, way, given), ""

    def after(self, start: Instant, method: Method, given: Instant) -> Instant:
        """When what was sent or arrived at an instant counts: so many days later, where the method says so."""
        if not method.n:
            return start
        calendar = self.versions[self.versions.index_at(given)].calendar
        day, business = calendar.day_of(start), method.unit == "business days"
        return calendar.start_of(calendar.business_days_after(day, method.n) if business else plus_days(day, method.n))

    def written(self, method: str | None, at: Instant) -> Instant:
        """When a writing given by a method at an instant takes effect; at once where the Terms do not say otherwise."""
        notice = self.versions.at(at).notice
        rule = notice.method(method) if notice else None
        return at if rule is None or rule.counts == "delivery" else self.after(at, rule, at)

    def fastest(self, at: Instant) -> tuple[str, Instant]:
        """The method by which a writing given at an instant counts first, and from when; '' where the Terms name none.
        One that counts on delivery is taken to be delivered at once, and comes after others that count as soon.
        """
        notice = self.versions.at(at).notice
        rules = notice.methods if notice else {}
        found = [(self.after(at, rule, at), rule.counts == "delivery", name) for name, rule in rules.items()]
        counts, _, method = min(found, key=lambda one: one[:2], default=(at, False, ""))
        return method, counts


def _givers(kind: NoticeKind) -> tuple[Party, ...]:
    """Who may give a notice; one that is about a matter may be anyone's, as its matter says."""
    return PARTIES if kind.about else holders(kind.by, None)
