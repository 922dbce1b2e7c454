"""reservations, as the portal asks it."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import (
    Calendar,
    Cancellation,
    Reservation,
    ReservationOutcomes,
    Reservations,
    SessionLine,
    SessionLines,
)


class ReservationsClient(Area):
    """The calendar, reserving and cancelling, the sessions."""

    async def calendar(self, first: date, last: date, child_id: UUID | None = None) -> Calendar:
        """At most 62 days."""
        query = {"from": first, "to": last, "child": child_id}
        return await self.read(Calendar, "/calendar", **query)

    async def reserve(self, items: Iterable[tuple[UUID, UUID]]) -> ReservationOutcomes:
        """(child_id, session_id) pairs; an outcome for each, in the same order."""
        body = {"items": [{"child_id": str(c), "session_id": str(s)} for c, s in items]}
        return await self.send(ReservationOutcomes, "POST", "/reservations", body)

    async def reserve_pattern(
        self, child_id: UUID, activity_id: UUID, weekdays: Sequence[int], first: date, last: date
    ) -> ReservationOutcomes:
        """Each of these weekdays (ISO, 1 is Monday) over the period."""
        body = {
            "child_id": str(child_id),
            "activity_id": str(activity_id),
            "weekdays": list(weekdays),
            "from": first.isoformat(),
            "to": last.isoformat(),
        }
        return await self.send(ReservationOutcomes, "POST", "/reservations/patterns", body)

    async def cancel(self, reservation_id: UUID) -> Cancellation:
        """`charged` says whether it came too late to be free."""
        return await self.send(Cancellation, "DELETE", f"/reservations/{reservation_id}")

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
