"""Families and senders for tests of messages."""

from typing import Any
from uuid import UUID, uuid4

from services.notifications.channels.wording import Sender, Writer
from services.notifications.model import Family, Guardian

SENDER = Sender("Kerlann", "Service enfance et jeunesse", "https://famille.kerlann.example")
WRITER = Writer(SENDER)

FACTS: dict[str, dict[str, Any]] = {
    "access_code": {"login": "a.legoff", "expires_at": "2026-12-23T16:05:00Z"},
    "account_request_received": {"expires_at": "2026-11-27T16:05:00Z"},
    "account_request_refused": {"reason": "Votre commune a son propre portail."},
    "enrolment_accepted": {
        "school_year": "2026-2027",
        "starts_on": "2026-09-01",
        "ends_on": "2027-07-02",
    },
    "enrolment_refused": {"school_year": "2026-2027"},
    "invoice_issued": {
        "invoice_id": str(UUID(int=5)),
        "number": "2026-000123",
        "period": "2026-11",
        "total_cents": 123456,
        "due_on": "2026-12-31",
    },
    "password_reset": {"login": "a.legoff", "expires_at": "2026-12-23T16:05:00Z"},
    "mail_confirmation": {"expires_at": "2026-12-23T16:05:00Z"},
    "mail_notice": {"expires_at": "2026-12-23T16:05:00Z", "new_mail": "a…@example.org"},
    "payment_received": {"amount_cents": 4250, "received_at": "2026-12-01T16:05:00Z"},
    "payment_reversed": {"amount_cents": 4250, "method": "cheque"},
    "refund_reversed": {"amount_cents": 4250, "reversed_at": "2026-12-08T09:00:00Z"},
    "payment_refunded": {"amount_cents": 4250, "refunded_at": "2026-12-01T16:05:00Z"},
    "credit_note_issued": {
        "number": "A2026-EJ-000003",
        "total_cents": 4250,
        "credited_cents": 1200,
        "invoice_id": str(UUID(int=5)),
    },
    "mandate_signed": {"rum": "PF20261128A1B2C3", "signed_on": "2026-11-28"},
    "mandate_ends": {"rum": "PF20261128A1B2C3", "ends_on": "2027-06-30"},
    "mandate_revoked": {"rum": "PF20261128A1B2C3", "cause": "bank"},
    "debit_announced": {
        "invoice_id": str(UUID(int=5)),
        "invoice_number": "2026-EJ-000123",
        "amount_cents": 4250,
        "collected_on": "2026-12-15",
        "rum": "PF20261128A1B2C3",
    },
    "debit_returned": {
        "invoice_id": str(UUID(int=5)),
        "invoice_number": "2026-EJ-000123",
        "amount_cents": 4250,
        "reason": "Provision insuffisante",
    },
    "payment_reminder": {
        "step": 1,
        "subject": "Rappel\u00a0: facture à régler",
        "text": "Nous n’avons pas encore reçu votre règlement.",
        "invoices": [
            {
                "invoice_id": str(UUID(int=5)),
                "invoice_number": "2026-EJ-000123",
                "due_on": "2026-12-31",
                "amount_cents": 4250,
            }
        ],
        "amount_cents": 4250,
    },
    "record_change_decided": {
        "what": "Classe de Maëlys",
        "accepted": False,
        "reason": "L’école n’a pas confirmé ce changement.",
    },
    "document_accepted": {"called": "Attestation d’assurance", "valid_until": "2027-08-31"},
    "document_rejected": {"called": "", "valid_until": None},
    "document_infected": {"called": "Livret de famille", "valid_until": None},
    "document_expiring": {"called": "Attestation d’assurance", "valid_until": "2027-08-31"},
    "document_expired": {"called": "", "valid_until": "2027-08-31"},
    "enrolment_returned": {"school_year": "2026-2027"},
    "enrolment_waitlisted": {"school_year": "2026-2027"},
    "enrolment_withdrawn": {"school_year": "2026-2027", "ends_on": "2026-12-18"},
    "place_offered": {"date": "2026-12-02", "answer_until": "2026-11-30T11:00:00Z"},
    "place_given": {"date": "2026-12-02", "cause": "placed"},
    "place_lapsed": {"date": "2026-12-02", "cause": "unanswered"},
    "late_reservation_answered": {"date": "2026-12-02", "accepted": True},
    "absence_answered": {
        "child_id": str(UUID(int=4)),
        "first_day": "2026-12-01",
        "last_day": "2026-12-04",
        "excused": True,
        "reason": None,
        "sessions": 3,
        "free": 1,
    },
    "sessions_closed": {"first": "2026-12-07", "last": "2026-12-08", "closed": []},
    "broadcast": {
        "subject": "Sortie à la piscine",
        "body": "Prévoyez un maillot.\nLe car part à 9 h.",
        "day": "2026-12-02",
    },
}


def a_guardian(
    first_name: str = "Anne", last_name: str = "Le Goff", mail: str | None = "anne@example.org"
) -> Guardian:
    """An adult."""
    return Guardian(uuid4(), first_name, last_name, mail)


def a_family(*guardians: Guardian, address: tuple[str, ...] = ("3 rue de l’Église",)) -> Family:
    """A family in Plescop."""
    return Family(uuid4(), 1, address, "56890", "Plescop", guardians, {})
