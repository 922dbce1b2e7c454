"""Places in sessions, as the portal asks reservations for them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.reservations import (
    AcceptedOffer,
    Changes,
    GivenBackList,
    Preview,
    ReservationOutcomes,
    SessionWaiting,
    Wait,
    Waits,
    WaitState,
)


class PlacesClient(Area):
    """Changing places in one request, weekly patterns, waiting lists."""

    async def change(
        self,
        reserve: Sequence[Mapping[str, Any]] = (),
        cancel: Sequence[UUID] = (),
        swap: Sequence[Mapping[str, Any]] = (),
    ) -> Changes:
        """Items of {child_id, session_id[, waitlist][, other_home]}; an outcome for each part."""
        body = {
            "reserve": list(reserve),
            "cancel": [str(reservation_id) for reservation_id in cancel],
            "swap": list(swap),
        }
        return await self.send(Changes, "POST", "/changes", body)

    async def preview_pattern(self, pattern: Mapping[str, Any], *, cancel: bool) -> Preview:
        """What the pattern would do as things stand; nothing is changed."""
        body = {**pattern, "cancel": cancel}
        path = "/reservations/patterns/preview"
        return await self.send(Preview, "POST", path, body, is_secret=True)

    async def reserve_pattern(self, pattern: Mapping[str, Any]) -> ReservationOutcomes:
        """Reserve the pattern's sessions; an outcome for each."""
        return await self.send(ReservationOutcomes, "POST", "/reservations/patterns", pattern)

    async def cancel_pattern(self, pattern: Mapping[str, Any]) -> GivenBackList:
        """Give back what the family holds in the pattern."""
        return await self.send(GivenBackList, "POST", "/reservations/patterns/cancel", pattern)

    async def waiting(self, *, ended: bool = False) -> Sequence[Wait]:
        """What the family waits for and is offered; with `ended`, what it waited for as well."""
        return (await self.read(Waits, "/waiting", ended=ended)).waiting

    async def accept_offer(self, waiting_id: UUID) -> AcceptedOffer:
        return await self.send(AcceptedOffer, "POST", f"/waiting/{waiting_id}/accept")

    async def decline_offer(self, waiting_id: UUID) -> WaitState:
        return await self.send(WaitState, "POST", f"/waiting/{waiting_id}/decline")

    async def leave_line(self, waiting_id: UUID) -> WaitState:
        return await self.send(WaitState, "DELETE", f"/waiting/{waiting_id}")

    async def session_line(self, session_id: UUID) -> SessionWaiting:
        """For the office: who waits for a session, in order, and its age groups."""
        return await self.read(SessionWaiting, f"/sessions/{session_id}/waiting")
