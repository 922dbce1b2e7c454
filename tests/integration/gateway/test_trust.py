"""The archive of one's data, the journal, erasure: whole or not at all, and in French."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web

from contracts.roles import ADMIN, AGENT
from gateway.pages import ROUTES
from gateway.settings import SERVICES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

FAMILY = uuid4()
DOCUMENT = uuid4()
CONTENT = b"%PDF-1.4 " + b"x" * 300_000


@pytest.fixture
async def pages() -> AsyncIterator[RunningPortal]:
    """The real pages, in front of stand-ins that know one family."""
    async with running_portal(ROUTES) as portal:
        for name in SERVICES:
            portal.services[name].answer("GET", f"/families/{FAMILY}/export", export(name))
            portal.services[name].answer("GET", f"/families/{FAMILY}/duties", {"duties": []})
        portal.documents.serve("GET", f"/documents/{DOCUMENT}/content", _content)
        portal.accounts.answer("GET", f"/families/{FAMILY}/erasure", {"status": "none"})
        yield portal


async def _content(_request: web.Request) -> web.Response:
    return web.Response(body=CONTENT, content_type="application/pdf")


def export(service: str) -> dict[str, object]:
    """A service's part: one record, and in documents a file of an awkward name."""
    rows = {"document_id": str(DOCUMENT), "filename": "../<b>facture</b>.pdf"}
    records = {"documents": [rows]} if service == "documents" else {"family": [{"city": "Pontivy"}]}
    kind = {"key": service, "label": f"Part de {service}", "records": records}
    return {"service": service, "kinds": [kind]}


async def archive(answer: aiohttp.ClientResponse) -> zipfile.ZipFile:
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(await answer.read()))


async def test_a_parent_takes_all_of_it_away(pages: RunningPortal) -> None:
    token = session_token(family_id=FAMILY)
    found = await archive(await pages.get("/mes-donnees/archive.zip", token))
    assert found.testzip() is None
    names = set(found.namelist())
    assert {f"donnees/{name}.json" for name in SERVICES} < names
    (document,) = [name for name in names if name.startswith("documents/")]
    assert found.read(document) == CONTENT
    assert ".." not in document.replace("_..", "")
    assert json.loads(found.read("donnees/billing.json")) == export("billing")
    summary = found.read("resume.html").decode()
    assert "Part de billing" in summary
    assert "<b>facture" not in summary
    assert "coffre-fort" in summary


async def test_the_archive_is_the_same_by_the_api(pages: RunningPortal) -> None:
    found = await archive(await pages.api("GET", "/family/export", session_token(family_id=FAMILY)))
    assert "resume.html" in found.namelist()


@pytest.mark.parametrize("name", SERVICES)
async def test_without_one_service_there_is_no_archive(pages: RunningPortal, name: str) -> None:
    await pages.services[name].stop()
    answer = await pages.get("/mes-donnees/archive.zip", session_token(family_id=FAMILY))
    assert answer.status == 503
    assert "text/html" in answer.headers["Content-Type"]
    by_program = await pages.api("GET", "/family/export", session_token(family_id=FAMILY))
    assert by_program.status == 503


async def test_a_document_that_cannot_be_read_is_no_archive_either(pages: RunningPortal) -> None:
    async def broken(_request: web.Request) -> web.Response:
        return web.Response(status=500)

    pages.documents.serve("GET", f"/documents/{DOCUMENT}/content", broken)
    answer = await pages.get("/mes-donnees/archive.zip", session_token(family_id=FAMILY))
    assert answer.status == 503


async def test_the_office_exports_a_family_that_exists(pages: RunningPortal) -> None:
    agent, unknown = session_token(AGENT), uuid4()
    pages.accounts.refuse("GET", f"/families/{unknown}", 404, "not-found")
    missing = await pages.get(f"/agents/familles/{unknown}/archive.zip", agent)
    assert missing.status == 404
    pages.accounts.answer("GET", f"/families/{FAMILY}", family())
    await archive(await pages.get(f"/agents/familles/{FAMILY}/archive.zip", agent))


def family() -> dict[str, object]:
    return {
        "family_id": str(FAMILY),
        "reference": "F-1",
        "label": "LE GOFF",
        "resident": True,
        "address": {"lines": ["1 rue"], "postcode": "56300", "city": "Pontivy"},
    }


async def test_a_wrong_password_is_shown_at_its_field(pages: RunningPortal) -> None:
    token = session_token(family_id=FAMILY)
    pages.accounts.refuse(
        "POST",
        f"/families/{FAMILY}/erasure",
        422,
        "wrong-password",
        password="Ce n’est pas votre mot de passe actuel.",
    )
    shown = await (await pages.get("/mes-donnees", token)).text()
    form = {"csrf_token": hidden(shown, "csrf_token"), "mot_de_passe": " garde mes espaces "}
    answer = await pages.post("/mes-donnees/effacement", token, data=form)
    assert answer.status == 422
    text = await answer.text()
    assert 'href="#champ-mot_de_passe"' in text
    assert "garde mes espaces" not in text
    (asked,) = pages.accounts.requests("POST", f"/families/{FAMILY}/erasure")
    assert asked.json == {"password": " garde mes espaces "}
    assert "Idempotency-Key" not in asked.headers


async def test_what_must_be_kept_is_shown_before_asking(pages: RunningPortal) -> None:
    duty = {"key": "invoices", "label": "Factures", "reason": "10 ans.", "until": "2036-11-30"}
    pages.billing.answer("GET", f"/families/{FAMILY}/duties", {"duties": [duty]})
    text = await (await pages.get("/mes-donnees", session_token(family_id=FAMILY))).text()
    assert "30/11/2036" in text


async def test_the_office_cannot_erase_while_a_service_cannot_say_what_it_must_keep(
    pages: RunningPortal,
) -> None:
    pages.accounts.answer("GET", f"/families/{FAMILY}", family())
    agent = session_token(AGENT)
    shown = await (await pages.get(f"/agents/effacements/{FAMILY}", agent)).text()
    assert "Effacer définitivement" in shown
    await pages.services["billing"].stop()
    shown = await (await pages.get(f"/agents/effacements/{FAMILY}", agent)).text()
    assert "Effacer définitivement" not in shown


async def test_the_privacy_page_shows_each_services_rules_and_which_are_missing(
    pages: RunningPortal,
) -> None:
    rule = {
        "key": "invoices",
        "label": "Factures et règlements",
        "purpose": "Facturer.",
        "kept": "10 ans.",
        "months": 120,
        "reason": "Pièces comptables.",
    }
    for name in SERVICES:
        pages.services[name].answer("GET", "/personal-data", {"service": name, "rules": [rule]})
    await pages.services["enrolment"].stop()
    answer = await pages.get("/confidentialite")
    text = await answer.text()
    assert answer.status == 200
    assert text.count("Factures et règlements") == len(SERVICES) - 1
    assert "Gardé encore 10 ans." in text
    assert "Les inscriptions sont momentanément indisponibles." in text


async def test_the_journal_asks_for_what_makes_sense_only(pages: RunningPortal) -> None:
    pages.accounts.answer("GET", "/audit", {"acts": [], "total": 0})
    pages.accounts.answer("GET", "/audit/choices", {})
    agent_id = uuid4()
    wanted = f"agent={agent_id}&du=2026-11-01&au=hier&resultat=peut-être&famille=x&dossier=F-1"
    answer = await pages.get(f"/agents/journal?{wanted}", session_token(ADMIN))
    assert answer.status == 200
    (asked,) = pages.accounts.requests("GET", "/audit")
    assert asked.query == {
        "account_id": str(agent_id),
        "since": "2026-11-01",
        "reference": "F-1",
        "page": "1",
        "size": "50",
    }


async def test_the_journal_is_the_administrators(pages: RunningPortal) -> None:
    assert (await pages.get("/agents/journal", session_token(AGENT))).status == 403
    assert (await pages.get("/agents/journal.csv", session_token(AGENT))).status == 403


async def test_a_program_reads_the_rules_that_anybody_may_know(pages: RunningPortal) -> None:
    rule = {"key": "file", "label": "Fiche", "purpose": "Inscrire", "kept": "Trois ans"}
    for name in SERVICES:
        pages.services[name].answer("GET", "/personal-data", {"service": name, "rules": [rule]})
    answer = await pages.api("GET", "/retention-rules")
    assert answer.status == 200
    found = (await answer.json())["services"]
    assert [part["service"] for part in found] == list(SERVICES)
    assert found[0]["rules"][0]["kept"] == "Trois ans"
    await pages.documents.stop()
    assert (await pages.api("GET", "/retention-rules")).status == 503


async def test_a_program_reads_what_would_have_to_be_kept(pages: RunningPortal) -> None:
    duty = {"key": "invoices", "label": "Factures", "reason": "Comptes", "until": "2036-12-31"}
    pages.billing.answer("GET", f"/families/{FAMILY}/duties", {"duties": [duty]})
    own = await pages.api("GET", "/family/duties", session_token(family_id=FAMILY))
    assert [kept["label"] for kept in (await own.json())["duties"]] == ["Factures"]
    pages.accounts.answer("GET", f"/families/{FAMILY}", family())
    agent, path = session_token(AGENT), f"/staff/families/{FAMILY}"
    assert (await (await pages.api("GET", f"{path}/duties", agent)).json()) == await own.json()
    state = await pages.api("GET", f"{path}/erasure", agent)
    assert (await state.json())["status"] == "none"
    parent = session_token(family_id=FAMILY)
    assert (await pages.api("GET", f"{path}/duties", parent)).status == 403
    assert (await pages.api("GET", f"{path}/erasure", parent)).status == 403


async def test_a_program_reads_by_what_the_journal_is_searched(pages: RunningPortal) -> None:
    action = {"action": "accounts.show_family", "label": "Ouvrir une fiche famille"}
    pages.accounts.answer("GET", "/audit/choices", {"agents": [], "actions": [action]})
    found = await pages.api("GET", "/staff/audit/choices", session_token(ADMIN))
    assert (await found.json())["actions"] == [action]
    assert (await pages.api("GET", "/staff/audit/choices", session_token(AGENT))).status == 403
