"""Direct debits as the bank takes them: pain.008 (ISO 20022), checked against its schema."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sepaxml import SepaDD

# EPC: the longest texts that every bank takes.
LONGEST_NAME: Final = 70
LONGEST_TEXT: Final = 140


@dataclass(frozen=True, slots=True)
class Collector:
    """Who collects, and in which format its bank takes it."""

    name: str
    iban: str
    bic: str
    ics: str
    format: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """One debit. Its bic may be empty: banks find it by the IBAN."""

    end_to_end_id: str
    holder: str
    iban: str
    bic: str
    amount_cents: int
    sequence: str
    rum: str
    signed_on: date
    text: str


def write_debits(
    collector: Collector, collected_on: date, transfers: Sequence[Transfer]
) -> tuple[str, bytes]:
    """The message's id and the file: one payment block a sequence type, sums in each.

    Runs in the process pool: the schema's check takes about a millisecond a debit. Raises
    sepaxml.validation.ValidationError where the file would break the schema.
    """
    config = {
        "name": collector.name,
        "IBAN": collector.iban,
        "BIC": collector.bic,
        "batch": True,
        "creditor_id": collector.ics,
        "currency": "EUR",
        "instrument": "CORE",
    }
    document = SepaDD(config, schema=collector.format, clean=True)
    for transfer in transfers:
        document.add_payment(_payment(transfer, collected_on))
    return document.msg_id, document.export(validate=True, pretty_print=True)


def _payment(transfer: Transfer, collected_on: date) -> dict[str, object]:
    payment: dict[str, object] = {
        "name": transfer.holder[:LONGEST_NAME],
        "IBAN": transfer.iban,
        "amount": transfer.amount_cents,
        "type": transfer.sequence,
        "collection_date": collected_on,
        "mandate_id": transfer.rum,
        "mandate_date": transfer.signed_on,
        "description": transfer.text[:LONGEST_TEXT],
        "endtoend_id": transfer.end_to_end_id,
    }
    return payment | ({"BIC": transfer.bic} if transfer.bic else {})
