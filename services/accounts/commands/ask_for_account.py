"""Ask for an account, and prove that the mail address is one's own."""

from datetime import datetime
from uuid import UUID, uuid4

from services.accounts import publishing
from services.accounts.commands.hashing import Hashing
from services.accounts.errors import LinkNotValid, TooManyRequests
from services.accounts.model.requests import (
    LINK_LIFE,
    REQUESTS_A_MAIL,
    REQUESTS_AN_ORIGIN,
    AccountRequest,
    RequestForm,
    digest,
    new_token,
)
from services.accounts.repository import requests as repository
from services.chassis import outbox
from services.chassis.database import Connection


async def ask_for_account(
    connection: Connection,
    hashing: Hashing,
    form: RequestForm,
    *,
    origin: str,
    now: datetime,
) -> None:
    """Keep the request, and have its confirmation link mailed.

    Whether the town knows the mail address changes nothing, so that nobody can find out by
    asking. A mail address gets a few links a day at most. Raises TooManyRequests.
    """
    if origin and await repository.count_origin(connection, digest(origin), now) > (
        REQUESTS_AN_ORIGIN
    ):
        raise TooManyRequests("Réessayez dans une heure, ou adressez-vous au service enfance.")
    if await repository.asked_with(connection, form.mail, now) >= REQUESTS_A_MAIL:
        return
    token = new_token()
    request = AccountRequest(
        request_id=uuid4(),
        status="unconfirmed",
        form=form,
        asked_at=now,
        link_expires_at=now + LINK_LIFE,
    )
    await repository.add(connection, request, digest(token))
    await outbox.append(connection, publishing.request_received(request, hashing.seal(token)))


async def confirm_request(connection: Connection, token: str, now: datetime) -> UUID:
    """Put the request before the staff; a link serves once. Raises LinkNotValid."""
    request_id = await repository.confirm(connection, digest(token), now)
    if request_id is None:
        raise LinkNotValid("Il a déjà servi, ou il a expiré : envoyez une nouvelle demande.")
    await outbox.append(connection, publishing.request_confirmed(request_id))
    return request_id
