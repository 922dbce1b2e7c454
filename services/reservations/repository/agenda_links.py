"""The secret addresses of agendas: made, renewed, revoked, and known again by their digest."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.chassis.database import Connection


@dataclass(frozen=True, slots=True)
class AgendaLink:
    """A secret address: whose, of which children, under which name."""

    link_id: UUID
    family_id: UUID
    account_id: UUID
    child_id: UUID | None
    label: str


async def lock_family(connection: Connection, family_id: UUID) -> int:
    """How many links the family has; nobody else makes one of its until the transaction ends."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('agenda_link' || $1::text, 0))",
        str(family_id),
    )
    count: int = await connection.fetchval(
        "SELECT count(*) FROM agenda_link WHERE family_id = $1", family_id
    )
    return count


async def has_child(connection: Connection, family_id: UUID, child_id: UUID) -> bool:
    """Whether the child is in the family's file."""
    return bool(
        await connection.fetchval(
            "SELECT true FROM child WHERE family_id = $1 AND child_id = $2 AND in_file",
            family_id,
            child_id,
        )
    )


async def add(connection: Connection, link: AgendaLink, token_digest: bytes, now: datetime) -> None:
    """Keep a new link."""
    await connection.execute(
        """INSERT INTO agenda_link (link_id, family_id, account_id, child_id, label, token_digest,
                                    created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        link.link_id,
        link.family_id,
        link.account_id,
        link.child_id,
        link.label,
        token_digest,
        now,
    )


async def renew(
    connection: Connection, link_id: UUID, family_id: UUID, token_digest: bytes, now: datetime
) -> bool:
    """Give the family's link another secret; False when it has no such link."""
    renewed = await connection.fetchval(
        """UPDATE agenda_link SET token_digest = $3, renewed_at = $4, last_read_on = NULL
           WHERE link_id = $1 AND family_id = $2 RETURNING true""",
        link_id,
        family_id,
        token_digest,
        now,
    )
    return bool(renewed)


async def revoke(connection: Connection, link_id: UUID, family_id: UUID) -> bool:
    """Drop the family's link; False when it has no such link."""
    revoked = await connection.fetchval(
        "DELETE FROM agenda_link WHERE link_id = $1 AND family_id = $2 RETURNING true",
        link_id,
        family_id,
    )
    return bool(revoked)


async def read(connection: Connection, token_digest: bytes, today: date) -> AgendaLink | None:
    """The link with this secret, noted as read today; None when there is none."""
    row = await connection.fetchrow(
        """SELECT link_id, family_id, account_id, child_id, label, last_read_on FROM agenda_link
           WHERE token_digest = $1""",
        token_digest,
    )
    if row is None:
        return None
    if row["last_read_on"] != today:  # one write a day, however often a program looks
        await connection.execute(
            "UPDATE agenda_link SET last_read_on = $2 WHERE link_id = $1", row["link_id"], today
        )
    return AgendaLink(
        row["link_id"], row["family_id"], row["account_id"], row["child_id"], row["label"]
    )


async def move_links(connection: Connection, family_id: UUID, gone: UUID) -> None:
    """Make the links of one family the other's."""
    await connection.execute(
        "UPDATE agenda_link SET family_id = $1 WHERE family_id = $2", family_id, gone
    )


async def join_links(connection: Connection, gone: UUID, kept: UUID) -> None:
    """Make the links of one child the other's."""
    await connection.execute("UPDATE agenda_link SET child_id = $2 WHERE child_id = $1", gone, kept)
