"""Fewer places than are reserved: told before an activity is published with them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from gateway.clients import Clients
from gateway.formats import short_date
from gateway.readers import SessionLine

# The sessions to come that fewer places are held against: as many as reservations gives at once.
LOOKED_AT: Final = timedelta(days=61)


async def what_fewer_places_mean(
    clients: Clients, today: date, *, code: str, school_year: str, capacity: int
) -> str:
    """How many places are taken beyond those that the activity shall have; or nothing."""
    known = await clients.enrolment.activities()
    wanted = (code, school_year)
    before = next((a for a in known if (a.code, a.school_year) == wanted), None)
    if before is None or capacity >= before.capacity:
        return ""
    coming = await clients.reservations.sessions(today, today + LOOKED_AT, before.activity_id)
    return overbooked(coming, before.capacity, capacity)


def overbooked(sessions: Sequence[SessionLine], before: int, capacity: int) -> str:
    """What fewer places mean for the sessions that have the activity's own number; or nothing."""
    over = [s for s in sessions if s.capacity == before and s.booked > capacity]
    if not over:
        return ""
    fullest = max(over, key=lambda session: session.booked)
    how_many = "Une séance a" if len(over) == 1 else f"{len(over)} séances ont"
    places = "place réservée" if capacity == 1 else "places réservées"
    return (
        f"{how_many} déjà plus de {capacity} {places} (jusqu’à {fullest.booked}, "
        f"le {short_date(fullest.date)}). Les réservations faites restent\u00a0; aucune autre ne "
        "sera prise. Confirmez, ou donnez plus de places."
    )
