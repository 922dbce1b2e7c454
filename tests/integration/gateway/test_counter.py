"""What the office does for a family at the counter: papers, letters, a lost second factor."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from contracts.roles import ADMIN, AGENT, REGISSEUR
from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

FAMILY, GUARDIAN, ACCOUNT, MESSAGE = (str(uuid4()) for _ in range(4))
HOME = f"/agents/familles/{FAMILY}"
PARENT = f"{HOME}/responsables/{GUARDIAN}"
RECORD: dict[str, Any] = {
    "family_id": FAMILY,
    "reference": "F0042",
    "resident": True,
    "address": {"lines": ["3 rue du Lavoir"], "postcode": "50890", "city": "Saint-Aubin"},
    "guardians": [
        {
            "guardian_id": GUARDIAN,
            "first_name": "Anne",
            "last_name": "Martin",
            "account": {
                "account_id": ACCOUNT,
                "login": "anne@exemple.fr",
                "state": "active",
                "totp": True,
            },
        }
    ],
    "children": [],
}
DEPOSITED = {
    "document_id": str(uuid4()),
    "document_type": "insurance",
    "filename": "attestation.pdf",
    "deposited_at": "2026-11-23T10:00:00Z",
}
LOST_MAIL = {
    "message_id": MESSAGE,
    "family_id": FAMILY,
    "subject": "Votre code d’accès",
    "channel": "mail",
    "status": "failed",
    "recipient": "Anne Martin",
    "reason": "Refusé par le serveur de messagerie : 550 No such user",
    "may_be_posted": True,
    "created_at": "2026-11-23T10:00:00Z",
}
GONE_MAIL = LOST_MAIL | {"message_id": str(uuid4()), "may_be_posted": False}


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway with its own pages, and a family without papers whose mail does not work."""
    async with running_portal(ROUTES) as running:
        running.accounts.answer("GET", f"/families/{FAMILY}", RECORD)
        running.documents.answer("GET", "/documents", {"documents": []})
        kind = {"code": "insurance", "label": "Attestation d’assurance", "per_child": False}
        running.documents.answer("GET", "/document-types", {"types": [kind]})
        running.documents.answer("POST", "/documents", DEPOSITED, 201)
        post = running.services["notifications"]
        post.answer("GET", "/messages", {"messages": [LOST_MAIL, GONE_MAIL]})
        post.answer("GET", "/letters", {"letters": [], "to_print": 0})
        post.answer("GET", "/print-batches", {"print_batches": []})
        yield running


async def seen(town: RunningPortal, path: str, token: str) -> str:
    response = await town.get(path, token)
    assert response.status == 200, await response.text()
    return await response.text()


async def press(town: RunningPortal, path: str, token: str, back: str, **fields: str) -> Any:
    """Press a button of the page `back`."""
    csrf = hidden(await seen(town, back, token), "csrf_token")
    return await town.post(path, token, data={"csrf_token": csrf, **fields})


def paper(**fields: str) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    form.add_field("fichier" if "csrf_token" in fields else "file", b"%PDF-1.7", filename="a.pdf")
    return form


async def test_a_paper_brought_to_the_counter_is_deposited_and_then_checked(
    town: RunningPortal,
) -> None:
    agent = session_token(AGENT)
    assert f"{HOME}/documents" in await seen(town, HOME, agent)
    csrf = hidden(await seen(town, f"{HOME}/documents", agent), "csrf_token")
    sent = await town.post(
        f"{HOME}/documents", agent, data=paper(csrf_token=csrf, type="insurance")
    )
    assert sent.status == 303
    assert sent.headers["Location"] == f"/agents/pieces/a-verifier/{DEPOSITED['document_id']}"
    (asked,) = town.documents.requests("POST", "/documents")
    assert asked.query == {"type": "insurance", "family_id": FAMILY}


async def test_a_paper_refused_at_the_counter_says_why(town: RunningPortal) -> None:
    agent = session_token(AGENT)
    town.documents.refuse("POST", "/documents", 422, "invalid", file="Ce PDF est chiffré.")
    csrf = hidden(await seen(town, f"{HOME}/documents", agent), "csrf_token")
    sent = await town.post(
        f"{HOME}/documents", agent, data=paper(csrf_token=csrf, type="insurance")
    )
    assert sent.status == 422
    assert "Ce PDF est chiffré." in await sent.text()


async def test_neither_parents_nor_the_till_deposit_at_the_counter(town: RunningPortal) -> None:
    for role in ((), (REGISSEUR,)):
        assert (await town.get(f"{HOME}/documents", session_token(*role))).status == 403


async def test_a_program_of_the_office_deposits_for_the_family_it_names(
    town: RunningPortal,
) -> None:
    body = paper(type="insurance", family_id=FAMILY)
    reply = await town.api("POST", "/documents", session_token(AGENT), data=body)
    assert reply.status == 201
    (asked,) = town.documents.requests("POST", "/documents")
    assert asked.query["family_id"] == FAMILY


async def test_a_mail_that_failed_is_sent_by_letter_from_either_page(town: RunningPortal) -> None:
    agent, post = session_token(AGENT), town.services["notifications"]
    post.answer("POST", f"/messages/{MESSAGE}/letter", status=204)
    for page in ("/agents/courriers", HOME):
        html = await seen(town, page, agent)
        assert "550 No such user" in html
        assert html.count('action="/agents/courriers/messages/') == 1
    tray = f"/agents/courriers/messages/{MESSAGE}"
    sent = await press(town, tray, agent, "/agents/courriers")
    assert (sent.status, sent.headers["Location"]) == (303, "/agents/courriers")
    sent = await press(town, tray, agent, HOME, famille=FAMILY)
    assert sent.headers["Location"] == HOME
    assert len(post.requests("POST", f"/messages/{MESSAGE}/letter")) == 2


async def test_a_message_that_went_meanwhile_is_not_sent_twice(town: RunningPortal) -> None:
    agent, post = session_token(AGENT), town.services["notifications"]
    post.refuse("POST", f"/messages/{MESSAGE}/letter", 409, "message-gone")
    tray = f"/agents/courriers/messages/{MESSAGE}"
    sent = await press(town, tray, agent, "/agents/courriers")
    assert sent.status == 303
    flash = sent.cookies["portail_message"].value
    shown = await town.get("/agents/courriers", agent, cookies={"portail_message": flash})
    assert "ne peut plus partir par courrier" in await shown.text()


async def test_a_parents_lost_second_factor_is_taken_away_by_the_administrator_alone(
    town: RunningPortal,
) -> None:
    admin, agent = session_token(ADMIN), session_token(AGENT)
    town.accounts.answer("DELETE", f"/accounts/{ACCOUNT}/second-factor", status=204)
    reset = f"{PARENT}/double-authentification"
    assert reset not in await seen(town, PARENT, agent)
    assert (await press(town, reset, agent, PARENT)).status == 403
    assert not town.accounts.requests("DELETE", f"/accounts/{ACCOUNT}/second-factor")
    done = await press(town, reset, admin, PARENT)
    assert (done.status, done.headers["Location"]) == (303, PARENT)
    assert town.accounts.requests("DELETE", f"/accounts/{ACCOUNT}/second-factor")


LETTER = {
    "letter_id": str(uuid4()),
    "kind": "invoice_issued",
    "subject": "Votre facture d’octobre 2026",
    "recipient": "Anne Martin",
    "created_at": "2026-11-23T10:00:00Z",
}
IN_TRAY = f"/agents/courriers/{LETTER['letter_id']}"


async def test_one_letter_of_the_tray_is_marked_posted(town: RunningPortal) -> None:
    agent, post = session_token(AGENT), town.services["notifications"]
    post.answer("GET", "/letters", {"letters": [LETTER], "to_print": 1})
    post.answer("POST", f"/letters/{LETTER['letter_id']}/posted", status=204)
    html = await seen(town, "/agents/courriers", agent)
    assert f'href="{IN_TRAY}"' in html
    assert f'action="{IN_TRAY}/imprimer"' in html
    sent = await press(town, f"{IN_TRAY}/postee", agent, "/agents/courriers")
    assert (sent.status, sent.headers["Location"]) == (303, "/agents/courriers")
    assert len(post.requests("POST", f"/letters/{LETTER['letter_id']}/posted")) == 1


async def test_a_letter_that_left_the_tray_meanwhile_is_told(town: RunningPortal) -> None:
    agent, post = session_token(AGENT), town.services["notifications"]
    post.answer("GET", "/letters", {"letters": [LETTER], "to_print": 1})
    for wish, step in (("imprimer", "print"), ("postee", "posted")):
        post.refuse("POST", f"/letters/{LETTER['letter_id']}/{step}", 409, "letter-gone")
        sent = await press(town, f"{IN_TRAY}/{wish}", agent, "/agents/courriers")
        assert sent.status == 303
        flash = {"portail_message": sent.cookies["portail_message"].value}
        shown = await town.get("/agents/courriers", agent, cookies=flash)
        assert "n’est plus dans le bac" in await shown.text()


SAID = {
    "message": LOST_MAIL,
    "greeting": "Bonjour Anne Martin,",
    "opening": ["Votre compte est prêt."],
    "lines": [],
    "closing": ["Gardez ce mot de passe pour vous."],
    "action": "Me connecter",
    "withheld": True,
}


async def test_the_office_reads_what_was_sent_to_a_family(town: RunningPortal) -> None:
    agent, post = session_token(AGENT), town.services["notifications"]
    post.answer("GET", f"/messages/{MESSAGE}", SAID)
    read = f"{HOME}/messages/{MESSAGE}"
    assert f'href="{read}"' in await seen(town, HOME, agent)
    assert f'href="{read}"' in await seen(town, f"{HOME}/messages", agent)
    html = await seen(town, read, agent)
    assert "Votre compte est prêt." in html
    assert "n’est pas conservé" in html
    elsewhere = str(uuid4())
    town.accounts.answer("GET", f"/families/{elsewhere}", RECORD | {"family_id": elsewhere})
    other = await town.get(f"/agents/familles/{elsewhere}/messages/{MESSAGE}", agent)
    assert other.status == 404


async def test_a_parent_reads_the_messages_again(town: RunningPortal) -> None:
    parent, post = session_token(), town.services["notifications"]
    told = LOST_MAIL | {"status": "sent", "page": "/factures/1", "recipient": None}
    post.answer("GET", "/messages", {"messages": [told]})
    post.answer("GET", f"/messages/{MESSAGE}", SAID | {"message": told, "withheld": False})
    assert f'href="/messages/{MESSAGE}"' in await seen(town, "/messages", parent)
    html = await seen(town, f"/messages/{MESSAGE}", parent)
    assert 'href="/factures/1"' in html
    assert "n’est pas conservé" not in html


REPORT = {
    "import_id": str(uuid4()),
    "dry_run": True,
    "families": 2,
    "guardians": 3,
    "children": 4,
    "created": 2,
    "kept_until": "2026-11-23T11:00:00Z",
}
IMPORT = "/agents/familles/import"
CHECKED = f"{IMPORT}/{REPORT['import_id']}"


async def checked(town: RunningPortal, agent: str) -> str:
    """The page after a file was checked."""
    town.services["enrolment"].answer("GET", "/schools", {"schools": []})
    town.accounts.answer("POST", "/imports/families", REPORT)
    csrf = hidden(await seen(town, IMPORT, agent), "csrf_token")
    form = aiohttp.FormData()
    form.add_field("csrf_token", csrf)
    form.add_field("essai", "oui")
    form.add_field("fichier", b"dossier", filename="familles.csv")
    sent = await town.post(IMPORT, agent, data=form)
    return str(await sent.text())


async def test_a_checked_file_is_imported_by_one_button(town: RunningPortal) -> None:
    agent, path = session_token(AGENT), f"/imports/{REPORT['import_id']}/families"
    html = await checked(town, agent)
    assert f'action="{CHECKED}"' in html
    assert "jusqu’à 12:00" in html
    town.accounts.answer("POST", path, REPORT | {"dry_run": False, "kept_until": None})
    done = await town.post(CHECKED, agent, data={"csrf_token": hidden(html, "csrf_token")})
    assert "Import terminé" in await done.text()
    assert town.accounts.requests("POST", path)[0].query == {"dry_run": "false"}


async def test_a_checked_file_that_is_out_of_date_is_checked_again(town: RunningPortal) -> None:
    agent, path = session_token(AGENT), f"/imports/{REPORT['import_id']}/families"
    csrf = hidden(await checked(town, agent), "csrf_token")
    town.accounts.refuse("POST", path, 409, "import-outdated")
    told = await (await town.post(CHECKED, agent, data={"csrf_token": csrf})).text()
    assert "Des fiches ont changé" in told
    town.accounts.answer("POST", path, REPORT)
    again = {"csrf_token": csrf, "essai": hidden(told, "essai")}
    assert (
        "rien n’a encore été importé" in await (await town.post(CHECKED, agent, data=again)).text()
    )
    town.accounts.refuse("POST", path, 410, "checked-file-gone")
    gone = await town.post(CHECKED, agent, data={"csrf_token": csrf})
    assert gone.status == 422
    assert 'type="file"' in await gone.text()
