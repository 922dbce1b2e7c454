"""billing's payers, as the portal asks for them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.payers import Sharing, Sharings, ThirdParties, ThirdParty


class PayersClient(Area):
    """Third parties, and how a child's charges are divided."""

    async def third_parties(self) -> Sequence[ThirdParty]:
        """By name."""
        return (await self.read(ThirdParties, "/third-parties")).third_parties

    async def third_party(self, payer_id: UUID) -> ThirdParty:
        return await self.read(ThirdParty, f"/third-parties/{payer_id}")

    async def add_third_party(self, told: Mapping[str, Any]) -> ThirdParty:
        """As `POST /third-parties` takes it: kind, nature, name, address, mail, siret."""
        return await self.send(ThirdParty, "POST", "/third-parties", told)

    async def correct_third_party(self, payer_id: UUID, told: Mapping[str, Any]) -> None:
        """What is invoiced from now on goes there."""
        await self.order("PUT", f"/third-parties/{payer_id}", told)

    async def erase_third_party(self, payer_id: UUID, reference: str) -> None:
        """Its own reference confirms; invoices and payments stay."""
        body = {"reference": reference}
        await self.order("POST", f"/third-parties/{payer_id}/erasure", body)

    async def sharings(self, account_id: UUID) -> Sequence[Sharing]:
        """Of a family's children, and of those whom the account pays a part of."""
        return (await self.read(Sharings, f"/families/{account_id}/sharings")).sharings

    async def share(self, family_id: UUID, told: Mapping[str, Any]) -> None:
        """As `POST /families/{id}/sharings` takes it: child, activity, parts, days."""
        await self.order("POST", f"/families/{family_id}/sharings", told)

    async def end_sharing(self, sharing_id: UUID, last_day: date) -> None:
        """From the next day on nothing is divided by it."""
        body = {"last_day": last_day.isoformat()}
        await self.order("POST", f"/sharings/{sharing_id}/end", body)

    async def take_back_sharing(self, sharing_id: UUID) -> None:
        """It was a mistake; nothing of it is invoiced yet."""
        await self.order("DELETE", f"/sharings/{sharing_id}")
