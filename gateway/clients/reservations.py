"""reservations, as the portal asks it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import (
    Calendar,
    Reservation,
    Reservations,
    SessionLine,
    SessionLines,
)


class ReservationsClient(Area):
    """The calendar, cancelling, the sessions."""

    async def calendar(self, first: date, last: date, child_id: UUID | None = None) -> Calendar:
        """At most 62 days."""
        query = {"from": first, "to": last, "child": child_id}
        return await self.read(Calendar, "/calendar", **query)

    async def reservations(
        self, first: date, last: date, family_id: UUID | None = None
    ) -> Sequence[Reservation]:
        """The caller's own; the staff name the family."""
        query = {"from": first, "to": last, "family_id": family_id}
        return (await self.read(Reservations, "/reservations", **query)).reservations

    async def sessions(
        self, first: date, last: date, activity_id: UUID | None = None
    ) -> Sequence[SessionLine]:
        query = {"from": first, "to": last, "activity_id": activity_id}
        return (await self.read(SessionLines, "/sessions", **query)).sessions
