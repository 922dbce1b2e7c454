"""The roles that a caller can hold, as they stand in tokens."""

from typing import Final

ANONYMOUS: Final = "anonymous"  # the gateway, before anyone has signed in
GUARDIAN: Final = "guardian"  # responsable légal
AGENT: Final = "agent"  # childcare office
LEADER: Final = "leader"  # activity leader, takes the roll
REGISSEUR: Final = "regisseur"  # the till: invoices and payments
ADMIN: Final = "admin"
OPERATOR: Final = "operator"  # runs the machines: replays events, loads a town

OFFICE: Final = frozenset({AGENT, ADMIN})
TILL: Final = frozenset({REGISSEUR, ADMIN})
# Who reads family files: the office and the till; who only takes the roll does not.
DESK: Final = OFFICE | TILL
ROLL: Final = frozenset({AGENT, LEADER, ADMIN})
STAFF: Final = frozenset({AGENT, LEADER, REGISSEUR, ADMIN})
SIGNED_IN: Final = STAFF | {GUARDIAN}
EVERYONE: Final = SIGNED_IN | {ANONYMOUS, OPERATOR}
