"""What families ask of the staff after the limit, and what the staff answer."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self
from uuid import UUID

from services.reservations.errors import AskAnswered
from services.reservations.model.places import Item

AskState = Literal["pending", "accepted", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True)
class LateAsk:
    """One child at one session, asked for after the limit; `reason` is why it was refused."""

    ask_id: UUID
    version: int
    item: Item
    family_id: UUID
    activity_id: UUID
    day: date
    state: AskState = "pending"
    reason: str | None = None

    def answered(self, state: AskState, reason: str | None = None) -> Self:
        """The ask with this answer, or taken back; itself when it was so already.

        Raises AskAnswered when it was answered another way.
        """
        if self.state == state:
            return self
        if self.state != "pending":
            raise AskAnswered
        return replace(self, version=self.version + 1, state=state, reason=reason)
