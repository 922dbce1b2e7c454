"""Organisations that pay for families, over HTTP."""

from dataclasses import asdict
from uuid import UUID

from contracts.roles import OFFICE, TILL
from services.billing.commands.keep_organisations import keep_organisation
from services.billing.model.organisations import Organisation
from services.billing.repository import copies, organisations
from services.billing.schemas.organisation import OrganisationAnswer, OrganisationBody
from services.chassis.web import Call, delete, get, put


async def show_organisation(call: Call, family_id: UUID) -> OrganisationAnswer:
    """Who pays for a family today. Raises UnknownFamily."""
    await copies.require_family(call.connection, family_id)
    return _shown(await organisations.present(call.connection, family_id, call.today))


async def name_organisation(
    call: Call, body: OrganisationBody, family_id: UUID
) -> OrganisationAnswer:
    """From today this organisation pays the family's invoices."""
    organisation = Organisation.checked(body.name, body.siret, body.service_code, body.engagement)
    await keep_organisation(
        call.connection, family_id, organisation, now=call.now, by=call.caller.account_id
    )
    return _shown(organisation)


async def end_organisation(call: Call, family_id: UUID) -> None:
    """From today the family pays itself again."""
    await keep_organisation(
        call.connection, family_id, None, now=call.now, by=call.caller.account_id
    )


def _shown(organisation: Organisation | None) -> OrganisationAnswer:
    if organisation is None:
        return OrganisationAnswer()
    return OrganisationAnswer(**asdict(organisation))


PATH = "/families/{family_id}/organisation"
ENDPOINTS = (
    get(PATH, show_organisation, allow=OFFICE | TILL),
    put(PATH, name_organisation, allow=TILL, summary="Désigner l’organisme payeur d’une famille"),
    delete(PATH, end_organisation, allow=TILL, summary="Retirer l’organisme payeur d’une famille"),
)
