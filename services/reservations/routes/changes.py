"""Reserving, changing and weekly patterns over HTTP."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.chassis import audit
from services.chassis.web import Call, post
from services.reservations.asking import PARENTS, asker_of, refuse_strangers, tell_strangers
from services.reservations.commands.change import (
    Change,
    GivenBack,
    Swap,
    Swapped,
    change_places,
)
from services.reservations.commands.patterns import MAX_ITEMS, cancel_pattern, reserve_pattern
from services.reservations.commands.reserve import reserve
from services.reservations.errors import UnknownReservation
from services.reservations.model.patterns import Pattern, PatternLine
from services.reservations.model.periods import Period
from services.reservations.model.places import Item, Outcome, Refusal, Terms
from services.reservations.queries import patterns as previews
from services.reservations.schemas import ItemBody, ItemOutcome, Outcomes, ReservationsBody
from services.reservations.schemas.changes import (
    ChangesAnswer,
    ChangesBody,
    GivenBackAnswer,
    GivenBackList,
    PatternBody,
    Preview,
    PreviewBody,
    PreviewDay,
    SwapAnswer,
)

# A whole school year.
LONGEST_PATTERN = 400


async def make_reservations(call: Call, body: ReservationsBody) -> Outcomes:
    """Keep places; each item has its own outcome."""
    items = [_item(item) for item in body.items]
    _about_one_child(call, items)
    terms = _terms(body.items, to_wait=body.waitlist)
    asker = asker_of(call, body.family_id)
    outcomes = await reserve(call.connection, items, asker, call.now, terms)
    await _tell_strangers(call, outcomes)
    return _outcomes(outcomes)


async def change(call: Call, body: ChangesBody) -> ChangesAnswer:
    """Give places back, exchange and keep others; each part has its own outcome."""
    wanted = [*body.reserve, *(swap.reserve for swap in body.swap)]
    _about_one_child(call, [_item(item) for item in wanted])
    asked = Change(
        reserve=tuple(_item(item) for item in body.reserve),
        cancel=body.cancel,
        swap=tuple(Swap(swap.cancel, _item(swap.reserve)) for swap in body.swap),
    )
    asker = asker_of(call, body.family_id)
    done = await change_places(call.connection, asked, asker, call.now, _terms(wanted))
    given = [*done.cancelled, *(swapped.given for swapped in done.swapped)]
    if call.caller.family_scope and any(isinstance(g.refusal, UnknownReservation) for g in given):
        await audit.tell_stranger(call.connection, call)
    await _tell_strangers(call, [*done.reserved, *(s.wanted for s in done.swapped if s.wanted)])
    return ChangesAnswer(
        reserved=[_outcome(outcome) for outcome in done.reserved],
        cancelled=[_given_back(given) for given in done.cancelled],
        swapped=[_swapped(swapped) for swapped in done.swapped],
    )


async def make_pattern(call: Call, body: PatternBody) -> Outcomes:
    """Keep places on some weekdays over a period; each session has its own outcome."""
    outcomes = await reserve_pattern(
        call.connection,
        _pattern(call, body),
        asker_of(call, body.family_id),
        call.now,
        to_wait=body.waitlist,
        in_other_home=body.other_home,
    )
    await _tell_strangers(call, outcomes)
    return _outcomes(outcomes)


async def preview_pattern(call: Call, body: PreviewBody) -> Preview:
    """What a weekly pattern would do, day by day; nothing is changed."""
    await refuse_strangers(call, {line.child_id for line in body.all_lines})
    pattern, asker = _pattern(call, body), asker_of(call, body.family_id)
    if body.cancel:
        days = await previews.cancelling(call.connection, pattern, asker, call.now, limit=MAX_ITEMS)
    else:
        days = await previews.reserving(
            call.connection,
            pattern,
            asker,
            call.now,
            in_other_home=body.other_home,
            limit=MAX_ITEMS,
        )
    return Preview(days=[PreviewDay(**day) for day in days])


async def give_pattern_back(call: Call, body: PatternBody) -> GivenBackList:
    """Give back what the family holds on some weekdays over a period."""
    await refuse_strangers(call, {line.child_id for line in body.all_lines})
    pattern, asker = _pattern(call, body), asker_of(call, body.family_id)
    charged = await cancel_pattern(call.connection, pattern, asker, call.now)
    given = [GivenBack(reservation_id, late) for reservation_id, late in charged.items()]
    return GivenBackList(cancelled=[_given_back(one) for one in given])


def _item(body: ItemBody) -> Item:
    return Item(body.child_id, body.session_id)


def _terms(items: Sequence[ItemBody], *, to_wait: bool = False) -> Terms:
    return Terms(
        to_wait=frozenset(_item(item) for item in items if item.waitlist or to_wait),
        in_other_home=frozenset(_item(item) for item in items if item.other_home),
    )


def _pattern(call: Call, body: PatternBody) -> Pattern:
    lines = body.all_lines
    _about_one_child(call, [Item(line.child_id, line.activity_id) for line in lines])
    return Pattern(
        lines=tuple(
            PatternLine(line.child_id, line.activity_id, frozenset(line.weekdays), line.slot)
            for line in lines
        ),
        period=Period.between(body.from_day, body.to_day, longest=LONGEST_PATTERN),
        weeks=body.weeks,
        but_for=frozenset(body.but_for),
    )


def _about_one_child(call: Call, items: Iterable[Item]) -> None:
    if len(children := {item.child_id for item in items}) == 1:
        audit.about(call, child_id=children.pop())


async def _tell_strangers(call: Call, outcomes: Sequence[Outcome]) -> None:
    refused: set[UUID] = {o.item.child_id for o in outcomes if o.refusal is Refusal.NOT_ENROLLED}
    await tell_strangers(call, refused)


def _outcomes(outcomes: Iterable[Outcome]) -> Outcomes:
    return Outcomes(items=[_outcome(outcome) for outcome in outcomes])


def _outcome(outcome: Outcome) -> ItemOutcome:
    return ItemOutcome(
        child_id=outcome.item.child_id,
        session_id=outcome.item.session_id,
        outcome=outcome.verdict,
        reservation_id=outcome.reservation_id,
        waiting_id=outcome.waiting_id,
        rank=outcome.rank,
        reason=outcome.refusal,
        detail=outcome.detail,
        instead_of=outcome.instead_of,
        late=outcome.late,
    )


def _given_back(given: GivenBack) -> GivenBackAnswer:
    refusal = given.refusal
    return GivenBackAnswer(
        reservation_id=given.reservation_id,
        outcome="refused" if refusal else "cancelled",
        charged=given.charged,
        reason=refusal.slug if refusal else None,
        detail=(refusal.detail or refusal.title) if refusal else None,
    )


def _swapped(swapped: Swapped) -> SwapAnswer:
    return SwapAnswer(
        outcome="swapped" if swapped.done else "refused",
        cancel=_given_back(swapped.given),
        reserve=_outcome(swapped.wanted) if swapped.wanted else None,
    )


ENDPOINTS = (
    post("/reservations", make_reservations, allow=PARENTS, summary="Réserver"),
    post("/changes", change, allow=PARENTS, summary="Modifier des réservations"),
    post(
        "/reservations/patterns",
        make_pattern,
        allow=PARENTS,
        summary="Réserver les mêmes jours sur une période",
    ),
    post(
        "/reservations/patterns/preview",
        preview_pattern,
        allow=PARENTS,
        summary="Prévoir les mêmes jours sur une période",
    ),
    post(
        "/reservations/patterns/cancel",
        give_pattern_back,
        allow=PARENTS,
        summary="Annuler les mêmes jours sur une période",
    ),
)
