"""Writes registers (régies), and which kinds of activities each one bills."""

from collections.abc import Collection

from services.chassis.database import Connection


async def put(connection: Connection, code: str, label: str, kinds: Collection[str]) -> None:
    """Have this register bill these kinds, and no other one; what it billed before is EJ's."""
    await connection.execute(
        """INSERT INTO register (code, label) VALUES ($1, $2)
           ON CONFLICT (code) DO UPDATE SET label = excluded.label""",
        code,
        label,
    )
    await connection.execute("DELETE FROM register_of_kind WHERE register = $1", code)
    await connection.execute(
        """INSERT INTO register_of_kind (kind, register) SELECT unnest($1::text[]), $2
           ON CONFLICT (kind) DO UPDATE SET register = excluded.register""",
        sorted(kinds),
        code,
    )
