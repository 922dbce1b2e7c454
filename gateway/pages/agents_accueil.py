"""The staff's dashboard: what waits, and today's sessions."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from contracts.roles import ADMIN, AGENT, DESK, REGISSEUR, STAFF
from gateway.page import Page, get
from gateway.panels import is_unavailable, panels
from gateway.readers import SessionLine

LONGEST_CHART = 12


async def dashboard(page: Page) -> web.StreamResponse:
    """One panel per service, only those that the role may ask."""
    clients, session = page.clients, page.session
    may_read_files = session.has(*DESK)
    wanted: dict[str, Any] = {
        "sessions": clients.reservations.sessions(page.today, page.today),
    }
    if may_read_files:
        wanted["families"] = clients.accounts.families(size=1)
        wanted["enrolments"] = clients.enrolment.enrolments(status="submitted")
    if session.has(AGENT, ADMIN):
        wanted["letters"] = clients.notifications.letters(status="to_print")
        wanted["reviews"] = clients.documents.reviews(size=1)
    if session.has(REGISSEUR, ADMIN):
        wanted["runs"] = clients.billing.billing_runs()
    else:
        wanted["runs"] = clients.billing.tariffs()
    shown = await panels(**wanted)
    sessions = () if is_unavailable(shown.sessions) else shown.sessions
    return page.render(
        "agents/accueil.html",
        panels=shown,
        bars=bars(sessions),
        next_weekday=next_weekday(page.today),
        may_read_files=may_read_files,
        may_post=session.has(AGENT, ADMIN),
        may_bill=session.has(REGISSEUR, ADMIN),
    )


def next_weekday(today: date) -> date:
    """Tomorrow, or Monday from Friday on."""
    return today + timedelta(days=max(1, 7 - today.weekday()) if today.weekday() >= 4 else 1)


def bars(sessions: Sequence[SessionLine]) -> list[tuple[str, int, int]]:
    """Places taken in the fullest of these sessions, for a chart."""
    fullest = sorted(sessions, key=lambda line: (-line.booked, line.activity_name))
    return [(line.activity_name, line.booked, line.capacity) for line in fullest[:LONGEST_CHART]]


ROUTES = (get("/agents", dashboard, allow=STAFF),)
