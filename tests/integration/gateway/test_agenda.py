"""The agenda's feed and the history of requests, in front of services that may be away."""

from datetime import timedelta
from uuid import uuid4

from aiohttp import web

from gateway.portal import PORTAL
from gateway.rates import Rate
from tests.integration.gateway.standins import RunningPortal, knows_session, session_token

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


async def feed(request: web.Request) -> web.Response:
    """As reservations answers a calendar program."""
    headers = {"ETag": '"seen"', "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == '"seen"':
        return web.Response(status=304, headers=headers)
    return web.Response(body=CALENDAR, content_type="text/calendar", headers=headers)


async def test_a_calendar_program_needs_the_address_alone(portal: RunningPortal) -> None:
    portal.reservations.serve("GET", "/agenda.ics", feed)
    first = await portal.api("GET", "/agenda.ics?token=secret")
    assert (first.status, await first.read(), first.content_type) == (
        200,
        CALENDAR,
        "text/calendar",
    )
    again = await portal.api("GET", "/agenda.ics?token=secret", headers={"If-None-Match": '"seen"'})
    assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", '"seen"')
    assert again.headers["Cache-Control"] == "private, no-cache"
    [asked, _] = portal.reservations.requests("GET", "/agenda.ics")
    assert asked.query == {"token": "secret"}


async def test_a_dead_link_and_a_flood_are_refused(portal: RunningPortal) -> None:
    portal.reservations.refuse("GET", "/agenda.ics", 404, "unknown-agenda-link")
    assert (await portal.api("GET", "/agenda.ics?token=dead")).status == 404
    portal.app[PORTAL].feeds = Rate(1, timedelta(minutes=10))
    assert (await portal.api("GET", "/agenda.ics?token=dead")).status == 404
    assert (await portal.api("GET", "/agenda.ics?token=dead")).status == 429


async def test_the_history_says_which_service_is_missing_and_shows_the_others(
    portal: RunningPortal,
) -> None:
    family_id, session_id = uuid4(), uuid4()
    token = session_token(family_id=family_id, session_id=session_id)
    knows_session(portal, session_id)
    own = f"/families/{family_id}"
    portal.accounts.answer("GET", f"{own}/account-requests", {"requests": []})
    portal.accounts.answer("GET", f"{own}/changes", {"changes": []})
    portal.accounts.answer("GET", f"{own}/erasure", {"status": "none"})
    asked = {"status": "submitted", "at": "2026-11-23T09:00:00Z"}
    enrolment = {
        "enrolment_id": str(uuid4()),
        "status": "submitted",
        "child_id": str(uuid4()),
        "activity_id": str(uuid4()),
        "history": [asked],
    }
    portal.services["enrolment"].answer("GET", "/enrolments", {"enrolments": [enrolment]})
    portal.documents.answer("GET", "/documents", {"documents": []})
    portal.documents.answer("GET", "/certificates", {"certificates": []})
    portal.services["notifications"].answer("GET", "/messages", {"messages": []})
    await portal.billing.stop()
    answer = await (await portal.api("GET", "/requests", token)).json()
    assert [line["kind"] for line in answer["requests"]] == ["enrolment"]
    assert "billing" in answer["missing"]
    none = await (await portal.api("GET", "/requests?state=done", token)).json()
    assert (none["requests"], none["total"]) == ([], 0)
    assert (await portal.api("GET", "/requests?state=later", token)).status == 422
