"""The audit trail, written once a line."""

from datetime import datetime

from services.accounts.model.trail import AuditAct
from services.chassis.database import Connection

ADD = """
INSERT INTO audit_act (act_id, at, service, action, account_id, roles, family_id, child_id,
                       object_id, own_family_id, outcome, refusal, correlation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (act_id) DO NOTHING
"""

NAME = """
INSERT INTO audit_action (service, action, label, reads) VALUES ($1, $2, $3, $4)
ON CONFLICT (service, action) DO UPDATE SET label = excluded.label,
                                            reads = audit_action.reads OR excluded.reads
WHERE audit_action.label <> excluded.label OR excluded.reads > audit_action.reads
"""


async def add(connection: Connection, act: AuditAct) -> None:
    """Add a line; one that is there already stays as it is."""
    await connection.execute(NAME, act.service, act.action, act.label, act.reads)
    await connection.execute(
        ADD,
        act.act_id,
        act.at,
        act.service,
        act.action,
        act.account_id,
        list(act.roles),
        act.family_id,
        act.child_id,
        act.object_id,
        act.own_family_id,
        act.outcome,
        act.refusal,
        act.correlation_id,
    )


async def purge(connection: Connection, before: datetime) -> int:
    """Drop the lines from before this instant; the database refuses what is too young."""
    purged: int = await connection.fetchval("SELECT purge_audit_acts($1)", before)
    return purged
