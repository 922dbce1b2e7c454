"""Pages: who may see them, what they show while a service is away, what their forms demand."""

import re
from datetime import timedelta
from uuid import uuid4

from contracts.roles import AGENT
from services.chassis.auth import new_key_pair
from tests.integration.gateway.standins import RunningPortal, knows_session, session_token


def hidden(html: str, name: str) -> str:
    """The value of a form's hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found
    return found[1]


async def form_token(portal: RunningPortal, token: str) -> str:
    return hidden(await (await portal.get("/famille", token)).text(), "csrf_token")


async def test_a_stranger_is_led_to_the_sign_in_page_and_back(portal: RunningPortal) -> None:
    response = await portal.get("/famille?onglet=enfants")
    assert response.status == 303
    assert response.headers["Location"] == "/connexion?suite=/famille%3Fonglet%3Denfants"


async def test_a_forged_or_expired_session_counts_as_none(portal: RunningPortal) -> None:
    other_key, _ = new_key_pair()
    for token in (
        session_token(key=other_key),
        session_token(lives=timedelta(seconds=-1)),
        "abc",
        "é",
    ):
        assert (await portal.get("/famille", token)).status == 303


async def test_a_session_ended_elsewhere_counts_as_none(portal: RunningPortal) -> None:
    session_id = uuid4()
    knows_session(portal, session_id, active=False)
    assert (await portal.get("/famille", session_token(session_id=session_id))).status == 303


async def test_a_session_is_believed_while_accounts_is_away(portal: RunningPortal) -> None:
    await portal.accounts.stop()
    assert (await portal.get("/famille", session_token())).status == 200


async def test_revocation_is_not_asked_again_within_seconds(portal: RunningPortal) -> None:
    session_id = uuid4()
    knows_session(portal, session_id)
    token = session_token(session_id=session_id)
    for _ in range(3):
        assert (await portal.get("/famille", token)).status == 200
    assert len(portal.accounts.requests("GET", f"/sessions/{session_id}")) == 1


async def test_a_guardian_does_not_reach_the_staffs_pages(portal: RunningPortal) -> None:
    await portal.accounts.stop()
    response = await portal.get("/agents", session_token())
    assert response.status == 403
    assert "Vous n’avez pas accès" in await response.text()
    assert (await portal.get("/agents", session_token(AGENT))).status == 200


async def test_a_temporary_password_leads_to_its_change_and_nowhere_else(
    portal: RunningPortal,
) -> None:
    await portal.accounts.stop()
    token = session_token(must_change_password=True)
    response = await portal.get("/famille", token)
    assert (response.status, response.headers["Location"]) == (303, "/mot-de-passe")
    assert (await portal.get("/mot-de-passe", token)).status == 200


async def test_a_stopped_service_leaves_its_panel_saying_so(portal: RunningPortal) -> None:
    family_id = uuid4()
    portal.accounts.answer(
        "GET",
        f"/families/{family_id}",
        {"family_id": str(family_id), "reference": "F-001", "resident": True, "address": {}},
    )
    await portal.billing.stop()
    response = await portal.get("/", session_token(family_id=family_id))
    shown = await response.text()
    assert response.status == 200
    assert "F-001" in shown
    assert "Les factures et les paiements sont momentanément indisponibles." in shown


async def test_signing_in_needs_the_token_of_the_form_that_was_shown(
    portal: RunningPortal,
) -> None:
    session_id = uuid4()
    access_token = session_token(session_id=session_id)
    portal.accounts.answer("POST", "/sessions", {"access_token": access_token}, 201)
    shown = await portal.get("/connexion?suite=/famille")
    visit = {"portail_visite": shown.cookies["portail_visite"].value}
    form = {
        "login": "legoff",
        "password": " secret ",
        "csrf_token": hidden(await shown.text(), "csrf_token"),
    }
    without_visit = await portal.post("/connexion?suite=/famille", data=form)
    without_token = await portal.post("/connexion", data={"login": "legoff"}, cookies=visit)
    assert (without_visit.status, without_token.status) == (403, 403)

    response = await portal.post("/connexion?suite=/famille", data=form, cookies=visit)
    assert (response.status, response.headers["Location"]) == (303, "/famille")
    cookie = response.cookies["portail_session"]
    assert cookie.value == access_token
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert portal.accounts.requests("POST", "/sessions")[0].json["password"] == " secret "
    # The gateway opened this session itself: it does not ask whether it is active.
    assert (await portal.get("/famille", access_token)).status == 200
    assert portal.accounts.requests("GET", f"/sessions/{session_id}") == []


async def test_after_signing_in_nobody_is_led_out_of_the_portal(portal: RunningPortal) -> None:
    portal.accounts.answer("POST", "/sessions", {"access_token": session_token()}, 201)
    shown = await portal.get("/connexion")
    visit = {"portail_visite": shown.cookies["portail_visite"].value}
    form = {"csrf_token": hidden(await shown.text(), "csrf_token")}
    for wanted in (
        "//pirate.example",
        "https://pirate.example",
        "/\\pirate.example",
        "javascript:",
    ):
        response = await portal.post(f"/connexion?suite={wanted}", data=form, cookies=visit)
        assert response.headers["Location"] == "/", wanted


async def test_a_refused_sign_in_shows_the_form_again(portal: RunningPortal) -> None:
    portal.accounts.refuse("POST", "/sessions", 401, "invalid-credentials")
    shown = await portal.get("/connexion")
    visit = {"portail_visite": shown.cookies["portail_visite"].value}
    form = {"csrf_token": hidden(await shown.text(), "csrf_token")}
    response = await portal.post("/connexion", data=form, cookies=visit)
    assert response.status == 422
    assert "Refusé : invalid-credentials." in await response.text()


async def test_signing_out_ends_the_session_here_at_once(portal: RunningPortal) -> None:
    session_id = uuid4()
    knows_session(portal, session_id)
    portal.accounts.answer("DELETE", f"/sessions/{session_id}", None)
    token = session_token(session_id=session_id)
    data = {"csrf_token": await form_token(portal, token)}
    response = await portal.post("/deconnexion", token, data=data)
    assert response.cookies["portail_session"].value == ""
    assert (await portal.get("/famille", token)).status == 303


async def test_a_form_without_its_token_changes_nothing(portal: RunningPortal) -> None:
    await portal.reservations.stop()
    token, other = session_token(), session_token()
    stolen = await form_token(portal, other)
    for data in ({}, {"csrf_token": "faux"}, {"csrf_token": "é"}, {"csrf_token": stolen}):
        response = await portal.post("/famille", token, data=data)
        assert response.status == 403
        assert "n’est plus valable" in await response.text()
    assert [asked for asked in portal.accounts.asked if asked.method == "PATCH"] == []


async def test_a_refusal_stands_beside_its_field_with_what_was_typed(
    portal: RunningPortal,
) -> None:
    family_id = uuid4()
    path = f"/families/{family_id}"
    portal.accounts.refuse("PATCH", path, 422, "invalid-request", phone="Numéro trop court.")
    token = session_token(family_id=family_id)
    data = {"csrf_token": await form_token(portal, token), "telephone": "<02>"}
    response = await portal.post("/famille", token, data=data)
    shown = await response.text()
    assert response.status == 422
    assert "&lt;02&gt;" in shown
    assert "Numéro trop court." in shown


async def test_the_same_form_sent_twice_carries_one_key_and_a_corrected_one_another(
    portal: RunningPortal,
) -> None:
    family_id = uuid4()
    path = f"/families/{family_id}"
    portal.accounts.answer("PATCH", path, {})
    token = session_token(family_id=family_id)
    html = await (await portal.get("/famille", token)).text()
    data = {name: hidden(html, name) for name in ("csrf_token", "form_key")}
    for phone in ("0297000000", "0297000000", "0297000001"):
        await portal.post("/famille", token, data=data | {"telephone": phone})
    keys = [a.headers["Idempotency-Key"] for a in portal.accounts.requests("PATCH", path)]
    assert keys[0] == keys[1] != keys[2]


async def test_a_message_is_shown_once_after_the_redirect(portal: RunningPortal) -> None:
    family_id = uuid4()
    family = {"family_id": str(family_id), "reference": "F1", "resident": True, "address": {}}
    portal.accounts.answer("PATCH", f"/families/{family_id}", family)
    token = session_token(family_id=family_id)
    data = {"csrf_token": await form_token(portal, token), "telephone": "0297000000"}
    response = await portal.post("/famille", token, data=data)
    message = response.cookies["portail_message"].value
    shown = await portal.get("/", token, cookies={"portail_message": message})
    assert "[success: Vos coordonnées sont enregistrées.]" in await shown.text()
    assert shown.cookies["portail_message"].value == ""


async def test_the_callers_family_and_roles_reach_the_service(portal: RunningPortal) -> None:
    family_id = uuid4()
    await portal.get("/", session_token(family_id=family_id))
    caller = portal.billing.requests("GET", "/invoices")[0].caller
    assert (caller.family_id, caller.roles) == (family_id, frozenset({"guardian"}))


async def test_faults_are_told_without_their_detail(portal: RunningPortal) -> None:
    for path in ("/fautive", "/fautive-modele"):
        response = await portal.get(path)
        shown = await response.text()
        assert response.status == 500
        assert "erreur inattendue" in shown
        assert "secret" not in shown
        assert "Traceback" not in shown


async def test_an_unknown_address_is_a_french_page(portal: RunningPortal) -> None:
    response = await portal.get("/nulle-part")
    assert response.status == 404
    assert "Cette adresse n’existe pas" in await response.text()


async def test_a_payer_leaves_for_the_payment_server_only(portal: RunningPortal) -> None:
    token = session_token()
    csrf = await form_token(portal, token)
    there = {"csrf_token": csrf, "url": "https://paiement.example/payer?idop=1"}
    elsewhere = {"csrf_token": csrf, "url": "https://paiement.example.pirate.net/"}
    assert (await portal.post("/payer", token, data=there)).status == 303
    assert (await portal.post("/payer", token, data=elsewhere)).status == 403


async def test_every_answer_carries_the_security_headers(portal: RunningPortal) -> None:
    for path in ("/connexion", "/nulle-part", "/fautive", "/api/v1/me", "/healthz"):
        headers = (await portal.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "form-action 'self' https://paiement.example" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


async def test_htmx_is_told_to_leave_for_the_sign_in_page(portal: RunningPortal) -> None:
    response = await portal.get("/famille", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"].startswith("/connexion")


async def test_the_gateway_is_ready_when_every_service_is(portal: RunningPortal) -> None:
    assert (await portal.get("/readyz")).status == 200
    await portal.billing.stop()
    response = await portal.get("/readyz")
    assert response.status == 503
    assert (await response.json())["checks"]["billing"] == "unreachable"
    assert (await portal.get("/healthz")).status == 200
