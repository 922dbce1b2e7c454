"""billing's treasury, as the portal asks it."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date
from uuid import UUID

from gateway.clients.area import TRANSFER, Area
from gateway.readers.treasury import (
    AgedBalance,
    Bordereau,
    Bordereaux,
    DebitBatch,
    DebitBatches,
    DebitCandidates,
    DebitReturns,
    DebitReturnsFiles,
    Mandate,
    Mandates,
    MandateTerms,
    OverdueInvoice,
    OverdueInvoices,
    Reminders,
    ReminderStep,
    SentReminders,
    Transmissible,
    WriteOff,
    WriteOffs,
)
from gateway.transfer import Download


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

    async def sign_mandate(self, iban: str, holder: str, *, one_off: bool) -> Mandate:
        """The account leaves no trace here: no idempotency key is kept of it."""
        body = {"iban": iban, "holder": holder, "one_off": one_off, "agreed": True}
        return await self.send(Mandate, "POST", "/mandates", body, is_secret=True)

    async def end_mandate(
        self, mandate_id: UUID, reason: str = "", ends_on: date | None = None
    ) -> Mandate:
        """Until that day; without one, at once."""
        body = {"reason": reason, "ends_on": ends_on.isoformat() if ends_on else None}
        return await self.send(Mandate, "POST", f"/mandates/{mandate_id}/revocation", body)

    async def debit_candidates(self, collected_on: date | None = None) -> DebitCandidates:
        """What can be collected on that day, by default the first on which families are told."""
        return await self.read(
            DebitCandidates, "/debit-batches/candidates", collected_on=collected_on
        )

    async def debit_batches(self) -> Sequence[DebitBatch]:
        return (await self.read(DebitBatches, "/debit-batches")).batches

    async def debit_batch(self, batch_id: UUID) -> DebitBatch:
        """With its debits."""
        return await self.read(DebitBatch, f"/debit-batches/{batch_id}")

    async def make_debit_batch(
        self, collected_on: date, invoice_ids: Iterable[UUID] | None
    ) -> DebitBatch:
        """Of these invoices, or of all that can be collected; nobody can take it back."""
        chosen = None if invoice_ids is None else [str(invoice_id) for invoice_id in invoice_ids]
        body = {"collected_on": collected_on.isoformat(), "invoice_ids": chosen}
        return await self.send(DebitBatch, "POST", "/debit-batches", body, deadline=TRANSFER)

    def debit_file(self, batch_id: UUID) -> Download:
        return self.download(f"/debit-batches/{batch_id}/file")

    async def debit_returns(self) -> Sequence[DebitReturns]:
        return (await self.read(DebitReturnsFiles, "/debit-returns")).files

    async def read_debit_returns(self, content: AsyncIterator[bytes]) -> DebitReturns:
        """What the bank's file says; nothing is booked yet."""
        return await self.pour(DebitReturns, "/debit-returns", content, "application/xml")

    async def debit_returns_file(self, file_id: UUID) -> DebitReturns:
        """With its lines."""
        return await self.read(DebitReturns, f"/debit-returns/{file_id}")

    async def apply_debit_returns(self, file_id: UUID) -> DebitReturns:
        return await self.send(DebitReturns, "POST", f"/debit-returns/{file_id}/application")

    async def receivables(self, *, page: int = 1, size: int = 50) -> AgedBalance:
        """What families owe by the age of the debt."""
        return await self.read(AgedBalance, "/receivables", page=page, size=size)

    def receivables_csv(self) -> Download:
        return self.download("/receivables.csv")

    async def overdue(self, family_id: UUID) -> Sequence[OverdueInvoice]:
        """What one family still has to pay, the oldest first."""
        return (await self.read(OverdueInvoices, f"/families/{family_id}/receivables")).invoices

    async def reminders(self) -> Reminders:
        """The steps, and what is due today."""
        return await self.read(Reminders, "/reminders")

    async def remind(self, family_ids: Iterable[UUID] | None = None) -> SentReminders:
        """These families, or everybody whose day has come."""
        chosen = None if family_ids is None else [str(family_id) for family_id in family_ids]
        return await self.send(
            SentReminders, "POST", "/reminders", {"family_ids": chosen}, deadline=TRANSFER
        )

    async def change_reminder_step(
        self, step: int, *, days: int, subject: str, text: str, automatic: bool
    ) -> ReminderStep:
        body = {"days": days, "subject": subject, "text": text, "automatic": automatic}
        return await self.send(ReminderStep, "PUT", f"/reminders/{step}", body)

    async def write_offs(self) -> Sequence[WriteOff]:
        return (await self.read(WriteOffs, "/write-offs")).write_offs

    async def write_off(
        self, invoice_id: UUID, reason: str, amount_cents: int | None = None
    ) -> WriteOff:
        """All that the invoice asks for, or a part of it."""
        body = {
            "invoice_id": str(invoice_id),
            "reason": reason,
            "amount_cents": amount_cents,
        }
        return await self.send(WriteOff, "POST", "/write-offs", body)

    async def reverse_write_off(self, write_off_id: UUID) -> WriteOff:
        return await self.send(WriteOff, "POST", f"/write-offs/{write_off_id}/reversal")

    def books_csv(self, first: date, last: date) -> Download:
        """The entries of these days, both counted."""
        return self.download(f"/books.csv?first={first}&last={last}")

    async def transmissible(
        self, register: str | None = None, due_by: date | None = None
    ) -> Transmissible:
        """What of a register that was due by a day can be handed to the accountant."""
        return await self.read(
            Transmissible, "/bordereaux/candidates", register_code=register, due_by=due_by
        )

    async def bordereaux(self) -> Sequence[Bordereau]:
        return (await self.read(Bordereaux, "/bordereaux")).bordereaux

    async def send_to_accountant(
        self, register: str, due_by: date, *, with_papers: bool, debited_on: date | None
    ) -> Bordereau:
        """From now on the accountant collects these invoices; nobody can take it back."""
        body = {
            "register_code": register,
            "due_by": due_by.isoformat(),
            "with_papers": with_papers,
            "debited_on": debited_on.isoformat() if debited_on else None,
        }
        return await self.send(Bordereau, "POST", "/bordereaux", body, deadline=TRANSFER)

    def bordereau_file(self, batch_id: UUID) -> Download:
        return self.download(f"/bordereaux/{batch_id}/file")
