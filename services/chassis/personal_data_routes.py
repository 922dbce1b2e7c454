"""What any service answers about the personal data that it holds."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from aiohttp import web

from contracts.roles import EVERYONE, GUARDIAN, OFFICE
from services.chassis import personal_data
from services.chassis.endpoints import Answer, Call, Endpoint, get
from services.chassis.personal_data import Held

HELD = web.AppKey("held", Held)


class ExportedKind(Answer):
    """One kind of data: `records` holds its rows by name, with the columns as fields."""

    key: str
    label: str
    purpose: str
    kept: str
    records: dict[str, list[dict[str, Any]]]


class ExportAnswer(Answer):
    """All that one service holds of a family."""

    service: str
    family_id: UUID
    exported_at: datetime
    kinds: tuple[ExportedKind, ...]


class DutyAnswer(Answer):
    """What must be kept of a family, and until when; no day: as long as the reason holds."""

    key: str
    label: str
    reason: str
    until: date | None


class DutiesAnswer(Answer):
    """Nothing here: the family can be erased at once and whole."""

    service: str
    duties: tuple[DutyAnswer, ...]


class RuleAnswer(Answer):
    """What the town holds of families, why, and how long; `months` past the last day of it."""

    key: str
    label: str
    purpose: str
    kept: str
    months: int | None
    reason: str | None


class RulesAnswer(Answer):
    """The rules of one service."""

    service: str
    rules: tuple[RuleAnswer, ...]


async def export_family(call: Call, family_id: UUID) -> ExportAnswer:
    """Exporter les données d’une famille"""
    held, asker = call.app[HELD], call.caller.account_id if call.caller.family_scope else None
    kinds = [
        ExportedKind(
            key=holding.key,
            label=holding.label,
            purpose=holding.purpose,
            kept=holding.kept,
            records=await personal_data.exported(call.connection, holding, family_id, asker),
        )
        for holding in held.data.holdings
        if holding.export
    ]
    return ExportAnswer(
        service=held.service, family_id=family_id, exported_at=call.now, kinds=tuple(kinds)
    )


async def family_duties(call: Call, family_id: UUID) -> DutiesAnswer:
    """Ce qui devrait être conservé d’une famille"""
    held = call.app[HELD]
    found = await personal_data.duties(
        call.connection, held.data.holdings, held.months, family_id, call.today
    )
    answers = tuple(DutyAnswer.model_validate(d, from_attributes=True) for d in found)
    return DutiesAnswer(service=held.service, duties=answers)


async def retention_rules(call: Call) -> RulesAnswer:
    """Les données détenues et leur durée de conservation"""
    held = call.app[HELD]
    rules = tuple(
        RuleAnswer(
            key=holding.key,
            label=holding.label,
            purpose=holding.purpose,
            kept=holding.kept,
            months=personal_data.months_of(holding, held.months),
            reason=holding.retention.reason if holding.retention else None,
        )
        for holding in held.data.holdings
    )
    return RulesAnswer(service=held.service, rules=rules)


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/families/{family_id}/export", export_family, allow=OFFICE | {GUARDIAN}, opens=True),
    get("/families/{family_id}/duties", family_duties, allow=OFFICE | {GUARDIAN}),
    get("/personal-data", retention_rules, allow=EVERYONE),
)
