"""A newcomer's request for an account: what it says, and the family record it becomes."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from services.accounts.model.family import Address, Child, FamilyRecord, Guardian, folded

RequestStatus = Literal["unconfirmed", "waiting", "approved", "refused"]
NewId = Callable[[], UUID]

LINK_LIFE: Final = timedelta(hours=48)
# Long enough to answer whoever asks what became of a request; then it is nobody's business.
DECIDED_KEPT: Final = timedelta(days=180)

# A household asks once, perhaps again after a slip; a library's one address asks for many.
REQUESTS_A_MAIL: Final = 3
MAIL_WINDOW: Final = timedelta(days=1)
REQUESTS_AN_ORIGIN: Final = 20
ORIGIN_WINDOW: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult as the request names them."""

    first_name: str
    last_name: str
    mail: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class RequestedChild:
    """A child as the request names it."""

    first_name: str
    last_name: str
    birth_date: date
    school_code: str | None = None
    school_class: str | None = None


@dataclass(frozen=True, slots=True)
class RequestForm:
    """What a newcomer typed. The first adult is the one who asks, and has a mail address."""

    adults: tuple[Adult, ...]
    children: tuple[RequestedChild, ...]
    address: Address

    @property
    def asker(self) -> Adult:
        """Who asks, and will get the access code."""
        return self.adults[0]

    @property
    def mail(self) -> str:
        """Where the answer goes."""
        return self.asker.mail or ""


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """A request and what became of it."""

    request_id: UUID
    status: RequestStatus
    form: RequestForm
    asked_at: datetime
    link_expires_at: datetime
    confirmed_at: datetime | None = None
    decided_at: datetime | None = None
    family_id: UUID | None = None
    reason: str | None = None


def new_token() -> str:
    """What a confirmation link carries: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> bytes:
    """What is kept of a token, or of an address of the network."""
    return hashlib.sha256(text.encode()).digest()


def same_person(one: Adult | RequestedChild | Guardian | Child, other: Guardian | Child) -> bool:
    """Whether both bear the same name, however it is written."""
    return (folded(one.last_name), folded(one.first_name)) == (
        folded(other.last_name),
        folded(other.first_name),
    )


def new_record(
    request: AccountRequest, reference: str, *, resident: bool, new_id: NewId
) -> FamilyRecord:
    """The request as a family of its own; the family keeps the request's id."""
    return opened(request.form, request.request_id, reference, resident=resident, new_id=new_id)


def opened(
    form: RequestForm, family_id: UUID, reference: str, *, resident: bool, new_id: NewId
) -> FamilyRecord:
    """A record of its own for the household that the form names."""
    return FamilyRecord(
        family_id=family_id,
        reference=reference,
        resident=resident,
        address=form.address,
        guardians=tuple(_guardian(adult, new_id()) for adult in form.adults),
        children=tuple(_child(child, new_id()) for child in form.children),
    )


def attached(
    record: FamilyRecord, form: RequestForm, *, use_contacts: bool, new_id: NewId
) -> FamilyRecord:
    """The record with the request's people in it; who is there already stays who they are.

    What the record says of them stands, unless `use_contacts`: then mail and telephone are the
    request's. The order stays, since the first guardian receives the messages.
    """
    guardians = list(record.guardians)
    for adult in form.adults:
        place = _place(guardians, adult)
        if place is None:
            guardians.append(_guardian(adult, new_id()))
        else:
            guardians[place] = _completed(guardians[place], adult, use_contacts)
    children = list(record.children)
    for child in form.children:
        known = _place([c for c in children if c.birth_date == child.birth_date], child)
        if known is None:
            children.append(_child(child, new_id()))
    address = record.address if record.address.complete and not use_contacts else form.address
    return record.changed_to(
        replace(record, guardians=tuple(guardians), children=tuple(children), address=address)
    )


def asker_in(record: FamilyRecord, form: RequestForm) -> Guardian:
    """The guardian of the record who asked."""
    return next(g for g in record.guardians if same_person(form.asker, g))


def _place(people: Iterable[Guardian | Child], person: Adult | RequestedChild) -> int | None:
    return next((i for i, known in enumerate(people) if same_person(person, known)), None)


def _completed(known: Guardian, adult: Adult, use_contacts: bool) -> Guardian:
    if use_contacts:
        return replace(known, mail=adult.mail or known.mail, phone=adult.phone or known.phone)
    return replace(known, mail=known.mail or adult.mail, phone=known.phone or adult.phone)


def _guardian(adult: Adult, guardian_id: UUID) -> Guardian:
    return Guardian(guardian_id, adult.first_name, adult.last_name, adult.mail, adult.phone)


def _child(child: RequestedChild, child_id: UUID) -> Child:
    return Child(
        child_id=child_id,
        first_name=child.first_name,
        last_name=child.last_name,
        birth_date=child.birth_date,
        school_code=child.school_code,
        school_class=child.school_class,
    )
