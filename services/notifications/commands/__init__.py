"""What can be done with messages: compose, address, send by mail, print, write to many."""

from services.notifications.commands.activities import (
    forget_past_days,
    keep_closed_place,
    keep_closed_session,
    keep_enrolled,
    keep_expected,
    tell_closures,
)
from services.notifications.commands.broadcasting import make_broadcast_messages, send_broadcast
from services.notifications.commands.composing import (
    compose,
    keep_activity,
    keep_family,
    keep_invoice,
    merge_families,
    release_waiting,
)
from services.notifications.commands.mailing import move_to_tray, send_due
from services.notifications.commands.printing import (
    SetLetters,
    Sheaf,
    erase_old_secrets,
    letter_pdf,
    print_one,
    print_waiting,
    reprint,
)
from services.notifications.commands.rereading import reread

__all__ = [
    "SetLetters",
    "Sheaf",
    "compose",
    "erase_old_secrets",
    "forget_past_days",
    "keep_activity",
    "keep_closed_place",
    "keep_closed_session",
    "keep_enrolled",
    "keep_expected",
    "keep_family",
    "keep_invoice",
    "letter_pdf",
    "make_broadcast_messages",
    "merge_families",
    "move_to_tray",
    "print_one",
    "print_waiting",
    "release_waiting",
    "reprint",
    "reread",
    "send_broadcast",
    "send_due",
    "tell_closures",
]
