"""Request and answer bodies of notifications."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from services.chassis.web import Answer, Body
from services.notifications.model import Channel, Kind


class MessagesQuery(Body):
    """Whose messages: a guardian's are its family's, the staff may name one."""

    family_id: UUID | None = None
    status: Literal["queued", "sent", "failed", "to_print", "printed"] | None = None


class MessageAnswer(Answer):
    """A message; to the staff alone: for whom, why it has not left, whether a letter may.

    `child_name` and `activity_name`: what it is about, empty where it is about neither or the
    names are not known. `page`: where on the portal it leads, empty where that was for once only.
    """

    message_id: UUID
    family_id: UUID
    subject: str
    child_name: str
    activity_name: str
    page: str
    kind: Kind
    channel: Channel
    status: Literal["queued", "sent", "failed", "to_print", "printed"]
    recipient: str | None
    reason: str | None
    may_be_posted: bool
    created_at: datetime
    sent_at: datetime | None


class MessagesAnswer(Answer):
    """Messages, newest first."""

    messages: Sequence[MessageAnswer]


class LineAnswer(Answer):
    """A line of a message to be found at a glance."""

    label: str
    value: str


class MessageTextAnswer(Answer):
    """What a message said; `withheld`: it held a code or a link, which is shown nowhere again.

    `action`: what it invited to, under the message's `page`.
    """

    message: MessageAnswer
    greeting: str
    opening: Sequence[str]
    lines: Sequence[LineAnswer]
    closing: Sequence[str]
    action: str
    withheld: bool


class LettersQuery(Body):
    """Which letters, and which page of them."""

    status: Literal["to_print", "printed"] | None = None
    page: int = Field(default=1, ge=1, le=10_000)
    size: int = Field(default=500, ge=1, le=500)


class PrintQuery(Body):
    """What to print: everything that waits, or one kind of it."""

    kind: Kind | None = None


class KindAnswer(Answer):
    """How many letters of a kind wait."""

    kind: Kind
    letters: int


class LetterAnswer(Answer):
    """A letter; its recipient is a name, for the one who puts it into the envelope."""

    model_config = ConfigDict(from_attributes=True)

    letter_id: UUID
    family_id: UUID
    kind: Kind
    subject: str
    recipient: str
    status: Literal["to_print", "printed"]
    created_at: datetime
    printed_at: datetime | None
    batch_id: UUID | None


class LettersAnswer(Answer):
    """One page of letters, newest first, and how many wait in the tray, in all and by kind."""

    letters: Sequence[LetterAnswer]
    to_print: int
    by_kind: Sequence[KindAnswer]


class PrintBatchAnswer(Answer):
    """Letters printed together; after some time their file is erased.

    `recipient`: of a batch that is one letter.
    """

    model_config = ConfigDict(from_attributes=True)

    batch_id: UUID
    letters: int
    pages: int
    printed_at: datetime
    can_be_reprinted: bool
    recipient: str


class PrintBatchesAnswer(Answer):
    """Print batches, newest first."""

    print_batches: Sequence[PrintBatchAnswer]
