"""Direct debits: when they may be collected, and what a returned one means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from services.billing.errors.treasury import BadCollectionDate

# Later than that nobody knows what a family will owe.
LATEST: Final = timedelta(days=120)


# Towns collect once a month: what falls due later is not collected before the mandate's end.
NEXT_COLLECTION: Final = timedelta(days=31)


class Sequence(StrEnum):
    """Where a debit stands among those of its mandate (ISO 20022, SeqTp)."""

    ONE_OFF = "OOFF"
    FIRST = "FRST"
    RECURRENT = "RCUR"
    FINAL = "FNAL"


@dataclass(frozen=True, slots=True)
class Debit:
    """What is to be collected of one invoice."""

    debit_id: UUID
    end_to_end_id: str
    family_id: UUID
    invoice_id: UUID
    number: str
    mandate_id: UUID
    rum: str
    sequence: Sequence
    amount_cents: int


@dataclass(frozen=True, slots=True)
class SentDebit:
    """A debit that we sent, as it stands."""

    debit_id: UUID
    end_to_end_id: str
    family_id: UUID
    invoice_id: UUID
    number: str
    mandate_id: UUID
    amount_cents: int
    collected_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Returned:
    """A debit that came back; amount_cents is None where the file does not say it."""

    end_to_end_id: str
    code: str
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class ReturnsFile:
    """The bank's message and what it sends back."""

    message_id: str
    returned: tuple[Returned, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the bank sent a debit back; `ends_mandate`: the account cannot be debited again."""

    label: str
    ends_mandate: bool = False
    # Told to the staff alone: a family does not learn it from a mail.
    discreet: bool = False


# What a bank says where it gives no reason.
NO_REASON: Final = "MS03"
# ISO 20022 external return codes, as French banks use them.
REASONS: Final[Mapping[str, Reason]] = {
    "AC01": Reason("Numéro de compte incorrect", ends_mandate=True),
    "AC04": Reason("Compte clôturé", ends_mandate=True),
    "AC06": Reason("Compte bloqué", ends_mandate=True),
    "AC13": Reason("Type de compte du débiteur incorrect", ends_mandate=True),
    "AG01": Reason("Prélèvements interdits sur ce compte", ends_mandate=True),
    "AG02": Reason("Code d’opération incorrect"),
    "AM04": Reason("Provision insuffisante"),
    "AM05": Reason("Opération en double"),
    "BE05": Reason("Créancier non reconnu"),
    "CNOR": Reason("Banque du créancier non enregistrée"),
    "DNOR": Reason("Banque du débiteur non enregistrée"),
    "FF01": Reason("Format de fichier incorrect"),
    "MD01": Reason("Aucun mandat valable pour cette banque", ends_mandate=True),
    "MD02": Reason("Données du mandat manquantes ou incorrectes"),
    "MD06": Reason("Remboursement demandé par le débiteur"),
    "MD07": Reason("Débiteur décédé", ends_mandate=True, discreet=True),
    "MS02": Reason("Refus du débiteur"),
    NO_REASON: Reason("Motif non communiqué"),
    "RC01": Reason("Identifiant de la banque (BIC) incorrect"),
    "RR01": Reason("Raison réglementaire"),
    "RR02": Reason("Raison réglementaire"),
    "RR03": Reason("Raison réglementaire"),
    "RR04": Reason("Raison réglementaire"),
    "SL01": Reason("Dispositions particulières de la banque du débiteur"),
    "TM01": Reason("Remis trop tard à la banque"),
}


def reason_of(code: str) -> Reason:
    """What the code means; one that is not in the list is told as it stands."""
    return REASONS.get(code) or Reason(f"Motif {code}")


def end_to_end_id(invoice_number: str, batch_number: int) -> str:
    """How the bank calls a debit when it sends it back: letters and digits, 35 at most."""
    number = "".join(letter for letter in invoice_number.upper() if letter.isalnum())
    return f"{number}B{batch_number}"


@dataclass(frozen=True, slots=True)
class Use:
    """How a mandate may be used; `used`: a debit of it was sent and has not come back."""

    one_off: bool
    used: bool
    ends_on: date | None


def sequences(use: Use, collected_on: date, wanted: int) -> tuple[Sequence, ...]:
    """How the debits of one mandate that are collected together stand in its row, in their order.

    Fewer than are wanted where it collects no more. A mandate for one collection is used up by
    it. When the mandate ends before another collection could come, the last one is told as such.
    """
    if use.one_off:
        return (Sequence.ONE_OFF,)[: 0 if use.used else wanted]
    if use.ends_on and collected_on > use.ends_on:
        return ()
    row = [Sequence.RECURRENT] * wanted
    if row and not use.used:
        row[0] = Sequence.FIRST
    if row and use.ends_on and collected_on + NEXT_COLLECTION > use.ends_on:
        row[-1] = Sequence.FINAL
    return tuple(row)


def is_working_day(day: date) -> bool:
    """Whether banks settle that day (TARGET calendar)."""
    return day.weekday() < 5 and day not in _target_holidays(day.year)


def earliest_collection(today: date, notice_days: int) -> date:
    """The first day on which a debit announced today may be collected."""
    day = today + timedelta(days=max(notice_days, 1))
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def check_collection_date(day: date, today: date, notice_days: int) -> None:
    """Raises BadCollectionDate unless families are told in time and banks settle that day."""
    earliest = earliest_collection(today, notice_days)
    if day < earliest:
        raise BadCollectionDate.because(
            f"Les familles sont prévenues {notice_days} jours avant : au plus tôt "
            f"le {earliest:%d/%m/%Y}."
        )
    if not is_working_day(day):
        raise BadCollectionDate.because(
            "Les banques ne prélèvent pas ce jour-là : choisissez un jour ouvré."
        )
    if day > today + LATEST:
        raise BadCollectionDate.because("Choisissez une date dans les quatre mois à venir.")


@lru_cache(maxsize=16)
def _target_holidays(year: int) -> frozenset[date]:
    # Here, since it is large and a direct debit alone asks for it.
    import holidays

    return frozenset(holidays.financial_holidays("ECB", years=year))
