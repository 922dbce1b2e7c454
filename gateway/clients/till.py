"""billing's till, as the portal asks it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import Payment
from gateway.readers.till import (
    Cheque,
    Cheques,
    Credit,
    CreditNoteIssued,
    Journal,
    Refund,
    Slip,
    Slips,
)
from gateway.transfer import Download


class TillClient(Area):
    """Money taken, undone and paid back; deposit slips; credit notes."""

    async def take_payment(self, takings: Mapping[str, Any]) -> Payment:
        """{family_id, method, amount_cents, invoice_ids, cheque, cesu_number,
        transmitted_confirmed}."""
        return await self.send(Payment, "POST", "/till-payments", takings)

    async def reverse_payment(self, payment_id: UUID, reason: str) -> Payment:
        path = f"/payments/{payment_id}/reversal"
        return await self.send(Payment, "POST", path, {"reason": reason})

    async def credit(self, family_id: UUID | None = None) -> Credit:
        """A guardian's own family's, or for the staff this one's."""
        return await self.read(Credit, "/credit", family_id=family_id)

    async def refund(self, family_id: UUID, amount_cents: int, reason: str) -> Refund:
        body = {"family_id": str(family_id), "amount_cents": amount_cents, "reason": reason}
        return await self.send(Refund, "POST", "/refunds", body)

    async def refund_made(self, refund_id: UUID) -> Refund:
        return await self.read(Refund, f"/refunds/{refund_id}")

    async def reverse_refund(self, refund_id: UUID, reason: str) -> Refund:
        return await self.send(Refund, "POST", f"/refunds/{refund_id}/reversal", {"reason": reason})

    async def journal(self, day: date) -> Journal:
        return await self.read(Journal, "/till-journal", day=day)

    async def cheques(self) -> Sequence[Cheque]:
        """Those that wait for a deposit slip."""
        return (await self.read(Cheques, "/cheques")).cheques

    async def slips(self) -> Sequence[Slip]:
        """The open ones, then the newest."""
        return (await self.read(Slips, "/cheque-slips")).slips

    async def make_slip(self, payment_ids: Iterable[UUID]) -> Slip:
        body = {"payment_ids": [str(payment_id) for payment_id in payment_ids]}
        return await self.send(Slip, "POST", "/cheque-slips", body)

    async def drop_slip(self, slip_id: UUID) -> None:
        await self.order("DELETE", f"/cheque-slips/{slip_id}")

    async def lock_slip(self, slip_id: UUID) -> Slip:
        return await self.send(Slip, "POST", f"/cheque-slips/{slip_id}/lock")

    def slip_pdf(self, slip_id: UUID) -> Download:
        return self.download(f"/cheque-slips/{slip_id}.pdf")

    async def issue_credit_note(
        self, invoice_id: UUID, reason: str, lines: Mapping[int, int] | None
    ) -> CreditNoteIssued:
        """`lines`: cents by position of the invoice's line; None for all that is left of it."""
        body: dict[str, Any] = {"reason": reason}
        if lines is not None:
            body["lines"] = [{"position": p, "amount_cents": c} for p, c in lines.items()]
        path = f"/invoices/{invoice_id}/credit-notes"
        return await self.send(CreditNoteIssued, "POST", path, body)

    def credit_note_pdf(self, credit_note_id: UUID) -> Download:
        return self.download(f"/credit-notes/{credit_note_id}.pdf")
