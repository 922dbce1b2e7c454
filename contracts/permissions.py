"""Who may what: every operation of every service, in one table.

The endpoints declare the same beside their handlers; a test holds the two together, so that a
right is never given in passing. Rights are by role; besides, a guardian reaches the own family
alone, and a leader the own activities alone: what is another's does not exist for them (404).
"""

from collections.abc import Mapping
from typing import Final

from contracts import roles

# How the table calls each group of callers.
CALLERS: Final[Mapping[str, frozenset[str]]] = {
    "guardian": frozenset({roles.GUARDIAN}),
    "office": roles.OFFICE,
    "till": roles.TILL,
    "desk": roles.DESK,
    "roll": roles.ROLL,
    "staff": roles.STAFF,
    "admin": frozenset({roles.ADMIN}),
    "operator": frozenset({roles.OPERATOR}),
    "signed-in": roles.SIGNED_IN,
    "everyone": roles.EVERYONE,
}

PERMISSIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "accounts": {
        "POST /imports/families": "office + operator",
        "GET /families": "desk + operator",
        "GET /families/{family_id}": "desk + guardian",
        "PATCH /families/{family_id}": "office + guardian",
        "GET /access-codes": "office",
        "POST /access-codes": "office + operator",
        "POST /sessions": "everyone",
        "DELETE /sessions": "signed-in",
        "GET /sessions/{session_id}": "everyone",
        "DELETE /sessions/{session_id}": "signed-in",
        "POST /password": "signed-in",
        "GET /me": "signed-in",
        "POST /staff-accounts": "admin + operator",
        "GET /staff-accounts": "admin + operator",
        "GET /sessions": "signed-in",
        "GET /access": "signed-in",
        "POST /second-factor": "signed-in",
        "GET /second-factor": "signed-in",
        "POST /second-factor/confirmation": "signed-in",
        "POST /second-factor/recovery-codes": "signed-in",
        "POST /second-factor/removal": "signed-in",
        "POST /password-resets": "everyone",
        "POST /password-resets/completion": "everyone",
        "POST /mail-changes": "guardian",
        "DELETE /mail-changes": "guardian",
        "POST /mail-changes/confirmation": "everyone",
        "POST /mail-changes/cancellation": "everyone",
        "DELETE /accounts/{account_id}/second-factor": "admin",
        "POST /staff-accounts/new": "admin",
        "PUT /staff-accounts/{account_id}": "admin",
        "POST /staff-accounts/{account_id}/code": "admin",
        "POST /france-connect/departures": "everyone",
        "POST /france-connect/arrivals": "everyone",
        "POST /france-connect/links": "everyone",
        "POST /france-connect/removal": "guardian",
        "POST /france-connect/sign-outs": "signed-in",
    },
    "enrolment": {
        "GET /school-years": "signed-in + operator",
        "POST /school-years": "office + operator",
        "GET /schools": "signed-in + operator",
        "POST /schools": "office + operator",
        "GET /regulations": "signed-in + operator",
        "POST /regulations": "office + operator",
        "GET /activities": "signed-in + operator",
        "POST /activities": "office + operator",
        "GET /children": "guardian",
        "GET /enrolments": "desk + guardian",
        "POST /enrolments": "office + guardian",
        "POST /enrolments/{enrolment_id}/accept": "office",
        "POST /enrolments/{enrolment_id}/refuse": "office",
    },
    "reservations": {
        "GET /calendar": "office + guardian",
        "GET /reservations": "office + guardian",
        "POST /reservations": "office + guardian",
        "POST /reservations/patterns": "office + guardian",
        "DELETE /reservations/{reservation_id}": "office + guardian",
        "GET /sessions": "staff",
        "GET /sessions/{session_id}/roster": "roll",
        "POST /sessions/{session_id}/attendance": "roll",
    },
    "billing": {
        "GET /tariffs": "staff + operator",
        "POST /tariffs": "till + operator",
        "GET /billing-runs": "desk",
        "POST /billing-runs": "till",
        "GET /billing-runs/{run_id}": "desk",
        "GET /charges": "desk + guardian",
        "GET /invoices": "desk + guardian",
        "GET /invoices/{invoice_id}.pdf": "desk + guardian",
        "GET /invoices/{invoice_id}": "desk + guardian",
        "GET /payments": "desk + guardian",
        "POST /payments": "guardian",
        "POST /payments/notifications": "everyone",
        "GET /payments/{payment_id}": "desk + guardian",
        "GET /payments/{payment_id}/receipt.pdf": "desk + guardian",
    },
    "documents": {
        "GET /document-types": "signed-in",
        "GET /documents": "office + guardian",
        "POST /documents": "office + guardian",
        "GET /documents/{document_id}/content": "office + guardian",
    },
    "notifications": {
        "GET /messages": "office + guardian",
        "POST /messages/{message_id}/letter": "office",
        "GET /letters": "office",
        "GET /letters/{letter_id}.pdf": "office",
        "POST /letters/print": "office",
        "GET /print-batches": "office",
        "GET /print-batches/{batch_id}.pdf": "office",
    },
    "each service": {
        "GET /dead-letters": "operator",
        "GET /dead-letters/{dead_letter_id}": "operator",
        "POST /dead-letters/{dead_letter_id}/replay": "operator",
        "POST /outbox/replay": "operator",
    },
}


def allowed(words: str) -> frozenset[str]:
    """The roles that an entry of the table stands for: `office + guardian`."""
    return frozenset().union(*(CALLERS[word] for word in words.split(" + ")))
