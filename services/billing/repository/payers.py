"""Writes who pays for children: third parties, and the sharings of their charges."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID, uuid4

from services.billing.errors.payers import UnknownPayer, UnknownSharing
from services.billing.model.payers import KnownThirdParty, ThirdParty, reference
from services.billing.model.sharing import Part, Sharing
from services.chassis.database import Connection

PUT = """
INSERT INTO third_party AS t (payer_id, kind, name, lines, postcode, city, mail, siret, nature,
    decided_at, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), $9, $10, $11)
ON CONFLICT (payer_id) DO UPDATE SET version = t.version + 1, kind = excluded.kind,
    name = excluded.name, lines = excluded.lines, postcode = excluded.postcode,
    city = excluded.city, mail = excluded.mail, siret = excluded.siret,
    nature = excluded.nature, decided_at = excluded.decided_at,
    decided_by = excluded.decided_by
RETURNING version
"""
# The account, as plans and papers ask for that of a family.
PUT_ACCOUNT = """
INSERT INTO family (family_id, record_version, reference, label, mail, addressee)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (family_id) DO UPDATE SET record_version = $2, label = $4, mail = $5, addressee = $6
RETURNING reference
"""

INVOICED_BETWEEN = """
SELECT EXISTS (SELECT FROM invoiced_charge
               WHERE family_id = $1 AND child_id = $2
                 AND ($3::uuid IS NULL OR activity_id = $3)
                 AND date BETWEEN $4 AND coalesce($5::date, 'infinity') AND basis <> 'share')
"""
OVERLAPS = """
SELECT EXISTS (SELECT FROM sharing
               WHERE family_id = $1 AND child_id = $2 AND activity_id IS NOT DISTINCT FROM $3
                 AND valid_from <= coalesce($5::date, 'infinity')
                 AND coalesce(valid_until, 'infinity') >= $4)
"""
SHARING = """
SELECT s.family_id, s.child_id, s.activity_id, s.valid_from, s.valid_until,
       (SELECT jsonb_agg(jsonb_build_object('payer_id', p.payer_id, 'part', p.part)
                         ORDER BY p.payer_id)
        FROM sharing_part p WHERE p.sharing_id = s.sharing_id) AS parts
FROM sharing s WHERE s.sharing_id = $1
"""

# $1: the payer, $2: the day. What it has a part of and is not divided yet is the family's still.
SHARES_FROM = """
SELECT EXISTS (SELECT FROM sharing_part p JOIN sharing s USING (sharing_id)
               WHERE p.payer_id = $1 AND coalesce(s.valid_until, 'infinity') >= $2)
"""
HAS_OPEN = """
SELECT EXISTS (SELECT FROM open_charge
               WHERE family_id = $1 AND amount_cents IS DISTINCT FROM 0)
    OR EXISTS (SELECT FROM sharing_part p JOIN sharing s USING (sharing_id)
               JOIN open_charge c ON c.family_id = s.family_id AND c.child_id = s.child_id
               WHERE p.payer_id = $1 AND c.amount_cents IS DISTINCT FROM 0
                 AND coalesce(s.activity_id, c.activity_id) = c.activity_id
                 AND c.date BETWEEN s.valid_from AND coalesce(s.valid_until, 'infinity'))
"""
OWES_OR_IS_OWED = """
SELECT EXISTS (SELECT FROM ledger_entry
               WHERE family_id = $1 AND account IN ('receivable', 'family_credit')
               GROUP BY account, invoice_id HAVING sum(amount_cents) <> 0)
"""


async def next_reference(connection: Connection) -> str:
    """What the next third party is called."""
    return reference(await connection.fetchval("SELECT nextval('third_party_number')"))


async def keep_third_party(
    connection: Connection,
    payer_id: UUID,
    third_party: ThirdParty,
    *,
    called: str,
    now: datetime,
    by: UUID | None,
) -> KnownThirdParty:
    """Keep this of a third party; one that is known keeps its reference."""
    told = asdict(third_party)
    version: int = await connection.fetchval(PUT, payer_id, *told.values(), now, by)
    kept: str = await connection.fetchval(
        PUT_ACCOUNT,
        payer_id,
        version,
        called,
        third_party.name,
        third_party.mail,
        third_party.addressee,
    )
    return KnownThirdParty(payer_id, version, kept, third_party)


async def require_third_party(connection: Connection, payer_id: UUID) -> str:
    """What it is called. Raises UnknownPayer."""
    called: str | None = await connection.fetchval(
        "SELECT f.reference FROM third_party t JOIN family f ON f.family_id = t.payer_id "
        "WHERE t.payer_id = $1",
        payer_id,
    )
    if called is None:
        raise UnknownPayer
    return called


async def shares_from(connection: Connection, payer_id: UUID, day: date) -> bool:
    """Whether it has a part of something on that day or after it."""
    found: bool = await connection.fetchval(SHARES_FROM, payer_id, day)
    return found


async def has_open(connection: Connection, payer_id: UUID) -> bool:
    """Whether something of it, or of what it has a part of, is not invoiced yet."""
    found: bool = await connection.fetchval(HAS_OPEN, payer_id)
    return found


async def owes_or_is_owed(connection: Connection, payer_id: UUID) -> bool:
    """Whether an invoice is left to pay, or money to give back."""
    found: bool = await connection.fetchval(OWES_OR_IS_OWED, payer_id)
    return found


async def known_payers(connection: Connection, ids: Collection[UUID]) -> set[UUID]:
    """Those of them who have an account: families whose file has arrived, third parties."""
    rows = await connection.fetch(
        """SELECT family_id FROM family
           WHERE family_id = ANY($1) AND record_version > 0 AND reference <> ''""",
        list(ids),
    )
    return {row["family_id"] for row in rows}


async def called(connection: Connection, reference: str) -> UUID | None:
    """The account of this reference; None when there is none, or more than one."""
    rows = await connection.fetch(
        """SELECT family_id FROM family
           WHERE upper(reference) = upper($1) AND record_version > 0 LIMIT 2""",
        reference,
    )
    return rows[0]["family_id"] if len(rows) == 1 else None


async def has_invoiced(
    connection: Connection, sharing: Sharing, first: date, last: date | None
) -> bool:
    """Whether an invoice holds a day of what it divides."""
    found: bool = await connection.fetchval(
        INVOICED_BETWEEN, sharing.family_id, sharing.child_id, sharing.activity_id, first, last
    )
    return found


async def overlaps(connection: Connection, sharing: Sharing) -> bool:
    """Whether another one of the same child and activity holds on one of its days."""
    found: bool = await connection.fetchval(
        OVERLAPS,
        sharing.family_id,
        sharing.child_id,
        sharing.activity_id,
        sharing.valid_from,
        sharing.valid_until,
    )
    return found


async def insert(
    connection: Connection, sharing: Sharing, *, now: datetime, by: UUID | None
) -> UUID:
    """Keep a sharing; returns its id."""
    sharing_id = uuid4()
    await connection.execute(
        """INSERT INTO sharing (sharing_id, family_id, child_id, activity_id, valid_from,
               valid_until, decided_at, decided_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        sharing_id,
        sharing.family_id,
        sharing.child_id,
        sharing.activity_id,
        sharing.valid_from,
        sharing.valid_until,
        now,
        by,
    )
    await connection.execute(
        """INSERT INTO sharing_part (sharing_id, payer_id, part)
           SELECT $1, * FROM unnest($2::uuid[], $3::integer[])""",
        sharing_id,
        [part.payer_id for part in sharing.parts],
        [part.part for part in sharing.parts],
    )
    return sharing_id


async def find(connection: Connection, sharing_id: UUID) -> Sharing:
    """The sharing. Raises UnknownSharing."""
    row = await connection.fetchrow(SHARING, sharing_id)
    if row is None:
        raise UnknownSharing
    parts = tuple(Part(UUID(part["payer_id"]), part["part"]) for part in row["parts"])
    return Sharing(**{**row, "parts": parts})


async def end(connection: Connection, sharing_id: UUID, last_day: date) -> None:
    """It divides what is up to that day."""
    await connection.execute(
        "UPDATE sharing SET valid_until = $2 WHERE sharing_id = $1", sharing_id, last_day
    )


async def take_back(connection: Connection, sharing_id: UUID) -> None:
    """Forget it, with the parts that wait for an invoice."""
    await connection.execute(
        """DELETE FROM open_charge c USING sharing s
           WHERE s.sharing_id = $1 AND c.child_id = s.child_id AND c.basis = 'share'
             AND c.rule ->> 'sharing_id' = s.sharing_id::text""",
        sharing_id,
    )
    await connection.execute("DELETE FROM sharing WHERE sharing_id = $1", sharing_id)
