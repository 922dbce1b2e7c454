"""What parents read before they tick a place after its limit, or before it opens."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from gateway.clients import Clients
from gateway.formats import euros, percent
from gateway.panels import Unavailable, panels
from gateway.readers import Calendar, CalendarEntry, Surcharge

LATE_WORDS: Final = {"late": "en retard", "ask": "sur demande", "asked": "demandé"}


async def priced(clients: Clients, found: Calendar | Unavailable) -> Calendar | Unavailable:
    """The calendar with what its late places cost more; without it while billing is away."""
    if isinstance(found, Unavailable) or not _has_late(found):
        return found
    shown = await panels(surcharges=clients.billing.late_surcharges())
    if isinstance(shown.surcharges, Unavailable):
        return found
    words = {s.activity_id: surcharge_words(s) for s in shown.surcharges}
    days = tuple(
        day.model_copy(update={"entries": tuple(_priced(e, words) for e in day.entries)})
        for day in found.days
    )
    return found.model_copy(update={"days": days})


def _has_late(calendar: Calendar) -> bool:
    return any(entry.late == "late" for day in calendar.days for entry in day.entries)


def _priced(entry: CalendarEntry, words: Mapping[UUID, str]) -> CalendarEntry:
    if entry.late != "late":
        return entry
    return entry.model_copy(update={"late_cost": words.get(entry.activity_id, "")})


def surcharge_words(surcharge: Surcharge) -> str:
    """1,50 € or 50 %"""
    if surcharge.late_surcharge_cents:
        return euros(surcharge.late_surcharge_cents)
    return percent(surcharge.late_surcharge_percent * 100)


def late_remarks(entries: Sequence[CalendarEntry]) -> Iterator[str]:
    """How late places are had, what became of requests, why a session is closed."""
    free = [entry for entry in entries if entry.state == "free"]
    for cost in dict.fromkeys(e.late_cost for e in free if e.late == "late"):
        yield f"En retard : majoration de {cost}" if cost else "En retard : avec une majoration"
    if any(entry.late == "ask" and not is_asked(entry) for entry in free):
        yield "Sur demande : le service vous répond"
    if any(map(is_asked, free)):
        yield "Demande en cours : le service vous répond"
    for reason in dict.fromkeys(e.asked_reason for e in entries if e.asked == "refused"):
        yield f"Demande refusée : {reason}" if reason else "Demande refusée"
    for reason in dict.fromkeys(e.closed_reason for e in entries if e.closed_reason):
        yield f"Fermé : {reason}"
    if any(is_never(entry) for entry in entries):
        yield "Pas de réservation ouverte pour ce jour"


def is_asked(entry: CalendarEntry) -> bool:
    """Whether the staff have been asked and have not answered."""
    return entry.asked == "pending" and entry.late == "ask"


def is_never(entry: CalendarEntry) -> bool:
    """Whether no window holds the day: families cannot reserve it."""
    opens, until = entry.reserve_from, entry.reserve_until
    return bool(opens and until and opens >= until and entry.state == "closed")


def is_early(entry: CalendarEntry, now: datetime) -> bool:
    """Whether reserving opens later."""
    opens = entry.reserve_from
    return bool(opens and now < opens and not is_never(entry) and not entry.closed_reason)


def is_over(entry: CalendarEntry, now: datetime) -> bool:
    """Whether the limit has passed, and not something else closes the place."""
    early = is_early(entry, now) or is_never(entry)
    return entry.state == "closed" and not early and not entry.closed_reason
