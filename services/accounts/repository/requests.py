"""Newcomers' requests: kept, confirmed, decided, forgotten."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.accounts.model.family import Address, FamilyRecord
from services.accounts.model.requests import (
    MAIL_WINDOW,
    ORIGIN_WINDOW,
    AccountRequest,
    Adult,
    RequestedChild,
    RequestForm,
)
from services.accounts.repository import families
from services.chassis.database import Connection

# One statement, so that many requests at once are counted one by one.
COUNT_ORIGIN = """
INSERT INTO account_request_origin AS o (origin_digest, requests, window_started_at)
VALUES ($1, 1, $2)
ON CONFLICT (origin_digest) DO UPDATE SET
    requests = CASE WHEN o.window_started_at <= $3 THEN 1 ELSE o.requests + 1 END,
    window_started_at = CASE WHEN o.window_started_at <= $3 THEN $2 ELSE o.window_started_at END
RETURNING requests
"""

# More would be no help: the strongest signs come first, and each is rare in a town.
ALIKE_LIMIT = 200

ALIKE = """
SELECT DISTINCT family_id FROM (
    SELECT family_id FROM guardian WHERE mail = ANY($1) OR phone = ANY($2)
    UNION ALL
    SELECT family_id FROM child WHERE birth_date = ANY($3)
) found LIMIT $4
"""


async def count_origin(connection: Connection, digest: bytes, now: datetime) -> int:
    """Count a request from this address of the network; how many the hour holds with it."""
    counted: int = await connection.fetchval(COUNT_ORIGIN, digest, now, now - ORIGIN_WINDOW)
    return counted


async def asked_with(connection: Connection, mail: str, now: datetime) -> int:
    """How many requests were made with this mail address within its window."""
    counted: int = await connection.fetchval(
        "SELECT count(*) FROM account_request WHERE mail = $1 AND asked_at > $2",
        mail,
        now - MAIL_WINDOW,
    )
    return counted


async def add(connection: Connection, request: AccountRequest, token_digest: bytes) -> None:
    """Keep a new request until its link is followed."""
    await connection.execute(
        """INSERT INTO account_request (request_id, status, mail, form, asked_at, token_digest,
                                        link_expires_at)
           VALUES ($1, 'unconfirmed', $2, $3, $4, $5, $6)""",
        request.request_id,
        request.form.mail,
        _written(request.form),
        request.asked_at,
        token_digest,
        request.link_expires_at,
    )


async def confirm(connection: Connection, token_digest: bytes, now: datetime) -> UUID | None:
    """Use the link up; the request's id, None when the link is unknown, used or too old."""
    request_id: UUID | None = await connection.fetchval(
        """UPDATE account_request SET status = 'waiting', confirmed_at = $2, token_digest = NULL
           WHERE token_digest = $1 AND link_expires_at > $2 RETURNING request_id""",
        token_digest,
        now,
    )
    return request_id


async def lock(connection: Connection, request_id: UUID) -> AccountRequest | None:
    """The request, nobody else deciding meanwhile; one not confirmed is not there yet."""
    row = await connection.fetchrow(
        """SELECT * FROM account_request WHERE request_id = $1 AND status <> 'unconfirmed'
           FOR UPDATE""",
        request_id,
    )
    return request_of(row) if row else None


async def decide(
    connection: Connection, request: AccountRequest, *, by: UUID | None, now: datetime
) -> None:
    """Keep what was decided of the request."""
    await connection.execute(
        """UPDATE account_request SET status = $2, family_id = $3, reason = $4, decided_at = $5,
                  decided_by = $6 WHERE request_id = $1""",
        request.request_id,
        request.status,
        request.family_id,
        request.reason,
        now,
        by,
    )


async def new_reference(connection: Connection, today: date) -> str:
    """A file number that no family has."""
    while True:
        number = await connection.fetchval("SELECT nextval('family_reference')")
        reference = f"P{today.year}-{number:05}"
        if not await families.lock_by_reference(connection, [reference]):
            return reference


async def alike(connection: Connection, form: RequestForm) -> list[FamilyRecord]:
    """The families that share a mail address, a telephone or a child's birth date with it."""
    rows = await connection.fetch(
        ALIKE,
        [adult.mail for adult in form.adults if adult.mail],
        [adult.phone for adult in form.adults if adult.phone],
        [child.birth_date for child in form.children],
        ALIKE_LIMIT,
    )
    found = await families.read_all(connection, [row["family_id"] for row in rows])
    return list(found.values())


async def forget(connection: Connection, *, expired: datetime, decided: datetime) -> None:
    """Drop the requests whose link was not followed in time, and those long decided."""
    await connection.execute(
        """DELETE FROM account_request WHERE (status = 'unconfirmed' AND link_expires_at <= $1)
           OR decided_at <= $2""",
        expired,
        decided,
    )
    await connection.execute(
        "DELETE FROM account_request_origin WHERE window_started_at <= $1",
        expired - ORIGIN_WINDOW,
    )


def request_of(row: Any) -> AccountRequest:
    """The request in a row."""
    return AccountRequest(
        request_id=row["request_id"],
        status=row["status"],
        form=_read(row["form"]),
        asked_at=row["asked_at"],
        link_expires_at=row["link_expires_at"],
        confirmed_at=row["confirmed_at"],
        decided_at=row["decided_at"],
        family_id=row["family_id"],
        reason=row["reason"],
    )


def _written(form: RequestForm) -> dict[str, Any]:
    children = [asdict(c) | {"birth_date": c.birth_date.isoformat()} for c in form.children]
    return asdict(form) | {"children": children}


def _read(form: dict[str, Any]) -> RequestForm:
    address = form["address"]
    return RequestForm(
        adults=tuple(Adult(**adult) for adult in form["adults"]),
        children=tuple(_read_children(form["children"])),
        address=Address(tuple(address["lines"]), address["postcode"], address["city"]),
    )


def _read_children(children: Sequence[dict[str, Any]]) -> list[RequestedChild]:
    return [
        RequestedChild(**{**child, "birth_date": date.fromisoformat(child["birth_date"])})
        for child in children
    ]
