"""Make a paper that certifies something, and check one."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contracts.events.accounts import FamilyFileUpdated
from services.chassis import outbox
from services.chassis.auth import Caller
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.documents import publishing
from services.documents.commands import family_concerned, family_key
from services.documents.errors import DocumentDamaged, FamilyNotFound
from services.documents.errors.certificate import CertificateNotFound, CodeUnknown
from services.documents.model import certificate_wording as wording
from services.documents.model.certificate import (
    CertificateKind,
    Checked,
    Child,
    Household,
    KeptCertificate,
    Paper,
    Period,
    as_typed_code,
    new_code,
    paper_from,
)
from services.documents.queries import certificate as certificate_queries
from services.documents.repository import certificate as certificate_repository
from services.documents.storage import NONCE_BYTES, MasterKey, derived_key

PURPOSE: Final = b"portail certificate 1"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be certified; which fields matter depends on the kind."""

    kind: CertificateKind
    family_id: UUID | None = None
    child_id: UUID | None = None
    first: date | None = None
    last: date | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A paper with its code."""

    certificate_id: UUID
    family_id: UUID
    code: str
    paper: Paper
    issued_at: datetime


async def issue(
    connection: Connection, master_key: MasterKey, caller: Caller, wish: Wish, now: datetime
) -> Certificate:
    """Certify what is wished for, as far as it is true.

    Raises FamilyNotFound, CertificateRefused, NothingToCertify.
    """
    family_id = family_concerned(caller, wish.family_id)
    household = await certificate_queries.household(connection, family_id)
    if household is None:
        raise FamilyNotFound
    paper = await _PAPERS[wish.kind](connection, household, wish, paris_date(now))
    made = Certificate(uuid4(), family_id, new_code(), paper, now)
    key = await family_key(connection, master_key, family_id)
    kept = KeptCertificate(
        certificate_id=made.certificate_id,
        code_hash=hash_of(made.code),
        family_id=family_id,
        kind=paper.kind,
        sealed=_sealed(made, key),
        issued_at=now,
        issued_by=caller.account_id,
    )
    await certificate_repository.add(connection, kept)
    await outbox.append(connection, publishing.certificate_issued(kept))
    return made


async def of_family(
    connection: Connection, master_key: MasterKey, family_id: UUID
) -> list[Certificate]:
    """The family's certificates, newest first."""
    kept = await certificate_queries.certificates(connection, family_id)
    if not kept:
        return []
    key = await family_key(connection, master_key, family_id)
    return [_opened(each, key) for each in kept]


async def find(
    connection: Connection, master_key: MasterKey, caller: Caller, certificate_id: UUID
) -> Certificate:
    """One of them, to be printed again. Raises CertificateNotFound."""
    kept = await certificate_queries.certificate(connection, certificate_id, caller.family_scope)
    if kept is None:
        raise CertificateNotFound
    return _opened(kept, await family_key(connection, master_key, kept.family_id))


async def check(connection: Connection, master_key: MasterKey, code: str) -> Checked:
    """What the paper with this code says, without names. Raises CodeUnknown."""
    typed = as_typed_code(code)
    kept = typed and await certificate_queries.by_code(connection, hash_of(typed))
    if not kept:
        raise CodeUnknown("Vérifiez les douze caractères imprimés au bas du document.")
    key = await family_key(connection, master_key, kept.family_id)
    return _opened(kept, key).paper.checked()


async def keep_household(connection: Connection, event: FamilyFileUpdated) -> None:
    """Keep how papers name and address a family; an older file than ours changes nothing."""
    names = [f"{g.first_name} {g.last_name.upper()}" for g in event.guardians]
    address = event.address
    await certificate_repository.keep_household(
        connection,
        event.family_id,
        event.record_version,
        event.reference,
        [*names, *address.lines, f"{address.postcode} {address.city.upper()}"],
        [Child(c.child_id, c.first_name, c.last_name, c.birth_date) for c in event.children],
    )


def hash_of(code: str) -> bytes:
    """By what a certificate is found: the database alone tells no code."""
    typed = as_typed_code(code) or ""
    return hashlib.sha256(PURPOSE + typed.encode()).digest()


async def _enrolment(
    connection: Connection, household: Household, wish: Wish, today: date
) -> Paper:
    child = household.child(wish.child_id)
    # What is current and what is to come: an attestation is asked for before the year begins.
    period = Period(today, date.max)
    found = await certificate_queries.enrolments(
        connection, household.family_id, child.child_id, period
    )
    return wording.enrolment_paper(household, child, found, today)


async def _attendance(
    connection: Connection, household: Household, wish: Wish, today: date
) -> Paper:
    child = household.child(wish.child_id)
    period = Period.asked(wish.first, wish.last, today)
    found = await certificate_queries.attended(
        connection, household.family_id, child.child_id, period
    )
    return wording.attendance_paper(household, child, period, found, today)


async def _payment(connection: Connection, household: Household, wish: Wish, today: date) -> Paper:
    period = Period.asked(wish.first, wish.last, today)
    found = await certificate_queries.paid(connection, household.family_id, period)
    return wording.payment_paper(household, period, found, today)


async def _tax(connection: Connection, household: Household, wish: Wish, today: date) -> Paper:
    period = Period.tax_year(wish.year, today)
    found = await certificate_queries.paid(connection, household.family_id, period)
    return wording.tax_paper(household, period, found, today)


_PAPERS: Final[dict[CertificateKind, Callable[[Connection, Household, Wish, date], Any]]] = {
    CertificateKind.ENROLMENT: _enrolment,
    CertificateKind.ATTENDANCE: _attendance,
    CertificateKind.PAYMENT: _payment,
    CertificateKind.CHILDCARE_TAX: _tax,
}


def _sealed(made: Certificate, family_key: bytes) -> bytes:
    paper = asdict(made.paper) | {"issued_on": made.paper.issued_on.isoformat()}
    plain = json.dumps({"code": made.code, "paper": paper}).encode()
    nonce = os.urandom(NONCE_BYTES)
    aead = AESGCM(derived_key(family_key, PURPOSE))
    return nonce + aead.encrypt(nonce, plain, made.certificate_id.bytes)


def _opened(kept: KeptCertificate, family_key: bytes) -> Certificate:
    nonce, sealed = kept.sealed[:NONCE_BYTES], kept.sealed[NONCE_BYTES:]
    try:
        aead = AESGCM(derived_key(family_key, PURPOSE))
        values = json.loads(aead.decrypt(nonce, sealed, kept.certificate_id.bytes))
    except InvalidTag as error:
        raise DocumentDamaged from error
    return Certificate(
        kept.certificate_id,
        kept.family_id,
        values["code"],
        paper_from(values["paper"]),
        kept.issued_at,
    )
