"""Who pays for children, over HTTP."""

from uuid import UUID

from contracts.roles import GUARDIAN, OFFICE, TILL
from services.billing.commands.erase_payer import erase_third_party
from services.billing.commands.keep_payers import (
    add_third_party,
    correct_third_party,
    end_sharing,
    share,
    take_back_sharing,
)
from services.billing.errors.payers import BadSharing
from services.billing.model.sharing import Part, Sharing
from services.billing.queries import payers as payer_queries
from services.billing.repository import copies, payers, tariffs
from services.billing.schemas.payers import (
    EndBody,
    ErasureBody,
    PartBody,
    SharingAnswer,
    SharingBody,
    SharingsAnswer,
    ThirdPartiesAnswer,
    ThirdPartyAnswer,
    ThirdPartyBody,
)
from services.chassis import audit
from services.chassis.database import Connection
from services.chassis.errors import FieldError
from services.chassis.personal_data_routes import HELD
from services.chassis.web import Call, delete, get, post, put


async def list_third_parties(call: Call) -> ThirdPartiesAnswer:
    """The payers who are no family, by name."""
    found = await payer_queries.third_parties(call.connection)
    return ThirdPartiesAnswer.model_validate({"third_parties": found})


async def show_third_party(call: Call, payer_id: UUID) -> ThirdPartyAnswer:
    """One of them."""
    found = await payer_queries.third_party(call.connection, payer_id)
    return ThirdPartyAnswer.model_validate(found)


async def add(call: Call, body: ThirdPartyBody) -> ThirdPartyAnswer:
    """Take in a payer who is no family."""
    known = await add_third_party(
        call.connection, body.third_party(), now=call.now, by=call.caller.account_id
    )
    return await show_third_party(call, known.payer_id)


async def correct(call: Call, body: ThirdPartyBody, payer_id: UUID) -> ThirdPartyAnswer:
    """What is invoiced from now on goes to this name and address."""
    await correct_third_party(
        call.connection, payer_id, body.third_party(), now=call.now, by=call.caller.account_id
    )
    return await show_third_party(call, payer_id)


async def erase(call: Call, body: ErasureBody, payer_id: UUID) -> None:
    """Forget a payer who has nothing left to pay; its invoices stay as long as the law wants."""
    await erase_third_party(
        call.connection, call.app[HELD], payer_id, reference=body.reference, now=call.now
    )


async def list_sharings(call: Call, family_id: UUID) -> SharingsAnswer:
    """How the charges of a family's children are divided; itself, it is not told among whom."""
    await copies.require_family(call.connection, family_id)
    found = await payer_queries.sharings(call.connection, family_id)
    if call.caller.family_scope is not None:
        found = [payer_queries.as_its_family_may_see(row, family_id) for row in found]
    return SharingsAnswer.model_validate({"sharings": found})


async def divide(call: Call, body: SharingBody, family_id: UUID) -> SharingAnswer:
    """Divide a child's charges that are not invoiced yet."""
    sharing = Sharing(
        family_id=family_id,
        child_id=body.child_id,
        activity_id=body.activity_id,
        parts=await _parts(call.connection, body.parts),
        valid_from=body.valid_from,
        valid_until=body.valid_until,
    )
    if body.activity_id:
        await tariffs.require_activity(call.connection, body.activity_id)
    sharing_id = await share(call.connection, sharing, now=call.now, by=call.caller.account_id)
    (found,) = await payer_queries.sharings(call.connection, None, sharing_id)
    return SharingAnswer.model_validate(found)


async def _parts(connection: Connection, told: tuple[PartBody, ...]) -> tuple[Part, ...]:
    """The parts by id. Raises BadSharing where a reference is nobody's."""
    parts, faults = [], []
    for place, part in enumerate(told):
        payer_id = part.payer_id
        if payer_id is None and part.reference:
            payer_id = await payers.called(connection, part.reference)
        if payer_id is None:
            message = "Aucun dossier ni tiers payeur ne porte cette référence."
            faults.append(FieldError(f"parts.{place}.reference", message))
            continue
        parts.append(Part(payer_id, part.part))
    if faults:
        raise BadSharing("Corrigez les champs signalés.", errors=faults)
    return tuple(parts)


async def end(call: Call, body: EndBody, sharing_id: UUID) -> None:
    """From the next day on the charges are not divided."""
    await _about(call, sharing_id)
    await end_sharing(call.connection, sharing_id, body.last_day)


async def take_back(call: Call, sharing_id: UUID) -> None:
    """It was a mistake; nothing of it is invoiced yet."""
    await _about(call, sharing_id)
    await take_back_sharing(call.connection, sharing_id)


async def _about(call: Call, sharing_id: UUID) -> None:
    sharing = await payers.find(call.connection, sharing_id)
    audit.about(call, family_id=sharing.family_id, child_id=sharing.child_id)


SHARINGS = "/families/{family_id}/sharings"
ENDPOINTS = (
    get("/third-parties", list_third_parties, allow=OFFICE | TILL),
    post("/third-parties", add, allow=TILL, status=201, summary="Enregistrer un tiers payeur"),
    get("/third-parties/{payer_id}", show_third_party, allow=OFFICE | TILL),
    put("/third-parties/{payer_id}", correct, allow=TILL, summary="Corriger un tiers payeur"),
    post(
        "/third-parties/{payer_id}/erasure",
        erase,
        allow=TILL,
        status=204,
        summary="Effacer un tiers payeur",
    ),
    get(
        SHARINGS,
        list_sharings,
        allow=OFFICE | TILL | {GUARDIAN},
        summary="Voir la répartition entre payeurs",
    ),
    post(
        SHARINGS,
        divide,
        allow=TILL,
        status=201,
        summary="Répartir les prestations d’un enfant entre payeurs",
    ),
    post(
        "/sharings/{sharing_id}/end",
        end,
        allow=TILL,
        status=204,
        summary="Mettre fin à une répartition entre payeurs",
    ),
    delete(
        "/sharings/{sharing_id}",
        take_back,
        allow=TILL,
        summary="Annuler une répartition entre payeurs",
    ),
)
