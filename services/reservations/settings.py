"""Where the town lies: its school zone, and whether Alsace-Moselle's holidays are its own."""

from typing import Literal

from pydantic import Field

from services.chassis.settings import ServiceSettings


class ReservationsSettings(ServiceSettings):
    """PORTAIL_RESERVATIONS_SCHOOL_ZONE and so on, beside what every service needs."""

    reservations_school_zone: Literal["A", "B", "C"] = "B"
    reservations_alsace_moselle: bool = Field(
        default=False, description="Good Friday and 26 December are public holidays"
    )
