"""What accounts answers about classes: the ladder, the passage to the next school year."""

from dataclasses import asdict

from contracts.roles import OFFICE
from services.accounts.commands.roll_over import keep_ladder, roll_over
from services.accounts.model.roll_over import ClassMove
from services.accounts.queries import classes as queries
from services.accounts.schemas import classes as schemas
from services.chassis.endpoints import Call, get, post


async def set_ladder(call: Call, body: schemas.LadderBody) -> schemas.LadderAnswer:
    """Changer l’ordre des classes"""
    await keep_ladder(call.connection, body.steps)
    return schemas.LadderAnswer(steps=body.steps)


async def preview_roll_over(call: Call) -> schemas.RollOverAnswer:
    """Le passage de classe : qui irait où, qui quitterait l’école"""
    ladder = await queries.ladder(call.connection)
    return schemas.RollOverAnswer(
        steps=ladder.steps,
        moves=tuple(_move(move) for move in await queries.moves(call.connection, ladder)),
        done=tuple(schemas.RollOverRow(**row) for row in await queries.done(call.connection)),
    )


async def apply_roll_over(call: Call, body: schemas.RollOverBody) -> schemas.RolledOverAnswer:
    """Faire passer les enfants dans la classe suivante"""
    done = await roll_over(
        call.connection,
        body.school_year,
        confirmed=body.confirmed,
        by=call.caller.account_id,
        now=call.now,
        today=call.today,
    )
    return schemas.RolledOverAnswer(**asdict(done))


def _move(move: ClassMove) -> schemas.MoveAnswer:
    return schemas.MoveAnswer(
        school_code=move.school_code,
        school_class=move.school_class,
        children=move.children,
        outcome=move.step.outcome,
        to=move.step.to,
    )


ENDPOINTS = (
    post("/class-ladder", set_ladder, allow=OFFICE),
    get("/roll-overs", preview_roll_over, allow=OFFICE),
    post("/roll-overs", apply_roll_over, allow=OFFICE, status=201),
)
