"""What rosters need besides places: notes on children."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.families import ChildNotes


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
