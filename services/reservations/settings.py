"""What the town settles: its school zone, its public holidays, when meals are ordered."""

from datetime import time
from typing import Literal

from aiohttp import web
from pydantic import Field

from services.chassis.settings import ServiceSettings

KITCHEN_ORDER_AT = web.AppKey("kitchen_order_at", time)


class ReservationsSettings(ServiceSettings):
    """PORTAIL_RESERVATIONS_SCHOOL_ZONE and so on, beside what every service needs."""

    reservations_school_zone: Literal["A", "B", "C"] = Field(
        description="whose holidays the town's schools have"
    )
    reservations_alsace_moselle: bool = Field(
        default=False, description="Good Friday and 26 December are public holidays"
    )
    reservations_kitchen_order_at: str = Field(
        default="10:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="Europe/Paris; meals are ordered then, on the working day before",
    )

    @property
    def kitchen_order_at(self) -> time:
        """The hour of the order as a time of day."""
        return time.fromisoformat(self.reservations_kitchen_order_at)
