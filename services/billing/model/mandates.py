"""SEPA mandates: which account may be debited, under which name, and until when."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from schwifty import IBAN
from schwifty.exceptions import InvalidBBANChecksum, InvalidChecksumDigits, SchwiftyException

from services.billing.errors.treasury import BadIban, BadMandateEnd
from services.billing.model.wording import NBSP

# A mandate dies when nothing was collected by it for so long (EPC016, 4.1).
UNUSED_MONTHS: Final = 36
# What a mandate collects.
RECURRENT: Final = (
    "Le prélèvement est récurrent\u00a0: il règle vos factures à mesure qu’elles sont émises."
)
ONE_OFF: Final = (
    "Le prélèvement est ponctuel\u00a0: il règle une seule facture, la prochaine à prélever."
)
# As far ahead as an end can be asked for.
LATEST_END: Final = timedelta(days=366)
SHOWN_DIGITS: Final = 4


class MandateState(StrEnum):
    """Whether a mandate still collects."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account that can be debited; bic and bank are empty where the registry has none."""

    iban: str
    bic: str
    bank: str

    @property
    def masked(self) -> str:
        """What may be shown of it: country and last digits."""
        return f"{self.iban[:2]}•• •••• {self.iban[-SHOWN_DIGITS:]}".replace(" ", NBSP)


@dataclass(frozen=True, slots=True)
class Creditor:
    """The town as banks know it; `ics`: its SEPA creditor identifier."""

    name: str
    ics: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """A family's consent to be debited. The account itself is kept sealed, apart."""

    mandate_id: UUID
    rum: str
    family_id: UUID
    account_id: UUID | None
    holder: str
    masked: str
    bic: str
    bank: str
    signed_on: date
    consent: str
    one_off: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """A mandate that was ended just now."""

    mandate_id: UUID
    family_id: UUID
    rum: str


def bank_account(text: str) -> BankAccount:
    """The account that a person typed, spaces and case aside.

    Raises BadIban: no IBAN, a wrong key (the bank's own as well), or outside of the SEPA zone.
    """
    try:
        iban = IBAN(text, validate_bban=True)
    except (InvalidChecksumDigits, InvalidBBANChecksum) as error:
        raise BadIban.because(
            "La clé de contrôle de cet IBAN est fausse : relisez-le, un chiffre est mal recopié."
        ) from error
    except SchwiftyException as error:
        raise BadIban.because(
            "Ce n’est pas un IBAN. Un IBAN français a 27 caractères et commence par FR."
        ) from error
    if not iban.in_sepa_zone:
        raise BadIban.because("Seul un compte de la zone SEPA peut être prélevé.")
    return BankAccount(str(iban), str(iban.bic or ""), iban.bank_short_name or iban.bank_name or "")


def new_mandate(
    account: BankAccount,
    creditor: Creditor,
    *,
    family_id: UUID,
    account_id: UUID | None,
    holder: str,
    signed_on: date,
    one_off: bool = False,
) -> Mandate:
    """What a family signs on this day, under a reference of its own.

    `one_off`: for one single collection.
    """
    mandate_id = uuid4()
    rum = new_rum(mandate_id, signed_on)
    return Mandate(
        mandate_id=mandate_id,
        rum=rum,
        family_id=family_id,
        account_id=account_id,
        holder=holder,
        masked=account.masked,
        bic=account.bic,
        bank=account.bank,
        signed_on=signed_on,
        consent=consent_text(creditor, rum, one_off=one_off),
        one_off=one_off,
    )


def new_rum(mandate_id: UUID, signed_on: date) -> str:
    """The unique mandate reference (RUM): at most 35 capitals and digits."""
    return f"PF{signed_on:%Y%m%d}{mandate_id.hex[:12].upper()}"


def check_end(ends_on: date, today: date) -> None:
    """Raises BadMandateEnd unless the day is to come, within a year."""
    if not today < ends_on <= today + LATEST_END:
        raise BadMandateEnd.because("Choisissez un jour à venir, dans l’année.")


def consent_text(creditor: Creditor, rum: str = "", *, one_off: bool = False) -> str:
    """What the family signs, in the words that the SEPA rulebook asks for."""
    reference = f"Référence unique du mandat : {rum}. " if rum else ""
    text = (
        f"{reference}En signant ce mandat, vous autorisez {creditor.name} (identifiant créancier "
        f"SEPA {creditor.ics}) à envoyer à votre banque des instructions pour débiter votre "
        "compte, et votre banque à le débiter conformément à ces instructions. "
        f"{ONE_OFF if one_off else RECURRENT} Vous bénéficiez du droit d’être remboursé par votre "
        "banque selon les conditions décrites dans la convention que vous avez passée avec "
        "elle ; toute demande de remboursement doit être présentée dans les 8 semaines "
        "suivant la date de débit de votre compte."
    )
    return text.replace(" :", f"{NBSP}:").replace(" ;", f"{NBSP};")
