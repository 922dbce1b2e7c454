"""What the portal reads of the audit trail."""

from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class AuditAct(Reader):
    act_id: UUID
    at: datetime
    service: str
    action: str
    label: str
    account_id: UUID | None = None
    name: str | None = None
    roles: tuple[str, ...] = ()
    family_id: UUID | None = None
    family_label: str | None = None
    reference: str | None = None
    own_family_id: UUID | None = None
    object_id: UUID | None = None
    outcome: str  # done | refused | not_theirs
    refusal: str | None = None


class AuditTrail(Reader):
    acts: tuple[AuditAct, ...] = ()
    total: int = 0
    page: int = 1
    size: int = 50


class AuditAgent(Reader):
    account_id: UUID
    name: str


class AuditAction(Reader):
    action: str
    label: str


class AuditChoices(Reader):
    agents: tuple[AuditAgent, ...] = ()
    actions: tuple[AuditAction, ...] = ()
