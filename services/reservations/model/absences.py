"""Absences that families declare, and what a certificate excuses of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from contracts.events.enrolment import AbsenceRule
from services.chassis.clock import paris_date
from services.chassis.errors import FieldError
from services.reservations.errors import (
    AbsenceDecided,
    AbsenceTooOld,
    CertificateLate,
)
from services.reservations.model.periods import Period

ReasonKind = Literal["illness", "family", "school_outing", "other"]
AbsenceState = Literal["declared", "excused", "refused", "withdrawn"]

# A family may tell of an absence afterwards, as long as somebody remembers it.
DECLARED_WITHIN = timedelta(days=31)
# A certificate handed in this long before the absence, or after it, belongs to another one.
BEFORE, AFTER = timedelta(days=7), timedelta(days=60)

PROVING = frozenset({"accepted", "expiring", "expired"})


@dataclass(frozen=True, slots=True)
class Certificate:
    """A medical certificate as documents tells of it; `absence_id`: the absence it names."""

    document_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    state: str
    deposited_at: datetime
    absence_id: UUID | None = None

    @property
    def handed_in_on(self) -> date:
        """The day that counts, whenever the staff look at it."""
        return paris_date(self.deposited_at)


@dataclass(frozen=True, slots=True)
class MissedSession:
    """A session at which the child is expected on a day of its absence."""

    session_id: UUID
    activity_id: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Absence:
    """A child's absence over some days, and what became of it; each decision is a version more."""

    absence_id: UUID
    family_id: UUID
    child_id: UUID
    period: Period
    reason_kind: ReasonKind
    state: AbsenceState = "declared"
    certificate_on: date | None = None
    document_id: UUID | None = None
    refusal: str = ""
    overridden: bool = False
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a certificate."""
        return self.state == "declared"

    def withdrawn(self) -> Self:
        """The child comes after all. Raises AbsenceDecided once it was excused or refused."""
        if self.state == "withdrawn":
            return self
        if not self.is_open:
            raise AbsenceDecided
        return replace(self, state="withdrawn")

    def refused(self, why: str) -> Self:
        """Not excused, and why; also what was excused by mistake. Raises AbsenceDecided."""
        if self.state == "withdrawn":
            raise AbsenceDecided
        return replace(self, state="refused", refusal=why)

    def proved(self, handed_in_on: date, due: date, *, document_id: UUID | None = None) -> Self:
        """Excused by a certificate, or refused because it came after `due`."""
        known = replace(self, certificate_on=handed_in_on, document_id=document_id)
        if handed_in_on > due:
            return known.refused(late_words(handed_in_on, due))
        return replace(known, state="excused")

    def confirmed(self, handed_in_on: date, due: date, *, override: bool) -> Self:
        """Excused by the staff. Raises AbsenceDecided, CertificateLate unless they override that.

        An absence that was refused for lateness may still be confirmed so.
        """
        if self.state not in ("declared", "refused"):
            raise AbsenceDecided
        late = handed_in_on > due
        if late and not override:
            raise CertificateLate(late_words(handed_in_on, due))
        return replace(
            self, state="excused", certificate_on=handed_in_on, refusal="", overridden=late
        )


def due_day(rule: AbsenceRule, first_day: date) -> date:
    """The last day on which a certificate is in time."""
    return first_day + timedelta(days=rule.certificate_days)


def prompt_day(rule: AbsenceRule, first_day: date) -> date | None:
    """The last day on which a certificate spares the waiting days; None where nothing does."""
    if rule.prompt_days is None or not rule.waiting_days:
        return None
    return first_day + timedelta(days=rule.prompt_days)


def late_words(handed_in_on: date, due: date) -> str:
    """Why a certificate excuses nothing, for the family to read."""
    return (
        f"Le certificat est arrivé le {handed_in_on:%d/%m/%Y} ; "
        f"il était attendu au plus tard le {due:%d/%m/%Y}."
    )


def declarable(period: Period, today: date, *, by_staff: bool) -> Period:
    """The days, when they may be declared. Raises AbsenceTooOld; the staff may go further back."""
    if period.first < today - DECLARED_WITHIN and not by_staff:
        message = f"Une absence se déclare dans les {DECLARED_WITHIN.days} jours."
        raise AbsenceTooOld(message, errors=[FieldError("from", message)])
    return period


def excused_days(
    days: Iterable[date],
    rule: AbsenceRule,
    first_day: date,
    handed_in_on: date | None,
    *,
    overridden: bool = False,
) -> frozenset[date]:
    """Which of the days on which the child was expected are excused.

    None without a certificate, or when it came too late (unless the staff override that);
    else all but the first ones, which stay charged unless it came promptly.
    """
    if handed_in_on is None or (handed_in_on > due_day(rule, first_day) and not overridden):
        return frozenset()
    prompt = prompt_day(rule, first_day)
    if prompt is not None and handed_in_on <= prompt:
        return frozenset(days)
    return frozenset(sorted(set(days))[rule.waiting_days :])


def excused_sessions(
    absence: Absence, missed: Sequence[MissedSession], rules: Mapping[UUID, AbsenceRule]
) -> frozenset[UUID]:
    """Which of the sessions are excused: each activity counts by its own rule."""
    if absence.state != "excused":
        return frozenset()
    found: set[UUID] = set()
    for activity_id in {session.activity_id for session in missed}:
        own = [session for session in missed if session.activity_id == activity_id]
        days = excused_days(
            (session.day for session in own),
            rules.get(activity_id, AbsenceRule()),
            absence.period.first,
            absence.certificate_on,
            overridden=absence.overridden,
        )
        found.update(session.session_id for session in own if session.day in days)
    return frozenset(found)


def certificate_due(
    first_day: date, missed: Iterable[MissedSession], rules: Mapping[UUID, AbsenceRule]
) -> date:
    """Until when a certificate excuses anything: the most patient of the activities decides."""
    touched = {due_day(rules.get(s.activity_id, AbsenceRule()), first_day) for s in missed}
    return max(touched, default=due_day(AbsenceRule(), first_day))


def prompt_until(
    first_day: date, missed: Iterable[MissedSession], rules: Mapping[UUID, AbsenceRule]
) -> date | None:
    """Until when a certificate spares waiting days: the most hurried of the activities decides."""
    touched = (prompt_day(rules.get(s.activity_id, AbsenceRule()), first_day) for s in missed)
    return min(filter(None, touched), default=None)


def certificate_for(absence: Absence, certificates: Iterable[Certificate]) -> Certificate | None:
    """The first accepted certificate that was handed in about this absence, if there is one."""
    fitting = [c for c in certificates if c.state in PROVING and is_about(c, absence)]
    return min(fitting, key=lambda c: c.deposited_at, default=None)


def is_about(certificate: Certificate, absence: Absence) -> bool:
    """Whether it names this absence; where it names none, whether it came around its days."""
    if certificate.absence_id is not None:
        return certificate.absence_id == absence.absence_id
    earliest, latest = absence.period.first - BEFORE, absence.period.last + AFTER
    return earliest <= certificate.handed_in_on <= latest


def absence_for(certificate: Certificate, absences: Iterable[Absence]) -> Absence | None:
    """Which of the open absences a certificate is about: the one that it names, or else the last
    that had begun, or else the next.
    """
    fitting = [a for a in absences if a.is_open and certificate_for(a, [certificate]) is not None]
    begun = [a for a in fitting if a.period.first <= certificate.handed_in_on]
    if begun:
        return max(begun, key=lambda a: a.period.first)
    return min(fitting, key=lambda a: a.period.first, default=None)
