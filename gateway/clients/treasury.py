"""billing's treasury, as the portal asks it."""

from collections.abc import Sequence
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.treasury import Mandate, Mandates, MandateTerms


class TreasuryClient(Area):
    """Mandates, direct debits, exports, unpaid invoices."""

    async def mandate_terms(self) -> MandateTerms:
        """What a family signs, before it does."""
        return await self.read(MandateTerms, "/mandates/terms")

    async def mandates(
        self, *, family_id: UUID | None = None, state: str | None = None
    ) -> Sequence[Mandate]:
        """A guardian's own; for the staff the newest 500."""
        found = await self.read(Mandates, "/mandates", family_id=family_id, state=state, size=500)
        return found.mandates

    async def sign_mandate(self, iban: str, holder: str) -> Mandate:
        """The account leaves no trace here: no idempotency key is kept of it."""
        body = {"iban": iban, "holder": holder, "agreed": True}
        return await self.send(Mandate, "POST", "/mandates", body, is_secret=True)

    async def end_mandate(self, mandate_id: UUID, reason: str = "") -> Mandate:
        path = f"/mandates/{mandate_id}/revocation"
        return await self.send(Mandate, "POST", path, {"reason": reason})
