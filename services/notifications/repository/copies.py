"""The copies of others' data: names and addresses that messages need."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.notifications.model import Family, Guardian, Home


async def keep_family(connection: Connection, family: Family) -> None:
    """Replace the copy of a family unless ours is as new already."""
    await connection.execute(
        """INSERT INTO family (family_id, record_version, file) VALUES ($1, $2, $3)
           ON CONFLICT (family_id) DO UPDATE
           SET record_version = excluded.record_version, file = excluded.file
           WHERE family.record_version < excluded.record_version""",
        family.family_id,
        family.record_version,
        _file(family),
    )


async def move_family(connection: Connection, family_id: UUID, gone: UUID) -> None:
    """Drop the copy of the family that goes; its messages are the other's."""
    await connection.execute("DELETE FROM family WHERE family_id = $1", gone)
    await connection.execute(
        "UPDATE message SET family_id = $1 WHERE family_id = $2", family_id, gone
    )


def _file(family: Family) -> dict[str, Any]:
    return {
        "address": list(family.address),
        "postcode": family.postcode,
        "city": family.city,
        "guardians": [
            [str(g.guardian_id), g.first_name, g.last_name, g.mail, _written(g.home)]
            for g in family.guardians
        ],
        "children": {str(child_id): name for child_id, name in family.children.items()},
        "classes": {str(child_id): name for child_id, name in family.classes.items()},
        "outsider": family.outsider,
    }


async def families(connection: Connection, ids: Collection[UUID]) -> Mapping[UUID, Family]:
    """Our copies of these families."""
    rows = await connection.fetch(
        "SELECT family_id, record_version, file FROM family WHERE family_id = ANY($1::uuid[])",
        list(ids),
    )
    return {row["family_id"]: _family(row) for row in rows}


def _family(row: Any) -> Family:
    file = row["file"]
    return Family(
        family_id=row["family_id"],
        record_version=row["record_version"],
        address=tuple(file["address"]),
        postcode=file["postcode"],
        city=file["city"],
        guardians=tuple(_guardian(*g) for g in file["guardians"]),
        children={UUID(child_id): name for child_id, name in file["children"].items()},
        # Files that were kept before there were classes have none.
        classes={UUID(child_id): name for child_id, name in file.get("classes", {}).items()},
        outsider=file.get("outsider", False),
    )


async def keep_activity(connection: Connection, activity_id: UUID, version: int, name: str) -> None:
    """Replace the name of an activity unless ours is as new already."""
    await connection.execute(
        """INSERT INTO activity (activity_id, version, name) VALUES ($1, $2, $3)
           ON CONFLICT (activity_id) DO UPDATE
           SET version = excluded.version, name = excluded.name
           WHERE activity.version < excluded.version""",
        activity_id,
        version,
        name,
    )


async def activities(connection: Connection, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The names of these activities, as far as we were told."""
    rows = await connection.fetch(
        "SELECT activity_id, name FROM activity WHERE activity_id = ANY($1::uuid[])", list(ids)
    )
    return {row["activity_id"]: row["name"] for row in rows}


async def keep_invoice(connection: Connection, invoice_id: UUID, number: str) -> None:
    """Keep an invoice's number, which never changes."""
    await connection.execute(
        "INSERT INTO invoice (invoice_id, number) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        invoice_id,
        number,
    )


async def invoice_numbers(connection: Connection, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The numbers of these invoices, as far as we were told."""
    rows = await connection.fetch(
        "SELECT invoice_id, number FROM invoice WHERE invoice_id = ANY($1::uuid[])", list(ids)
    )
    return {row["invoice_id"]: row["number"] for row in rows}


def _written(home: Home | None) -> list[Any] | None:
    return [list(home.lines), home.postcode, home.city] if home else None


def _guardian(
    guardian_id: str,
    first_name: str,
    last_name: str,
    mail: str | None,
    home: list[Any] | None = None,  # copies of before guardians had one do not say
) -> Guardian:
    own = Home(tuple(home[0]), home[1], home[2]) if home else None
    return Guardian(UUID(guardian_id), first_name, last_name, mail, own)
