"""What accounts answers about the town's rules for records, consents, and what waits."""

from uuid import UUID

from contracts.roles import ADMIN, DESK, GUARDIAN, OFFICE
from services.accounts import record_answers
from services.accounts.clients.particulier import PARTICULIER
from services.accounts.commands import answer_consents
from services.accounts.commands.change_record import accept_change, refuse_change
from services.accounts.commands.set_rules import set_rules
from services.accounts.model.consents import ConsentText
from services.accounts.queries import record as record_queries
from services.accounts.schemas import rules as schemas
from services.chassis.endpoints import Call, delete, get, patch, post


async def list_consent_texts(call: Call) -> schemas.ConsentTextsAnswer:
    """Les autorisations demandées aux familles"""
    view = await record_queries.consent_texts(call.connection)
    return schemas.ConsentTextsAnswer(texts=tuple(_text(text) for text in view))


async def publish_consent(call: Call, body: schemas.ConsentTextBody) -> schemas.ConsentTextAnswer:
    """Demander une autorisation de plus"""
    return await _publish(call, body, None)


async def replace_consent(
    call: Call, consent_id: UUID, body: schemas.ConsentTextBody
) -> schemas.ConsentTextAnswer:
    """Publier une nouvelle version d’une autorisation"""
    return await _publish(call, body, consent_id)


async def withdraw_consent(call: Call, consent_id: UUID) -> None:
    """Ne plus demander une autorisation"""
    await answer_consents.withdraw_text(call.connection, consent_id, call.now)


async def show_rules(call: Call) -> schemas.RulesAnswer:
    """Les règles des fiches famille"""
    rules = await record_queries.rules(call.connection)
    return record_answers.rules_answer(rules, can_fetch_quotient=PARTICULIER in call.app)


async def patch_rules(call: Call, body: schemas.RulesPatch) -> schemas.RulesAnswer:
    """Modifier les règles des fiches famille"""
    rules = await set_rules(
        call.connection,
        required=body.required,
        reviewed=body.reviewed,
        by=call.caller.account_id,
        now=call.now,
    )
    return record_answers.rules_answer(rules, can_fetch_quotient=PARTICULIER in call.app)


async def list_waiting(call: Call, query: schemas.ChangesQuery) -> schemas.QueueAnswer:
    """Les modifications à valider"""
    found = await record_queries.queue(call.connection, page=query.page, size=query.size)
    return record_answers.queue_answer(found, query.page, query.size)


async def accept(call: Call, change_id: UUID) -> None:
    """Accepter une modification"""
    await accept_change(call.connection, change_id, by=call.caller.account_id, now=call.now)


async def refuse(call: Call, change_id: UUID, body: schemas.RefusalBody) -> None:
    """Refuser une modification"""
    await refuse_change(
        call.connection, change_id, body.reason, by=call.caller.account_id, now=call.now
    )


async def _publish(
    call: Call, body: schemas.ConsentTextBody, consent_id: UUID | None
) -> schemas.ConsentTextAnswer:
    text = await answer_consents.publish_text(
        call.connection,
        body.title,
        body.body,
        consent_id=consent_id,
        by=call.caller.account_id,
        now=call.now,
    )
    return _text(text)


def _text(text: ConsentText) -> schemas.ConsentTextAnswer:
    return schemas.ConsentTextAnswer(
        consent_id=text.consent_id, version=text.version, title=text.title, body=text.body
    )


ENDPOINTS = (
    get("/consents", list_consent_texts, allow=DESK | {GUARDIAN}),
    post("/consents", publish_consent, allow={ADMIN}, status=201),
    post("/consents/{consent_id}/versions", replace_consent, allow={ADMIN}, status=201),
    delete("/consents/{consent_id}", withdraw_consent, allow={ADMIN}),
    get("/record-rules", show_rules, allow=DESK | {GUARDIAN}),
    patch("/record-rules", patch_rules, allow={ADMIN}),
    get("/record-changes", list_waiting, allow=OFFICE),
    post("/record-changes/{change_id}/accept", accept, allow=OFFICE),
    post("/record-changes/{change_id}/refuse", refuse, allow=OFFICE),
)
