"""`portail audit billing`: silent on sound books, and it names whatever was tampered with."""

from io import StringIO
from uuid import UUID

import pytest
from rich.console import Console

from deploy.auditing import audit
from deploy.postgres import EmbeddedPostgres
from services.billing.repository.proofs import PROOFS, disagreements
from services.chassis.testing import RunningService, guardian
from tests.integration.billing.books import books_balance
from tests.integration.billing.conftest import Town
from tests.integration.billing.town import Household, invoiced_household, invoices_of, run_month


async def paid_household(town: Town) -> Household:
    """A family that has paid one invoice of two, and a correction that is still open."""
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    body = {"invoice_ids": [invoice["invoice_id"]]}
    reply = await town.billing.post("/payments", guardian(family.family_id), json=body)
    await town.provider.decide(reply.json["redirect_url"], "payer")
    day = family.session(4, month=12)
    await town.billing.tell(day.made(), family.session(5, month=12).made())
    await run_month(town.billing, "2026-12")
    await town.billing.tell(day.cancelled(), family.session(6, month=12).made())
    return family


# What a fault, or somebody at the database, could do; and what the audit must say of it.
DAMAGES = {
    "an entry is gone": (
        """DELETE FROM ledger_entry WHERE family_id = $1 AND account = 'revenue'""",
        "add up to",
    ),
    "an amount was changed": (
        """UPDATE ledger_entry SET amount_cents = amount_cents + 1
           WHERE family_id = $1 AND account = 'card'""",
        "the ledger",
    ),
    "a posting is gone": (
        """DELETE FROM posting WHERE kind = 'payment' AND source_id IN
           (SELECT payment_id FROM payment WHERE family_id = $1)""",
        "and no posting",
    ),
    "an invoice's total was changed": (
        "UPDATE invoice SET total_cents = total_cents + 1 WHERE family_id = $1",
        "posted as owed",
    ),
    "a line is gone": (
        """DELETE FROM invoice_line WHERE invoice_id IN
           (SELECT invoice_id FROM invoice WHERE family_id = $1)""",
        "lines",
    ),
    "a charge of an invoice is gone": (
        "DELETE FROM invoiced_charge WHERE family_id = $1",
        "charges",
    ),
    "a payment is said to be unpaid": (
        "UPDATE payment SET status = 'refused' WHERE family_id = $1",
        "unknown",
    ),
    "a payment's amount was changed": (
        "UPDATE payment SET amount_cents = 1 WHERE family_id = $1",
        "posted 350 cents",
    ),
    "money was credited twice": (
        """INSERT INTO ledger_entry SELECT md5(posting_id::text)::uuid, position, account,
               register, family_id, invoice_id, amount_cents
           FROM ledger_entry WHERE family_id = $1 AND posting_id IN
               (SELECT posting_id FROM posting WHERE kind = 'payment')""",
        "are still owed",
    ),
    "money is paid back beside the books": (
        """INSERT INTO refund (refund_id, family_id, amount_cents, reason, refunded_at)
           VALUES (gen_random_uuid(), $1, 100, 'Espèces', now())""",
        "100 cents, posted",
    ),
    "a credit note is written beside the books": (
        """INSERT INTO credit_note (credit_note_id, invoice_id, register, number, reason,
               total_cents, credited_cents, issued_on, issued_at)
           SELECT gen_random_uuid(), invoice_id, 'EJ', 'A2026-EJ-999999', '', 100, 0, issued_on,
               now() FROM invoice WHERE family_id = $1 LIMIT 1""",
        "credit_note of register EJ",
    ),
    "the counter runs ahead": (
        "UPDATE invoice_counter SET last_number = last_number + 1 WHERE $1::uuid IS NOT NULL",
        "the counter says",
    ),
    "an event was never told": ("DELETE FROM outbox WHERE key = $1::uuid::text", "told 0 times"),
    "an event was told twice": (
        """INSERT INTO outbox (id, topic, key, type, body, correlation_id)
           SELECT gen_random_uuid(), topic, key, type, body, '' FROM outbox
           WHERE key = $1::uuid::text AND type LIKE '%payment-received%'""",
        "told 4 times",
    ),
    "an event says another amount": (
        """UPDATE outbox SET body = replace(body, '350', '351') WHERE key = $1::uuid::text
           AND type LIKE '%payment-received%'""",
        "351 cents by card",
    ),
    "a day is charged to nobody": (
        "DELETE FROM open_charge WHERE family_id = $1 AND corrects IS NULL",
        "due",
    ),
    "a correction is forgotten": (
        "DELETE FROM open_charge WHERE family_id = $1 AND corrects IS NOT NULL",
        "0 cents due",
    ),
    "an invoiced day is charged again": (
        "UPDATE open_charge SET amount_cents = 350, corrects = NULL WHERE family_id = $1",
        "0 cents due",
    ),
}


async def test_sound_books_are_proved_without_a_word(town: Town) -> None:
    await paid_household(town)
    assert await books_balance(town.billing.database)


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_was_tampered_with_is_named(town: Town, damage: str) -> None:
    family = await paid_household(town)
    statement, said = DAMAGES[damage]
    found = await found_after(town.billing, statement, family.family_id)
    assert any(said in line for line in found), found


async def found_after(service: RunningService, statement: str, family_id: UUID) -> list[str]:
    """What the audit finds once this was done, which is then undone."""
    async with service.database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute("ALTER TABLE ledger_entry DISABLE TRIGGER immutable")
            await connection.execute(statement, family_id)
            return [line for proof in PROOFS for line in await disagreements(connection, proof)]
        finally:
            await transaction.rollback()


async def test_the_command_shows_and_counts_what_disagrees(
    town: Town, postgres: EmbeddedPostgres
) -> None:
    family = await paid_household(town)
    async with town.billing.database.connection() as connection:
        url = postgres.url_of(await connection.fetchval("SELECT current_database()"))
        out = StringIO()
        assert await audit(url, Console(file=out, width=200)) == 0
        change = "UPDATE invoice SET due_on = due_on + $2::integer WHERE family_id = $1"
        await connection.execute(change, family.family_id, 1)
        try:
            assert await audit(url, Console(file=out, width=200)) == 2
        finally:
            await connection.execute(change, family.family_id, -1)
    assert "Not so: events say what the rows say" in out.getvalue()
