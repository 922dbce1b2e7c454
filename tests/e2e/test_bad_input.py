"""Bad input against a whole town: every operation refuses it by name, and none breaks.

Requests are made from the OpenAPI document, so that a new operation is attacked from its first day.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from pypdf import PdfWriter
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests

from deploy.trial import TrialTown
from gateway.api.routes import document
from services.chassis.clock import paris_date, utc_now
from services.chassis.testing import eventually
from tests.e2e.api_caller import ApiCaller
from tests.e2e.conftest import FAMILIES, small_town
from tests.e2e.operation_document import document_of

PROBLEM = "application/problem+json"

DOCUMENT = document()
OPERATIONS = [
    (method.upper(), path.removeprefix("/api/v1"), operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
# Signing out would end the session that the rest of the attack needs.
SIGNING_OUT = [("DELETE", "/tokens"), ("DELETE", "/sessions")]


def takes_json(operation: dict[str, Any]) -> bool:
    """Whether the operation reads a JSON body."""
    return "application/json" in operation.get("requestBody", {}).get("content", {})


@pytest.fixture(scope="module")
async def attacked_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TrialTown]:
    """A town of its own: after the attack its rules and people are not what other tests expect.

    Its services seldom ask the bus: hardly any request of the attack comes to an event.
    """
    folder = tmp_path_factory.mktemp("attacked")
    async with small_town(FAMILIES, folder, PORTAIL_BUS_FETCH_WAIT_MS="1000") as running:
        yield running


@pytest.fixture(scope="module")
def portal(attacked_town: TrialTown) -> ApiCaller:
    return ApiCaller(attacked_town.ports.url("gateway"), attacked_town.logins)


@pytest.fixture(scope="module")
def tokens(portal: ApiCaller) -> dict[str, str]:
    """A session of everyone who can sign in."""
    return {who: portal.token(who) for who in portal.logins}


def who_may(path: str) -> str:
    """The login that gets furthest with this operation."""
    return "admin" if "/staff/" in path else "guardian"


ATTACK = settings(
    max_examples=5,  # beside some fifty made from the schemas' edges
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


@pytest.mark.parametrize(
    ("method", "path"),
    [(m, p) for m, p, _ in OPERATIONS if (m, p) not in SIGNING_OUT],
    ids=lambda v: str(v),
)
def test_no_request_breaks_an_operation(
    method: str, path: str, portal: ApiCaller, tokens: dict[str, str]
) -> None:
    token = tokens[who_may(f"/api/v1{path}")]

    def is_answered_well(case: Any) -> None:
        response = case.call(
            base_url=portal.url,
            session=portal.connections,
            headers={"Authorization": f"Bearer {token}"},
        )
        assert response.status_code < 500, response.text
        if response.status_code >= 400:
            assert response.headers["content-type"] == [PROBLEM], response.text
            assert response.json()["status"] == response.status_code

    # The requests are made here, when they are sent: made by `parametrize()` of the whole schema,
    # while tests are collected, all of them would be made once more in every process that runs
    # other tests. And of the address's own part: of the whole, each operation's schema, which is
    # kept to the end, takes some 9 MB.
    address = f"/api/v1{path}"
    schema = schemathesis.openapi.from_dict(document_of(DOCUMENT, address)).include(method=method)
    (built,) = get_all_tests(
        schema=schema, test_func=is_answered_well, settings=ATTACK, given_kwargs={}
    )
    assert isinstance(built, Ok), built  # the document is a good one
    _, attack = built.ok()
    attack()


def with_parts(path: str, part: str) -> str:
    """The path with each of its parts replaced."""
    while "{" in path:
        path = path[: path.index("{")] + part + path[path.index("}") + 1 :]
    return path


@pytest.mark.parametrize(
    ("method", "path"), [(m, p) for m, p, _ in OPERATIONS if "_id}" in p], ids=lambda v: str(v)
)
def test_what_does_not_exist_is_not_found(
    method: str, path: str, portal: ApiCaller, tokens: dict[str, str]
) -> None:
    body = _valid_body(path) if method in ("POST", "PUT", "PATCH") else None
    address = with_parts(path, str(uuid4())) + OF_YEARS.get(path, "")
    found = portal.call(method, address, tokens[who_may(f"/api/v1{path}")], json=body)
    # A vault that is shut does not tell what it holds.
    assert found.status_code == (423 if path.startswith("/vault/") else 404), found.text


@pytest.mark.parametrize(
    ("method", "path"), [(m, p) for m, p, _ in OPERATIONS if "{" in p], ids=lambda v: str(v)
)
def test_a_malformed_identifier_is_named(
    method: str, path: str, portal: ApiCaller, tokens: dict[str, str]
) -> None:
    refused = portal.call(
        method, with_parts(path, "12"), tokens[who_may(f"/api/v1{path}")], json={}
    )
    assert refused.status_code == 422, refused.text
    named = [error["field"] for error in refused.json()["errors"]]
    assert any(f"{{{field}}}" in path for field in named)


@pytest.mark.parametrize(
    ("method", "path"),
    [(m, p) for m, p, o in OPERATIONS if takes_json(o)],
    ids=lambda v: str(v),
)
def test_a_body_that_is_no_json_is_told_so(
    method: str, path: str, portal: ApiCaller, tokens: dict[str, str]
) -> None:
    token = tokens[who_may(f"/api/v1{path}")]
    for body in (b"", b"{", b"[]", b"\xff", b'"text"', b'{"unexpected": 1}'):
        refused = portal.call(method, with_parts(path, str(uuid4())), token, data=body)
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"]
    oversized = b'{"a": "' + b"x" * 3_000_000 + b'"}'
    refused = portal.call(method, with_parts(path, str(uuid4())), token, data=oversized)
    assert refused.status_code == 413, refused.text


@pytest.mark.parametrize(
    ("method", "path"),
    [(m, p) for m, p, _ in OPERATIONS if p.startswith("/staff/")],
    ids=lambda v: str(v),
)
def test_no_family_does_the_staffs_work(
    method: str, path: str, portal: ApiCaller, tokens: dict[str, str]
) -> None:
    refused = portal.call(method, with_parts(path, str(uuid4())), tokens["guardian"], json={})
    assert refused.status_code == 403, refused.text


def _valid_body(path: str) -> dict[str, Any]:
    if path.endswith(("/refuse", "/reject", "/reversal", "/credit-notes")):
        return {"reason": "Dossier incomplet."}
    if path.endswith("/erasure/approve"):
        return {"reference": "F0001"}
    if path == "/staff/accounts/{account_id}":
        return {"name": "Yann Le Bris", "roles": ["leader"]}
    if path.endswith("/attendance"):
        return {"marks": [{"child_id": str(uuid4()), "state": "present"}]}
    bodies = OF_THE_RECORD | OF_REQUESTS | OF_PAYERS
    return next((body for end, body in bodies.items() if path.endswith(end)), {})


OF_THE_RECORD: dict[str, dict[str, Any]] = {
    "/guardians": {"first_name": "Anne", "last_name": "Le Goff"},
    "/children": {"first_name": "Léo", "last_name": "Le Goff", "birth_date": "2019-05-12"},
    "/consents/{consent_id}": {"version": 1, "granted": True},
    "/consents/{consent_id}/versions": {"title": "Sorties", "body": "J’autorise les sorties."},
    "/quotient": {"quotient": 742},
    "/quotient/fetch": {
        "agreed": True,
        "birth_name": "Le Goff",
        "first_names": ["Anne"],
        "birth_date": "1985-03-09",
        "sex": "F",
        "birth_commune": "50502",
    },
    "/second-home": {"reference": "F0001"},
    "/organisation": {"name": "Centre d’action sociale", "siret": "73282932000074"},
}


OF_REQUESTS: dict[str, dict[str, Any]] = {
    "/applications/{application_id}": {
        "items": [{"child_id": str(uuid4()), "activity_id": str(uuid4())}]
    },
    "/send": {"regulations_accepted": True},
    "/return": {"note": "Il manque l’assurance."},
}


OF_PAYERS: dict[str, dict[str, Any]] = {
    "/sharings": {
        "child_id": str(uuid4()),
        "parts": [{"payer_id": str(uuid4()), "part": 10_000}],
        "valid_from": "2026-09-01",
    },
    "/sharings/{sharing_id}/end": {"last_day": "2026-12-31"},
    "/third-parties/{payer_id}/erasure": {"reference": "T000001"},
    "/third-parties/{payer_id}": {
        "kind": "person",
        "name": "Odile Martin",
        "lines": ["4 impasse des Tilleuls"],
        "postcode": "50300",
        "city": "Avranches",
    },
}


OF_YEARS = {"/staff/families/{family_id}/statement.pdf": "?year=2026"}


def coming_sessions(portal: ApiCaller, tokens: dict[str, str]) -> list[dict[str, Any]]:
    """Sessions of the eight weeks to come."""
    today = paris_date(utc_now())
    period = f"?from={today}&to={today + timedelta(days=56)}"
    answer = portal.call("GET", f"/staff/sessions{period}", tokens["agent"])
    found: list[dict[str, Any]] = answer.json()["sessions"]
    return found


@pytest.fixture(scope="module")
async def belongings(portal: ApiCaller, tokens: dict[str, str]) -> dict[str, str]:
    """A reservation, an invoice and a payment of the guardian's family."""
    guardian, today = tokens["guardian"], paris_date(utc_now())

    async def reserved() -> dict[str, str] | None:
        period = f"?from={today}&to={today + timedelta(days=56)}"
        for day in portal.call("GET", f"/calendar{period}", guardian).json()["days"]:
            for entry in day["entries"]:
                item = {"child_id": entry["child_id"], "session_id": entry["session_id"]}
                if entry["state"] in ("free", "reserved"):
                    body = {"items": [item]}
                    answer = portal.call("POST", "/reservations", guardian, json=body).json()
                    reservation = answer["items"][0]["reservation_id"]
                    if reservation:
                        return item | {"reservation_id": reservation, "month": day["date"][:7]}
        return None

    found: dict[str, str] = await eventually(reserved, what="a reservation")
    mark = {"child_id": found["child_id"], "state": "present"}
    path = f"/staff/sessions/{found['session_id']}/attendance"
    marked = portal.call("POST", path, tokens["leader"], json={"marks": [mark]})
    assert marked.status_code == 200, marked.text

    async def invoiced() -> list[dict[str, str]]:
        body = {"month": found["month"], "not_over_confirmed": True}
        portal.call("POST", "/staff/billing-runs", tokens["regisseur"], json=body)
        invoices: list[dict[str, str]] = portal.call("GET", "/invoices", guardian).json()[
            "invoices"
        ]
        return invoices

    invoice_id = (await eventually(invoiced, within=60, what="an invoice"))[0]["invoice_id"]
    body = {"invoice_ids": [invoice_id]}
    payment = portal.call("POST", "/payments", guardian, json=body)
    assert payment.status_code == 201, payment.text
    return found | {"invoice_id": invoice_id, "payment_id": payment.json()["payment_id"]}


def one_page() -> bytes:
    """A PDF of one empty page."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(file)
    return file.getvalue()


class TestAnotherFamily:
    """What belongs to one family does not exist for another, and stays as it was."""

    @pytest.fixture
    def child(self, portal: ApiCaller, tokens: dict[str, str]) -> str:
        """A child of the guardian's family."""
        family = portal.call("GET", "/family", tokens["guardian"]).json()
        return str(family["children"][0]["child_id"])

    def test_their_child_cannot_be_enrolled(
        self, portal: ApiCaller, tokens: dict[str, str], child: str
    ) -> None:
        activities = portal.call("GET", "/activities", tokens["newcomer"]).json()["activities"]
        body = {
            "child_id": child,
            "activity_id": activities[0]["activity_id"],
            "regulations_accepted": True,
        }
        refused = portal.call("POST", "/enrolments", tokens["newcomer"], json=body)
        assert refused.status_code in (404, 422), refused.text
        known = portal.call("GET", "/enrolments", tokens["newcomer"]).json()["enrolments"]
        assert child not in [enrolment["child_id"] for enrolment in known]

    def test_their_child_cannot_be_booked(
        self, portal: ApiCaller, tokens: dict[str, str], child: str
    ) -> None:
        sessions = coming_sessions(portal, tokens)
        item = {"child_id": child, "session_id": sessions[0]["session_id"]}
        answer = portal.call("POST", "/reservations", tokens["newcomer"], json={"items": [item]})
        assert answer.status_code == 200, answer.text
        assert answer.json()["items"][0]["outcome"] == "refused"

    def test_their_documents_cannot_be_opened(
        self, portal: ApiCaller, tokens: dict[str, str]
    ) -> None:
        types = portal.call("GET", "/document-types", tokens["guardian"]).json()["types"]
        kind = next(t["code"] for t in types if not t["per_child"])
        deposited = portal.call(
            "POST",
            "/documents",
            tokens["guardian"],
            data={"type": kind},
            files={"file": ("attestation.pdf", one_page())},
        )
        assert deposited.status_code == 201, deposited.text
        path = f"/documents/{deposited.json()['document_id']}/content"
        assert portal.call("GET", path, tokens["guardian"]).status_code == 200
        assert portal.call("GET", path, tokens["newcomer"]).status_code == 404

    def test_their_reservations_invoices_and_payments_do_not_exist(
        self, portal: ApiCaller, tokens: dict[str, str], belongings: dict[str, str]
    ) -> None:
        for owner, status in (("guardian", 200), ("newcomer", 404)):
            for path in (
                f"/invoices/{belongings['invoice_id']}",
                f"/invoices/{belongings['invoice_id']}.pdf",
                f"/payments/{belongings['payment_id']}",
            ):
                assert portal.call("GET", path, tokens[owner]).status_code == status, path
        stranger = tokens["newcomer"]
        cancelled = f"/reservations/{belongings['reservation_id']}"
        assert portal.call("DELETE", cancelled, stranger).status_code == 404
        body = {"invoice_ids": [belongings["invoice_id"]]}
        assert portal.call("POST", "/payments", stranger, json=body).status_code == 404

    def test_staff_filters_do_not_open_another_family_to_a_guardian(
        self, portal: ApiCaller, tokens: dict[str, str]
    ) -> None:
        family = portal.call("GET", "/family", tokens["guardian"]).json()["family_id"]
        mine = portal.call("GET", f"/documents?family_id={family}", tokens["newcomer"])
        assert mine.status_code == 404 or mine.json()["documents"] == [], mine.text
        for path in ("/invoices", "/payments", "/enrolments", "/charges"):
            refused = portal.call("GET", f"{path}?family_id={family}", tokens["newcomer"])
            assert refused.status_code == 422, refused.text


class TestOutOfOrder:
    """Steps that come before their time, or twice."""

    def test_a_decision_is_taken_once(self, portal: ApiCaller, tokens: dict[str, str]) -> None:
        found = portal.call("GET", "/staff/enrolments?status=accepted", tokens["agent"]).json()
        if not found["enrolments"]:
            pytest.skip("the town has no accepted enrolment yet")
        path = f"/staff/enrolments/{found['enrolments'][0]['enrolment_id']}/refuse"
        refused = portal.call("POST", path, tokens["agent"], json={"reason": "Trop tard."})
        assert refused.status_code == 409, refused.text

    def test_a_child_without_enrolment_cannot_be_booked(
        self, portal: ApiCaller, tokens: dict[str, str]
    ) -> None:
        family = portal.call("GET", "/family", tokens["newcomer"]).json()
        sessions = coming_sessions(portal, tokens)
        enrolled = portal.call("GET", "/enrolments", tokens["newcomer"]).json()["enrolments"]
        if enrolled:
            pytest.skip("the newcomer is enrolled")
        item = {
            "child_id": family["children"][0]["child_id"],
            "session_id": sessions[0]["session_id"],
        }
        answer = portal.call("POST", "/reservations", tokens["newcomer"], json={"items": [item]})
        assert answer.json()["items"][0]["reason"] == "not-enrolled"

    def test_a_month_that_is_not_over_or_not_a_month_is_refused(
        self, portal: ApiCaller, tokens: dict[str, str]
    ) -> None:
        for month in ("2026-13", "2026-1", "novembre", "2026-00"):
            body = {"month": month}
            refused = portal.call("POST", "/staff/billing-runs", tokens["regisseur"], json=body)
            assert refused.status_code == 422, refused.text
        body = {"month": f"{paris_date(utc_now()):%Y-%m}"}
        refused = portal.call("POST", "/staff/billing-runs", tokens["regisseur"], json=body)
        assert refused.status_code == 422, refused.text
        assert [e["field"] for e in refused.json()["errors"]] == ["not_over_confirmed"]

    @pytest.mark.usefixtures("tokens")
    def test_the_temporary_password_is_worth_nothing_once_changed(self, portal: ApiCaller) -> None:
        login = portal.logins["newcomer"]["login"]
        body = {"login": login, "password": "Provisoire-0000"}
        assert portal.call("POST", "/tokens", json=body).status_code == 401
