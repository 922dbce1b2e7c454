"""The history of a family's requests: every service's, in one order, with every step."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.history import History, Wanted, in_order
from gateway.labels import status_label
from gateway.readers import Document, Enrolment, Message, Payment
from gateway.readers.agenda import LateRequest
from gateway.readers.certificates import Certificates
from gateway.readers.personal_data import ErasureState
from gateway.readers.record import AccountRequest, Change
from gateway.readers.reservations import Wait
from gateway.readers.roll import Absence

LEA, EWEN = UUID(int=1), UUID(int=2)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def day(number: int) -> datetime:
    return MONDAY + timedelta(days=number)


def an_enrolment(*statuses: str, child_id: UUID = LEA) -> Enrolment:
    steps = [{"at": day(n), "status": status} for n, status in enumerate(statuses)]
    return Enrolment.model_validate(
        {
            "enrolment_id": UUID(int=10),
            "status": statuses[-1],
            "child_id": child_id,
            "child_name": "Léa Martin",
            "activity_id": UUID(int=20),
            "activity_name": "Restaurant scolaire",
            "submitted_at": MONDAY,
            "history": steps,
        }
    )


def a_change(status: str = "applied", *, by_staff: bool = False) -> Change:
    return Change(
        change_id=UUID(int=30),
        family_id=UUID(int=3),
        person_id=LEA,
        field="school_class",
        label="Classe",
        before="CP",
        after="CE1",
        status=status,
        by_staff=by_staff,
        asked_at=day(1),
        decided_at=None if status == "pending" else day(2),
    )


ANSWERS: dict[str, Any] = {
    "accounts": [
        AccountRequest(
            request_id=UUID(int=40),
            status="approved",
            asked_at=day(-9),
            confirmed_at=day(-8),
            decided_at=day(-7),
        )
    ],
    "changes": [a_change()],
    "erasure": ErasureState(status="asked", asked_at=day(5)),
    "enrolments": [an_enrolment("submitted", "returned", "submitted", "accepted")],
    "late_requests": [
        LateRequest(
            ask_id=UUID(int=90),
            child_id=EWEN,
            first_name="Ewen",
            activity_name="Mercredi",
            date=date(2026, 12, 2),
            state="refused",
            reason="Complet",
            asked_at=day(3) + timedelta(hours=1),
            answered_at=day(3) + timedelta(hours=2),
        )
    ],
    "absences": [
        Absence.model_validate(
            {
                "absence_id": UUID(int=93),
                "family_id": UUID(int=3),
                "child_id": LEA,
                "first_name": "Léa",
                "from": date(2026, 11, 26),
                "to": date(2026, 11, 27),
                "reason_kind": "illness",
                "state": "refused",
                "certificate_due": date(2026, 12, 3),
                "refusal": "Le certificat est arrivé trop tard.",
                "declared_at": day(3) + timedelta(hours=2, minutes=10),
                "decided_at": day(3) + timedelta(hours=2, minutes=20),
            }
        )
    ],
    "waits": [
        Wait(
            waiting_id=UUID(int=95),
            session_id=UUID(int=96),
            child_id=EWEN,
            first_name="Ewen",
            activity_name="Mercredi",
            date=date(2026, 12, 2),
            state="placed",
            joined_at=day(2),
            changed_at=day(3) + timedelta(hours=3),
        )
    ],
    "documents": [
        Document(
            document_id=UUID(int=50),
            document_type="insurance",
            label="Assurance",
            filename="a.pdf",
            deposited_at=day(4),
            state="rejected",
            reason="Illisible",
        )
    ],
    "certificates": Certificates.model_validate(
        {
            "certificates": [
                {
                    "certificate_id": UUID(int=60),
                    "kind": "enrolment",
                    "title": "Attestation d’inscription",
                    "code": "ABCD",
                    "issued_at": day(6),
                }
            ]
        }
    ),
    "payments": [
        Payment(payment_id=UUID(int=70), status="paid", amount_cents=4250, received_at=day(7))
    ],
    "messages": [
        Message(
            message_id=UUID(int=80),
            subject="Votre facture",
            channel="mail",
            status="sent",
            created_at=day(8),
            sent_at=day(8),
        )
    ],
}


def test_every_service_has_its_lines_and_the_newest_come_first() -> None:
    kinds = [request.kind for request in in_order(ANSWERS)]
    assert kinds == [
        "message",
        "payment",
        "certificate",
        "erasure",
        "document",
        "wait",
        "absence",
        "late_request",
        "enrolment",
        "change",
        "account",
    ]


def test_an_absence_is_told_with_what_became_of_it() -> None:
    [request] = in_order({"absences": ANSWERS["absences"]})
    assert request.text == "Absence de Léa, du 26/11/2026 au 27/11/2026"
    assert [step.status for step in request.steps] == ["declared", "refused"]
    assert (request.state, request.detail) == ("refused", "Le certificat est arrivé trop tard.")


def test_an_enrolment_shows_every_step_with_its_day() -> None:
    [request] = in_order({"enrolments": ANSWERS["enrolments"]})
    assert [(step.status, step.at) for step in request.steps] == [
        ("submitted", day(0)),
        ("returned", day(1)),
        ("submitted", day(2)),
        ("accepted", day(3)),
    ]
    assert request.at == day(3)


def test_a_service_that_is_away_takes_its_own_lines_with_it_and_no_others() -> None:
    there = {name: answer for name, answer in ANSWERS.items() if name != "payments"}
    assert {request.kind for request in in_order(there)} >= {"enrolment", "document", "message"}
    assert "payment" not in {request.kind for request in in_order(there)}


def test_what_the_staff_changed_of_itself_is_no_request_of_the_family() -> None:
    assert in_order({"changes": [a_change(by_staff=True)]}) == ()


@pytest.mark.parametrize(
    ("state", "group"),
    [("waiting", "open"), ("offered", "open"), ("placed", "done"), ("unanswered", "refused")],
)
def test_a_wait_goes_on_ends_with_a_place_or_without(state: str, group: str) -> None:
    [wait] = ANSWERS["waits"]
    [request] = in_order({"waits": [wait.model_copy(update={"state": state})]})
    assert request.state == group
    assert request.steps[-1].status == state


def test_no_erasure_was_asked_and_none_is_shown() -> None:
    assert in_order({"erasure": ErasureState(status="none")}) == ()


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("submitted", "open"),
        ("returned", "open"),
        ("waiting", "open"),
        ("draft", "open"),
        ("accepted", "done"),
        ("refused", "refused"),
        ("withdrawn", "refused"),
    ],
)
def test_a_request_goes_on_or_has_ended_well_or_not(status: str, state: str) -> None:
    [request] = in_order({"enrolments": [an_enrolment("submitted", status)]})
    assert request.state == state


def test_the_list_narrows_by_kind_state_and_child() -> None:
    ewen = an_enrolment("submitted", child_id=EWEN)
    found = History(in_order({**ANSWERS, "enrolments": [*ANSWERS["enrolments"], ewen]}), ())
    assert [r.kind for r in found.matching(Wanted(kind="enrolment"))] == ["enrolment"] * 2
    assert {r.child_id for r in found.matching(Wanted(child_id=LEA))} == {LEA}
    open_ones = found.matching(Wanted(state="open"))
    assert {r.kind for r in open_ones} == {"enrolment", "erasure"}
    assert len(found.matching(Wanted())) == len(found.requests)


def test_every_step_has_a_french_name() -> None:
    for request in in_order(ANSWERS):
        for step in request.steps:
            assert status_label(step.status, request.status_kind) != step.status


def test_a_message_says_of_whom_and_what_and_leads_to_its_text() -> None:
    told = Message(
        message_id=UUID(int=77),
        subject="Votre demande d’inscription est acceptée",
        child_name="Élodie",
        activity_name="Cantine",
        page="/reservations",
        channel="mail",
        status="sent",
        created_at=MONDAY,
    )
    [request] = in_order({"messages": [told]})
    assert request.text == "Votre demande d’inscription est acceptée : Élodie, Cantine"
    assert request.address == f"/messages/{UUID(int=77)}"
