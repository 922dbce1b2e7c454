"""The town's calendar, its closures and late requests, as the portal asks reservations."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.town import Closed, Consequence, LateRequest, LateRequests, PutIn, TownYear
from gateway.transfer import Upload

MAX_CALENDAR_BYTES = 1024 * 1024


class TownClient(Area):
    """What the staff decide of days and of wishes that come late."""

    async def year(self, first: date, last: date) -> TownYear:
        return await self.read(TownYear, "/school-calendar", **{"from": first, "to": last})

    async def put_in_calendar(self, upload: Upload) -> PutIn:
        """Refused with `bad-calendar-file`, saying why; then nothing is changed."""
        content = upload.stream(MAX_CALENDAR_BYTES)
        return await self.pour(PutIn, "/school-calendar/ics", content, "text/calendar")

    async def foresee(self, closure: Mapping[str, Any]) -> Consequence:
        """What closing would cancel; changes nothing."""
        return await self.send(Consequence, "POST", "/closures/preview", closure)

    async def close(self, closure: Mapping[str, Any]) -> Closed:
        return await self.send(Closed, "POST", "/closures", closure)

    async def lift(self, closure_id: UUID) -> None:
        await self.order("DELETE", f"/closures/{closure_id}")

    async def late_requests(self, state: str) -> Sequence[LateRequest]:
        return (await self.read(LateRequests, "/late-requests", state=state)).asks

    async def accept_late_request(self, ask_id: UUID) -> None:
        await self.order("POST", f"/late-requests/{ask_id}/accept")

    async def refuse_late_request(self, ask_id: UUID, reason: str) -> None:
        await self.order("POST", f"/late-requests/{ask_id}/refuse", {"reason": reason})
