"""The billing service, composed."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from aiohttp import web

from services.billing.clients import PaymentProvider
from services.billing.commands.keep_mandates import BANK, Bank
from services.billing.commands.remind_families import REMINDERS_HOUR
from services.billing.commands.send_to_treasury import TREASURY, Treasury
from services.billing.commands.settle_payment import DESK, Desk
from services.billing.jobs import jobs
from services.billing.model.mandates import Creditor
from services.billing.model.treasury import Office
from services.billing.papers.sending import SENDER, Sender
from services.billing.personal_data import PERSONAL
from services.billing.repository.plans import Terms
from services.billing.routes import ENDPOINTS
from services.billing.routes.run import TERMS
from services.billing.settings import BillingSettings
from services.billing.subscribers import SUBSCRIPTIONS
from services.billing.subscribers.run import commands
from services.chassis.app import DATABASE, Resource, run, service_application
from services.chassis.auth import decode_key
from services.chassis.clock import Clock, utc_now
from services.chassis.database import Database
from services.chassis.pictures import read_picture
from services.chassis.sealing import Secrets

NAME = "billing"
MIGRATIONS = Path(__file__).parent / "migrations"


def application(settings: BillingSettings, clock: Clock = utc_now) -> web.Application:
    """The service from its parts; nothing connects before it starts."""
    return service_application(
        name=NAME,
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=SUBSCRIPTIONS,
        commands=commands(_terms(settings), clock),
        personal=PERSONAL,
        jobs=jobs(settings.payment_check_seconds),
        resources=[_tools(settings)],
        migrations=MIGRATIONS,
        clock=clock,
    )


def _tools(settings: BillingSettings) -> Resource:
    async def lay_out(app: web.Application) -> AsyncIterator[None]:
        app[TERMS] = _terms(settings)
        app[SENDER] = _sender(settings)
        app[BANK] = _bank(settings)
        app[TREASURY] = _treasury(settings)
        app[REMINDERS_HOUR] = settings.reminders_hour
        async with _provider(settings) as provider:
            app[DESK] = _desk(settings, app[DATABASE], provider)
            yield

    return lay_out


def _terms(settings: BillingSettings) -> Terms:
    return Terms(
        payment_days=settings.payment_days,
        least_cents=settings.least_invoice_cents,
        slice_families=settings.slice_families,
        jump_percent=settings.jump_percent,
    )


def _sender(settings: BillingSettings) -> Sender:
    return Sender(
        town=settings.town_name,
        office=settings.office_name,
        lines=settings.office_lines,
        portal_url=settings.portal_url,
        siret=settings.pes_siret,
        mark=read_picture(settings.town_mark).as_svg if settings.town_mark else "",
    )


def _provider(settings: BillingSettings) -> AbstractAsyncContextManager[PaymentProvider]:
    return PaymentProvider.connect(
        settings.payment_url,
        client=settings.payfip_client,
        mode=settings.payfip_mode,
        timeout_seconds=settings.payment_timeout_seconds,
    )


def _desk(settings: BillingSettings, database: Database, provider: PaymentProvider) -> Desk:
    return Desk(
        database,
        provider,
        settings.portal_url,
        settings.office_mail,
        takes_parts=settings.part_payments,
    )


def _treasury(settings: BillingSettings) -> Treasury:
    office = Office(
        post=settings.pes_post,
        siret=settings.pes_siret,
        collectivity=settings.pes_collectivity,
        budget=settings.pes_budget,
        edition=settings.pes_edition,
        product=settings.pes_product,
        products=settings.pes_products,
    )
    return Treasury(settings.account_codes, office)


def _bank(settings: BillingSettings) -> Bank:
    return Bank(
        creditor=Creditor(
            settings.town_name, settings.creditor_id, settings.creditor_iban, settings.creditor_bic
        ),
        secrets=Secrets(decode_key(settings.secrets_key.get_secret_value())),
        notice_days=settings.debit_notice_days,
        format=settings.debit_format,
    )


def main() -> None:
    """Serve until told to stop."""
    settings = BillingSettings()
    run(application(settings), settings, NAME)


if __name__ == "__main__":
    main()
