"""What the kitchen was told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.chassis.database import Connection
from services.reservations.model.kitchen import Meal, Order


async def keep_orders(connection: Connection, orders: Sequence[Order], now: datetime) -> None:
    """Note these orders as told, each beside its earlier versions."""
    await connection.executemany(
        """INSERT INTO meal_order (session_id, version, order_id, meals, told_at)
           VALUES ($1, $2, $3, $4, $5)""",
        [(o.session.session_id, o.version, o.order_id, _stored(o.meals), now) for o in orders],
    )


def _stored(meals: Sequence[Meal]) -> list[list[Any]]:
    return [[meal.school_code, meal.diet, meal.count] for meal in meals]
