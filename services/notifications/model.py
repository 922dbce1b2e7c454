"""What a message to a family is: to whom, how, and when to try again."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid5

Kind = Literal[
    "access_code",
    "account_request_received",
    "account_request_refused",
    "enrolment_accepted",
    "enrolment_refused",
    "invoice_issued",
    "payment_received",
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
    "sessions_closed",
    "broadcast",
]
Channel = Literal["mail", "letter"]
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
class Home:
    """Where a guardian lives who does not live with the family."""

    lines: tuple[str, ...]
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Guardian:
    """An adult of the family, as messages address them."""

    guardian_id: UUID
    first_name: str
    last_name: str
    mail: str | None
    home: Home | None = None

    @property
    def full_name(self) -> str:
        """First name and family name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def has_mail(self) -> bool:
        """Whether there is an address, and it can be one."""
        return bool(self.mail and len(self.mail) <= 254 and MAIL_ADDRESS.fullmatch(self.mail))


@dataclass(frozen=True, slots=True)
class Family:
    """Our copy of a family file: what a message needs, no more."""

    family_id: UUID
    record_version: int
    address: tuple[str, ...]
    postcode: str
    city: str
    guardians: tuple[Guardian, ...]
    children: Mapping[UUID, str]
    classes: Mapping[UUID, str] = field(default_factory=dict)

    def guardian(self, guardian_id: UUID | None) -> Guardian | None:
        """The guardian named, or the first one listed when none is."""
        if guardian_id is None:
            return self.guardians[0] if self.guardians else None
        return next((g for g in self.guardians if g.guardian_id == guardian_id), None)


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


# Less than the standards allow, and all that families write: one @, no blanks, a dotted domain.
MAIL_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f]{1,64}@[^\s@<>,;:\"]+\.[^\s@<>.,;:\"]+")


def masked(mail: str) -> str:
    """A mail address that its owner recognises, and nobody learns: c…@example.org."""
    name, _, domain = mail.partition("@")
    return f"{name[:1]}…@{domain}"


def channel_for(wished: Channel | None, guardian: Guardian) -> Channel:
    """Mail where there is an address that can be one, unless the sender asked for a letter."""
    return "mail" if guardian.has_mail and wished != "letter" else "letter"


# A server that is away is asked again soon, whatever the number of messages; a message
# that a server puts off (a full mailbox, greylisting) is given more time.
AWAY_FIRST: Final = timedelta(seconds=2)
AWAY_LONGEST: Final = timedelta(seconds=60)
PUT_OFF_FIRST: Final = timedelta(minutes=1)
PUT_OFF_LONGEST: Final = timedelta(hours=1)
# What mail servers commonly do (RFC 5321, 4.5.4.1: at least 4 to 5 days).
GIVE_UP_AFTER: Final = timedelta(days=5)


def pause_when_away(attempts: int, jitter: float) -> timedelta:
    """How long to wait for the server after so many attempts; `jitter` from 0 to 1."""
    return _pause(AWAY_FIRST, AWAY_LONGEST, attempts, jitter)


def pause_when_put_off(attempts: int, jitter: float) -> timedelta:
    """How long to wait before a message that was put off is tried again."""
    return _pause(PUT_OFF_FIRST, PUT_OFF_LONGEST, attempts, jitter)


def _pause(first: timedelta, longest: timedelta, attempts: int, jitter: float) -> timedelta:
    grown: timedelta = min(longest, first * 2 ** min(attempts, 16))
    return grown * (0.5 + jitter / 2)


def is_lasting(code: int, reason: str) -> bool:
    """Whether a refusal will be the same tomorrow: the address or the content is at fault.

    What the town's own set-up may cause (relaying denied, 5.7.x) is not the family's fault.
    """
    if not 500 <= code < 600:
        return False
    return not re.search(r"\b5\.7\.\d|relay", reason, re.IGNORECASE)


WINDOW_LINES: Final = 6
WINDOW_COLUMNS: Final = 38

ABBREVIATIONS: Final = {
    "ALLEE": "ALL",
    "APPARTEMENT": "APP",
    "AVENUE": "AV",
    "BATIMENT": "BAT",
    "BOULEVARD": "BD",
    "CHEMIN": "CHE",
    "ESCALIER": "ESC",
    "ETAGE": "ETG",
    "IMPASSE": "IMP",
    "LOTISSEMENT": "LOT",
    "PLACE": "PL",
    "RESIDENCE": "RES",
    "ROUTE": "RTE",
    "SAINT": "ST",
    "SAINTE": "STE",
    "SQUARE": "SQ",
}


def address_block(guardian: Guardian, family: Family) -> tuple[str, ...]:
    """The address as a window envelope shows it: 6 lines of 38 capitals, no punctuation.

    The guardian's own where they have one, else the family's.
    """
    home = guardian.home or Home(family.address, family.postcode, family.city)
    name = _fitted(guardian.full_name)[:1]
    town = _fitted(f"{home.postcode} {home.city}")[:1]
    between = [line for text in home.lines for line in _fitted(text)]
    return tuple(name + between[: WINDOW_LINES - 2] + town)


def _fitted(text: str) -> list[str]:
    """The text in lines that fit: abbreviated when it must be, then broken between words."""
    plain = capitals(text)
    if len(plain) > WINDOW_COLUMNS:
        plain = " ".join(ABBREVIATIONS.get(word, word) for word in plain.split())
    lines: list[str] = []
    for word in _short_words(plain.split()):
        if lines and len(lines[-1]) + 1 + len(word) <= WINDOW_COLUMNS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _short_words(words: Iterable[str]) -> list[str]:
    return [word[:WINDOW_COLUMNS] for word in words]


def capitals(text: str) -> str:
    """Capitals without accents or punctuation, as sorting machines read them."""
    spelled = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    bare = unicodedata.normalize("NFKD", spelled)
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9A-Z]+", " ", letters.upper()).split())


@dataclass(frozen=True, slots=True)
class PrintBatch:
    """Letters that were printed together."""

    batch_id: UUID
    letters: int
    pages: int
    printed_by: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PrintFile:
    """The file of a print batch, sealed; None once it was erased."""

    batch_id: UUID
    sealed_pdf: bytes | None


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """Where a letter stands in its print batch; pages count from 0."""

    message_id: UUID
    first_page: int
    pages: int


def places(
    message_ids: Sequence[UUID], first_pages: Sequence[int], pages: int
) -> list[PrintedLetter]:
    """Each letter runs from its first page to the next one's."""
    ends = [*first_pages[1:], pages]
    return [
        PrintedLetter(message_id, first, end - first)
        for message_id, first, end in zip(message_ids, first_pages, ends, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A child's enrolment as messages need it; `ends_on` None: it never began."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Expected:
    """Whether a child is expected at a session."""

    session_id: UUID
    child_id: UUID
    version: int
    family_id: UUID
    activity_id: UUID
    day: date
    held: bool


@dataclass(frozen=True, slots=True)
class ClosedPlace:
    """A place that a closure took from a family; `reason` is the town's word for the closure."""

    reservation_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    day: date
    reason: str | None = None


# The closure of a week comes as an event a place: those of one family are told together, once
# nothing more has come for some seconds; whatever still comes, it does not wait for ever.
CLOSURES_SILENCE: Final = timedelta(seconds=15)
CLOSURES_LONGEST_WAIT: Final = timedelta(minutes=2)


def closures_draft(family_id: UUID, places: Sequence[ClosedPlace]) -> Draft:
    """The one message about the places that closures took from a family."""
    told = sorted(f"{place.reservation_id}:{place.version}" for place in places)
    cause = uuid5(NAMESPACE, " ".join(told))
    return Draft(
        cause=f"sessions-closed:{cause}",
        family_id=family_id,
        kind="sessions_closed",
        concerns=cause,
        facts={
            "first": min(place.day for place in places).isoformat(),
            "last": max(place.day for place in places).isoformat(),
            "closed": [
                {
                    "day": place.day.isoformat(),
                    "child_id": str(place.child_id),
                    "activity_id": str(place.activity_id),
                    "reason": place.reason,
                }
                for place in places
            ],
        },
    )


@dataclass(frozen=True, slots=True)
class Audience:
    """The families of an activity; of one day only, or of one class only, when they are given."""

    activity_id: UUID
    day: date | None
    school_class: str | None
    today: date

    def holds(self, school_class: str | None) -> bool:
        """Whether a child of this class is meant, however the class is written."""
        if self.school_class is None:
            return True
        return capitals(school_class or "") == capitals(self.school_class)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What the staff wrote to the families of an activity."""

    broadcast_id: UUID
    activity_id: UUID
    day: date | None
    school_class: str | None
    subject: str
    body: str
    families: int
    sent_by: UUID | None
    created_at: datetime

    def to(self, family_id: UUID) -> Draft:
        """The message to one family."""
        return Draft(
            cause=f"broadcast:{self.broadcast_id}:{family_id}",
            family_id=family_id,
            kind="broadcast",
            concerns=self.broadcast_id,
            facts={
                "subject": self.subject,
                "body": self.body,
                "day": self.day.isoformat() if self.day else None,
            },
            activity_id=self.activity_id,
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """How many families a message would come to, by which way, and which classes they are of.

    `unknown`: families whose file has not come yet; they are written to as soon as it is there.
    """

    families: tuple[UUID, ...]
    mails: int
    letters: int
    unknown: int
    classes: tuple[str, ...]


def reach(
    concerned: Iterable[tuple[UUID, UUID]], families: Mapping[UUID, Family], audience: Audience
) -> Reach:
    """Each family once, however many of its children are concerned."""
    chosen: dict[UUID, None] = {}
    classes: set[str] = set()
    for family_id, child_id in concerned:
        family = families.get(family_id)
        school_class = family.classes.get(child_id) if family else None
        if school_class:
            classes.add(school_class)
        if audience.holds(school_class):
            chosen[family_id] = None
    guardians = [families[f].guardian(None) for f in chosen if f in families]
    mails = sum(channel_for(None, g) == "mail" for g in guardians if g)
    reached = sum(g is not None for g in guardians)
    return Reach(
        families=tuple(sorted(chosen)),
        mails=mails,
        letters=reached - mails,
        unknown=len(chosen) - reached,
        classes=tuple(sorted(classes)),
    )
