"""Numbers without a gap: taken in the transaction that uses them, given back if it fails."""

from typing import Final, Literal

from services.chassis.database import Connection

Series = Literal["receipt", "slip", "credit_note"]
PREFIXES: Final = {"receipt": "R", "slip": "B", "credit_note": "A"}
# Of the whole town, whatever the register.
NO_REGISTER: Final = ""


async def next_number(connection: Connection, series: Series, register: str, year: int) -> str:
    """The next of the series, as papers show it: R2026-EJ-000012."""
    number = await _count_up(connection, series, register, year)
    return f"{PREFIXES[series]}{year}-{register}-{number:06d}"


async def next_bordereau(connection: Connection, year: int) -> int:
    """The next bordereau of the year, which the accountant counts by that alone."""
    return await _count_up(connection, "bordereau", NO_REGISTER, year)


async def _count_up(connection: Connection, kind: str, register: str, year: int) -> int:
    number: int = await connection.fetchval(
        """INSERT INTO number_series AS s (kind, register, fiscal_year, last_number)
           VALUES ($1, $2, $3, 1)
           ON CONFLICT (kind, register, fiscal_year) DO UPDATE SET last_number = s.last_number + 1
           RETURNING last_number""",
        kind,
        register,
        year,
    )
    return number
