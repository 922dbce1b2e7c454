"""billing, as the portal asks it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.clients.area import TRANSFER, Area
from gateway.readers import (
    Aid,
    Aids,
    BillingPreview,
    BillingRun,
    BillingRuns,
    CanteenReport,
    Charges,
    Estimate,
    Formula,
    Formulas,
    Invoice,
    Invoices,
    Payment,
    Payments,
    PaymentStart,
    Registers,
    Surcharge,
    Surcharges,
    Tariff,
    TariffPreview,
    Tariffs,
)
from gateway.readers.statistics import Statistics
from gateway.transfer import Download

MOST_AT_ONCE = 500  # what billing gives on one page


class BillingClient(Area):
    """Tariffs, billing runs, invoices, payments."""

    async def tariffs(self) -> Sequence[Tariff]:
        return (await self.read(Tariffs, "/tariffs")).tariffs

    async def estimate(self, items: Iterable[tuple[UUID, UUID, date, bool]]) -> Estimate:
        """(child_id, activity_id, day, late) of each; in the same order, as prices stand."""
        asked = [
            {
                "child_id": str(child),
                "activity_id": str(activity),
                "date": day.isoformat(),
                "late": late,
            }
            for child, activity, day, late in items
        ]
        return await self.send(Estimate, "POST", "/estimates", {"items": asked}, is_secret=True)

    async def save_tariff(self, tariff: Mapping[str, Any]) -> None:
        """As `POST /tariffs` takes it: activity_id, valid_from, a price by its kind."""
        await self.order("POST", "/tariffs", dict(tariff))

    async def preview_tariff(self, tariff: Mapping[str, Any], month: str) -> TariffPreview:
        """What this tariff would have made of the month; nothing is published."""
        body = {**tariff, "month": month}
        return await self.send(TariffPreview, "POST", "/tariffs/preview", body)

    async def canteen_report(self, first: str, last: str) -> CanteenReport:
        """Meals by month and band, from one month to another ("2026-11")."""
        return await self.read(CanteenReport, "/reports/canteen", first=first, last=last)

    async def formulas(self) -> Sequence[Formula]:
        return (await self.read(Formulas, "/formulas")).formulas

    async def save_formula(self, formula: Mapping[str, Any]) -> None:
        """As `POST /formulas` takes it: name, kinds, valid_from, a price by its kind."""
        await self.order("POST", "/formulas", dict(formula))

    async def retire_formula(self, formula_id: UUID) -> None:
        await self.order("POST", f"/formulas/{formula_id}/retire")

    async def aids(self, family_id: UUID) -> Sequence[Aid]:
        return (await self.read(Aids, "/aids", family_id=family_id)).aids

    async def grant_aid(self, aid: Mapping[str, Any]) -> None:
        """As `POST /aids` takes it: family_id, label, ceilings, from and until when."""
        await self.order("POST", "/aids", dict(aid))

    async def end_aid(self, aid_id: UUID) -> None:
        await self.order("POST", f"/aids/{aid_id}/end")

    async def statistics(self, first: str, last: str) -> Statistics:
        """What was invoiced, from one month to another ("2026-11")."""
        return await self.read(Statistics, "/statistics", first=first, last=last)

    async def late_surcharges(self) -> Sequence[Surcharge]:
        """What reserving after the limit costs more, where it does."""
        return (await self.read(Surcharges, "/surcharges")).surcharges

    async def registers(self) -> Registers:
        """What each register bills, from which amount on, and how far its numbers are."""
        return await self.read(Registers, "/registers")

    async def save_register(self, register: Mapping[str, Any]) -> None:
        """As `POST /registers` takes it: code, label, kinds, least_cents, new."""
        await self.order("POST", "/registers", dict(register))

    async def start_billing_run(self, month: str, *, not_over_confirmed: bool) -> BillingRun:
        """ "2026-11"; running a month again changes nothing."""
        body = {"month": month, "not_over_confirmed": not_over_confirmed}
        return await self.send(BillingRun, "POST", "/billing-runs", body)

    async def billing_preview(self, month: str) -> BillingPreview:
        """What invoicing "2026-11" would issue now; nothing is changed."""
        address = "/billing-runs/preview"
        return await self.send(
            BillingPreview, "GET", address, deadline=TRANSFER, is_secret=True, month=month
        )

    async def billing_runs(self) -> Sequence[BillingRun]:
        return (await self.read(BillingRuns, "/billing-runs")).billing_runs

    async def billing_run(self, run_id: UUID) -> BillingRun:
        return await self.read(BillingRun, f"/billing-runs/{run_id}")

    async def invoices(
        self,
        *,
        archived: bool | None = None,
        family_id: UUID | None = None,
        period: str | None = None,
    ) -> Sequence[Invoice]:
        """A guardian's own; for the staff the newest 500 (`page_of_invoices` has them all)."""
        found = await self.page_of_invoices(
            archived=archived, family_id=family_id, period=period, size=MOST_AT_ONCE
        )
        return found.invoices

    async def page_of_invoices(
        self,
        *,
        archived: bool | None = None,
        family_id: UUID | None = None,
        period: str | None = None,
        page: int = 1,
        size: int = 50,
    ) -> Invoices:
        """For the staff: one page, and `total`."""
        query = {"archived": archived, "family_id": family_id, "period": period}
        return await self.read(Invoices, "/invoices", **query, page=page, size=size)

    async def charges(self, family_id: UUID | None = None, period: str | None = None) -> Charges:
        """What the next invoice will hold as things stand."""
        return await self.read(Charges, "/charges", family_id=family_id, period=period)

    async def invoice(self, invoice_id: UUID) -> Invoice:
        """With its lines."""
        return await self.read(Invoice, f"/invoices/{invoice_id}")

    def invoice_pdf(self, invoice_id: UUID) -> Download:
        return self.download(f"/invoices/{invoice_id}.pdf")

    async def start_payment(
        self, invoice_ids: Iterable[UUID], part_cents: int | None = None
    ) -> PaymentStart:
        """Where to send the payer: `page.leave_to(start.redirect_url)`.

        `part_cents`: only so much of the one invoice.
        """
        body: dict[str, Any] = {"invoice_ids": [str(invoice_id) for invoice_id in invoice_ids]}
        if part_cents is not None:
            body["amount_cents"] = part_cents
        return await self.send(PaymentStart, "POST", "/payments", body)

    async def payment(self, payment_id: UUID) -> Payment:
        """As it stands now: the payment server is asked while it is pending."""
        return await self.read(Payment, f"/payments/{payment_id}")

    async def payments(self) -> Sequence[Payment]:
        return (await self.read(Payments, "/payments")).payments

    def receipt_pdf(self, payment_id: UUID) -> Download:
        return self.download(f"/payments/{payment_id}/receipt.pdf")

    async def take_notification(self, idop: str) -> None:
        """The payment server says that something happened to this operation."""
        await self.order("POST", "/payments/notifications", {"idop": idop})
