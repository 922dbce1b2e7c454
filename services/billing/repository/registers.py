"""Writes registers (régies), and which kinds of activities each one bills."""

from services.billing.model.registers import Register
from services.chassis.database import Connection


async def is_known(connection: Connection, code: str) -> bool:
    """Whether a register has this code."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM register WHERE code = $1)", code
    )
    return found


async def put(connection: Connection, register: Register) -> None:
    """Have this register bill its kinds, and no other one; what it billed before is EJ's."""
    await connection.execute(
        """INSERT INTO register (code, label, least_cents) VALUES ($1, $2, $3)
           ON CONFLICT (code) DO UPDATE
               SET label = excluded.label, least_cents = excluded.least_cents""",
        register.code,
        register.label,
        register.least_cents,
    )
    await connection.execute("DELETE FROM register_of_kind WHERE register = $1", register.code)
    await connection.execute(
        """INSERT INTO register_of_kind (kind, register) SELECT unnest($1::text[]), $2
           ON CONFLICT (kind) DO UPDATE SET register = excluded.register""",
        sorted(register.kinds),
        register.code,
    )
