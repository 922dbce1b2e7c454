"""reservations, as the portal asks it."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import (
    Calendar,
    Reservation,
    Reservations,
    Roster,
    SessionLine,
    SessionLines,
)


class ReservationsClient(Area):
    """The calendar and the roll."""

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

    async def roster(self, session_id: UUID) -> Roster:
        return await self.read(Roster, f"/sessions/{session_id}/roster")

    async def record_attendance(self, session_id: UUID, states: Mapping[UUID, str]) -> None:
        """child_id → present, absent or excused."""
        marks = [{"child_id": str(child), "state": state} for child, state in states.items()]
        await self.order("POST", f"/sessions/{session_id}/attendance", {"marks": marks})
