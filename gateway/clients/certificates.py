"""Papers that certify something, as the portal asks the documents service for them."""

from datetime import date
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.certificates import Certificate, Certificates, Check
from gateway.transfer import Download


class CertificatesClient(Area):
    """Made on demand, printed, checked."""

    async def all(self, family_id: UUID | None = None) -> Certificates:
        """A guardian's own; the office names the family."""
        return await self.read(Certificates, "/certificates", family_id=family_id)

    async def issue(
        self,
        kind: str,
        *,
        family_id: UUID | None = None,
        child_id: UUID | None = None,
        first: date | None = None,
        last: date | None = None,
        year: int | None = None,
    ) -> Certificate:
        wish = {
            "kind": kind,
            "family_id": family_id,
            "child_id": child_id,
            "from": first,
            "to": last,
            "year": year,
        }
        body = {
            name: value if isinstance(value, int) else str(value)
            for name, value in wish.items()
            if value is not None
        }
        return await self.send(Certificate, "POST", "/certificates", body)

    def paper(self, certificate_id: UUID) -> Download:
        return self.download(f"/certificates/{certificate_id}/content")

    async def check(self, code: str) -> Check:
        return await self.read(Check, "/certificate-checks", code=code[:100])
