"""The copies of documents' data: the kinds of document, and where each document stands."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.model.papers import DocumentType, Paper

PAPERS = """
SELECT document_id, version, family_id, child_id, document_type, state, deposited_at, valid_until
FROM paper WHERE family_id = ANY($1::uuid[]) AND state <> 'erased'
"""
TYPES = """
SELECT code, label, per_child, asked_of, compulsory, help, retired
FROM document_type ORDER BY position
"""


async def document_types(connection: Connection) -> list[DocumentType]:
    """The kinds of document, in the town's order."""
    return [DocumentType(**dict(row)) for row in await connection.fetch(TYPES)]


async def papers(
    connection: Connection, family_ids: Collection[UUID]
) -> defaultdict[UUID, list[Paper]]:
    """What each of these families has handed in."""
    found: defaultdict[UUID, list[Paper]] = defaultdict(list)
    for row in await connection.fetch(PAPERS, list(family_ids)):
        found[row["family_id"]].append(Paper(**dict(row)))
    return found


async def keep_types(connection: Connection, version: int, kinds: Sequence[DocumentType]) -> None:
    """Replace the list of kinds unless ours is as new already."""
    newer = await connection.fetchval(
        """INSERT INTO document_catalogue (version) VALUES ($1)
           ON CONFLICT (only_one) DO UPDATE SET version = $1
           WHERE document_catalogue.version < $1 RETURNING true""",
        version,
    )
    if not newer:
        return
    await connection.execute("DELETE FROM document_type")
    await connection.executemany(
        """INSERT INTO document_type (code, label, per_child, asked_of, compulsory, help,
               retired, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        [
            (k.code, k.label, k.per_child, k.asked_of, k.compulsory, k.help, k.retired, place)
            for place, k in enumerate(kinds)
        ],
    )


async def keep_paper(connection: Connection, paper: Paper) -> None:
    """Keep where a document stands unless ours is as new already."""
    await connection.execute(
        """INSERT INTO paper (document_id, version, family_id, child_id, document_type, state,
               deposited_at, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (document_id) DO UPDATE SET version = $2, family_id = $3, child_id = $4,
               state = $6, valid_until = $8
           WHERE paper.version < $2""",
        paper.document_id,
        paper.version,
        paper.family_id,
        paper.child_id,
        paper.document_type,
        paper.state,
        paper.deposited_at,
        paper.valid_until,
    )


async def unknown_types(connection: Connection, codes: Collection[str]) -> Sequence[str]:
    """The codes that no kind of document bears; none as long as no list was told."""
    rows = await connection.fetch(
        """SELECT code FROM unnest($1::text[]) AS given (code)
           WHERE EXISTS (SELECT FROM document_catalogue)
             AND NOT EXISTS (SELECT FROM document_type t
                             WHERE t.code = given.code AND NOT t.retired)""",
        list(codes),
    )
    return [row["code"] for row in rows]
