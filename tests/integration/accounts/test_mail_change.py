"""Another mail address: both ends confirm, the old one may refuse, the login follows."""

from uuid import uuid4

import pytest

from contracts.events.accounts import FamilyFileUpdated, MailChangeRequested
from services.chassis.testing import Reply, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    AGENT_CALLER,
    PASSWORD,
    STRANGER,
    SignedIn,
    new_family,
    new_parent,
    sign_in,
)


async def a_parent(town: Town, **cells: str) -> SignedIn:
    return await new_parent(town, (await new_family(town.service, **cells))["family_id"])


def new_address() -> str:
    return f"nouvelle-{uuid4().hex[:8]}@exemple.fr"


async def ask(town: Town, parent: SignedIn, mail: str, password: str = PASSWORD) -> Reply:
    body = {"mail": mail, "password": password}
    return await town.service.post("/mail-changes", parent.caller, json=body)


async def tokens(town: Town, parent: SignedIn) -> tuple[str, str | None]:
    """What the new and the old address are sent, as notifications would read it."""
    events = await town.service.outbox(MailChangeRequested)
    event = [e for e in events if e.account_id == parent.caller.account_id][-1]
    cancellation = event.sealed_cancellation
    return (
        town.readers.open(event.sealed_confirmation),
        town.readers.open(cancellation) if cancellation else None,
    )


async def confirm(town: Town, token: str) -> Reply:
    return await town.service.post("/mail-changes/confirmation", STRANGER, json={"token": token})


async def refuse(town: Town, token: str | None) -> Reply:
    return await town.service.post("/mail-changes/cancellation", STRANGER, json={"token": token})


async def confirm_both(town: Town, parent: SignedIn) -> Reply:
    """Follow the link of the new address, then that of the old one."""
    for token in await tokens(town, parent):
        if token:
            reply = await confirm(town, token)
    return reply


async def mail_of(town: Town, parent: SignedIn) -> str | None:
    family = await town.service.get(f"/families/{parent.caller.family_id}", AGENT_CALLER)
    mail: str | None = family.json["guardians"][0]["mail"]
    return mail


async def test_nothing_changes_before_the_new_address_confirms(town: Town) -> None:
    parent, mail = await a_parent(town), new_address()
    before = await mail_of(town, parent)
    assert (await ask(town, parent, mail.upper())).status == 202
    assert await mail_of(town, parent) == before
    access = await town.service.get("/access", parent.caller)
    assert (access.json["mail"], access.json["pending_mail"]) == (before, mail)


async def test_a_confirmed_address_stands_in_the_file_and_the_login_follows(town: Town) -> None:
    parent, mail = await a_parent(town), new_address()
    await ask(town, parent, mail)
    confirmation, _ = await tokens(town, parent)
    done = await confirm_both(town, parent)
    assert (done.status, done.json) == (200, {"mail": mail, "waits_for": None})
    assert await mail_of(town, parent) == mail
    assert (await sign_in(town.service, parent.login, PASSWORD)).status == 401
    assert (await sign_in(town.service, mail, PASSWORD)).status == 201
    told = [
        e
        for e in await town.service.outbox(FamilyFileUpdated)
        if e.family_id == parent.caller.family_id
    ]
    assert told[-1].guardians[0].mail == mail
    assert (await confirm(town, confirmation)).status == 410


@pytest.mark.parametrize("first", ["new", "old"])
async def test_one_end_alone_changes_nothing(town: Town, first: str) -> None:
    parent, mail = await a_parent(town), new_address()
    before = await mail_of(town, parent)
    await ask(town, parent, mail)
    new, old = await tokens(town, parent)
    assert old
    one, other = (new, old) if first == "new" else (old, new)
    waiting = await confirm(town, one)
    rest = "old" if first == "new" else "new"
    assert (waiting.status, waiting.json) == (200, {"mail": before, "waits_for": rest})
    assert (await confirm(town, one)).status == 410
    assert await mail_of(town, parent) == before
    access = await town.service.get("/access", parent.caller)
    assert access.json["pending_ends"] == [rest]
    assert (await confirm(town, other)).json["mail"] == mail
    assert await mail_of(town, parent) == mail


async def test_what_the_office_corrects_meanwhile_stands(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent, new_address())
    family = await town.service.get(f"/families/{parent.caller.family_id}", AGENT_CALLER)
    anne = family.json["guardians"][0]["guardian_id"]
    path = f"/families/{parent.caller.family_id}/guardians/{anne}"
    by_office = new_address()
    assert (await town.service.patch(path, AGENT_CALLER, json={"mail": by_office})).status == 200
    assert (await confirm_both(town, parent)).status == 410
    assert await mail_of(town, parent) == by_office


async def test_a_login_that_is_no_mail_address_stays(town: Town) -> None:
    parent, mail = await a_parent(town, resp1_mail=""), new_address()
    await ask(town, parent, mail)
    confirmation, cancellation = await tokens(town, parent)
    assert cancellation is None
    assert (await confirm(town, confirmation)).status == 200
    assert await mail_of(town, parent) == mail
    assert (await sign_in(town.service, parent.login, PASSWORD)).status == 201


async def test_the_old_address_refuses_in_time(town: Town) -> None:
    parent, mail = await a_parent(town), new_address()
    before = await mail_of(town, parent)
    await ask(town, parent, mail)
    confirmation, cancellation = await tokens(town, parent)
    refused = await refuse(town, cancellation)
    assert (refused.status, refused.json) == (200, {"mail": before, "waits_for": None})
    assert (await confirm(town, confirmation)).status == 410
    assert await mail_of(town, parent) == before
    state = await town.service.get(f"/sessions/{parent.caller.session_id}", STRANGER)
    assert state.json == {"active": False}


async def test_the_old_address_refuses_even_what_was_confirmed(town: Town) -> None:
    parent, mail = await a_parent(town), new_address()
    before = await mail_of(town, parent)
    await ask(town, parent, mail)
    _, cancellation = await tokens(town, parent)
    await confirm_both(town, parent)
    thief = await sign_in(town.service, mail, PASSWORD)
    assert thief.status == 201
    assert (await refuse(town, cancellation)).status == 200
    assert await mail_of(town, parent) == before
    sid = town.readers.claims(thief.json["access_token"])["sid"]
    assert (await town.service.get(f"/sessions/{sid}", STRANGER)).json == {"active": False}
    assert (await sign_in(town.service, parent.login, PASSWORD)).status == 201
    assert (await refuse(town, cancellation)).status == 410


async def test_links_are_good_for_three_days(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent, new_address())
    confirmation, cancellation = await tokens(town, parent)
    town.clock.turn(days=3)
    assert (await confirm(town, confirmation)).status == 410
    assert (await refuse(town, cancellation)).status == 410


async def test_a_newer_wish_replaces_the_older_one(town: Town) -> None:
    parent, mail = await a_parent(town), new_address()
    await ask(town, parent, new_address())
    older, _ = await tokens(town, parent)
    await ask(town, parent, mail)
    assert (await confirm(town, older)).status == 410
    assert (await confirm_both(town, parent)).json["mail"] == mail


async def test_one_can_give_it_up(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent, new_address())
    confirmation, _ = await tokens(town, parent)
    assert (await town.service.delete("/mail-changes", parent.caller)).status == 204
    assert (await confirm(town, confirmation)).status == 410
    assert (await town.service.delete("/mail-changes", parent.caller)).status == 404


async def test_an_address_that_is_somebodys_login_is_not_taken_over(town: Town) -> None:
    parent, other = await a_parent(town), await a_parent(town)
    before = await mail_of(town, parent)
    assert (await ask(town, parent, other.login)).status == 202  # as for any other address
    reply = await confirm_both(town, parent)
    assert (reply.status, reply.json["type"]) == (409, "/problems/mail-taken")
    assert await mail_of(town, parent) == before
    assert (await sign_in(town.service, other.login, PASSWORD)).status == 201


async def test_the_password_is_asked_for(town: Town) -> None:
    parent = await a_parent(town)
    reply = await ask(town, parent, new_address(), "Une-Autre-Phrase-12")
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, "password")


async def test_the_same_address_and_what_is_none_are_refused(town: Town) -> None:
    parent = await a_parent(town)
    for mail in (parent.login, "personne", "a@b", ""):
        reply = await ask(town, parent, mail)
        assert (reply.status, reply.json["errors"][0]["field"]) == (422, "mail"), mail


async def test_the_staff_have_no_mail_address_to_change(town: Town) -> None:
    body = {"mail": new_address(), "password": PASSWORD}
    assert (await town.service.post("/mail-changes", staff("agent"), json=body)).status == 403


@pytest.mark.parametrize("token", ["x", "é", "A" * 43])
async def test_a_forged_token_changes_nothing(town: Town, token: str) -> None:
    assert (await confirm(town, token)).status == 410
    assert (await refuse(town, token)).status == 410


async def test_the_new_address_can_confirm_and_not_refuse(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent, new_address())
    confirmation, _ = await tokens(town, parent)
    assert (await refuse(town, confirmation)).status == 410
