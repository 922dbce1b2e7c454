"""What the portal reads of personal data: exports, duties to keep, requests for erasure."""

from datetime import date as day
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.readers.reader import Reader


class ExportedKind(Reader):
    key: str
    label: str
    purpose: str = ""
    kept: str = ""
    records: dict[str, list[dict[str, Any]]]


class Export(Reader):
    service: str
    kinds: tuple[ExportedKind, ...] = ()


class Duty(Reader):
    key: str
    label: str
    reason: str
    until: day | None = None


class Duties(Reader):
    duties: tuple[Duty, ...] = ()


class Rule(Reader):
    key: str
    label: str
    purpose: str
    kept: str
    months: int | None = None
    reason: str | None = None


class Rules(Reader):
    service: str = ""
    rules: tuple[Rule, ...] = ()


class TownRules(Reader):
    """The rules of every service."""

    services: tuple[Rules, ...] = ()


class ErasureState(Reader):
    status: str  # none | asked | withdrawn | refused | done
    asked_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str | None = None


class ErasureLine(Reader):
    family_id: UUID
    reference: str
    label: str
    asked_at: datetime | None = None
    until: day | None = None


class Erasures(Reader):
    asked: tuple[ErasureLine, ...] = ()
    departed: tuple[ErasureLine, ...] = ()
    departed_after_months: int = 0
