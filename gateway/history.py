"""All that a family has asked, deposited and paid, and what became of it: one list for all.

Each service is asked at the same time; what one that is away would have said is missing, and told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from gateway.clients import Clients
from gateway.formats import euros, of, short_date
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import Document, Enrolment, Family, Message, Payment
from gateway.readers.agenda import LateRequest
from gateway.readers.certificates import Certificates
from gateway.readers.personal_data import ErasureState
from gateway.readers.record import AccountRequest, Change
from gateway.readers.reservations import Wait
from gateway.readers.roll import Absence

State = Literal["open", "done", "refused"]
Kind = Literal[
    "account",
    "change",
    "enrolment",
    "late_request",
    "wait",
    "absence",
    "document",
    "payment",
    "certificate",
    "erasure",
    "message",
]

KINDS: Final[Mapping[Kind, tuple[str, str]]] = {
    "enrolment": ("Inscriptions", "clipboard-list"),
    "late_request": ("Réservations tardives", "clock"),
    "wait": ("Listes d’attente", "hourglass"),
    "absence": ("Absences", "calendar-check"),
    "document": ("Pièces déposées", "file-text"),
    "payment": ("Paiements", "credit-card"),
    "change": ("Modifications de la fiche", "pencil"),
    "certificate": ("Attestations", "shield-check"),
    "account": ("Compte", "user-plus"),
    "erasure": ("Effacement des données", "ban"),
    "message": ("Messages de la ville", "mail"),
}
STATES: Final[Mapping[State, str]] = {
    "open": "En cours",
    "done": "Terminées",
    "refused": "Refusées ou retirées",
}

OPEN: Final = frozenset(
    (
        "asked",
        "declared",
        "draft",
        "offered",
        "pending",
        "quarantined",
        "queued",
        "requested",
        "returned",
        "submitted",
        "to_print",
        "waiting",
    )
)
ENDED: Final = frozenset(
    (
        "cancelled",
        "expired",
        "failed",
        "given_up",
        "infected",
        "over",
        "refused",
        "rejected",
        "unanswered",
        "withdrawn",
    )
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a request, and when."""

    at: datetime
    status: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request with every step of it, and where to see more. `status` is its last step's."""

    key: str
    kind: Kind
    text: str
    status: str
    steps: tuple[Step, ...]
    status_kind: str = ""
    address: str = ""
    detail: str = ""
    child_id: UUID | None = None

    @property
    def at(self) -> datetime:
        """When something last happened."""
        return self.steps[-1].at

    @property
    def state(self) -> State:
        """Whether it goes on, and if not, how it ended."""
        if self.status in OPEN:
            return "open"
        return "refused" if self.status in ENDED else "done"

    @property
    def sign(self) -> str:
        return KINDS[self.kind][1]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests; what is None does not matter."""

    kind: str | None = None
    state: str | None = None
    child_id: UUID | None = None

    def holds(self, request: Request) -> bool:
        return (
            self.kind in (None, request.kind)
            and self.state in (None, request.state)
            and self.child_id in (None, request.child_id)
        )


@dataclass(frozen=True, slots=True)
class History:
    """Newest first; `missing` are the services that did not answer."""

    requests: tuple[Request, ...]
    children: tuple[tuple[UUID, str], ...]
    missing: tuple[Unavailable, ...] = field(default=())

    def matching(self, wanted: Wanted) -> tuple[Request, ...]:
        return tuple(request for request in self.requests if wanted.holds(request))


# As many as a family's page has ever needed; the services' own lists are no longer.
MOST_CHANGES: Final = 500


async def history(clients: Clients, family_id: UUID) -> History:
    """Ask every service at once, and put what they say into one list."""
    shown = await panels(
        family=clients.accounts.family(),
        accounts=clients.record.account_requests(),
        changes=clients.record.changes(size=MOST_CHANGES),
        erasure=clients.personal_data.erasure(family_id),
        enrolments=clients.enrolment.enrolments(),
        late_requests=clients.agenda.late_requests(),
        waits=clients.places.waiting(ended=True),
        absences=clients.roll.absences(),
        documents=clients.documents.documents(),
        certificates=clients.certificates.all(),
        payments=clients.billing.payments(),
        messages=clients.notifications.messages(),
    )
    there = {name: shown[name] for name in READERS if not is_unavailable(shown[name])}
    family = None if is_unavailable(shown.family) else shown.family
    return History(in_order(there), _children(family), shown.unavailable)


def in_order(answers: Mapping[str, Any]) -> tuple[Request, ...]:
    """The requests in these answers, by the name of the part, the newest first."""
    found = [request for name, answer in answers.items() for request in READERS[name](answer)]
    return tuple(sorted(found, key=lambda request: (request.at, request.key), reverse=True))


def _children(family: Family | None) -> tuple[tuple[UUID, str], ...]:
    return tuple((c.child_id, c.first_name) for c in family.children) if family else ()


def _accounts(found: Sequence[AccountRequest]) -> Iterator[Request]:
    for request in found:
        dated = ((request.confirmed_at, "confirmed"), (request.decided_at, request.status))
        yield Request(
            key=f"account:{request.request_id}",
            kind="account",
            text="Demande de compte",
            status=request.status,
            status_kind="account_request",
            steps=(Step(request.asked_at, "submitted"), *_dated(dated)),
            detail=request.reason or "",
            address="/compte",
        )


def _changes(found: Sequence[Change]) -> Iterator[Request]:
    for change in found:
        # What the staff wrote into the record nobody of the family has asked for.
        if not change.by_staff:
            yield Request(
                key=f"change:{change.change_id}",
                kind="change",
                text=f"Modification de la fiche : {change.label}",
                status=change.status,
                status_kind="change",
                steps=(Step(change.asked_at, "pending"), *_decision(change)),
                detail=change.reason or "",
                address="/famille",
                child_id=change.person_id,
            )


def _decision(change: Change) -> Iterator[Step]:
    if change.decided_at and change.status != "pending":
        yield Step(change.decided_at, change.status, change.reason or "")


def _erasure(found: ErasureState) -> Iterator[Request]:
    if found.asked_at is not None:
        yield Request(
            key="erasure",
            kind="erasure",
            text="Demande d’effacement des données de la famille",
            status=found.status,
            status_kind="erasure",
            steps=(Step(found.asked_at, "asked"), *_dated(((found.decided_at, found.status),))),
            detail=found.reason or "",
            address="/mes-donnees",
        )


def _enrolments(found: Sequence[Enrolment]) -> Iterator[Request]:
    for enrolment in found:
        steps = tuple(Step(s.at, s.status, s.note or "") for s in enrolment.history)
        first = enrolment.submitted_at
        if not steps and first is not None:
            steps = (Step(first, enrolment.status),)
        if steps:
            yield Request(
                key=f"enrolment:{enrolment.enrolment_id}",
                kind="enrolment",
                text=f"Inscription {of(enrolment.child_name)} : {enrolment.activity_name}",
                status=enrolment.status,
                steps=steps,
                address="/inscriptions",
                detail=enrolment.reason or "",
                child_id=enrolment.child_id,
            )


def _late_requests(found: Sequence[LateRequest]) -> Iterator[Request]:
    for asked in found:
        yield Request(
            key=f"late_request:{asked.ask_id}",
            kind="late_request",
            text=f"Réservation après la date limite, le {short_date(asked.date)} : "
            f"{asked.first_name}, {asked.activity_name}",
            status=asked.state,
            status_kind="late_request",
            steps=(
                Step(asked.asked_at, "pending"),
                *_dated(((asked.answered_at, asked.state),)),
            ),
            detail=asked.reason or "",
            address=f"/reservations?mois={asked.date:%Y-%m}",
            child_id=asked.child_id,
        )


def _waits(found: Sequence[Wait]) -> Iterator[Request]:
    for wait in found:
        moved = wait.state != "waiting"
        yield Request(
            key=f"wait:{wait.waiting_id}",
            kind="wait",
            text=f"Liste d’attente, le {short_date(wait.date)} : "
            f"{wait.first_name}, {wait.activity_name}",
            status=wait.state,
            status_kind="wait",
            steps=(
                Step(wait.joined_at, "waiting"),
                *([Step(wait.changed_at, wait.state)] if moved else []),
            ),
            address=f"/reservations?mois={wait.date:%Y-%m}",
            child_id=wait.child_id,
        )


def _absences(found: Sequence[Absence]) -> Iterator[Request]:
    for absence in found:
        first, last = short_date(absence.first_day), short_date(absence.last_day)
        days = f"le {first}" if first == last else f"du {first} au {last}"
        yield Request(
            key=f"absence:{absence.absence_id}",
            kind="absence",
            text=f"Absence {of(absence.first_name)}, {days}",
            status=absence.state,
            status_kind="absence",
            steps=(
                Step(absence.declared_at, "declared"),
                *_dated(((absence.decided_at, absence.state),)),
            ),
            detail=absence.refusal,
            address="/absences",
            child_id=absence.child_id,
        )


def _documents(found: Sequence[Document]) -> Iterator[Request]:
    for document in found:
        yield Request(
            key=f"document:{document.document_id}",
            kind="document",
            text=f"Document déposé : {document.label or document.filename}",
            status=document.state,
            status_kind="document",
            steps=(Step(document.deposited_at, "submitted"),),
            address="/documents",
            detail=document.reason or "",
            child_id=document.child_id,
        )


def _certificates(found: Certificates) -> Iterator[Request]:
    for certificate in found.certificates:
        yield Request(
            key=f"certificate:{certificate.certificate_id}",
            kind="certificate",
            text=certificate.title,
            status="issued",
            status_kind="certificate",
            steps=(Step(certificate.issued_at, "issued"),),
            address="/attestations",
        )


def _payments(found: Sequence[Payment]) -> Iterator[Request]:
    for payment in found:
        steps = tuple(
            _dated(((payment.started_at, "pending"), (payment.received_at, payment.status)))
        )
        if steps:
            yield Request(
                key=f"payment:{payment.payment_id}",
                kind="payment",
                text=f"Paiement en ligne de {euros(payment.amount_cents)}",
                status=payment.status,
                status_kind="payment",
                steps=steps,
                address=f"/paiements/{payment.payment_id}",
            )


def _messages(found: Sequence[Message]) -> Iterator[Request]:
    for message in found:
        yield Request(
            key=f"message:{message.message_id}",
            kind="message",
            text=message.title,
            address=f"/messages/{message.message_id}",
            status=message.status,
            steps=(Step(message.sent_at or message.created_at, message.status),),
        )


def _dated(steps: Iterable[tuple[datetime | None, str]]) -> Iterator[Step]:
    return (Step(at, status) for at, status in steps if at is not None)


READERS: Final[Mapping[str, Callable[[Any], Iterator[Request]]]] = {
    "accounts": _accounts,
    "changes": _changes,
    "erasure": _erasure,
    "enrolments": _enrolments,
    "late_requests": _late_requests,
    "waits": _waits,
    "absences": _absences,
    "documents": _documents,
    "certificates": _certificates,
    "payments": _payments,
    "messages": _messages,
}
