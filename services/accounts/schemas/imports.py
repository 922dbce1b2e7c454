"""Request and answer bodies of imports."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from services.chassis.endpoints import Answer, Body


class ImportQuery(Body):
    """Whether to write, or only to say what would be written.

    `school_codes`: the codes, commas between, that the children's schools may have; empty: any.
    """

    dry_run: bool = False
    school_codes: str = Field(default="", max_length=4000)

    @property
    def schools(self) -> frozenset[str]:
        """The codes, one by one."""
        return frozenset(code for code in self.school_codes.split(",") if code)


class CheckedImportQuery(Body):
    """Whether to write, or to check the kept file once more."""

    dry_run: bool = False


class ImportAnswer(Answer):
    """What an import did; `errors` is always empty here, since bad lines refuse the file.

    `kept_until`: until when a checked file can be imported without being sent again.
    """

    import_id: UUID
    dry_run: bool
    families: int
    guardians: int
    children: int
    created: int
    updated: int
    unchanged: int
    errors: tuple[str, ...] = ()
    kept_until: datetime | None = None
