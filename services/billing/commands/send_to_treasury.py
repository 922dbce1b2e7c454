"""What the town's accounts and the treasury are sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Treasury:
    """How the town is known to its accounts: the number of each account in its plan."""

    account_codes: Mapping[str, str]


TREASURY = web.AppKey("treasury", Treasury)
