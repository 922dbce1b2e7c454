"""Declare an absence, prove it, decide it; what is excused stands on the roll at once."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import FieldError
from services.reservations import publishing
from services.reservations.commands.take_roll import write_down
from services.reservations.errors import AbsenceOverlaps, NothingReserved, UnknownChild
from services.reservations.model.absences import (
    Absence,
    Certificate,
    MissedSession,
    ReasonKind,
    absence_for,
    certificate_due,
    certificate_for,
    declarable,
    excused_sessions,
)
from services.reservations.model.periods import Period
from services.reservations.repository import absences, roll, sessions

NOTHING_RESERVED = "Aucune réservation ces jours-là : il n’y a pas d’absence à déclarer."


async def declare(
    connection: Connection,
    family_id: UUID,
    child_id: UUID,
    period: Period,
    reason_kind: ReasonKind,
    *,
    by: UUID | None,
    by_staff: bool,
    now: datetime,
) -> Absence:
    """The child will not come, or did not. A certificate that is there already proves it at once.

    Raises UnknownChild, AbsenceOverlaps, AbsenceTooOld, NothingReserved (a family alone).
    """
    if not await absences.lock_child(connection, family_id, child_id):
        raise UnknownChild
    days = declarable(period, paris_date(now), by_staff=by_staff)
    if await absences.overlapping(connection, child_id, days):
        raise AbsenceOverlaps
    absence = Absence(uuid4(), family_id, child_id, days, reason_kind)
    if not by_staff and not await absences.missed(connection, absence):
        raise NothingReserved(errors=[FieldError("from", NOTHING_RESERVED)])
    await absences.add(connection, absence, by=by, by_staff=by_staff, now=now)
    known = await absences.unused_certificates(connection, family_id, child_id)
    certificate = certificate_for(absence, known)
    if certificate is None:
        return absence
    return await _prove(connection, absence, certificate, now)


async def withdraw(
    connection: Connection,
    absence_id: UUID,
    family_id: UUID | None,
    *,
    by: UUID | None,
    now: datetime,
) -> Absence:
    """The child comes after all. Raises UnknownAbsence, AbsenceDecided."""
    absence = await absences.lock(connection, absence_id, family_id)
    return await _decide(connection, absence, absence.withdrawn(), by=by, now=now)


async def confirm(
    connection: Connection,
    absence_id: UUID,
    handed_in_on: date,
    *,
    override: bool,
    by: UUID | None,
    now: datetime,
) -> Absence:
    """The staff saw a certificate, or let one pass that came late.

    Raises UnknownAbsence, AbsenceDecided, CertificateLate.
    """
    absence = await absences.lock(connection, absence_id, None)
    due = await _due(connection, absence)
    confirmed = absence.confirmed(handed_in_on, due, override=override)
    return await _decide(connection, absence, confirmed, by=by, now=now)


async def refuse(
    connection: Connection, absence_id: UUID, why: str, *, by: UUID | None, now: datetime
) -> Absence:
    """The staff do not excuse it, or take back that they did.

    Raises UnknownAbsence, AbsenceDecided.
    """
    absence = await absences.lock(connection, absence_id, None)
    return await _decide(connection, absence, absence.refused(why), by=by, now=now)


async def keep_certificate(connection: Connection, certificate: Certificate, now: datetime) -> None:
    """Follow a certificate; accepted, it proves the absence that it is about."""
    if not await absences.keep_certificate(connection, certificate):
        return
    waiting = await absences.lock_open(connection, certificate.family_id, certificate.child_id)
    unused = await absences.unused_certificates(
        connection, certificate.family_id, certificate.child_id
    )
    absence = absence_for(certificate, waiting)
    if absence and certificate.document_id in {known.document_id for known in unused}:
        await _prove(connection, absence, certificate, now)


async def _prove(
    connection: Connection, absence: Absence, certificate: Certificate, now: datetime
) -> Absence:
    due = await _due(connection, absence)
    proved = absence.proved(certificate.handed_in_on, due, document_id=certificate.document_id)
    return await _decide(connection, absence, proved, by=None, now=now)


async def _due(connection: Connection, absence: Absence) -> date:
    missed = await absences.missed(connection, absence)
    rules = await absences.rules(connection, {session.activity_id for session in missed})
    return certificate_due(absence.period.first, missed, rules)


async def _decide(
    connection: Connection, before: Absence, after: Absence, *, by: UUID | None, now: datetime
) -> Absence:
    """Write the decision, put on the roll what it excuses or no longer does, and tell it."""
    if after == before:
        return after
    decided = replace(after, version=before.version + 1)
    await absences.decide(connection, decided, by=by, now=now)
    missed = await absences.missed(connection, decided)
    rules = await absences.rules(connection, {session.activity_id for session in missed})
    excused = excused_sessions(decided, missed, rules)
    if "excused" in (before.state, decided.state):
        await _excuse(connection, decided, missed, excused, now)
    if decided.state in ("excused", "refused"):
        told = publishing.absence_answered(decided, sessions=len(missed), free=len(excused))
        await outbox.append(connection, told)
    return decided


async def _excuse(
    connection: Connection,
    absence: Absence,
    missed: Sequence[MissedSession],
    excused: Collection[UUID],
    now: datetime,
) -> None:
    # In the order of their ids, as whoever reserves locks them.
    for session_id in (session.session_id for session in missed):
        session = await sessions.lock(connection, session_id)
        for line in await roll.lines(connection, session_id, [absence.child_id]):
            now_so = replace(line, excused=session_id in excused).settled()
            if now_so != line:
                news = [now_so] if now_so.version != line.version else []
                await write_down(connection, session, [now_so], news, now)
