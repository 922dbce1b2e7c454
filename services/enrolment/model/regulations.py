"""House rules: of a school year or of one activity, version after version."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.enrolment.errors import OldRegulations


@dataclass(frozen=True, slots=True)
class Regulations:
    """The house rules of a school year, or of one activity in it.

    Each version stays on record as it was accepted.
    """

    school_year: str
    version: int
    title: str
    text: str
    published_at: datetime
    activity_id: UUID | None = None

    def check_current(self, version: int) -> None:
        """Raises OldRegulations when this is not the version that was read."""
        if version != self.version:
            raise OldRegulations("Relisez-le avant de l’accepter.")
