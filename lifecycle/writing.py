"""Writings: whether and when what is given in writing counts, by the Terms in force when it was given."""

from __future__ import annotations

from attrs import evolve

from lifecycle.days import Instant, plus_days
from lifecycle.matters import Notice
from lifecycle.terms.model import Method, NoticeKind, holders
from lifecycle.versions import Versions


class Writing:
    """What the Terms of an agreement, over time, say of writings."""

    __slots__ = ("versions",)

    def __init__(self, versions: Versions) -> None:
        self.versions = versions

    def judged(self, notice: Notice) -> Notice:
        """The notice with when it counts, or why it does not."""
        rule, kind = self.versions.at(notice.given).notice, self.notice_kind(notice.kind, notice.given)
        assert kind is not None
        if not kind.about and notice.by not in holders(kind.by, None):
            return evolve(notice, counts=None, defect=f"{kind.clause}: not the {notice.by}'s to give")
        if notice.accepted is not None:
            return evolve(notice, counts=notice.counts or notice.accepted, defect="")
        if rule is None:
            return evolve(notice, counts=notice.given)
        method = rule.method(notice.method)
        if method is None:
            known = ", ".join(rule.methods).replace("_", " ")
            return evolve(
                notice, counts=None, defect=f"{rule.clause}: {notice.method or 'no method'} gives no notice; {known} do"
            )
        # What arrived cannot have arrived before it was given.
        delivered = None if notice.delivered is None else max(notice.delivered, notice.given)
        start = (delivered or notice.given) if method.counts == "in person" else notice.given
        if method.counts == "delivery":
            if delivered is None:
                return evolve(
                    notice,
                    counts=None,
                    defect=f"{rule.clause}: {notice.method} counts once delivered, and no delivery is recorded",
                )
            start = delivered
        return evolve(notice, counts=self.after(start, method, notice.given), defect="")

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

    def notice_kind(self, kind: str, at: Instant) -> NoticeKind | None:
        """A kind of notice by its id: of the Terms in force at an instant, else of others the agreement had."""
        all_terms = (self.versions.at(at), *(version.terms for version in self.versions))
        return next((terms.notices[kind] for terms in all_terms if kind in terms.notices), None)
