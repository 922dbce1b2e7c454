"""What the town publishes, as the portal asks the documents service for it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.publications import Publication, Publications
from gateway.transfer import Download, Upload


class PublicationsClient(Area):
    """Rules, menus, calendars."""

    async def all(self) -> Sequence[Publication]:
        """Those that the caller may have today; the staff have all."""
        return (await self.read(Publications, "/publications")).publications

    async def publish(
        self,
        upload: Upload,
        *,
        title: str,
        kind: str,
        audience: str,
        valid_from: date,
        valid_until: date | None,
    ) -> Publication:
        """A PDF of at most 10 MB."""
        return await self.pour(
            Publication,
            "/publications",
            upload.stream(),
            "application/pdf",
            title=title,
            kind=kind,
            audience=audience,
            valid_from=valid_from,
            valid_until=valid_until,
            filename=upload.filename[:500],
        )

    async def replace(self, publication_id: UUID, upload: Upload) -> Publication:
        return await self.pour(
            Publication,
            f"/publications/{publication_id}/content",
            upload.stream(),
            "application/pdf",
            filename=upload.filename[:500],
        )

    async def withdraw(self, publication_id: UUID) -> None:
        await self.order("POST", f"/publications/{publication_id}/withdraw")

    def content(self, publication_id: UUID) -> Download:
        return self.download(f"/publications/{publication_id}/content")
