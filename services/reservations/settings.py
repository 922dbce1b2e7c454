"""What the town settles of reservations beside what every service needs."""

from datetime import time

from pydantic import Field

from services.chassis.settings import ServiceSettings


class ReservationsSettings(ServiceSettings):
    """PORTAIL_RESERVATIONS_KITCHEN_ORDER_AT and so on."""

    reservations_kitchen_order_at: str = Field(
        default="10:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="Europe/Paris; meals are ordered then, on the working day before",
    )

    @property
    def kitchen_order_at(self) -> time:
        """The hour of the order as a time of day."""
        return time.fromisoformat(self.reservations_kitchen_order_at)
