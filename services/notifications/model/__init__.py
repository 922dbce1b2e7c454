"""What messages to families are: to whom, how, and when to try again."""

from services.notifications.model.activities import (
    CLOSURES_LONGEST_WAIT,
    CLOSURES_SILENCE,
    ClosedPlace,
    Enrolled,
    Expected,
    closures_draft,
)
from services.notifications.model.broadcasts import Audience, Broadcast, Reach, reach
from services.notifications.model.families import (
    Channel,
    Family,
    Guardian,
    Home,
    channel_for,
    masked,
)
from services.notifications.model.letters import (
    WINDOW_COLUMNS,
    WINDOW_LINES,
    PrintBatch,
    PrintedLetter,
    PrintFile,
    address_block,
    places,
)
from services.notifications.model.messages import (
    LONGEST_WAIT_FOR_ACTIVITY,
    SECRET_KINDS,
    Draft,
    Kind,
    Message,
    Status,
    may_be_posted,
)
from services.notifications.model.sending import (
    GIVE_UP_AFTER,
    is_lasting,
    pause_when_away,
    pause_when_put_off,
)

__all__ = [
    "CLOSURES_LONGEST_WAIT",
    "CLOSURES_SILENCE",
    "GIVE_UP_AFTER",
    "LONGEST_WAIT_FOR_ACTIVITY",
    "SECRET_KINDS",
    "WINDOW_COLUMNS",
    "WINDOW_LINES",
    "Audience",
    "Broadcast",
    "Channel",
    "ClosedPlace",
    "Draft",
    "Enrolled",
    "Expected",
    "Family",
    "Guardian",
    "Home",
    "Kind",
    "Message",
    "PrintBatch",
    "PrintFile",
    "PrintedLetter",
    "Reach",
    "Status",
    "address_block",
    "channel_for",
    "closures_draft",
    "is_lasting",
    "masked",
    "may_be_posted",
    "pause_when_away",
    "pause_when_put_off",
    "places",
    "reach",
]
