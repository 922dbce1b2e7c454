"""What an operator asks while the master key is changed."""

from pydantic import Field

from contracts.roles import OPERATOR
from services.chassis.web import Answer, Body, Call, get, post
from services.documents.commands import rotation as rotation_commands
from services.documents.storage import STORAGE


class RotationBody(Body):
    """How many keys in one transaction."""

    batch: int = Field(default=500, ge=1, le=5000)


class RotationAnswer(Answer):
    """Keys under the present master key, under the previous one, and under one we do not have."""

    current: int
    previous: int
    unknown: int
    rewrapped: int = 0


async def show_rotation(call: Call) -> RotationAnswer:
    """How far the change of the master key is."""
    found = await rotation_commands.progress(call.connection, call.app[STORAGE].master_key)
    return RotationAnswer(current=found.current, previous=found.previous, unknown=found.unknown)


async def rotate(call: Call, body: RotationBody) -> RotationAnswer:
    """Wrap the next batch of keys by the present master key."""
    master_key = call.app[STORAGE].master_key
    done = await rotation_commands.rewrap_batch(call.connection, master_key, body.batch)
    found = await rotation_commands.progress(call.connection, master_key)
    return RotationAnswer(
        current=found.current, previous=found.previous, unknown=found.unknown, rewrapped=done
    )


ENDPOINTS = (
    get("/key-rotation", show_rotation, allow={OPERATOR}),
    post("/key-rotation", rotate, allow={OPERATOR}),
)
