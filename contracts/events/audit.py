"""What every service tells of who touched which family's data; accounts keeps the trail."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event


class StaffActed(Event, producer="audit", private=True, key="act_id"):
    """A member of the staff changed something, or opened a family's file.

    `action` is the operation's name in its service, `label` the same in the town's words. What
    was sent and answered is not told. `refusal` is the slug of the refusal when it was refused.
    `reads`: the operation only opens something and changes nothing.
    """

    act_id: UUID
    at: datetime
    service: str
    action: str
    label: str
    account_id: UUID
    roles: tuple[str, ...]
    family_id: UUID | None = None
    child_id: UUID | None = None
    object_id: UUID | None = None
    outcome: Literal["done", "refused"]
    refusal: str | None = None
    correlation_id: str = ""
    reads: bool = False


class AccessRefused(Event, producer="audit", private=True, key="act_id"):
    """A guardian named something that is not their family's; to them it did not exist.

    `family_id` is the family named, when one was; `own_family_id` is the guardian's.
    """

    act_id: UUID
    at: datetime
    service: str
    action: str
    label: str
    account_id: UUID | None = None
    own_family_id: UUID
    family_id: UUID | None = None
    object_id: UUID | None = None
    correlation_id: str = ""
