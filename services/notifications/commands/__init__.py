"""What can be done with messages: compose, address, send by mail, print."""

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
    erase_old_secrets,
    letter_pdf,
    print_waiting,
    reprint,
)

__all__ = [
    "SetLetters",
    "compose",
    "erase_old_secrets",
    "keep_activity",
    "keep_family",
    "keep_invoice",
    "letter_pdf",
    "merge_families",
    "move_to_tray",
    "print_waiting",
    "release_waiting",
    "reprint",
    "send_due",
]
