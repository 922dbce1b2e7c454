"""The till says who pays for a child, and in which parts."""

from datetime import date, datetime
from uuid import UUID, uuid4

from services.billing import publishing
from services.billing.commands.issue_invoices import lock_accounts
from services.billing.errors import UnknownChild
from services.billing.errors.payers import (
    BadSharing,
    MonthIssued,
    SharingsOverlap,
)
from services.billing.model.payers import KnownThirdParty, ThirdParty
from services.billing.model.sharing import Sharing
from services.billing.repository import charges, copies, organisations, payers
from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import FieldError

BILLED = "Des jours de cette période sont déjà facturés\u00a0: choisissez un jour d’après."


async def add_third_party(
    connection: Connection, third_party: ThirdParty, *, now: datetime, by: UUID | None
) -> KnownThirdParty:
    """Take in somebody who pays for children. Raises BadThirdParty, BadOrganisation."""
    third_party.check()
    called = await payers.next_reference(connection)
    return await _keep(connection, uuid4(), third_party, called, now=now, by=by)


async def correct_third_party(
    connection: Connection,
    payer_id: UUID,
    third_party: ThirdParty,
    *,
    now: datetime,
    by: UUID | None,
) -> KnownThirdParty:
    """What is invoiced from now on goes to this name and address.

    Raises BadThirdParty, BadOrganisation, UnknownPayer.
    """
    third_party.check()
    called = await payers.require_third_party(connection, payer_id)
    await charges.share_books(connection)
    # What is planned for it is written first, to the address that it had.
    await lock_accounts(connection, [payer_id])
    return await _keep(connection, payer_id, third_party, called, now=now, by=by)


async def _keep(
    connection: Connection,
    payer_id: UUID,
    third_party: ThirdParty,
    called: str,
    *,
    now: datetime,
    by: UUID | None,
) -> KnownThirdParty:
    known = await payers.keep_third_party(
        connection, payer_id, third_party, called=called, now=now, by=by
    )
    organisation = third_party.organisation() if third_party.siret else None
    today = paris_date(now)
    if organisation != await organisations.present(connection, payer_id, today):
        await organisations.put(connection, payer_id, organisation, since=today, now=now, by=by)
    await outbox.append(connection, publishing.third_party_updated(known))
    return known


async def share(
    connection: Connection, sharing: Sharing, *, now: datetime, by: UUID | None
) -> UUID:
    """Divide a child's charges among payers, what is not invoiced yet; returns the sharing's id.

    Raises BadSharing, UnknownFamily, UnknownChild, SharingsOverlap, MonthIssued.
    """
    sharing.check()
    await copies.require_family(connection, sharing.family_id)
    if not await copies.has_child(connection, sharing.family_id, sharing.child_id):
        raise UnknownChild
    await _require_payers(connection, sharing)
    await _have_alone(connection, sharing)
    if await payers.overlaps(connection, sharing):
        message = "Une autre répartition de cet enfant vaut pendant cette période."
        raise SharingsOverlap(message, errors=[FieldError("valid_from", message)])
    if await payers.has_invoiced(connection, sharing, sharing.valid_from, sharing.valid_until):
        raise MonthIssued(BILLED, errors=[FieldError("valid_from", BILLED)])
    return await payers.insert(connection, sharing, now=now, by=by)


async def end_sharing(connection: Connection, sharing_id: UUID, last_day: date) -> None:
    """From the next day on the charges are not divided.

    Raises UnknownSharing, BadSharing, MonthIssued.
    """
    sharing = await payers.find(connection, sharing_id)
    await _have_alone(connection, sharing)
    sharing = await payers.find(connection, sharing_id)
    if last_day < sharing.valid_from:
        raise BadSharing.because("last_day", "La fin ne peut pas précéder le début.")
    if sharing.valid_until and last_day > sharing.valid_until:
        message = f"Elle finit déjà le {sharing.valid_until:%d/%m/%Y}."
        raise BadSharing.because("last_day", message)
    if await payers.has_invoiced(connection, sharing, _after(last_day), sharing.valid_until):
        raise MonthIssued(BILLED, errors=[FieldError("last_day", BILLED)])
    await payers.end(connection, sharing_id, last_day)


async def take_back_sharing(connection: Connection, sharing_id: UUID) -> None:
    """It was a mistake: nothing was divided by it. Raises UnknownSharing, MonthIssued."""
    sharing = await payers.find(connection, sharing_id)
    await _have_alone(connection, sharing)
    if await payers.has_invoiced(connection, sharing, sharing.valid_from, sharing.valid_until):
        raise MonthIssued("Des jours sont déjà facturés\u00a0: mettez-y plutôt fin.")
    await payers.take_back(connection, sharing_id)


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


async def _have_alone(connection: Connection, sharing: Sharing) -> None:
    """What is planned for the accounts is written first, and nothing else is meanwhile."""
    await charges.share_books(connection)
    accounts = {sharing.family_id, *(part.payer_id for part in sharing.parts)}
    await lock_accounts(connection, accounts)


async def _require_payers(connection: Connection, sharing: Sharing) -> None:
    known = await payers.known_payers(connection, [part.payer_id for part in sharing.parts])
    unknown = [
        FieldError(f"parts.{place}.payer_id", "Ce payeur n’existe pas.")
        for place, part in enumerate(sharing.parts)
        if part.payer_id not in known
    ]
    if unknown:
        raise BadSharing("Corrigez les champs signalés.", errors=unknown)
