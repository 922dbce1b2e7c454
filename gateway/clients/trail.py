"""The audit trail, which accounts keeps, as the portal asks for it."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.trail import AuditAct, AuditChoices, AuditTrail
from gateway.transfer import Download


class Trail(Area):
    """Who did what to whose data."""

    async def search(self, wanted: Mapping[str, str], page: int, size: int) -> AuditTrail:
        """`wanted`: account_id, family_id, reference, action, outcome, since, until."""
        return await self.read(AuditTrail, "/audit", **wanted, page=page, size=size)

    async def choices(self) -> AuditChoices:
        return await self.read(AuditChoices, "/audit/choices")

    async def of_family(self, family_id: UUID) -> Sequence[AuditAct]:
        return (await self.read(AuditTrail, f"/families/{family_id}/acts")).acts

    def export(self, wanted: Mapping[str, str]) -> Download:
        return self.download(f"/audit.csv?{urlencode(wanted)}" if wanted else "/audit.csv")
