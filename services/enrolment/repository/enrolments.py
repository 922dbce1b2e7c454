"""Writes enrolments and their histories."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg

from services.chassis.database import Connection
from services.enrolment.errors import AlreadyEnrolled, UnknownEnrolment
from services.enrolment.model.enrolments import Enrolment, Hand, Status, Step, Wish

# Its arrival is the order in which it came, a draft's when it is sent.
INSERT = """
INSERT INTO enrolment (enrolment_id, version, status, family_id, child_id, activity_id, school_year,
    regulations_version, starts_on, ends_on, submitted_at, application_id, together, declared,
    arrival)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
    CASE WHEN $3 <> 'draft' THEN nextval('enrolment_arrival') END)
ON CONFLICT (child_id, activity_id, family_id)
    WHERE status NOT IN ('draft', 'refused', 'withdrawn') DO NOTHING
RETURNING true
"""
SAVE = """
UPDATE enrolment e SET version = n.version, status = n.status, starts_on = n.starts_on,
    ends_on = n.ends_on, left_on = n.left_on, waiting_rank = n.waiting_rank,
    regulations_version = n.regulations_version
FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::date[], $5::date[], $6::date[],
            $7::integer[], $8::integer[])
    AS n (enrolment_id, version, status, starts_on, ends_on, left_on, waiting_rank,
          regulations_version)
WHERE e.enrolment_id = n.enrolment_id
"""
INSERT_STEPS = """
INSERT INTO enrolment_step (enrolment_id, version, at, status, note, by, actor)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::text[], $5::text[],
                     $6::uuid[], $7::text[])
ON CONFLICT DO NOTHING
"""


async def insert(connection: Connection, enrolment: Enrolment) -> None:
    """Add a request or a draft. Raises AlreadyEnrolled when a live request is there."""
    wish = enrolment.wish
    taken = await connection.fetchval(
        INSERT,
        enrolment.enrolment_id,
        enrolment.version,
        enrolment.status,
        wish.family_id,
        wish.child_id,
        wish.activity_id,
        enrolment.school_year,
        enrolment.regulations_version,
        enrolment.starts_on,
        enrolment.ends_on,
        _sent_at(enrolment),
        wish.application_id,
        wish.together,
        wish.declared,
    )
    if not taken:
        raise AlreadyEnrolled
    await _insert_steps(connection, [enrolment])


def _sent_at(enrolment: Enrolment) -> datetime | None:
    sent = (step.at for step in enrolment.history if step.status is Status.SUBMITTED)
    return next(sent, None)


async def activity_of(connection: Connection, enrolment_id: UUID) -> UUID:
    """The activity that a request is for; a draft is none yet. Raises UnknownEnrolment."""
    found: UUID | None = await connection.fetchval(
        "SELECT activity_id FROM enrolment WHERE enrolment_id = $1 AND status <> 'draft'",
        enrolment_id,
    )
    if found is None:
        raise UnknownEnrolment
    return found


async def lock(connection: Connection, enrolment_id: UUID) -> Enrolment:
    """The enrolment with its history, nobody else deciding meanwhile. Raises UnknownEnrolment."""
    found = await lock_all(connection, [enrolment_id])
    if not found:
        raise UnknownEnrolment
    return found[0]


async def lock_all(connection: Connection, enrolment_ids: Collection[UUID]) -> list[Enrolment]:
    """The same for several, locked in the order of their ids; those that are gone are left out."""
    rows = await connection.fetch(
        """SELECT * FROM enrolment WHERE enrolment_id = ANY ($1)
           ORDER BY enrolment_id FOR NO KEY UPDATE""",
        list(enrolment_ids),
    )
    steps = await connection.fetch(
        """SELECT enrolment_id, version, at, status, note, by, actor FROM enrolment_step
           WHERE enrolment_id = ANY ($1) ORDER BY version""",
        [row["enrolment_id"] for row in rows],
    )
    histories: dict[UUID, list[Step]] = {row["enrolment_id"]: [] for row in rows}
    for step in steps:
        histories[step["enrolment_id"]].append(_step(step))
    return [_enrolment(row, histories[row["enrolment_id"]]) for row in rows]


async def save(connection: Connection, *changed: Enrolment) -> None:
    """Store where these stand now, and the steps that they have taken since they were read."""
    await connection.execute(
        SAVE,
        [e.enrolment_id for e in changed],
        [e.version for e in changed],
        [e.status for e in changed],
        [e.starts_on for e in changed],
        [e.ends_on for e in changed],
        [e.left_on for e in changed],
        [e.waiting_rank for e in changed],
        [e.regulations_version for e in changed],
    )
    await _insert_steps(connection, changed)


async def drafts(connection: Connection, application_id: UUID, family_id: UUID) -> list[Enrolment]:
    """The family's drafts of one application, locked."""
    rows = await connection.fetch(
        """SELECT enrolment_id FROM enrolment
           WHERE application_id = $1 AND family_id = $2 AND status = 'draft'""",
        application_id,
        family_id,
    )
    return await lock_all(connection, [row["enrolment_id"] for row in rows])


async def delete_drafts(connection: Connection, enrolment_ids: Collection[UUID]) -> None:
    """Forget drafts; what was sent is never deleted here."""
    await connection.execute(
        "DELETE FROM enrolment WHERE enrolment_id = ANY ($1) AND status = 'draft'",
        list(enrolment_ids),
    )


async def in_lock_order(connection: Connection, enrolment_ids: Collection[UUID]) -> list[UUID]:
    """These ids, activity by activity, so that two baskets cannot wait for each other."""
    rows = await connection.fetch(
        """SELECT enrolment_id FROM enrolment WHERE enrolment_id = ANY ($1)
           ORDER BY activity_id, enrolment_id""",
        list(enrolment_ids),
    )
    known = [row["enrolment_id"] for row in rows]
    return known + sorted(set(enrolment_ids) - set(known))


async def waiting(connection: Connection, activity_id: UUID) -> list[UUID]:
    """Who waits for a place in the activity, first the one whose turn it is."""
    rows = await connection.fetch(
        """SELECT enrolment_id FROM enrolment WHERE activity_id = $1 AND status = 'waiting'
           ORDER BY waiting_rank NULLS LAST, arrival""",
        activity_id,
    )
    return [row["enrolment_id"] for row in rows]


async def attended(connection: Connection, family_id: UUID, today: date) -> list[UUID]:
    """The activities in which the family has a place from now on, in the order of their locks."""
    rows = await connection.fetch(
        """SELECT DISTINCT activity_id FROM enrolment
           WHERE family_id = $1 AND status = 'accepted' AND ends_on >= $2 ORDER BY activity_id""",
        family_id,
        today,
    )
    return [row["activity_id"] for row in rows]


async def drop_unfinished(connection: Connection, family_id: UUID, today: date) -> None:
    """Drop the family's drafts, and its enrolments that are not over."""
    await connection.execute(
        """DELETE FROM enrolment
           WHERE family_id = $1 AND (ends_on >= $2 OR status = 'draft')""",
        family_id,
        today,
    )


async def _insert_steps(connection: Connection, enrolments: Sequence[Enrolment]) -> None:
    steps = [(e.enrolment_id, step) for e in enrolments for step in e.history]
    await connection.execute(
        INSERT_STEPS,
        [enrolment_id for enrolment_id, _ in steps],
        [step.version for _, step in steps],
        [step.at for _, step in steps],
        [step.status for _, step in steps],
        [step.note for _, step in steps],
        [step.hand.account_id for _, step in steps],
        [step.hand.actor for _, step in steps],
    )


def _enrolment(row: asyncpg.Record, history: Sequence[Step]) -> Enrolment:
    return Enrolment(
        enrolment_id=row["enrolment_id"],
        wish=Wish(
            family_id=row["family_id"],
            child_id=row["child_id"],
            activity_id=row["activity_id"],
            application_id=row["application_id"],
            together=row["together"],
            declared=tuple(row["declared"]),
        ),
        school_year=row["school_year"],
        regulations_version=row["regulations_version"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        history=tuple(history),
        left_on=row["left_on"],
        waiting_rank=row["waiting_rank"],
    )


def _step(row: asyncpg.Record) -> Step:
    hand = Hand(row["actor"], row["by"])
    return Step(row["version"], row["at"], Status(row["status"]), hand, row["note"])
