"""notifications, as the portal asks it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import LetterTray, Message, Messages, PrintBatch, PrintBatches
from gateway.readers.notifications import (
    Broadcast,
    Broadcasts,
    BroadcastSent,
    MessageText,
    Reach,
)
from gateway.transfer import Download


class NotificationsClient(Area):
    """Messages sent, letters to print."""

    async def messages(
        self, family_id: UUID | None = None, status: str | None = None
    ) -> Sequence[Message]:
        """A guardian's own; the staff may name a family."""
        found = await self.read(Messages, "/messages", family_id=family_id, status=status)
        return found.messages

    async def message(self, message_id: UUID) -> MessageText:
        """What a message said: a guardian's own, any to the office."""
        return await self.read(MessageText, f"/messages/{message_id}")

    async def send_as_letter(self, message_id: UUID) -> None:
        """A message that does not get through by mail goes into the print tray."""
        await self.order("POST", f"/messages/{message_id}/letter")

    async def letters(
        self, status: str | None = None, page: int = 1, size: int = 500
    ) -> LetterTray:
        return await self.read(LetterTray, "/letters", status=status, page=page, size=size)

    def letter_pdf(self, letter_id: UUID) -> Download:
        return self.download(f"/letters/{letter_id}.pdf")

    def print_letters(self, kind: str | None = None) -> Download:
        """All waiting letters, or one kind, as one file; they count as printed from then on."""
        wanted = f"?{urlencode({'kind': kind})}" if kind else ""
        return self.download(f"/letters/print{wanted}", method="POST")

    def print_letter(self, letter_id: UUID) -> Download:
        """One letter of the tray; it counts as printed from then on."""
        return self.download(f"/letters/{letter_id}/print", method="POST")

    async def mark_posted(self, letter_id: UUID) -> None:
        """Refused with 409 `letter-gone` when it has left the tray."""
        await self.order("POST", f"/letters/{letter_id}/posted")

    async def print_batches(self) -> Sequence[PrintBatch]:
        return (await self.read(PrintBatches, "/print-batches")).print_batches

    def print_batch_pdf(self, batch_id: UUID) -> Download:
        """A batch once more, for when the printer jammed."""
        return self.download(f"/print-batches/{batch_id}.pdf")

    async def broadcasts(self) -> Sequence[Broadcast]:
        """What was written to the families of an activity, newest first."""
        return (await self.read(Broadcasts, "/broadcasts")).broadcasts

    async def reach(
        self, activity_id: UUID, day: date | None = None, school_class: str | None = None
    ) -> Reach:
        """Whom a message would come to."""
        query = {"activity_id": activity_id, "day": day, "school_class": school_class}
        return await self.read(Reach, "/broadcasts/preview", **query)

    async def write_to_families(
        self,
        activity_id: UUID,
        subject: str,
        body: str,
        day: date | None = None,
        school_class: str | None = None,
    ) -> BroadcastSent:
        """Each family once. Refused with 409 when none is concerned."""
        wish: dict[str, Any] = {"activity_id": str(activity_id), "subject": subject, "body": body}
        if day:
            wish["day"] = day.isoformat()
        if school_class:
            wish["school_class"] = school_class
        return await self.send(BroadcastSent, "POST", "/broadcasts", wish)
