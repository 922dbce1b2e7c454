"""Secret addresses of agendas are made, renewed and revoked by the family's guardians."""

from datetime import date, datetime
from uuid import UUID, uuid4

from services.chassis.database import Connection
from services.reservations.errors import TooManyAgendaLinks, UnknownAgendaLink, UnknownChild
from services.reservations.model.agenda import MOST_LINKS, digest, new_token
from services.reservations.repository import agenda_links
from services.reservations.repository.agenda_links import AgendaLink


async def create_link(
    connection: Connection,
    family_id: UUID,
    account_id: UUID,
    label: str,
    child_id: UUID | None,
    now: datetime,
) -> tuple[UUID, str]:
    """Make a link; its id, and its secret, which is shown this once.

    Raises UnknownChild, TooManyAgendaLinks.
    """
    if child_id and not await agenda_links.has_child(connection, family_id, child_id):
        raise UnknownChild
    if await agenda_links.lock_family(connection, family_id) >= MOST_LINKS:
        raise TooManyAgendaLinks(f"Au plus {MOST_LINKS} : supprimez ceux qui ne servent plus.")
    link, token = AgendaLink(uuid4(), family_id, account_id, child_id, label), new_token()
    await agenda_links.add(connection, link, digest(token), now)
    return link.link_id, token


async def renew_link(connection: Connection, link_id: UUID, family_id: UUID, now: datetime) -> str:
    """Another secret for the link; the former opens nothing any more. Raises UnknownAgendaLink."""
    token = new_token()
    if not await agenda_links.renew(connection, link_id, family_id, digest(token), now):
        raise UnknownAgendaLink
    return token


async def revoke_link(connection: Connection, link_id: UUID, family_id: UUID) -> None:
    """The link opens nothing any more. Raises UnknownAgendaLink."""
    if not await agenda_links.revoke(connection, link_id, family_id):
        raise UnknownAgendaLink


async def opened_by(connection: Connection, token: str, today: date) -> AgendaLink:
    """The link that this secret opens, noted as read today. Raises UnknownAgendaLink."""
    link = await agenda_links.read(connection, digest(token), today)
    if link is None:
        raise UnknownAgendaLink
    return link
