"""Families and staff of the tests: imported, given a code, signed in by the service itself."""

from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from contracts.envelope import Event
from contracts.events.accounts import AccessCodeReady
from contracts.roles import ADMIN, AGENT, ANONYMOUS, GUARDIAN, OPERATOR
from services.chassis.auth import Caller
from services.chassis.testing import Reply, RunningService, staff
from tests.integration.accounts.conftest import Town
from tests.unit.accounts.csv_files import family_file, row

AGENT_CALLER = staff(AGENT)
ADMIN_CALLER = staff(ADMIN)
OPERATOR_CALLER = Caller(frozenset({OPERATOR}))
STRANGER = Caller(frozenset({ANONYMOUS}))

PASSWORD = "Un-Mot-de-Passe-2026"

_numbers = count(1)

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class SignedIn:
    """A guardian with a password of their own."""

    login: str
    password: str
    caller: Caller
    token: str


def new_row(**cells: str) -> dict[str, str]:
    """A row of a family that no other test has: own number, own mail address."""
    number = next(_numbers)
    own = {"dossier": f"T-{number:05}", "resp1_mail": f"parent{number}@exemple.fr"}
    return row(**{**own, **cells})


async def import_rows(service: RunningService, *rows: dict[str, str], **query: str) -> Reply:
    """Import these rows as an agent."""
    return await service.post(
        "/imports/families",
        AGENT_CALLER,
        data=family_file(*rows),
        params=query,
        headers={"Content-Type": "text/csv"},
    )


async def family_of(service: RunningService, reference: str) -> dict[str, Any]:
    """The whole file of the family with this reference."""
    found = await service.get("/families", AGENT_CALLER, params={"search": reference})
    # The words of a number may stand in another family's file as well.
    (line,) = [f for f in found.json["families"] if f["reference"] == reference]
    shown = await service.get(f"/families/{line['family_id']}", AGENT_CALLER)
    answer: dict[str, Any] = shown.json
    return answer


async def new_family(service: RunningService, **cells: str) -> dict[str, Any]:
    """A family of one's own, imported."""
    line = new_row(**cells)
    assert (await import_rows(service, line)).status == 200
    return await family_of(service, line["dossier"])


async def issue_code(town: Town, family_id: str) -> tuple[str, str]:
    """Login and temporary password of a family, as notifications would read them."""
    reply = await town.service.post("/access-codes", AGENT_CALLER, json={"family_ids": [family_id]})
    assert reply.status == 201, reply.body
    ready = [
        event
        for event in await town.service.outbox(AccessCodeReady)
        if event.family_id == UUID(family_id)
    ]
    return ready[-1].login, town.readers.open(ready[-1].sealed_password)


async def sign_in(service: RunningService, login: str, password: str, **more: str) -> Reply:
    """Try to sign in."""
    body = {"login": login, "password": password, **more}
    return await service.post("/sessions", STRANGER, json=body)


def caller_of(town: Town, token: str) -> Caller:
    """The caller that the gateway would make of a session token."""
    claims = town.readers.claims(token)
    return Caller(
        roles=frozenset(claims["roles"]),
        account_id=UUID(claims["sub"]),
        family_id=UUID(claims["fam"]) if claims["fam"] else None,
        session_id=UUID(claims["sid"]),
    )


async def new_parent(town: Town, family_id: str) -> SignedIn:
    """A guardian of this family who has signed in and chosen a password."""
    login, code = await issue_code(town, family_id)
    first = await sign_in(town.service, login, code)
    caller = caller_of(town, first.json["access_token"])
    changed = await town.service.post("/password", caller, json={"current": code, "new": PASSWORD})
    assert changed.status == 201, changed.body
    token = changed.json["access_token"]
    assert GUARDIAN in caller_of(town, token).roles
    return SignedIn(login, PASSWORD, caller_of(town, token), token)


async def told(service: RunningService, event: type[E], **about: object) -> list[E]:
    """What accounts told of this kind, about these."""
    named = {name: str(value) for name, value in about.items()}
    return [
        found
        for found in await service.outbox(event)
        if all(str(getattr(found, name)) == value for name, value in named.items())
    ]
