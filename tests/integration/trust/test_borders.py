"""What is another family's does not exist: on every endpoint of every service, by its own table.

And who calls with a token that is not to be believed gets nowhere, on any of them.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel

from contracts.events.audit import AccessRefused
from contracts.roles import ADMIN, GUARDIAN, STAFF
from services.accounts.routes import ENDPOINTS as ACCOUNTS
from services.billing.routes import ENDPOINTS as BILLING
from services.chassis import operator_routes, personal_data_routes
from services.chassis.auth import AUDIENCE, Caller, CallerSigner, decode_key, new_key_pair
from services.chassis.endpoints import Endpoint
from services.chassis.testing import eventually, guardian
from services.documents.routes import ENDPOINTS as DOCUMENTS
from services.enrolment.routes import ENDPOINTS as ENROLMENT
from services.notifications.routes import ENDPOINTS as NOTIFICATIONS
from services.reservations.routes import ENDPOINTS as RESERVATIONS
from tests.conftest import Keys
from tests.integration.trust.town import ADMIN_CALLER, Household, WholeTown

TABLES: dict[str, tuple[Endpoint, ...]] = {
    name: (*own, *personal_data_routes.ENDPOINTS)
    for name, own in {
        "accounts": ACCOUNTS,
        "enrolment": ENROLMENT,
        "reservations": RESERVATIONS,
        "billing": BILLING,
        "documents": DOCUMENTS,
        "notifications": NOTIFICATIONS,
    }.items()
}

# Whether a session still counts: asked by the gateway, for whoever comes; tells nothing else.
# What the town publishes is no family's.
OPEN_TO_ALL = {"session_state", "read_publication"}
# One basket names several things: each has its own outcome, and a stranger's child is refused.
BY_ITEM = {"make_reservations", "make_pattern", "change"}

# What a guardian may name without naming anybody: the town's things. That naming another family
# is naming none has a test of its own.
NOBODYS = {"activity_id", "family_id", "session_id"}

IDENTITY = {
    "agreed": True,
    "birth_name": "Le Goff",
    "first_names": ["Anne"],
    "birth_date": "1985-03-09",
    "sex": "F",
    "birth_commune": "56178",
}
PERIOD = {"from": "2026-11-23", "to": "2026-11-29"}


def samples(other: Household) -> dict[str, dict[str, Any]]:
    """What each operation takes, naming the other family's things where it names any."""
    child = str(other.child_id)
    wish = {"child_id": child, "activity_id": str(uuid4())}
    return {
        "patch_family": {
            "json": {"phone": "0611223344", "guardian_id": str(other.guardian_id)},
        },
        "patch_guardian": {"json": {"phone": "0611223344"}},
        "patch_child": {"json": {"school_class": "CM1"}},
        "add_guardian": {"json": {"first_name": "Marc", "last_name": "Évain"}},
        "add_child": {
            "json": {"first_name": "Tom", "last_name": "Évain", "birth_date": "2020-02-02"}
        },
        "type_quotient": {"json": {"quotient": 500, "valid_until": "2027-12-31"}},
        "fetch": {"json": IDENTITY},
        "answer_consent": {"json": {"version": 1, "granted": True}},
        "issue_certificate": {"json": {"kind": "enrolment", "child_id": child}},
        "ask_erasure": {"json": {"password": "x"}},
        "list_enrolments": {"params": {"child_id": child}},
        "request_enrolment": {
            "json": {
                "child_id": child,
                "activity_id": str(uuid4()),
                "regulations_accepted": True,
            }
        },
        "complete_enrolment": {"json": {}},
        "withdraw_enrolment": {"json": {}},
        "keep_application": {"json": {"items": [wish]}},
        "change_application": {"json": {"items": [wish]}},
        "send_application": {"json": {"regulations_accepted": True}},
        "list_papers": {"params": {"child_id": child}},
        "show_calendar": {"params": {**PERIOD, "child": child}},
        "make_reservations": {
            "json": {"items": [{"child_id": child, "session_id": str(other.session_id)}]}
        },
        "make_pattern": {
            "json": {
                "child_id": child,
                "activity_id": str(uuid4()),
                "weekdays": [1],
                **PERIOD,
            }
        },
        "preview_pattern": {"json": {**wish, "weekdays": [1], **PERIOD}},
        "give_pattern_back": {"json": {**wish, "weekdays": [1], **PERIOD}},
        "change": {
            "json": {
                "reserve": [{"child_id": child, "session_id": str(other.session_id)}],
                "cancel": [str(other.reservation_id)],
            }
        },
        "estimate": {"json": {"items": [{**wish, "date": PERIOD["from"]}]}},
        "list_reservations": {"params": PERIOD},
        "make_agenda_link": {"json": {"label": "Téléphone", "child_id": child}},
        "show_custody": {"params": PERIOD},
        "declare_absence": {"json": {"child_id": child, "reason_kind": "illness", **PERIOD}},
        "end_debit_mandate": {"json": {}},
        "statement_paper": {"params": {"year": "2026"}},
        "pay": {"json": {"invoice_ids": [str(other.invoice_id)]}},
        "deposit": {
            "params": {
                "type": "insurance",
                "child_id": child,
                "replaces": str(other.document_id),
                # The documents keep it as they are told; reservations holds it to the family.
                "absence_id": str(uuid4()),
                "filename": "a.pdf",
            },
            "data": b"%PDF-1.4",
        },
    }


def takes_identifiers(model: type[BaseModel] | None) -> bool:
    """Whether any field of it, however deep, is an identifier."""
    return bool(identifiers(model))


def identifiers(model: type[BaseModel] | None) -> set[str]:
    """The names of the fields, however deep, that hold identifiers."""
    schema = model.model_json_schema() if model else {}
    parts = (schema, *schema.get("$defs", {}).values())
    fields = [field for part in parts for field in part.get("properties", {}).items()]
    return {name for name, form in fields if "uuid" in str(form)}


def untried(endpoint: Endpoint, given: dict[str, Any]) -> set[str]:
    """What the operation lets a guardian name and the sample does not."""
    named = identifiers(endpoint.query) | identifiers(endpoint.body)
    return {name for name in named - NOBODYS if f"'{name}'" not in str(given)}


def family_scoped() -> Iterator[tuple[str, Endpoint]]:
    """Every operation that a guardian may call and in which something can be named."""
    for service, endpoints in TABLES.items():
        for endpoint in endpoints:
            named = takes_identifiers(endpoint.parameters) or any(
                takes_identifiers(model) for model in (endpoint.query, endpoint.body)
            )
            is_answered_to_all = endpoint.handler.__name__ in OPEN_TO_ALL
            if GUARDIAN in endpoint.allow and named and not is_answered_to_all:
                yield service, endpoint


SCOPED = list(family_scoped())


def title(case: tuple[str, Endpoint]) -> str:
    return f"{case[0]}-{case[1].handler.__name__}"


def address(endpoint: Endpoint, other: Household) -> str:
    """The path with the other family's identifiers in it."""
    return re.sub(r"{(\w+)}", lambda name: str(identifier(name[1], other)), endpoint.path)


def identifier(name: str, other: Household) -> UUID:
    """The other family's thing of this name; a login session is one of theirs as well."""
    own = {"session_id": other.login_session_id}
    # What it has none of is looked for by an id that nobody has.
    found = own.get(name) or getattr(other, name, uuid4())
    assert isinstance(found, UUID)
    return found


def test_there_is_something_to_try_in_every_service() -> None:
    assert {service for service, _ in SCOPED} == set(TABLES)
    assert len(SCOPED) > 25


def test_what_the_journal_can_show_is_in_the_towns_words() -> None:
    """Descriptions for programmers are English sentences with a full stop."""
    acts = [
        endpoint
        for endpoints in TABLES.values()
        for endpoint in endpoints
        if endpoint.allow & STAFF and (endpoint.method != "GET" or endpoint.opens)
    ]
    shown = [*acts, *(endpoint for _, endpoint in SCOPED)]
    # The payment server's call is nobody's act.
    unspoken = {e.path for e in shown if e.summary.endswith(".")} - {"/payments/notifications"}
    assert not unspoken


@pytest.mark.parametrize("case", SCOPED, ids=title)
async def test_what_is_another_familys_does_not_exist(
    town: WholeTown, neighbours: Household, case: tuple[str, Endpoint]
) -> None:
    name, endpoint = case
    stranger, operation = guardian(uuid4()), endpoint.handler.__name__
    given = samples(neighbours).get(operation, {})
    assert not untried(endpoint, given), "a sample that names them is missing"
    reply = await town.services[name].call(
        endpoint.method, address(endpoint, neighbours), stranger, **given
    )
    names_something = "{" in endpoint.path or _names_a_thing(given)
    if names_something and operation in BY_ITEM:
        items = [item for answers in reply.json.values() for item in answers]
        assert {item["outcome"] for item in items} <= {"refused"}
    elif names_something:
        assert reply.status == 404, reply.body
        assert reply.headers["Content-Type"].startswith("application/problem+json")
    if names_something and operation != "make_pattern":  # whose sessions are none here
        await _left_a_line(town, stranger)


@pytest.mark.parametrize(
    "case",
    [c for c in SCOPED if any("family_id" in m.model_fields for m in (c[1].query, c[1].body) if m)],
    ids=title,
)
async def test_naming_another_family_is_naming_none(
    town: WholeTown, neighbours: Household, case: tuple[str, Endpoint]
) -> None:
    name, endpoint = case
    stranger = guardian(uuid4())
    given = samples(neighbours).get(endpoint.handler.__name__, {})
    place = "params" if endpoint.query else "json"
    whom = {**given.get(place, {}), "family_id": str(neighbours.family_id)}
    reply = await town.services[name].call(
        endpoint.method, address(endpoint, neighbours), stranger, **{**given, place: whom}
    )
    assert reply.status == 404, reply.body
    assert str(neighbours.seeds[0]) not in reply.body.decode()
    await _left_a_line(town, stranger)


def _names_a_thing(given: dict[str, Any]) -> bool:
    return bool(re.search(r"(child|child_id|invoice_ids)'", str(given)))


async def _left_a_line(town: WholeTown, stranger: Caller) -> None:
    """The administrator finds the attempt in the journal."""

    async def line() -> bool:
        found = await town.accounts.get(
            "/audit", ADMIN_CALLER, params={"account_id": str(stranger.account_id)}
        )
        return [act["outcome"] for act in found.json["acts"]] == ["not_theirs"]

    await eventually(line, what="a line in the journal")


async def test_an_attempt_is_told_with_whose_family_it_was_not(
    town: WholeTown, neighbours: Household
) -> None:
    stranger = guardian(uuid4())
    await town.billing.get(f"/invoices/{neighbours.invoice_id}", stranger)
    (told,) = [
        e for e in await town.billing.outbox(AccessRefused) if e.account_id == stranger.account_id
    ]
    assert (told.own_family_id, told.object_id) == (stranger.family_id, neighbours.invoice_id)


# Tokens


def forged(keys: Keys, now: datetime) -> dict[str, str]:
    """Tokens that a service must not believe, and one reason each."""
    claims = {
        "aud": AUDIENCE,
        "exp": now + timedelta(seconds=60),
        "roles": [ADMIN],
        "sub": str(uuid4()),
        "fam": "",
        "sid": "",
    }
    administrator = Caller(frozenset({ADMIN}), uuid4())
    other_key, _ = new_key_pair()
    private = Ed25519PrivateKey.from_private_bytes(decode_key(other_key))
    mine = keys.signer.sign(administrator, now)
    header, body, signature = mine.split(".")
    swapped = jwt.encode(claims, private, algorithm="EdDSA").split(".")[1]
    return {
        "absent": "",
        "no token": "Bearer ",
        "not a token": "Bearer abc.def.ghi",
        "signed by another": "Bearer " + CallerSigner(other_key).sign(administrator, now),
        "signed by nobody": "Bearer " + jwt.encode(claims, "", algorithm="none"),
        "signed with the public key": "Bearer " + _hmac(claims, keys.public),
        "replayed after its time": "Bearer "
        + keys.signer.sign(administrator, now - timedelta(seconds=61)),
        "another body under the signature": f"Bearer {header}.{swapped}.{signature}",
        "cut short": f"Bearer {header}.{body}.",
        "another scheme": f"Basic {mine}",
    }


def _hmac(claims: dict[str, Any], public: str) -> str:
    """The classic confusion: the public key taken for a shared secret."""
    return jwt.encode(claims, public, algorithm="HS256")


REASONS = (
    "absent",
    "no token",
    "not a token",
    "signed by another",
    "signed by nobody",
    "signed with the public key",
    "replayed after its time",
    "another body under the signature",
    "cut short",
    "another scheme",
)


@pytest.mark.parametrize("reason", REASONS)
async def test_no_endpoint_of_any_service_believes_such_a_token(
    town: WholeTown, keys: Keys, reason: str
) -> None:
    authorization = forged(keys, town.clock.now)[reason]
    believed = []
    for name, endpoints in TABLES.items():
        service = town.services[name]
        for endpoint in (*endpoints, *operator_routes.ENDPOINTS):
            path = re.sub(r"{\w+}", str(uuid4()), endpoint.path)
            reply = await service.call(
                endpoint.method, path, ADMIN_CALLER, headers={"Authorization": authorization}
            )
            if reply.status != 401:
                believed.append((name, endpoint.method, endpoint.path, reply.status))
    assert not believed


async def test_a_token_for_another_audience_is_not_believed(town: WholeTown, keys: Keys) -> None:
    """A session token, say, signed by the same hand: it is for the gateway, not for services."""
    claims = {
        "aud": "portail",
        "exp": town.clock.now + timedelta(seconds=60),
        "roles": [ADMIN],
        "sub": str(uuid4()),
        "fam": "",
        "sid": "",
    }
    token = jwt.encode(claims, keys.signer._key, algorithm="EdDSA")
    for service in town.services.values():
        reply = await service.get(
            "/dead-letters", ADMIN_CALLER, headers={"Authorization": f"Bearer {token}"}
        )
        assert reply.status == 401
