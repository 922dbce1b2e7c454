"""What billing shows of who pays for children."""

from uuid import UUID

from services.billing.errors.payers import UnknownPayer
from services.billing.queries import Row
from services.chassis.database import Connection

THIRD_PARTIES = """
SELECT t.payer_id, f.reference, t.kind, t.name, t.lines, t.postcode, t.city, t.mail,
       coalesce(t.siret, '') AS siret, t.nature
FROM third_party t JOIN family f ON f.family_id = t.payer_id
WHERE $1::uuid IS NULL OR t.payer_id = $1
ORDER BY lower(t.name), f.reference LIMIT 2000
"""

# $1: the account, as the children's family or as a payer; $2: a single sharing.
SHARINGS = """
SELECT s.sharing_id, s.family_id, f.reference AS family_reference, f.label AS family_label,
       s.child_id, coalesce(k.first_name || ' ' || k.last_name, '') AS child_name,
       s.activity_id, a.name AS activity_name, s.valid_from, s.valid_until,
       (SELECT jsonb_agg(jsonb_build_object(
                   'payer_id', p.payer_id, 'reference', y.reference, 'name', y.label,
                   'third_party', t.payer_id IS NOT NULL, 'part', p.part,
                   'erased', y.reference = '')
                   ORDER BY p.part DESC, y.reference, p.payer_id)
        FROM sharing_part p JOIN family y ON y.family_id = p.payer_id
        LEFT JOIN third_party t ON t.payer_id = p.payer_id
        WHERE p.sharing_id = s.sharing_id) AS parts
FROM sharing s JOIN family f USING (family_id)
LEFT JOIN child k USING (family_id, child_id)
LEFT JOIN activity a ON a.activity_id = s.activity_id
WHERE ($1::uuid IS NULL OR s.family_id = $1
       OR s.sharing_id IN (SELECT sharing_id FROM sharing_part WHERE payer_id = $1))
  AND ($2::uuid IS NULL OR s.sharing_id = $2)
ORDER BY s.valid_from DESC, child_name, activity_name NULLS FIRST, s.sharing_id LIMIT 500
"""


async def third_parties(connection: Connection) -> list[Row]:
    """All third parties, by name."""
    return [dict(row) for row in await connection.fetch(THIRD_PARTIES, None)]


async def third_party(connection: Connection, payer_id: UUID) -> Row:
    """One third party. Raises UnknownPayer."""
    row = await connection.fetchrow(THIRD_PARTIES, payer_id)
    if row is None:
        raise UnknownPayer
    return dict(row)


async def sharings(
    connection: Connection, family_id: UUID | None, sharing_id: UUID | None = None
) -> list[Row]:
    """Of a family's children, and of those whom it pays a part of; the newest first."""
    return [dict(row) for row in await connection.fetch(SHARINGS, family_id, sharing_id)]


def as_its_family_may_see(row: Row, family_id: UUID) -> Row:
    """Which part is its own, and no name, reference or number of who pays the rest."""
    parts = [
        part
        if part["payer_id"] == str(family_id)
        else {"part": part["part"], "third_party": part["third_party"]}
        for part in row["parts"]
    ]
    if row["family_id"] == family_id:
        return row | {"parts": parts}
    return row | {"parts": parts, "family_id": None, "family_reference": "", "family_label": ""}
