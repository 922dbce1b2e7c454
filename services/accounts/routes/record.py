"""What accounts answers about the whole record: persons, custody, consents, rules, quotient."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.roles import DESK, GUARDIAN, OFFICE
from services.accounts import queries, record_answers, schemas
from services.accounts.clients.particulier import PARTICULIER
from services.accounts.commands import answer_consents, share_child
from services.accounts.commands.change_record import (
    Author,
    Wish,
    change_record,
)
from services.accounts.commands.fetch_quotient import fetch_quotient
from services.accounts.errors import NotShared, QuotientSourceUnset
from services.accounts.model import values
from services.accounts.model.amending import FIELDS
from services.accounts.model.completeness import Scope
from services.accounts.model.consents import ConsentAnswer
from services.accounts.model.family import FamilyRecord
from services.accounts.model.wording import what
from services.accounts.queries import record as record_queries
from services.accounts.routes.rules import ENDPOINTS as RULES_ENDPOINTS
from services.accounts.schemas import record as bodies
from services.chassis.auth import Caller
from services.chassis.database import Connection
from services.chassis.endpoints import Call, delete, get, patch, post
from services.chassis.errors import FieldError, Forbidden, Invalid, NotFound


async def patch_guardian(
    call: Call, family_id: UUID, guardian_id: UUID, body: bodies.GuardianPatch
) -> schemas.FamilyAnswer:
    """Modifier un responsable légal"""
    record = await own_record(call.connection, call.caller, family_id)
    if record.guardian(guardian_id) is None:
        raise NotFound
    accounts = await queries.guardian_accounts(call.connection, family_id)
    theirs = accounts.get(guardian_id)
    if call.caller.has(GUARDIAN) and theirs and theirs.account_id != call.caller.account_id:
        raise Forbidden("Ce responsable a son propre compte : lui seul modifie ses coordonnées.")
    return await _changed(call, family_id, "guardian", body.attributes, guardian_id)


async def patch_child(
    call: Call, family_id: UUID, child_id: UUID, body: bodies.ChildPatch
) -> schemas.FamilyAnswer:
    """Modifier la fiche d’un enfant"""
    record = await own_record(call.connection, call.caller, family_id)
    if record.child(child_id) is None:
        raise NotFound
    _check_dates(call, body)
    return await _changed(call, family_id, "child", body.attributes, child_id)


async def type_quotient(
    call: Call, family_id: UUID, body: bodies.QuotientBody
) -> schemas.FamilyAnswer:
    """Saisir le quotient familial"""
    await own_record(call.connection, call.caller, family_id)
    if body.quotient is None and body.valid_until:
        message = "Une date de fin est donnée sans quotient."
        raise Invalid(errors=[FieldError("valid_until", message)])
    typed = {"quotient": body.quotient, "quotient_valid_until": body.valid_until}
    return await _changed(call, family_id, "family", typed, None)


async def fetch(call: Call, family_id: UUID, body: bodies.IdentityBody) -> schemas.FamilyAnswer:
    """Récupérer le quotient familial auprès de la CAF ou de la MSA"""
    _refuse_other_families(call.caller, family_id)
    source = call.app.get(PARTICULIER)
    if source is None:
        raise QuotientSourceUnset
    record = await fetch_quotient(
        call.database, source, family_id, body.value, author(call), call.now
    )
    async with call.database.connection() as connection:
        return await family_answer(call, connection, record)


async def link_home(
    call: Call, family_id: UUID, child_id: UUID, body: bodies.SecondHomeBody
) -> schemas.FamilyAnswer:
    """Rattacher un enfant à un second foyer"""
    record = await share_child.link_second_home(
        call.connection,
        family_id,
        child_id,
        body.reference,
        by=call.caller.account_id,
        now=call.now,
    )
    return await family_answer(call, call.connection, record)


async def unlink_home(call: Call, family_id: UUID, child_id: UUID) -> None:
    """Détacher un enfant de son second foyer"""
    await share_child.unlink_second_home(call.connection, family_id, child_id)


async def set_custody(
    call: Call, family_id: UUID, child_id: UUID, body: bodies.CustodyBody
) -> schemas.FamilyAnswer:
    """Fixer le calendrier de garde alternée"""
    record = await own_record(call.connection, call.caller, family_id)
    child = record.child(child_id)
    if child is None:
        raise NotFound
    other = child.other_home(family_id)
    if other is None:
        raise NotShared
    custody = record_answers.custody_of(body, family_id, other)
    changed = await share_child.set_custody(call.connection, family_id, child_id, custody)
    return await family_answer(call, call.connection, changed)


async def answer_consent(
    call: Call, family_id: UUID, child_id: UUID, consent_id: UUID, body: bodies.ConsentAnswerBody
) -> bodies.ConsentsAnswer:
    """Répondre à une demande d’autorisation"""
    _refuse_other_families(call.caller, family_id)
    guardian_id = None
    if call.caller.has(GUARDIAN):
        guardian_id = await queries.guardian_of(call.connection, call.caller.account_id)
    await answer_consents.answer_consent(
        call.connection,
        ConsentAnswer(family_id, child_id, consent_id, body.version, body.granted, call.now),
        guardian_id=guardian_id,
        account_id=call.caller.account_id,
    )
    record = await own_record(call.connection, call.caller, family_id)
    view = await record_queries.view(call.connection, record, call.today)
    child = record.child(child_id)
    if child is None:
        raise NotFound
    shown = record_answers.consents(view, child, for_staff=call.caller.family_scope is None)
    return bodies.ConsentsAnswer(consents=shown)


async def list_changes(
    call: Call, family_id: UUID, query: bodies.ChangesQuery
) -> bodies.ChangesAnswer:
    """Les dernières modifications d’une fiche"""
    record = await own_record(call.connection, call.caller, family_id)
    found = await record_queries.history(call.connection, family_id, query.size)
    shown = tuple(record_answers.change(c, what(c, record)) for c in found)
    return bodies.ChangesAnswer(changes=shown)


async def family_answer(
    call: Call, connection: Connection, record: FamilyRecord
) -> schemas.FamilyAnswer:
    """The record as this caller may see it."""
    return record_answers.family_answer(
        await record_queries.view(connection, record, call.today),
        await queries.guardian_accounts(connection, record.family_id),
        call.caller,
        call.today,
        can_fetch_quotient=PARTICULIER in call.app,
    )


def wishes(scope: Scope, attributes: Mapping[str, Any], person_id: UUID | None) -> list[Wish]:
    """The attributes that somebody named, as fields to be changed."""
    found = []
    for field in FIELDS:
        named = {n: attributes[n] for n in field.attributes if n in attributes}
        if field.scope == scope and named:
            found.append(Wish(field.code, named, person_id))
    return found


async def _changed(
    call: Call, family_id: UUID, scope: Scope, given: Mapping[str, Any], person_id: UUID | None
) -> schemas.FamilyAnswer:
    wanted = wishes(scope, given, person_id)
    record = await change_record(call.connection, family_id, wanted, author(call), call.now)
    return await family_answer(call, call.connection, record)


def _check_dates(call: Call, body: bodies.ChildPatch) -> None:
    """What only today tells: nobody is born, or vaccinated, tomorrow. Raises Invalid."""
    errors = []
    if body.birth_date:
        try:
            values.birth_date(body.birth_date.isoformat(), call.today)
        except values.BadValue as bad:
            errors.append(FieldError("birth_date", str(bad)))
    for number, vaccination in enumerate(body.vaccinations or ()):
        if vaccination.given_on > call.today:
            message = "Cette date de vaccination est dans le futur."
            errors.append(FieldError(f"vaccinations.{number}.given_on", message))
    if errors:
        raise Invalid("Corrigez les champs signalés.", errors=errors)


def author(call: Call) -> Author:
    """Who changes the record: a parent, or the staff."""
    return Author(call.caller.account_id, is_staff=call.caller.family_scope is None)


async def own_record(connection: Connection, caller: Caller, family_id: UUID) -> FamilyRecord:
    """The record, if it is the caller's to see. Raises NotFound."""
    _refuse_other_families(caller, family_id)
    record = await queries.family(connection, family_id)
    if record is None:
        raise NotFound
    return record


def _refuse_other_families(caller: Caller, family_id: UUID) -> None:
    if caller.family_scope not in (None, family_id):
        raise NotFound


_FAMILY = "/families/{family_id}"
_CHILD = _FAMILY + "/children/{child_id}"

ENDPOINTS = (
    patch(_FAMILY + "/guardians/{guardian_id}", patch_guardian, allow=OFFICE | {GUARDIAN}),
    patch(_CHILD, patch_child, allow=OFFICE | {GUARDIAN}),
    post(_FAMILY + "/quotient", type_quotient, allow=OFFICE | {GUARDIAN}),
    post(_FAMILY + "/quotient/fetch", fetch, allow=OFFICE | {GUARDIAN}, bare=True),
    get(
        _FAMILY + "/changes",
        list_changes,
        allow=DESK | {GUARDIAN},
        opens=True,
        summary="Lire les modifications d’une fiche famille",
    ),
    post(_CHILD + "/second-home", link_home, allow=OFFICE),
    delete(_CHILD + "/second-home", unlink_home, allow=OFFICE),
    post(_CHILD + "/custody", set_custody, allow=OFFICE),
    post(_CHILD + "/consents/{consent_id}", answer_consent, allow=OFFICE | {GUARDIAN}),
    *RULES_ENDPOINTS,
)
