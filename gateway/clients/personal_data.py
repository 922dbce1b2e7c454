"""Personal data, of which every service holds a part."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import aiohttp

from gateway.clients.area import LONG, Area
from gateway.readers.personal_data import Duties, Duty, Erasures, ErasureState, Export, Rule, Rules
from services.chassis.auth import Caller
from services.chassis.http_client import Reply, ServiceClient


@dataclass(slots=True)
class PersonalData:
    """All services at once, on behalf of one caller."""

    by_name: dict[str, ServiceClient]
    session: aiohttp.ClientSession
    caller: Caller
    key: str = ""

    async def exports(self, family_id: UUID) -> Sequence[Reply]:
        """What each service holds, as it answered. Raises ServiceUnavailable when one is away."""
        path = f"/families/{family_id}/export"
        return await asyncio.gather(
            *(
                service.call("GET", path, caller=self.caller, deadline=LONG)
                for service in self.by_name.values()
            )
        )

    async def duties(self, family_id: UUID) -> Sequence[Duty]:
        """What would have to be kept. Raises ServiceUnavailable: a part would look like all."""
        path = f"/families/{family_id}/duties"
        found = await asyncio.gather(*(area.read(Duties, path) for area in self._areas()))
        return [duty for of_service in found for duty in of_service.duties]

    async def rules(self, service: str) -> Sequence[Rule]:
        """What one service holds of families, why and how long."""
        return (await self._area(service).read(Rules, "/personal-data")).rules

    async def town_rules(self) -> Sequence[Rules]:
        """What every service does. Raises ServiceUnavailable: a part would look like all."""
        return await asyncio.gather(*(area.read(Rules, "/personal-data") for area in self._areas()))

    async def erasure(self, family_id: UUID) -> ErasureState:
        return await self._accounts.read(ErasureState, f"/families/{family_id}/erasure")

    async def ask_erasure(self, family_id: UUID, password: str) -> None:
        """Refused with wrong-password, too-many-attempts, erasure-already-asked."""
        await self._accounts.send(
            ErasureState,
            "POST",
            f"/families/{family_id}/erasure",
            {"password": password},
            is_secret=True,
        )

    async def withdraw_erasure(self, family_id: UUID) -> None:
        await self._accounts.order("DELETE", f"/families/{family_id}/erasure")

    async def erasures(self) -> Erasures:
        return await self._accounts.read(Erasures, "/erasures")

    async def approve_erasure(self, family_id: UUID, reference: str) -> None:
        """Refused with wrong-reference."""
        await self._accounts.order(
            "POST", f"/families/{family_id}/erasure/approve", {"reference": reference}
        )

    async def refuse_erasure(self, family_id: UUID, reason: str) -> None:
        await self._accounts.order(
            "POST", f"/families/{family_id}/erasure/refuse", {"reason": reason}
        )

    @property
    def _accounts(self) -> Area:
        return self._area("accounts")

    def _area(self, service: str) -> Area:
        return Area(self.by_name[service], self.session, self.caller, self.key)

    def _areas(self) -> list[Area]:
        return [self._area(name) for name in self.by_name]


def export_of(reply: Reply) -> Export:
    """One service's part, read."""
    return Export.model_validate_json(reply.body)
