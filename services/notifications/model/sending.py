"""When a mail is tried again, and when it is given up."""

import re
from datetime import timedelta
from typing import Final

# A server that is away is asked again soon, whatever the number of messages; a message
# that a server puts off (a full mailbox, greylisting) is given more time.
AWAY_FIRST: Final = timedelta(seconds=2)
AWAY_LONGEST: Final = timedelta(seconds=60)
PUT_OFF_FIRST: Final = timedelta(minutes=1)
PUT_OFF_LONGEST: Final = timedelta(hours=1)
# What mail servers commonly do (RFC 5321, 4.5.4.1: at least 4 to 5 days).
GIVE_UP_AFTER: Final = timedelta(days=5)


def pause_when_away(attempts: int, jitter: float) -> timedelta:
    """How long to wait for the server after so many attempts; `jitter` from 0 to 1."""
    return _pause(AWAY_FIRST, AWAY_LONGEST, attempts, jitter)


def pause_when_put_off(attempts: int, jitter: float) -> timedelta:
    """How long to wait before a message that was put off is tried again."""
    return _pause(PUT_OFF_FIRST, PUT_OFF_LONGEST, attempts, jitter)


def _pause(first: timedelta, longest: timedelta, attempts: int, jitter: float) -> timedelta:
    grown: timedelta = min(longest, first * 2 ** min(attempts, 16))
    return grown * (0.5 + jitter / 2)


def is_lasting(code: int, reason: str) -> bool:
    """Whether a refusal will be the same tomorrow: the address or the content is at fault.

    What the town's own set-up may cause (relaying denied, 5.7.x) is not the family's fault.
    """
    if not 500 <= code < 600:
        return False
    return not re.search(r"\b5\.7\.\d|relay", reason, re.IGNORECASE)
