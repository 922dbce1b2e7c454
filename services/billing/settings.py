"""Where payments are made, where the portal is, and what invoices say of the town."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator
from schwifty import IBAN

from services.chassis.auth import decode_key
from services.chassis.pictures import PicturePath
from services.chassis.sealing import KEY_BYTES
from services.chassis.settings import ServiceSettings


class BillingSettings(ServiceSettings):
    """PORTAIL_PAYMENT_URL and so on, beside what every service needs."""

    payment_url: str = Field(description="PayFiP or its stand-in, without a trailing path")
    portal_url: str = Field(description="where the provider sends the payer back to")
    payment_timeout_seconds: float = Field(default=5.0, gt=0)
    payment_check_seconds: float = Field(default=30.0, gt=0)
    payfip_client: str = Field(pattern=r"^\d{6}$", description="numcli: the town's, by PayFiP")
    payfip_mode: str = Field(
        default="T", pattern="^[TXW]$", description="saisie: test, activation or production"
    )
    part_payments: bool = Field(
        default=True, description="false where the contract with PayFiP is of the kind Titre"
    )
    payment_days: int = Field(default=30, ge=0, description="from issue to the due date")
    least_invoice_cents: int = Field(
        default=1500,
        ge=0,
        description="what comes to less waits for the next month (CGCT L.1611-5); 0: nothing waits",
    )
    jump_percent: int = Field(
        default=50,
        ge=1,
        description="an invoice so much above or below the mean of the last three is pointed out",
    )
    slice_families: int = Field(
        default=250, ge=1, le=2000, description="invoiced in one transaction by one copy"
    )
    town_name: str
    town_mark: PicturePath | None = Field(
        default=None, description="a PNG or SVG file of the town's own for its papers; ours without"
    )
    office_name: str = "Régie enfance et jeunesse"
    office_lines: tuple[str, ...] = ("Hôtel de ville",)
    office_mail: str = Field(
        description="stands in for a payer without a mail address, which PayFiP requires",
    )

    secrets_key: SecretStr = Field(
        description="32 bytes, base64url: encrypts the families' bank accounts"
    )
    creditor_id: str = Field(
        pattern=r"^[A-Z]{2}\d{2}[A-Z0-9]{3}[A-Z0-9]{1,28}$",
        description="ICS, given by the Banque de France",
    )
    creditor_iban: str = Field(description="where direct debits are collected")
    creditor_bic: str
    debit_notice_days: int = Field(
        default=14, ge=0, le=60, description="from the announcement to the collection"
    )
    debit_format: Literal["pain.008.001.08", "pain.008.001.02"] = "pain.008.001.08"

    reminders_hour: int = Field(
        default=6,
        ge=0,
        le=23,
        description="Europe/Paris; from then on the automatic steps of a day are sent",
    )

    account_codes: dict[str, str] = Field(
        default={
            "receivable": "4111",
            "revenue": "7067",
            "family_credit": "4191",
            "card": "5115",
            "direct_debit": "5116",
            "cash": "541",
            "cheque": "5112",
            "cesu": "5117",
            "bank": "515",
            "write_off": "6541",
            "aid": "4687",
            "refund": "4664",
        },
        description="the number of each account in the town's plan (nomenclature M57)",
    )

    pes_post: str = Field(pattern=r"^\d{6}$", description="IdPost: the accountant's codique")
    pes_siret: str = Field(pattern=r"^\d{14}$", description="IdColl: the budget's SIRET")
    pes_collectivity: str = Field(default="100", description="CodCol")
    pes_budget: str = Field(default="00", description="CodBud")
    pes_edition: str = Field(
        default="",
        pattern=r"^(0[1-6])?$",
        description="who prints the demand to pay; empty: nobody, 03: the accountant's centre",
    )
    pes_product: str = Field(default="PERI", pattern=r"^[A-Z0-9]{1,4}$", description="CodProdLoc")
    pes_products: dict[str, str] = Field(
        default={"canteen": "CANT", "wednesday": "ALSH", "holiday": "ALSH"},
        description="CodProdLoc by kind of activity, where it has one of its own",
    )

    @field_validator("creditor_iban")
    @classmethod
    def _has_its_keys(cls, value: str) -> str:
        return str(IBAN(value, validate_bban=True))

    @field_validator("secrets_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        if len(decode_key(value.get_secret_value())) != KEY_BYTES:
            raise ValueError(f"{KEY_BYTES} bytes in base64url are expected")
        return value
