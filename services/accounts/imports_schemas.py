"""Request and answer bodies of imports."""

from uuid import UUID

from services.chassis.endpoints import Answer, Body


class ImportQuery(Body):
    """Whether to write, or only to say what would be written."""

    dry_run: bool = False


class ImportAnswer(Answer):
    """What an import did; `errors` is always empty here, since bad lines refuse the file."""

    import_id: UUID
    dry_run: bool
    families: int
    guardians: int
    children: int
    created: int
    updated: int
    unchanged: int
    errors: tuple[str, ...] = ()
