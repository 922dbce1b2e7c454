"""billing's papers, as the portal asks for them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.organisations import Organisation
from gateway.readers.papers import PrintBatch, PrintBatches
from gateway.transfer import Download


class PapersClient(Area):
    """Who pays, statements, and invoices printed for the post."""

    async def print_batches(self, month: str | None = None) -> Sequence[PrintBatch]:
        """Newest first; of "2026-11" or of all months."""
        return (await self.read(PrintBatches, "/print-batches", month=month)).print_batches

    async def print_invoices(self, month: str, *, without_mail: bool) -> None:
        """The month's invoices, of all families or of those without a mail address."""
        body = {"month": month, "without_mail": without_mail}
        await self.order("POST", "/print-batches", body)

    async def organisation(self, family_id: UUID) -> Organisation:
        """Who pays for the family in its place."""
        return await self.read(Organisation, f"/families/{family_id}/organisation")

    async def name_organisation(self, family_id: UUID, organisation: Mapping[str, str]) -> None:
        """From today it pays the family's invoices: name, siret, service_code, engagement."""
        await self.order("PUT", f"/families/{family_id}/organisation", organisation)

    async def end_organisation(self, family_id: UUID) -> None:
        """From today the family pays itself again."""
        await self.order("DELETE", f"/families/{family_id}/organisation")

    def statement(self, family_id: UUID, year: int) -> Download:
        """The family's account over the year."""
        return self.download(f"/families/{family_id}/statement.pdf?year={year}")

    def print_file(self, batch_id: UUID) -> Download:
        return self.download(f"/print-batches/{batch_id}.pdf")
