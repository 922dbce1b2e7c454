"""What the portal reads of notifications' answers."""

from datetime import date, datetime
from uuid import UUID

from gateway.readers.reader import Reader


class Message(Reader):
    message_id: UUID
    family_id: UUID | None = None
    subject: str
    child_name: str = ""
    activity_name: str = ""
    page: str = ""  # where on the portal it leads
    kind: str = ""
    channel: str  # mail | letter
    status: str  # queued | sent | failed | to_print | printed
    # the staff's alone: for whom, why it has not left, whether a letter may say it instead
    recipient: str | None = None
    reason: str | None = None
    may_be_posted: bool = False
    created_at: datetime
    sent_at: datetime | None = None

    @property
    def title(self) -> str:
        """What it says, and of whom or what where the subject alone does not tell."""
        about = ", ".join(filter(None, (self.child_name, self.activity_name)))
        return f"{self.subject} : {about}" if about else self.subject


class Messages(Reader):
    messages: tuple[Message, ...] = ()


class MessageLine(Reader):
    label: str
    value: str


class MessageText(Reader):
    """What a message said; `withheld`: its code or link is shown nowhere again."""

    message: Message
    greeting: str = ""
    opening: tuple[str, ...] = ()
    lines: tuple[MessageLine, ...] = ()
    closing: tuple[str, ...] = ()
    action: str = ""
    withheld: bool = False


class Letter(Reader):
    letter_id: UUID
    kind: str = ""
    subject: str = ""
    recipient: str = ""
    status: str = "to_print"  # to_print | printed
    created_at: datetime
    printed_at: datetime | None = None


class LettersOfKind(Reader):
    kind: str
    letters: int


class LetterTray(Reader):
    letters: tuple[Letter, ...] = ()
    to_print: int = 0
    by_kind: tuple[LettersOfKind, ...] = ()


class PrintBatch(Reader):
    batch_id: UUID
    printed_at: datetime
    letters: int = 0
    pages: int = 0
    can_be_reprinted: bool = True
    recipient: str = ""  # of a batch that is one letter


class PrintBatches(Reader):
    print_batches: tuple[PrintBatch, ...] = ()


class Broadcast(Reader):
    """What the staff wrote to the families of an activity; `left` messages are not made yet."""

    broadcast_id: UUID
    activity_id: UUID
    activity_name: str = ""
    day: date | None = None
    school_class: str | None = None
    subject: str
    body: str = ""
    families: int = 0
    left: int = 0
    created_at: datetime


class Broadcasts(Reader):
    broadcasts: tuple[Broadcast, ...] = ()


class Reach(Reader):
    """How many families a message comes to, and which way."""

    families: int = 0
    mails: int = 0
    letters: int = 0
    unknown: int = 0
    classes: tuple[str, ...] = ()


class BroadcastSent(Reader):
    broadcast_id: UUID
    families: int = 0
    mails: int = 0
    letters: int = 0
    unknown: int = 0
