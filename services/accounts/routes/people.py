"""What accounts answers about who is in a record: opened by hand, people added and taken out."""

from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID

from contracts.roles import DESK, GUARDIAN, OFFICE
from services.accounts import schemas
from services.accounts.commands import change_people
from services.accounts.commands.change_people import Kind
from services.accounts.routes.record import author, family_answer, own_record
from services.accounts.routes.requests import refuse_births
from services.accounts.schemas import people as bodies
from services.accounts.schemas.requests import ChildBody
from services.chassis import audit
from services.chassis.endpoints import Call, delete, get, post
from services.chassis.errors import NotFound

Person = TypeVar("Person", schemas.GuardianAnswer, schemas.ChildAnswer)


async def open_record(call: Call, body: bodies.NewFamilyBody) -> schemas.FamilyAnswer:
    """Créer une fiche famille"""
    refuse_births(call, body.children, "children.{}.birth_date")
    record = await change_people.open_record(
        call.connection,
        body.form,
        resident=body.resident,
        although_alike=body.although_alike,
        now=call.now,
    )
    audit.about(call, family_id=record.family_id)
    return await family_answer(call, call.connection, record)


async def add_guardian(
    call: Call, family_id: UUID, body: bodies.NewGuardianBody
) -> schemas.FamilyAnswer:
    """Ajouter un responsable légal"""
    return await _added(call, family_id, "guardian", body)


async def add_child(call: Call, family_id: UUID, body: ChildBody) -> schemas.FamilyAnswer:
    """Ajouter un enfant"""
    refuse_births(call, (body,), "birth_date")
    return await _added(call, family_id, "child", body)


async def show_guardian(call: Call, family_id: UUID, guardian_id: UUID) -> schemas.GuardianAnswer:
    """Un responsable légal"""
    shown = await _shown(call, family_id)
    return _the_one(g for g in shown.guardians if g.guardian_id == guardian_id)


async def show_child(call: Call, family_id: UUID, child_id: UUID) -> schemas.ChildAnswer:
    """La fiche d’un enfant"""
    shown = await _shown(call, family_id)
    return _the_one(c for c in shown.children if c.child_id == child_id)


async def remove_guardian(call: Call, family_id: UUID, guardian_id: UUID) -> None:
    """Retirer un responsable légal"""
    await change_people.remove_guardian(
        call.connection, family_id, guardian_id, by=call.caller.account_id, now=call.now
    )


async def remove_child(call: Call, family_id: UUID, child_id: UUID) -> None:
    """Retirer un enfant d’une fiche famille"""
    await change_people.remove_child(
        call.connection, family_id, child_id, by=call.caller.account_id, now=call.now
    )


async def put_first(call: Call, family_id: UUID, guardian_id: UUID) -> schemas.FamilyAnswer:
    """Désigner le responsable qui reçoit les messages"""
    record = await change_people.put_first(call.connection, family_id, guardian_id)
    return await family_answer(call, call.connection, record)


async def _shown(call: Call, family_id: UUID) -> schemas.FamilyAnswer:
    record = await own_record(call.connection, call.caller, family_id)
    return await family_answer(call, call.connection, record)


def _the_one(found: Iterator[Person]) -> Person:
    person = next(found, None)
    if person is None:
        raise NotFound
    return person


async def _added(
    call: Call, family_id: UUID, kind: Kind, body: bodies.NewGuardianBody | ChildBody
) -> schemas.FamilyAnswer:
    await own_record(call.connection, call.caller, family_id)
    record = await change_people.add_person(
        call.connection,
        family_id,
        kind,
        {name: value or None for name, value in body.model_dump().items()},
        author(call),
        call.now,
    )
    return await family_answer(call, call.connection, record)


_SEEN_BY = DESK | {GUARDIAN}
_FAMILY = "/families/{family_id}"
_CHILD = _FAMILY + "/children/{child_id}"
_GUARDIAN = _FAMILY + "/guardians/{guardian_id}"

ENDPOINTS = (
    post("/families", open_record, allow=OFFICE, status=201),
    post(_FAMILY + "/guardians", add_guardian, allow=OFFICE | {GUARDIAN}, status=201),
    get(_GUARDIAN, show_guardian, allow=_SEEN_BY, opens=True, summary="Ouvrir un responsable"),
    get(_CHILD, show_child, allow=_SEEN_BY, opens=True, summary="Ouvrir la fiche d’un enfant"),
    delete(_GUARDIAN, remove_guardian, allow=OFFICE),
    post(_GUARDIAN + "/first", put_first, allow=OFFICE),
    post(_FAMILY + "/children", add_child, allow=OFFICE | {GUARDIAN}, status=201),
    delete(_CHILD, remove_child, allow=OFFICE),
)
