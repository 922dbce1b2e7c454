"""The pages of one's own access, as a browser meets them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.roles import ADMIN, AGENT
from gateway.pages import ROUTES
from services.chassis.auth import decode_key
from services.chassis.clock import utc_now
from tests.integration.gateway.standins import (
    SESSION_PRIVATE,
    RunningPortal,
    knows_session,
    running_portal,
    session_token,
)
from tests.integration.gateway.test_pages import hidden

ACCESS: dict[str, Any] = {
    "login": "anne@exemple.fr",
    "mail": "anne@exemple.fr",
    "pending_mail": None,
    "second_factor": False,
    "recovery_codes": 0,
    "compulsory": False,
    "france_connect": False,
}
SECRET = {"secret": "JBSWY3DPEHPK3PXP", "address": "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"}
TWO_FACTORS = "/compte/double-authentification"


@pytest.fixture
async def pages() -> AsyncIterator[RunningPortal]:
    """The gateway with its own pages."""
    async with running_portal(ROUTES) as running:
        running.accounts.answer("GET", "/access", ACCESS)
        running.accounts.answer("GET", "/sessions", {"sessions": []})
        running.accounts.refuse("GET", "/second-factor", 409, "no-enrolment")
        yield running


def confined_token() -> str:
    """A member of staff who has no second factor yet."""
    claims = {
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "fam": None,
        "roles": [AGENT],
        "name": "Gwenola Bihan",
        "mcp": False,
        "mse": True,
        "exp": utc_now() + timedelta(hours=1),
    }
    key = Ed25519PrivateKey.from_private_bytes(decode_key(SESSION_PRIVATE))
    return jwt.encode(claims, key, algorithm="EdDSA")


async def visitor_form(pages: RunningPortal, path: str) -> tuple[dict[str, str], dict[str, str]]:
    """A stranger's cookie and the token of the form at this path."""
    shown = await pages.get(path)
    visit = {"portail_visite": shown.cookies["portail_visite"].value}
    return visit, {"csrf_token": hidden(await shown.text(), "csrf_token")}


async def own_form(pages: RunningPortal, token: str, path: str = "/compte") -> dict[str, str]:
    html = await (await pages.get(path, token)).text()
    return {"csrf_token": hidden(html, "csrf_token")}


async def test_staff_without_a_second_factor_may_only_take_one_up(pages: RunningPortal) -> None:
    token = confined_token()
    for path in ("/agents", "/compte", "/agents/familles"):
        response = await pages.get(path, token)
        assert (response.status, response.headers["Location"]) == (303, TWO_FACTORS)
    shown = await pages.get(TWO_FACTORS, token)
    assert shown.status == 200
    assert "obligatoire pour les agents" in await shown.text()
    refused = await pages.api("GET", "/staff/families", token)
    assert refused.status == 403
    assert (await refused.json())["type"] == "/problems/second-factor-missing"
    pages.accounts.answer("GET", "/me", {"login": "x"})
    assert (await pages.api("GET", "/me", token)).status == 200


async def test_the_qr_code_comes_from_our_own_address(pages: RunningPortal) -> None:
    token = session_token()
    pages.accounts.answer("GET", "/second-factor", SECRET)
    shown = await (await pages.get(TWO_FACTORS, token)).text()
    assert f'src="{TWO_FACTORS}/qr.svg"' in shown
    assert "JBSW Y3DP EHPK 3PXP" in shown
    picture = await pages.get(f"{TWO_FACTORS}/qr.svg", token)
    assert picture.content_type == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert (await picture.text()).startswith("<svg")


async def test_recovery_codes_are_shown_once_with_the_new_session(pages: RunningPortal) -> None:
    token, fresh = session_token(), session_token()
    answer = {"access_token": fresh, "recovery_codes": ["AAAA-BBBB-CCCC"]}
    pages.accounts.answer("POST", "/second-factor/confirmation", answer, 201)
    data = await own_form(pages, token)
    shown = await pages.post(f"{TWO_FACTORS}/activation", token, data=data | {"code": "123 456"})
    assert "AAAA-BBBB-CCCC" in await shown.text()
    assert shown.cookies["portail_session"].value == fresh
    asked = pages.accounts.requests("POST", "/second-factor/confirmation")[0]
    assert asked.json["code"] == "123456"


async def test_one_ends_a_session_elsewhere_and_it_is_over_at_once(pages: RunningPortal) -> None:
    token, elsewhere = session_token(), uuid4()
    pages.accounts.answer("DELETE", f"/sessions/{elsewhere}", None)
    data = await own_form(pages, token)
    response = await pages.post(f"/compte/sessions/{elsewhere}", token, data=data)
    assert response.headers["Location"] == "/compte"
    other = session_token(session_id=elsewhere)
    knows_session(pages, elsewhere)
    assert (await pages.get("/compte", other)).status == 303


async def test_a_sign_out_holds_while_accounts_is_away(pages: RunningPortal) -> None:
    token = session_token()
    data = await own_form(pages, token)
    await pages.accounts.stop()
    response = await pages.post("/deconnexion", token, data=data)
    assert response.cookies["portail_session"].value == ""
    assert (await pages.get("/factures", token)).headers["Location"].startswith("/connexion")


async def test_a_forgotten_password_is_answered_the_same_for_anybody(pages: RunningPortal) -> None:
    pages.accounts.answer("POST", "/password-resets", {"accepted": True}, 202)
    visit, data = await visitor_form(pages, "/mot-de-passe/oublie")
    for login in ("anne@exemple.fr", "personne"):
        shown = await pages.post(
            "/mot-de-passe/oublie", data=data | {"identifiant": login}, cookies=visit
        )
        assert shown.status == 200
        assert "un lien vient de partir" in await shown.text()


async def test_a_spent_link_says_so_at_once_and_offers_another_one(pages: RunningPortal) -> None:
    pages.accounts.refuse("POST", "/password-resets/check", 410, "link-spent")
    for path in ("/mot-de-passe/nouveau?jeton=abc", "/mot-de-passe/nouveau"):
        html = await (await pages.get(path)).text()
        assert "Demander un nouveau lien" in html
        assert 'type="password"' not in html


async def test_a_link_that_was_spent_meanwhile_offers_another_one(pages: RunningPortal) -> None:
    pages.accounts.answer("POST", "/password-resets/check", status=204)
    pages.accounts.refuse("POST", "/password-resets/completion", 410, "link-spent")
    visit, data = await visitor_form(pages, "/mot-de-passe/nouveau?jeton=abc")
    body = data | {"jeton": "abc", "nouveau": "x", "confirmation": "x"}
    shown = await pages.post("/mot-de-passe/nouveau", data=body, cookies=visit)
    assert shown.status == 422
    assert "Demander un nouveau lien" in await shown.text()


async def test_two_slips_in_a_new_password_are_told_together(pages: RunningPortal) -> None:
    pages.accounts.answer("POST", "/password-resets/check", status=204)
    slips = {"new": "Trop court.", "repeated": "Les deux saisies diffèrent."}
    pages.accounts.refuse("POST", "/password-resets/completion", 422, "weak-password", **slips)
    visit, data = await visitor_form(pages, "/mot-de-passe/nouveau?jeton=abc")
    body = data | {"jeton": "abc", "nouveau": "court", "confirmation": "autre"}
    html = await (await pages.post("/mot-de-passe/nouveau", data=body, cookies=visit)).text()
    assert 'id="erreur-nouveau"' in html
    assert 'id="erreur-confirmation"' in html
    asked = pages.accounts.requests("POST", "/password-resets/completion")[0]
    assert asked.json == {"token": "abc", "new": "court", "repeated": "autre"}


async def test_looking_at_a_link_uses_nothing_up(pages: RunningPortal) -> None:
    pages.accounts.answer("POST", "/password-resets/check", status=204)
    for path in ("/mot-de-passe/nouveau", "/compte/mail/confirmer", "/compte/mail/refuser"):
        shown = await pages.get(f"{path}?jeton=abc")
        assert shown.status == 200
        assert 'name="jeton" value="abc"' in await shown.text()
    posted = [asked.path for asked in pages.accounts.asked if asked.method == "POST"]
    assert set(posted) == {"/password-resets/check"}


async def test_who_must_wait_is_told_how_long(pages: RunningPortal) -> None:
    problem = {
        "type": "/problems/too-busy",
        "title": "Beaucoup de familles se connectent en ce moment",
        "status": 503,
        "detail": "Réessayez dans quelques instants.",
        "errors": [],
        "retry_after": 7,
    }

    async def busy(_request: Any) -> Any:
        from aiohttp import web

        headers = {"Retry-After": "7"}
        return web.json_response(
            problem, status=503, headers=headers, content_type="application/problem+json"
        )

    pages.accounts.serve("POST", "/sessions", busy)
    visit, data = await visitor_form(pages, "/connexion")
    body = data | {"identifiant": "anne", "mot_de_passe": "x"}
    shown = await pages.post("/connexion", data=body, cookies=visit)
    assert (shown.status, shown.headers["Retry-After"]) == (503, "7")
    assert "file d’attente" in await shown.text()
    program = await pages.api("POST", "/tokens", json={"login": "anne", "password": "x"})
    assert (program.status, program.headers["Retry-After"]) == (503, "7")


async def test_a_browser_is_known_again_by_its_own_cookie(pages: RunningPortal) -> None:
    answer = {"access_token": session_token(), "device_token": "proof"}
    pages.accounts.answer("POST", "/sessions", answer, 201)
    visit, data = await visitor_form(pages, "/connexion")
    body = data | {"identifiant": "anne", "mot_de_passe": "x"}
    first = await pages.post("/connexion", data=body, cookies=visit)
    kept = first.cookies["portail_appareil"]
    assert (kept.value, kept["httponly"], kept["samesite"]) == ("proof", True, "Lax")
    known = visit | {"portail_appareil": "proof"}
    await pages.post("/connexion", data=body, cookies=known)
    told = [asked.json["client"] for asked in pages.accounts.requests("POST", "/sessions")]
    assert [client["device_token"] for client in told] == ["", "proof"]
    assert told[0]["address"] == "127.0.0.1"


async def test_a_forwarded_address_is_believed_of_trusted_proxies_alone(
    pages: RunningPortal,
) -> None:
    pages.accounts.refuse("POST", "/sessions", 401, "invalid-credentials")
    headers = {"X-Forwarded-For": "203.0.113.9"}
    body = {"login": "anne", "password": "x"}
    await pages.api("POST", "/tokens", json=body, headers=headers)
    asked = pages.accounts.requests("POST", "/sessions")[0]
    assert asked.json["client"]["address"] == "127.0.0.1"


async def test_the_temporary_password_of_a_colleague_is_shown_once(pages: RunningPortal) -> None:
    token = session_token(ADMIN)
    pages.accounts.answer("GET", "/staff-accounts", {"accounts": []})
    handed = {"account_id": str(uuid4()), "login": "yann", "temporary_password": "AAAA-BBBB-CCCC"}
    pages.accounts.answer("POST", "/staff-accounts/new", handed, 201)
    data = await own_form(pages, token, "/agents/comptes")
    chosen = str(uuid4())
    body = data | {
        "identifiant": "yann",
        "nom": "Yann Le Bris",
        "role": "leader",
        "activite": chosen,
    }
    shown = await pages.post("/agents/comptes", token, data=body)
    assert "AAAA-BBBB-CCCC" in await shown.text()
    asked = pages.accounts.requests("POST", "/staff-accounts/new")[0]
    assert asked.json["activity_ids"] == [chosen]
    assert (await pages.get("/agents/comptes", session_token(AGENT))).status == 403


async def test_where_france_connect_is_not_offered_there_is_no_button(
    pages: RunningPortal,
) -> None:
    assert "FranceConnect" not in await (await pages.get("/connexion")).text()
