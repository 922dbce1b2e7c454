"""The books on a real database: balanced, each fact once, never edited, filled from before."""

import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

import services.billing
from deploy.postgres import EmbeddedPostgres
from services.billing.model.ledger import Account, Entry, Part, Posting, moved
from services.billing.repository import ledger
from services.chassis import database
from services.chassis.database import CHASSIS_MIGRATIONS, Database
from services.chassis.testing import RunningService
from tests.integration.billing.town import invoiced_household, invoices_of
from tests.unit.billing.builders import NOW

MIGRATIONS = Path(services.billing.__file__).parent / "migrations"


def cash(amount_cents: int, family_id: UUID) -> Posting:
    return Posting("trial", uuid4(), moved(Account.CASH, family_id, [Part(amount_cents, "EJ")]))


async def test_a_fact_is_posted_once_however_often_it_is_told(billing: RunningService) -> None:
    family_id = uuid4()
    posting = cash(500, family_id)
    other = replace(posting, entries=moved(Account.CASH, family_id, [Part(900, "EJ")]))
    async with billing.database.transaction() as connection:
        await ledger.post(connection, posting, at=NOW)
        await ledger.post(connection, other, at=NOW)
        assert await ledger.find(connection, "trial", posting.source_id) == posting
        assert await ledger.family_credit(connection, family_id) == 500


async def test_entries_that_do_not_balance_are_refused_by_the_database(
    billing: RunningService,
) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="add up to zero"):
        async with billing.database.transaction() as connection:
            await connection.execute(
                """INSERT INTO ledger_entry (posting_id, position, account, register, amount_cents)
                   VALUES ($1, 1, 'cash', 'EJ', 5), ($1, 2, 'bank', 'EJ', -4)""",
                uuid4(),
            )


async def test_an_entry_is_never_edited(billing: RunningService) -> None:
    posting = cash(500, uuid4())
    async with billing.database.transaction() as connection:
        await ledger.post(connection, posting, at=NOW)
    with pytest.raises(asyncpg.CheckViolationError, match="never edited"):
        async with billing.database.transaction() as connection:
            await connection.execute("UPDATE ledger_entry SET amount_cents = -amount_cents")


async def test_an_invoice_is_posted_in_the_run_that_issues_it(billing: RunningService) -> None:
    family = await invoiced_household(billing)
    (invoice,) = await invoices_of(billing, family)
    async with billing.database.connection() as connection:
        posting = await ledger.find(connection, "invoice", UUID(invoice["invoice_id"]))
    assert posting is not None
    assert posting.entries == (
        Entry(Account.RECEIVABLE, 350, family.family_id, UUID(invoice["invoice_id"]), "EJ"),
        Entry(Account.REVENUE, -350, family.family_id, UUID(invoice["invoice_id"]), "EJ"),
    )


async def _before_the_ledger(postgres: EmbeddedPostgres, folder: Path) -> Database:
    for file in MIGRATIONS.glob("00[0-3]*.sql"):
        shutil.copy(file, folder)
    opened = await database.connect(await postgres.create("before_the_ledger"), pool_size=2)
    await database.migrate(opened, CHASSIS_MIGRATIONS, folder)
    return opened


async def test_what_was_invoiced_and_paid_before_the_ledger_is_posted(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    folder = tmp_path / "billing" / "migrations"
    folder.mkdir(parents=True)
    base = await _before_the_ledger(postgres, folder)
    family, invoice, payment = uuid4(), uuid4(), uuid4()
    async with base.transaction() as connection:
        await connection.execute("INSERT INTO family (family_id) VALUES ($1)", family)
        await connection.execute(
            """INSERT INTO invoice (invoice_id, register, fiscal_year, sequence, number, family_id,
                   month, pass_id, issued_on, due_on, total_cents, family_reference, addressee)
               VALUES ($1, 'EJ', 2026, 1, 'n', $2, '2026-10-01', $1, '2026-11-02', '2026-12-02',
                   800, '', '{}')""",
            invoice,
            family,
        )
        await connection.execute(
            """INSERT INTO payment (payment_id, family_id, amount_cents, reference, status,
                   started_at, received_at, excess_cents)
               VALUES ($1, $2, 1000, 'r', 'paid', $3, $3, 200)""",
            payment,
            family,
            NOW,
        )
        for table, at in (("payment_invoice", ""), ("credit", ", now()")):
            await connection.execute(
                f"INSERT INTO {table} VALUES ('{payment}', '{invoice}', 800{at})"  # noqa: S608 - our own tables
            )
    shutil.copy(MIGRATIONS / "0040_ledger.sql", folder)
    await database.migrate(base, CHASSIS_MIGRATIONS, folder)
    async with base.connection() as connection:
        paid = await ledger.find(connection, "payment", payment)
        owed = await ledger.find(connection, "invoice", invoice)
    await base.close()
    assert paid is not None
    assert paid.entries == moved(Account.CARD, family, [Part(800, "EJ", invoice), Part(200, "EJ")])
    assert owed is not None
    assert [entry.amount_cents for entry in owed.entries] == [800, -800]
