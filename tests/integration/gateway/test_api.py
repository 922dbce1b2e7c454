"""The JSON API: who may call, what passes through, what is refused at the door."""

import json
import re
from uuid import uuid4

from aiohttp import web

from contracts.roles import AGENT, GUARDIAN, LEADER, REGISSEUR
from gateway.api.routes import document
from gateway.csrf import session_binding
from gateway.portal import PORTAL
from gateway.transfer import MAX_IMPORT_BYTES
from tests.integration.gateway.standins import RunningPortal, knows_session, session_token

ITEMS = {"items": [{"child_id": str(uuid4()), "session_id": str(uuid4())}]}


async def test_tokens_open_the_api(portal: RunningPortal) -> None:
    token = session_token()
    answer = {"access_token": token, "must_change_password": False}
    portal.accounts.answer("POST", "/sessions", answer, 201)
    portal.accounts.answer("GET", "/me", {"login": "legoff"})
    response = await portal.api("POST", "/tokens", json={"login": "legoff", "password": "x"})
    assert response.status == 201
    assert (await response.json())["access_token"] == token
    me = await portal.api("GET", "/me", token)
    assert await me.json() == {"login": "legoff"}


async def test_wrong_credentials_are_a_problem_naming_why(portal: RunningPortal) -> None:
    portal.accounts.refuse("POST", "/sessions", 401, "invalid-credentials")
    response = await portal.api("POST", "/tokens", json={"login": "a", "password": "b"})
    assert response.status == 401
    assert (await response.json(content_type=None))["type"] == "/problems/invalid-credentials"


OPEN_TO_ALL = {
    ("post", "/tokens"),
    ("post", "/account-requests"),
    ("post", "/account-requests/confirm"),
    ("get", "/publications"),
    ("get", "/publications/{publication_id}/content"),
    ("get", "/certificate-checks"),
    ("get", "/agenda.ics"),
}


async def test_every_operation_but_the_way_in_demands_somebody(portal: RunningPortal) -> None:
    for path, operations in document()["paths"].items():
        for method in operations:
            if not operations[method]["security"]:
                continue  # signing in, and what a link that was mailed is good for
            known = path.replace("{", "").replace("}", "")
            response = await portal.api(method.upper(), known.removeprefix("/api/v1"), json={})
            assert response.status == 401, (method, path)
            assert response.content_type == "application/problem+json"
            assert response.headers["WWW-Authenticate"] == "Bearer"
    assert all(not stand_in.asked for stand_in in portal.services.values())


async def test_no_role_reaches_an_operation_that_is_not_its_own(portal: RunningPortal) -> None:
    own = {GUARDIAN: "/api/v1/staff/", LEADER: "/api/v1/staff/billing-runs"}
    for role, foreign in own.items():
        token = session_token(role)
        await portal.accounts.stop()
        for path, operations in document()["paths"].items():
            if not path.startswith(foreign):
                continue
            for method in operations:
                relative = re.sub(r"{\w+}", lambda _: str(uuid4()), path).removeprefix("/api/v1")
                response = await portal.api(method.upper(), relative, token, json={})
                assert response.status == 403, (role, method, path)


async def test_reserving_passes_through_as_it_is(portal: RunningPortal) -> None:
    outcome = {"items": [{**ITEMS["items"][0], "outcome": "confirmed", "news": 1}]}
    portal.reservations.answer("POST", "/reservations", outcome)
    family_id = uuid4()
    response = await portal.api(
        "POST",
        "/reservations",
        session_token(family_id=family_id),
        json=ITEMS,
        headers={"Idempotency-Key": "cle-1"},
    )
    assert await response.json() == outcome
    asked = portal.reservations.requests("POST", "/reservations")[0]
    assert asked.json == ITEMS
    assert asked.headers["Idempotency-Key"] == "cle-1"
    assert asked.caller.family_id == family_id


async def test_one_signature_serves_a_callers_many_requests(portal: RunningPortal) -> None:
    portal.reservations.answer("POST", "/reservations", {"items": []})
    token = session_token()
    for _ in range(3):
        await portal.api("POST", "/reservations", token, json=ITEMS)
    asked = portal.reservations.requests("POST", "/reservations")
    assert len({a.headers["Authorization"] for a in asked}) == 1


async def test_the_query_reaches_the_service(portal: RunningPortal) -> None:
    portal.reservations.answer("GET", "/calendar", {"days": []})
    path = "/calendar?from=2026-11-01&to=2026-11-30"
    assert (await portal.api("GET", path, session_token())).status == 200
    asked = portal.reservations.requests("GET", "/calendar")[0]
    assert asked.query == {"from": "2026-11-01", "to": "2026-11-30"}


async def test_the_family_path_is_the_callers_own(portal: RunningPortal) -> None:
    family_id = uuid4()
    portal.accounts.answer("GET", f"/families/{family_id}", {"reference": "F-001"})
    response = await portal.api("GET", "/family", session_token(family_id=family_id))
    assert (await response.json())["reference"] == "F-001"


async def test_bad_requests_name_the_field_and_reach_nobody(portal: RunningPortal) -> None:
    token, staff = session_token(), session_token(AGENT, REGISSEUR)
    await portal.accounts.stop()
    cases = (
        (token, "POST", "/reservations", b"{", "body"),
        (token, "POST", "/reservations", b"", "body"),
        (token, "POST", "/reservations", b"[]", "body"),
        (token, "POST", "/reservations", b"\xff\xfe", "body"),
        (token, "POST", "/reservations", b"{}", "items"),
        (token, "POST", "/reservations", b'{"items": []}', "items"),
        (token, "POST", "/reservations", b'{"items": [{"child_id": 1}]}', "items.0.child_id"),
        (token, "POST", "/reservations", b'{"items": [], "extra": 1}', "extra"),
        (token, "POST", "/enrolments", b'{"child_id": "\\u0000"}', "body"),
        (token, "DELETE", "/reservations/none", b"", "reservation_id"),
        (token, "GET", "/calendar?from=demain&to=2026-11-30", b"", "from"),
        (token, "GET", "/calendar?from=2026-11-01", b"", "to"),
        (token, "GET", "/invoices?archived=peut-etre", b"", "archived"),
        (token, "GET", "/invoices?family=1", b"", "family"),
        (token, "GET", "/invoices/none.pdf", b"", "invoice_id"),
        (staff, "POST", "/staff/billing-runs", b'{"month": "2026-13"}', "month"),
        (staff, "GET", "/staff/families?page=0", b"", "page"),
        (staff, "GET", "/staff/families?page=99999999999999999999", b"", "page"),
        (staff, "GET", "/staff/families?search=%00", b"", "query"),
        (staff, "POST", f"/staff/enrolments/{uuid4()}/refuse", b'{"reason": ""}', "reason"),
    )
    for who, method, path, body, expected in cases:
        response = await portal.api(method, path, who, data=body)
        problem = json.loads(await response.read())
        assert response.status == 422, (method, path, problem)
        assert expected in [error["field"] for error in problem["errors"]], problem
    assert all(not stand_in.asked for stand_in in portal.services.values())


async def test_an_idempotency_key_that_no_header_can_carry_is_refused(
    portal: RunningPortal,
) -> None:
    for key in ("x" * 201, "clé", "\udcff"):
        headers = {"Idempotency-Key": key}
        if not key.isascii():
            headers = {"Idempotency-Key": key.encode("utf-8", "surrogateescape").decode("latin-1")}
        response = await portal.api(
            "POST", "/reservations", session_token(), json=ITEMS, headers=headers
        )
        problem = json.loads(await response.read())
        assert (response.status, problem["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_an_oversized_body_is_refused(portal: RunningPortal) -> None:
    response = await portal.api(
        "POST", "/reservations", session_token(), data=b" " * (3 * 1024 * 1024)
    )
    assert response.status == 413
    assert portal.reservations.asked == []


async def test_an_unknown_address_or_method_is_a_problem(portal: RunningPortal) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("PUT", "/tokens", 405)):
        response = await portal.api(method, path, session_token())
        assert (response.status, response.content_type) == (status, "application/problem+json")


async def test_a_refusal_of_the_service_comes_back_whole(portal: RunningPortal) -> None:
    portal.billing.refuse("POST", "/payments", 409, "already-paid", invoice_ids="Déjà payée.")
    body = {"invoice_ids": [str(uuid4())]}
    response = await portal.api("POST", "/payments", session_token(), json=body)
    problem = json.loads(await response.read())
    assert response.status == 409
    assert problem["type"] == "/problems/already-paid"
    assert problem["errors"] == [{"field": "invoice_ids", "message": "Déjà payée."}]


async def test_a_stopped_service_is_a_problem_that_names_the_part(portal: RunningPortal) -> None:
    await portal.billing.stop()
    response = await portal.api("GET", "/invoices", session_token())
    problem = json.loads(await response.read())
    assert (response.status, problem["type"]) == (503, "/problems/service-unavailable")
    assert "factures" in problem["detail"]


async def test_a_temporary_password_opens_nothing_but_its_change(portal: RunningPortal) -> None:
    await portal.reservations.stop()
    token = session_token(must_change_password=True)
    fresh = session_token()
    portal.accounts.answer("POST", "/password", {"access_token": fresh}, 201)
    response = await portal.api("GET", "/invoices", token)
    problem = json.loads(await response.read())
    assert (response.status, problem["type"]) == (403, "/problems/password-must-change")
    body = {"current": "provisoire", "new": "Un-Mot-De-Passe-2026"}
    assert (await portal.api("POST", "/password", token, json=body)).status == 201


async def test_a_cookie_alone_does_not_command(portal: RunningPortal) -> None:
    session_id = uuid4()
    knows_session(portal, session_id)
    portal.reservations.answer("POST", "/reservations", {"items": []})
    token = session_token(session_id=session_id)
    csrf = portal.app[PORTAL].form_tokens.issue(session_binding(session_id))
    path = "/api/v1/reservations"
    cases: tuple[tuple[dict[str, str], int], ...] = (
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"X-CSRF-Token": "faux"}, 403),
        ({"X-CSRF-Token": csrf}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    )
    for headers, status in cases:
        response = await portal.post(path, token, json=ITEMS, headers=headers)
        assert response.status == status, headers
    assert (await portal.get("/api/v1/enrolments", token)).status != 403


async def test_a_signed_out_token_is_worth_nothing(portal: RunningPortal) -> None:
    session_id = uuid4()
    knows_session(portal, session_id)
    portal.accounts.answer("DELETE", f"/sessions/{session_id}", None)
    portal.accounts.answer("GET", "/me", {})
    token = session_token(session_id=session_id)
    assert (await portal.api("GET", "/me", token)).status == 200
    assert (await portal.api("DELETE", "/tokens", token)).status == 204
    assert (await portal.api("GET", "/me", token)).status == 401


async def test_the_document_describes_every_operation(portal: RunningPortal) -> None:
    described = await (await portal.api("GET", "/openapi.json")).json()
    assert described["openapi"] == "3.1.0"
    for path, operations in described["paths"].items():
        assert path.startswith("/api/v1/")
        for operation in operations.values():
            assert operation["summary"]
    form = described["paths"]["/api/v1/documents"]["post"]["requestBody"]["content"]
    assert list(form) == ["multipart/form-data"]
    names = [o["operationId"] for ops in described["paths"].values() for o in ops.values()]
    assert len(names) == len(set(names))


async def test_the_payment_servers_call_reaches_billing_and_is_answered(
    portal: RunningPortal,
) -> None:
    path = "/payments/notifications"
    portal.billing.answer("POST", path, {})
    by_query = await portal.get("/paiement/notification?idop=abc-1")
    by_form = await portal.post("/paiement/notification", data={"idop": "abc-2"})
    assert (by_query.status, by_form.status) == (200, 200)
    assert [a.json for a in portal.billing.requests("POST", path)] == [
        {"idop": "abc-1"},
        {"idop": "abc-2"},
    ]


async def test_an_unknown_operation_is_not_announced_again(portal: RunningPortal) -> None:
    portal.billing.refuse("POST", "/payments/notifications", 404, "not-found")
    assert (await portal.get("/paiement/notification?idop=abc")).status == 200


async def test_without_billing_the_payment_server_must_call_again(portal: RunningPortal) -> None:
    await portal.billing.stop()
    assert (await portal.get("/paiement/notification?idop=abc")).status == 503


async def test_calls_without_an_operation_are_refused(portal: RunningPortal) -> None:
    for query in ("", "?idop=", "?idop=a%20b", f"?idop={'x' * 65}", "?idop=%C3%A9"):
        assert (await portal.get(f"/paiement/notification{query}")).status == 422, query
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=nonsense"}
    response = await portal.post("/paiement/notification", data=b"\xff", headers=kind)
    assert response.status == 422
    assert portal.billing.asked == []


async def test_the_payer_comes_back_to_the_payment_itself(portal: RunningPortal) -> None:
    payment_id = uuid4()
    response = await portal.get(f"/paiement/retour?payment={payment_id}")
    assert response.headers["Location"] == f"/paiements/{payment_id}"
    assert (await portal.get("/paiement/retour?payment=//pirate.example")).status == 404


async def test_a_stranger_may_ask_for_an_account_and_is_counted_by_address(
    portal: RunningPortal,
) -> None:
    portal.accounts.answer("POST", "/account-requests", {"status": "received"}, 202)
    household = {
        "adults": [{"first_name": "Soizic", "last_name": "Le Bihan", "mail": "s@exemple.fr"}],
        "children": [{"first_name": "Maël", "last_name": "Le Bihan", "birth_date": "2019-05-04"}],
        "address": {"lines": ["1 rue du Fil"], "postcode": "56300", "city": "Pontivy"},
    }
    response = await portal.api("POST", "/account-requests", json=household)
    assert (response.status, await response.json()) == (202, {"status": "received"})
    (asked,) = portal.accounts.requests("POST", "/account-requests")
    assert asked.json["origin"] == "127.0.0.1"
    assert asked.json["adults"][0]["mail"] == "s@exemple.fr"
    forged = await portal.api("POST", "/account-requests", json={**household, "origin": "x"})
    assert forged.status == 422


async def test_an_export_is_streamed_to_the_office_alone(portal: RunningPortal) -> None:
    async def serve(_request: web.Request) -> web.Response:
        return web.Response(
            text="dossier;",
            content_type="text/csv",
            headers={"Content-Disposition": 'attachment; filename="familles.csv"'},
        )

    portal.accounts.serve("GET", "/exports/families.csv", serve)
    response = await portal.api("GET", "/staff/families/export.csv", session_token(AGENT))
    assert (response.status, await response.text()) == (200, "dossier;")
    assert "familles.csv" in response.headers["Content-Disposition"]
    assert (
        await portal.api("GET", "/staff/families/export.csv", session_token(REGISSEUR))
    ).status == 403


async def test_an_import_may_be_as_large_as_accounts_takes(portal: RunningPortal) -> None:
    report = {"import_id": str(uuid4()), "dry_run": False, "families": 1, "guardians": 1,
              "children": 1}  # fmt: skip
    received = 0

    async def take(request: web.Request) -> web.Response:
        nonlocal received
        async for chunk in request.content.iter_chunked(1 << 20):
            received += len(chunk)
        return web.json_response(report)

    portal.accounts.serve("POST", "/imports/families", take)
    portal.accounts.reads_bodies = False
    token = session_token(AGENT)
    content = b"x" * (20 * 1024 * 1024)
    response = await portal.api("POST", "/staff/families/import", token, data=content)
    assert (response.status, received) == (200, len(content))
    headers = {"Content-Length": str(MAX_IMPORT_BYTES + 1)}
    too_large = await portal.api(
        "POST", "/staff/families/import", token, data=b"x", headers=headers
    )
    assert too_large.status == 413
