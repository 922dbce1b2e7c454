"""The parents' calendar: nothing is saved before its recap was seen, with prices or without."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.roles import AGENT
from gateway.pages import ROUTES
from services.chassis.clock import paris_date, utc_now
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

LEA, SESSION, CANTEEN, WAITED = (UUID(int=number) for number in range(1, 5))
PICK = f"{LEA}:{SESSION}"


def soon() -> date:
    """A day of next month, which no deadline has reached."""
    return (paris_date(utc_now()).replace(day=1) + timedelta(days=40)).replace(day=12)


def calendar() -> dict[str, Any]:
    known = {
        "session_id": str(SESSION),
        "child_id": str(LEA),
        "activity_id": str(CANTEEN),
        "activity_name": "Restaurant scolaire",
        "starts_at": "11:45",
        "ends_at": "13:30",
        "remaining": 9,
        "state": "free",
    }
    return {
        "children": [{"child_id": str(LEA), "first_name": "Léa"}],
        "days": [{"date": soon().isoformat(), "entries": [known]}],
    }


@pytest.fixture
async def pages() -> AsyncIterator[RunningPortal]:
    """The portal's own pages, with one child's calendar and an offer behind them."""
    async with running_portal(ROUTES) as portal:
        wait = {
            "waiting_id": str(WAITED),
            "session_id": str(SESSION),
            "child_id": str(LEA),
            "first_name": "Léa",
            "activity_name": "Centre de loisirs",
            "date": soon().isoformat(),
            "state": "offered",
            "answer_until": f"{soon().isoformat()}T10:00:00Z",
            "joined_at": "2026-09-01T08:00:00Z",
            "changed_at": "2026-09-02T08:00:00Z",
        }
        portal.reservations.answer("GET", "/calendar", calendar())
        portal.reservations.answer("GET", "/waiting", {"waiting": [wait]})
        portal.services["enrolment"].answer("GET", "/enrolments", {"enrolments": []})
        yield portal


async def save(portal: RunningPortal, token: str, **fields: str) -> Any:
    """Press the calendar's button with a day ticked."""
    shown = await (await portal.get("/reservations", token)).text()
    data = {
        "csrf_token": hidden(shown, "csrf_token"),
        "mois": f"{soon():%Y-%m}",
        "choix": PICK,
        **fields,
    }
    return await portal.post("/reservations", token, data=data)


async def test_without_the_recap_beside_it_a_change_is_confirmed_on_a_page_of_its_own(
    pages: RunningPortal,
) -> None:
    priced = {"child_id": str(LEA), "activity_id": str(CANTEEN), "date": soon().isoformat()}
    item = {**priced, "amount_cents": 350, "reason": "Réservation – quotient familial 720"}
    capped = {"child_name": "Léa", "period": "2026-11", "reason": "Plafond mensuel – tarif unique"}
    months = [capped | {"amount_cents": -150}]
    answer = {"items": [item], "months": months, "total_cents": 200}
    pages.billing.answer("POST", "/estimates", answer)
    token = session_token(family_id=uuid4())
    asked = await (await save(pages, token)).text()
    assert "Rien n’est encore enregistré" in asked
    assert "3,50\u00a0€" in asked
    assert "Léa, novembre 2026\u00a0: plafond mensuel – tarif unique" in asked
    assert "\u22121,50\u00a0€" in asked
    assert pages.reservations.requests("POST", "/changes") == []

    done = {
        "reserved": [{"child_id": str(LEA), "session_id": str(SESSION), "outcome": "confirmed"}]
    }
    pages.reservations.answer("POST", "/changes", done)
    saved = await save(pages, token, vu=hidden(asked, "vu"))
    assert saved.status == 303
    [sent] = pages.reservations.requests("POST", "/changes")
    assert [i["session_id"] for i in sent.json["reserve"]] == [str(SESSION)]


async def test_a_parent_who_pays_a_part_sees_the_whole_price_and_the_part(
    pages: RunningPortal,
) -> None:
    priced = {"child_id": str(LEA), "activity_id": str(CANTEEN), "date": soon().isoformat()}
    item = {**priced, "amount_cents": 350, "reason": "Réservation – quotient familial 720"}
    answer = {"items": [item], "months": [], "total_cents": 350, "own_cents": 175}
    pages.billing.answer("POST", "/estimates", answer)
    token = session_token(family_id=uuid4())
    asked = await (await save(pages, token)).text()
    assert re.search(r"Prix entier\s:\s<span[^>]*>3,50", asked)
    assert re.search(r"Votre part\s:\s<span[^>]*>1,75", asked)
    pages.billing.answer("POST", "/estimates", answer | {"own_cents": 350})
    assert "Votre part" not in await (await save(pages, token)).text()


async def test_a_change_to_a_month_already_invoiced_is_said_to_count_on_the_next_invoice(
    pages: RunningPortal,
) -> None:
    period = f"{soon():%Y-%m}"
    invoice = {
        "invoice_id": str(uuid4()),
        "number": "2026-EJ-000123",
        "period": period,
        "issued_on": "2026-10-01",
        "due_on": "2026-10-31",
        "total_cents": 3500,
        "status": "due",
    }
    told = "est déjà facturé"
    token = session_token(family_id=uuid4())
    assert told not in await (await save(pages, token)).text()
    pages.billing.answer("GET", "/invoices", {"invoices": [invoice], "total": 1})
    assert told in await (await save(pages, token)).text()
    [*_, asked] = pages.billing.requests("GET", "/invoices")
    assert asked.query["period"] == period


async def test_a_recap_of_another_change_confirms_nothing(pages: RunningPortal) -> None:
    asked = await save(pages, session_token(family_id=uuid4()), vu="0123456789abcdef")
    assert "Rien n’est encore enregistré" in await asked.text()
    assert pages.reservations.requests("POST", "/changes") == []


async def test_without_billing_the_price_is_missing_and_reserving_works(
    pages: RunningPortal,
) -> None:
    await pages.billing.stop()
    token = session_token(family_id=uuid4())
    asked = await (await save(pages, token)).text()
    assert "Le prix ne peut pas être estimé pour le moment" in asked
    refused = {
        "child_id": str(LEA),
        "session_id": str(SESSION),
        "outcome": "refused",
        "reason": "overlap",
        "detail": "L’enfant a déjà une place aux mêmes heures : Étude.",
        "instead_of": str(uuid4()),
    }
    pages.reservations.answer("POST", "/changes", {"reserved": [refused]})
    told = await (await save(pages, token, vu=hidden(asked, "vu"))).text()
    assert "Étude" in told
    assert "Échanger" in told


async def test_an_offer_is_shown_and_answered(pages: RunningPortal) -> None:
    token = session_token(family_id=uuid4())
    shown = await (await pages.get("/reservations", token)).text()
    assert "Place proposée jusqu’au" in shown
    accepted = {"waiting_id": str(WAITED), "reservation_id": str(uuid4())}
    pages.reservations.answer("POST", f"/waiting/{WAITED}/accept", accepted)
    form = {"csrf_token": hidden(shown, "csrf_token"), "mois": f"{soon():%Y-%m}"}
    path = f"/reservations/attentes/{WAITED}/accepter"
    assert (await pages.post(path, token, data=form)).status == 303
    pages.reservations.refuse("POST", f"/waiting/{WAITED}/accept", 409, "no-offer")
    assert "Refusé" in await (await pages.post(path, token, data=form)).text()


async def test_what_was_asked_late_is_taken_back_from_the_calendar(pages: RunningPortal) -> None:
    asked = {
        "ask_id": str(uuid4()),
        "child_id": str(LEA),
        "first_name": "Léa",
        "activity_name": "Accueil du mercredi – Matin",
        "date": soon().isoformat(),
        "state": "pending",
        "asked_at": "2026-09-01T08:00:00Z",
    }
    answered = {**asked, "ask_id": str(uuid4()), "state": "accepted"}
    pages.reservations.answer("GET", "/late-requests/own", {"late_requests": [asked, answered]})
    path = f"/late-requests/{asked['ask_id']}"
    pages.reservations.answer("DELETE", path, status=204)
    token = session_token(family_id=uuid4())
    shown = await (await pages.get("/reservations", token)).text()
    assert shown.count("Retirer la demande") == 1
    taken_back = await pages.post(
        f"/reservations/demandes/{asked['ask_id']}/retirer",
        token,
        data={"csrf_token": hidden(shown, "csrf_token"), "mois": f"{soon():%Y-%m}"},
    )
    assert taken_back.status == 303
    assert len(pages.reservations.requests("DELETE", path)) == 1


async def test_an_activity_of_another_year_is_another_one(pages: RunningPortal) -> None:
    enrolment = pages.services["enrolment"]
    known = {"code": "mercredi", "kind": "wednesday", "name": "Accueil du mercredi"}
    years = {"2027-2028": "Dojo", "2026-2027": "Gymnase"}
    offered = [
        {**known, "activity_id": str(uuid4()), "school_year": year, "place": place}
        for year, place in years.items()
    ]
    span = {"starts_on": "2026-09-01", "ends_on": "2027-07-02"}
    enrolment.answer("GET", "/activities", {"activities": offered})
    enrolment.answer(
        "GET", "/school-years", {"school_years": [{"label": label, **span} for label in years]}
    )
    enrolment.answer("GET", "/schools", {"schools": []})
    for year, place in years.items():
        path = f"/agents/activites?code=mercredi&annee={year}"
        page = await (await pages.get(path, session_token(AGENT))).text()
        assert f'name="lieu" value="{place}"' in page


async def test_a_session_that_nobody_reserved_says_so_in_the_days_list(
    pages: RunningPortal,
) -> None:
    line = {
        "session_id": str(SESSION),
        "activity_id": str(CANTEEN),
        "activity_name": "Restaurant scolaire",
        "date": soon().isoformat(),
        "capacity": 30,
        "booked": 0,
    }
    pages.reservations.answer("GET", "/sessions", {"sessions": [line]})
    shown = await pages.get(f"/agents/seances?date={soon()}", session_token(AGENT))
    assert "Aucun inscrit" in await shown.text()
