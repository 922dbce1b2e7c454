"""What signing in works with, besides the database."""

from dataclasses import dataclass

from aiohttp import web

from services.accounts.commands.hashing import Hashing
from services.chassis.sealing import Secrets


@dataclass(frozen=True, slots=True)
class Means:
    """The slow part of passwords, the key of what is sealed, and the town's choices."""

    hashing: Hashing
    secrets: Secrets
    sealing_key: bytes  # of notifications, which alone may read what is to be mailed
    town_name: str
    totp_single_use: bool = True
    old_mail_confirms: bool = True


MEANS = web.AppKey("means", Means)
