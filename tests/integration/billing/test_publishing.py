"""What billing tells by SQL alone is what the published example shows."""

import json
from typing import Final

from contracts.envelope import Event
from contracts.events.billing import InvoiceIssued
from services.billing.repository import slices
from services.chassis.database import taken_back
from services.chassis.testing import RunningService
from tests.contract.published import example_of

# tests/contract/test_producers.py asks that each of these has its test here.
TOLD_BY_SQL: Final[tuple[type[Event], ...]] = (InvoiceIssued,)


async def test_an_invoice_is_told_as_in_its_example(billing: RunningService) -> None:
    example = InvoiceIssued.model_validate(example_of(InvoiceIssued))
    async with billing.database.connection() as connection, taken_back(connection):
        await connection.execute(
            "INSERT INTO family (family_id, reference, addressee) VALUES ($1, 'D-00042', '{}')",
            example.family_id,
        )
        # A register of its own: other tests may have taken any number of the default one.
        await connection.execute("INSERT INTO register VALUES ('PERI', 'Périscolaire')")
        await connection.execute(
            """INSERT INTO invoice (invoice_id, register, fiscal_year, sequence, number, family_id,
                   month, pass_id, issued_on, due_on, total_cents, family_reference, addressee)
               VALUES ($1, 'PERI', 2026, 123, $2, $3, date '2026-11-01', gen_random_uuid(),
                       date '2026-12-01', $4, $5, 'D-00042', '{}')""",
            example.invoice_id,
            example.number,
            example.family_id,
            example.due_on,
            example.total_cents,
        )
        await slices.tell(
            connection,
            [example.invoice_id],
            topic=InvoiceIssued.topic(),
            event_type=InvoiceIssued.type_name(),
            correlation_id="",
        )
        told = await connection.fetchrow(
            "SELECT topic, type, key, body FROM outbox ORDER BY position DESC LIMIT 1"
        )
    assert told
    assert (told["topic"], told["type"]) == (InvoiceIssued.topic(), InvoiceIssued.type_name())
    assert told["key"] == str(example.family_id)
    assert json.loads(told["body"]) == example_of(InvoiceIssued)
