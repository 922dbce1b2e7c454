"""What rosters need besides places: notes on children, and what activities settle of their roll."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.families import ChildNotes
from services.reservations.model.rosters import RollRule


async def keep_notes(connection: Connection, family_id: UUID, notes: Sequence[ChildNotes]) -> None:
    """Take the notes on a family's children, as its file has them now."""
    await connection.executemany(
        """INSERT INTO child_notes (family_id, child_id, school_code, pick_ups,
               care_instructions, care_valid_until, consents)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (family_id, child_id) DO UPDATE SET school_code = $3, pick_ups = $4,
               care_instructions = $5, care_valid_until = $6, consents = $7""",
        [
            (
                family_id,
                note.child_id,
                note.school_code,
                [asdict(person) for person in note.pick_ups],
                note.care_instructions,
                note.care_valid_until,
                [asdict(consent) for consent in note.consents],
            )
            for note in notes
        ],
    )


async def keep_rule(
    connection: Connection, activity_id: UUID, version: int, rule: RollRule
) -> None:
    """Take what an activity settles of its roll unless ours is as new."""
    await connection.execute(
        """INSERT INTO roll_rule (activity_id, version, certificate_days, waiting_days, age_groups)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (activity_id) DO UPDATE SET version = $2, certificate_days = $3,
               waiting_days = $4, age_groups = $5
           WHERE roll_rule.version < $2""",
        activity_id,
        version,
        rule.certificate_days,
        rule.waiting_days,
        [asdict(group) for group in rule.age_groups],
    )
