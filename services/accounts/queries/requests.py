"""What can be asked of newcomers' requests."""

from dataclasses import dataclass
from uuid import UUID

from services.accounts.model.duplicates import Likeness, likeness
from services.accounts.model.family import FamilyRecord
from services.accounts.model.requests import AccountRequest
from services.accounts.queries import Page
from services.accounts.repository import requests as repository
from services.chassis.database import Connection

# The oldest that wait first; of those answered, the newest.
LIST = """
SELECT * FROM account_request WHERE status = $1
ORDER BY CASE WHEN status = 'waiting' THEN confirmed_at END, decided_at DESC, request_id
LIMIT $2 OFFSET $3
"""


@dataclass(frozen=True, slots=True)
class Alike:
    """A family that resembles a request."""

    record: FamilyRecord
    likeness: Likeness


async def list_requests(connection: Connection, status: str, *, page: int, size: int) -> Page:
    """The requests in this state."""
    rows = await connection.fetch(LIST, status, size, (page - 1) * size)
    total = await connection.fetchval(
        "SELECT count(*) FROM account_request WHERE status = $1", status
    )
    return Page([{"request": repository.request_of(row)} for row in rows], total)


async def account_request(connection: Connection, request_id: UUID) -> AccountRequest | None:
    """The request, once its mail address is confirmed."""
    row = await connection.fetchrow(
        "SELECT * FROM account_request WHERE request_id = $1 AND status <> 'unconfirmed'",
        request_id,
    )
    return repository.request_of(row) if row else None


async def alike(connection: Connection, request: AccountRequest) -> list[Alike]:
    """The families that resemble it, the likeliest first."""
    if request.status != "waiting":
        return []
    records = await repository.alike(connection, request.form)
    found = [Alike(record, likeness(request.form, record)) for record in records]
    return sorted((a for a in found if a.likeness.score), key=lambda a: -a.likeness.score)[:10]
