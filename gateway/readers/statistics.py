"""What the portal reads of billing's statistics."""

from uuid import UUID

from gateway.readers.reader import Reader


class Invoiced(Reader):
    """A month of an activity."""

    month: str
    activity_id: UUID
    activity_name: str = ""
    units: int
    amount_cents: int


class Statistics(Reader):
    """What was invoiced, by month and activity; credit notes are taken off."""

    invoiced: tuple[Invoiced, ...] = ()
    units: int = 0
    amount_cents: int = 0
