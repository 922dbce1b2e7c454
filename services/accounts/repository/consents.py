"""The texts that parents are asked to consent to, and their answers."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.accounts.model.consents import ConsentAnswer, ConsentText, SaidConsent
from services.chassis.database import Connection

CURRENT = """
SELECT DISTINCT ON (c.position) t.consent_id, t.version, t.title, t.body, t.published_at
FROM consent c JOIN consent_text t USING (consent_id)
WHERE c.withdrawn_at IS NULL ORDER BY c.position, t.version DESC
"""

# The last answer of each home to each text still asked, to whichever version it was.
ANSWERS = """
SELECT DISTINCT ON (a.family_id, a.child_id, a.consent_id)
       a.family_id, a.child_id, a.consent_id, a.version, a.granted, a.answered_at,
       g.first_name || ' ' || upper(g.last_name) AS answered_by
FROM consent_answer a LEFT JOIN guardian g USING (guardian_id)
WHERE a.child_id = ANY($1)
ORDER BY a.family_id, a.child_id, a.consent_id, a.answer_id DESC
"""

# One line for each home of these, each of its children and each text still asked.
SAID = """
WITH home AS (
    SELECT family_id, child_id FROM child WHERE family_id = ANY($1)
    UNION ALL SELECT family_id, child_id FROM second_home WHERE family_id = ANY($1)
), asked AS (
    SELECT DISTINCT ON (c.position) c.position, t.consent_id, t.title
    FROM consent c JOIN consent_text t USING (consent_id)
    WHERE c.withdrawn_at IS NULL ORDER BY c.position, t.version DESC
)
SELECT h.family_id, h.child_id, t.title, a.granted
FROM home h CROSS JOIN asked t LEFT JOIN LATERAL (
    SELECT granted FROM consent_answer a
    WHERE a.family_id = h.family_id AND a.child_id = h.child_id AND a.consent_id = t.consent_id
    ORDER BY a.answer_id DESC LIMIT 1) a ON true
ORDER BY h.family_id, h.child_id, t.position
"""


async def texts(connection: Connection) -> list[ConsentText]:
    """The texts in force, in the town's order."""
    return [ConsentText(**row) for row in await connection.fetch(CURRENT)]


async def answers(connection: Connection, child_ids: Sequence[UUID]) -> list[ConsentAnswer]:
    """Each home's last answers for these children."""
    return [ConsentAnswer(**row) for row in await connection.fetch(ANSWERS, child_ids)]


async def said(connection: Connection, family_ids: Sequence[UUID]) -> dict[UUID, list[SaidConsent]]:
    """What each of these homes last said to each text still asked, for each of its children."""
    by_home: dict[UUID, list[SaidConsent]] = defaultdict(list)
    for row in await connection.fetch(SAID, family_ids):
        by_home[row["family_id"]].append(SaidConsent(row["child_id"], row["title"], row["granted"]))
    return by_home


async def unanswered(connection: Connection, family_id: UUID) -> list[UUID]:
    """The children of a family for whom it still has to answer."""
    rows = await connection.fetch(
        """SELECT DISTINCT child_id FROM unanswered_consent WHERE family_id = $1
           ORDER BY child_id""",
        family_id,
    )
    return [row["child_id"] for row in rows]


async def version_to_answer(connection: Connection, consent_id: UUID) -> int | None:
    """The version in force, which stays so until the end; None when the text is not asked."""
    asked = await connection.fetchval(
        "SELECT true FROM consent WHERE consent_id = $1 AND withdrawn_at IS NULL FOR SHARE",
        consent_id,
    )
    return await _latest(connection, consent_id) if asked else None


async def version_to_replace(connection: Connection, consent_id: UUID) -> int | None:
    """The version in force, while nobody can answer it; None when the text is not asked."""
    asked = await connection.fetchval(
        "SELECT true FROM consent WHERE consent_id = $1 AND withdrawn_at IS NULL FOR UPDATE",
        consent_id,
    )
    return await _latest(connection, consent_id) if asked else None


async def _latest(connection: Connection, consent_id: UUID) -> int:
    version: int = await connection.fetchval(
        "SELECT max(version) FROM consent_text WHERE consent_id = $1", consent_id
    )
    return version


async def publish(connection: Connection, text: ConsentText, *, by: UUID | None) -> None:
    """Put a version of a text in force; the first one adds the text to those asked."""
    await connection.execute(
        "INSERT INTO consent (consent_id) VALUES ($1) ON CONFLICT DO NOTHING", text.consent_id
    )
    await connection.execute(
        """INSERT INTO consent_text (consent_id, version, title, body, published_at, published_by)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        text.consent_id,
        text.version,
        text.title,
        text.body,
        text.published_at,
        by,
    )


async def withdraw(connection: Connection, consent_id: UUID, now: datetime) -> None:
    """Ask this text no more; the answers stay."""
    await connection.execute(
        "UPDATE consent SET withdrawn_at = $2 WHERE consent_id = $1", consent_id, now
    )


async def answer(
    connection: Connection,
    given: ConsentAnswer,
    *,
    guardian_id: UUID | None,
    account_id: UUID | None,
) -> None:
    """Keep an answer beside the earlier ones."""
    await connection.execute(
        """INSERT INTO consent_answer (family_id, child_id, consent_id, version, granted,
                                       guardian_id, answered_by, answered_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        given.family_id,
        given.child_id,
        given.consent_id,
        given.version,
        given.granted,
        guardian_id,
        account_id,
        given.answered_at,
    )
