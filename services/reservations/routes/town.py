"""The town's calendar, its closures, and late requests over HTTP: what the staff decide."""

from uuid import UUID, uuid4

from contracts.roles import ADMIN, OFFICE, STAFF
from services.chassis import audit
from services.chassis.errors import TooLarge
from services.chassis.web import Call, delete, get, post
from services.reservations.commands import closures
from services.reservations.commands.answer_ask import accept_ask, refuse_ask
from services.reservations.commands.put_in_calendar import put_in_calendar
from services.reservations.model.late_asks import LateAsk
from services.reservations.model.periods import Period
from services.reservations.model.town_calendar import Closure
from services.reservations.official_calendar import OFFICIAL
from services.reservations.queries import town
from services.reservations.schemas.town import (
    AskAnswer,
    AskQuery,
    AskRefusal,
    Asks,
    ClosedAnswer,
    ClosureAnswer,
    ClosureBody,
    Closures,
    ConsequenceAnswer,
    OfficialYear,
    PeriodQuery,
    PutInAnswer,
    TownDay,
    TownYear,
)

LONGEST_YEAR = 430
LARGEST_CALENDAR_BYTES = 1024 * 1024


async def show_year(call: Call, query: PeriodQuery) -> TownYear:
    """Each day of a period: class, holidays, public holidays, closures."""
    period = Period.between(query.from_day, query.to_day, longest=LONGEST_YEAR)
    official = call.app[OFFICIAL].current
    put_in = await town.put_in(call.connection, official.zone)
    found = await town.closures(call.connection, period)
    return TownYear(
        zone=official.zone,
        alsace_moselle=official.alsace_moselle,
        years=[
            OfficialYear(
                label=year.label,
                starts_on=year.starts_on,
                ends_on=year.ends_on,
                put_in_at=put_in.get(year.label),
            )
            for year in official.years
        ],
        days=[
            TownDay(
                date=day,
                kind=official.kind(day),
                label=official.label(day),
                closures=[c["closure_id"] for c in found if c["from_day"] <= day <= c["to_day"]],
            )
            for day in period.days()
        ],
        closures=[ClosureAnswer(**row) for row in found],
    )


async def put_in(call: Call) -> PutInAnswer:
    """Put in the official calendar from the ministry's iCalendar file."""
    content = await call.request.content.read(LARGEST_CALENDAR_BYTES + 1)
    while len(content) <= LARGEST_CALENDAR_BYTES and not call.request.content.at_eof():
        content += await call.request.content.read(LARGEST_CALENDAR_BYTES)
    if len(content) > LARGEST_CALENDAR_BYTES:
        raise TooLarge("Le fichier dépasse 1 Mo : ce n’est pas un calendrier scolaire.")
    official = call.app[OFFICIAL]
    done = await put_in_calendar(
        call.connection, content, official.shipped, now=call.now, by=call.caller.account_id
    )
    await official.refresh(call.connection)
    return PutInAnswer(school_years=list(done.labels), activities=done.activities)


async def list_closures(call: Call, query: PeriodQuery) -> Closures:
    """The closures in force over a period."""
    period = Period.between(query.from_day, query.to_day, longest=LONGEST_YEAR)
    rows = await town.closures(call.connection, period)
    return Closures(closures=[ClosureAnswer(**row) for row in rows])


async def foresee(call: Call, body: ClosureBody) -> ConsequenceAnswer:
    """What a closure would cancel; changes nothing."""
    found = await closures.foresee(call.connection, _closure(body), call.now)
    return ConsequenceAnswer(
        sessions=found.sessions, reservations=found.reservations, families=found.families
    )


async def close(call: Call, body: ClosureBody) -> ClosedAnswer:
    """Close activities on some days: what families hold is given back without charge."""
    closure, official = _closure(body), call.app[OFFICIAL]
    done = await closures.close(
        call.connection, closure, official.shipped, now=call.now, by=call.caller.account_id
    )
    cancelled = ConsequenceAnswer(
        sessions=done.sessions, reservations=done.reservations, families=done.families
    )
    row = await town.closure(call.connection, closure.closure_id)
    return ClosedAnswer(**row, cancelled=cancelled)


async def lift(call: Call, closure_id: UUID) -> ClosureAnswer:
    """Open again; families reserve anew."""
    await closures.lift(
        call.connection,
        closure_id,
        call.app[OFFICIAL].shipped,
        now=call.now,
        by=call.caller.account_id,
    )
    return ClosureAnswer(**await town.closure(call.connection, closure_id))


async def list_asks(call: Call, query: AskQuery) -> Asks:
    """What families ask for after the limit."""
    rows = await town.asks(call.connection, query.state, query.since, call.now)
    return Asks(asks=[AskAnswer(**row) for row in rows])


async def accept(call: Call, ask_id: UUID) -> AskAnswer:
    """Keep the place that a family asks for after the limit."""
    ask = await accept_ask(call.connection, ask_id, now=call.now, by=call.caller.account_id)
    return await _answered(call, ask)


async def refuse(call: Call, ask_id: UUID, body: AskRefusal) -> AskAnswer:
    """Refuse it, with the reason that the family reads."""
    ask = await refuse_ask(
        call.connection, ask_id, reason=body.reason, now=call.now, by=call.caller.account_id
    )
    return await _answered(call, ask)


async def _answered(call: Call, ask: LateAsk) -> AskAnswer:
    audit.about(call, family_id=ask.family_id, child_id=ask.item.child_id)
    return AskAnswer(**await town.ask(call.connection, ask.ask_id))


def _closure(body: ClosureBody) -> Closure:
    return Closure(
        closure_id=uuid4(),
        period=Period.between(body.from_day, body.to_day, longest=LONGEST_YEAR),
        activities=None if body.activity_ids is None else frozenset(body.activity_ids),
        reason=body.reason,
    )


ENDPOINTS = (
    get("/school-calendar", show_year, allow=STAFF),
    post(
        "/school-calendar/ics",
        put_in,
        allow={ADMIN},
        summary="Mettre à jour le calendrier scolaire officiel",
    ),
    get("/closures", list_closures, allow=STAFF),
    post("/closures/preview", foresee, allow=OFFICE, summary="Prévoir l’effet d’une fermeture"),
    post("/closures", close, allow=OFFICE, status=201, summary="Fermer des activités"),
    delete("/closures/{closure_id}", lift, allow=OFFICE, summary="Lever une fermeture"),
    get("/late-requests", list_asks, allow=OFFICE, summary="Voir les demandes tardives"),
    post(
        "/late-requests/{ask_id}/accept",
        accept,
        allow=OFFICE,
        summary="Accepter une demande tardive",
    ),
    post(
        "/late-requests/{ask_id}/refuse",
        refuse,
        allow=OFFICE,
        summary="Refuser une demande tardive",
    ),
)
