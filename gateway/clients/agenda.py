"""reservations, as the portal asks it about agendas that calendar programs read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gateway.clients.area import LONG, Area
from gateway.readers.agenda import (
    AgendaLink,
    AgendaLinks,
    AgendaSecret,
    LateRequest,
    LateRequests,
)
from services.chassis.http_client import Reply


class AgendaClient(Area):
    """The feed, its secret addresses, and what the family asked after a limit."""

    async def feed(self, token: str, known_tags: str = "") -> Reply:
        """The calendar file; 304 when the program has it already, 404 for a dead link."""
        return await self.service.call(
            "GET",
            "/agenda.ics",
            caller=self.caller,
            query={"token": token},
            headers={"If-None-Match": known_tags} if known_tags else None,
            deadline=LONG,
        )

    async def links(self) -> Sequence[AgendaLink]:
        """Those of the caller's family."""
        return (await self.read(AgendaLinks, "/agenda-links")).links

    async def make_link(self, label: str, child_id: UUID | None) -> AgendaSecret:
        """The secret is told this once. Refused with 409 when there are too many."""
        body: dict[str, Any] = {"label": label}
        if child_id:
            body["child_id"] = str(child_id)
        return await self.send(AgendaSecret, "POST", "/agenda-links", body, is_secret=True)

    async def renew_link(self, link_id: UUID) -> AgendaSecret:
        """The former secret opens nothing any more."""
        path = f"/agenda-links/{link_id}/renew"
        return await self.send(AgendaSecret, "POST", path, is_secret=True)

    async def revoke_link(self, link_id: UUID) -> None:
        await self.order("DELETE", f"/agenda-links/{link_id}")

    async def late_requests(self) -> Sequence[LateRequest]:
        """What the caller's family asked of the staff after the limit, newest first."""
        return (await self.read(LateRequests, "/late-requests/own")).late_requests

    async def withdraw_late_request(self, ask_id: UUID) -> None:
        """Refused with 409 once it was answered."""
        await self.order("DELETE", f"/late-requests/{ask_id}")
