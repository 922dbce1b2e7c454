"""What a message to a family is, and what may become of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid5

from services.notifications.model.families import Channel, Guardian

Kind = Literal[
    "access_code",
    "account_request_received",
    "account_request_refused",
    "enrolment_accepted",
    "enrolment_refused",
    "invoice_issued",
    "payment_received",
    "payment_reversed",
    "payment_refunded",
    "refund_reversed",
    "credit_note_issued",
    "mandate_signed",
    "mandate_ends",
    "mandate_revoked",
    "debit_announced",
    "debit_returned",
    "payment_reminder",
    "record_change_decided",
    "document_accepted",
    "document_rejected",
    "document_infected",
    "document_expiring",
    "document_expired",
    "password_reset",
    "mail_confirmation",
    "mail_notice",
    "enrolment_returned",
    "enrolment_waitlisted",
    "enrolment_withdrawn",
    "place_offered",
    "place_given",
    "place_lapsed",
    "late_reservation_answered",
    "absence_answered",
    "sessions_closed",
    "broadcast",
]
Status = Literal["waiting", "queued", "sent", "failed", "to_print", "printed"]

# Those that carry something sealed, to be opened as they are written.
SECRET_KINDS: Final[frozenset[Kind]] = frozenset(
    {
        "access_code",
        "account_request_received",
        "password_reset",
        "mail_confirmation",
        "mail_notice",
    }
)

NAMESPACE: Final = UUID("5b1c6f0e-6d8f-4c39-9d0e-0f4f1d0a7a52")

# The enrolment's own words are better than none, but an activity that we are never told
# of must not hold a message for ever.
LONGEST_WAIT_FOR_ACTIVITY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that an event gives reason for. The same cause makes one message, ever.

    A newcomer has no family file that would name them: the event does, and the request's id
    stands for the family's.
    """

    cause: str
    family_id: UUID
    kind: Kind
    concerns: UUID
    facts: Mapping[str, Any]
    guardian_id: UUID | None = None
    activity_id: UUID | None = None
    wished_channel: Channel | None = None
    sealed_password: str | None = None
    expires_at: datetime | None = None
    newcomer: Guardian | None = None
    mail_to: str | None = None

    @property
    def message_id(self) -> UUID:
        """The same for the same cause, so that a repeated mail bears the same Message-ID."""
        return uuid5(NAMESPACE, self.cause)


@dataclass(frozen=True, slots=True)
class Message:
    """A message on its way to a family; with `mail_to`, to that address and no other way."""

    message_id: UUID
    family_id: UUID
    kind: Kind
    concerns: UUID
    facts: Mapping[str, Any]
    guardian_id: UUID | None
    activity_id: UUID | None
    wished_channel: Channel | None
    sealed_password: str | None
    expires_at: datetime | None
    channel: Channel | None
    status: Status
    attempts: int
    created_at: datetime
    newcomer: Guardian | None = None
    mail_to: str | None = None

    def is_out_of_date(self, now: datetime) -> bool:
        """Whether it carries a code, a link or an offer that is worth nothing any more."""
        return self.expires_at is not None and self.expires_at <= now

    def may_be_posted(self, now: datetime) -> bool:
        """Whether a letter may still say what the mail could not."""
        return may_be_posted(
            self.status,
            by_mail_alone=self.newcomer is not None or bool(self.mail_to),
            lacks_its_secret=self.kind in SECRET_KINDS and self.sealed_password is None,
            is_out_of_date=self.is_out_of_date(now),
        )

    def may_leave_without_activity(self, now: datetime) -> bool:
        """Whether it has waited long enough for the activity's name."""
        return self.activity_id is None or now - self.created_at >= LONGEST_WAIT_FOR_ACTIVITY


def may_be_posted(
    status: Status, *, by_mail_alone: bool, lacks_its_secret: bool, is_out_of_date: bool
) -> bool:
    """Whether a message that stands so may become a letter.

    By mail alone: a link in a mail proves the address; a newcomer's postal one may be anybody's.
    """
    has_not_left = status in ("queued", "failed")
    return has_not_left and not (by_mail_alone or lacks_its_secret or is_out_of_date)
