"""Hashing, done in other processes: one password would hold up every request for 100 ms."""

import asyncio
import base64
import os

from aiohttp import web
from nacl.public import PublicKey, SealedBox

from services.accounts.commands.waiting_line import WaitingLine
from services.accounts.model import codes, passwords
from services.accounts.model.codes import PreparedCode
from services.chassis.processes import in_process

# Large enough that handing the work over costs nothing beside it, small enough to share it out
# between the processes and to let a login in between.
CHUNK = 50


class Hashing:
    """The slow part of passwords and codes."""

    def __init__(
        self,
        app: web.Application,
        sealing_key: bytes,
        longest_wait: float,
        password_memory_kib: int,
    ) -> None:
        self._app = app
        self._memory_kib = password_memory_kib
        self._sealing_key = sealing_key
        self._line = WaitingLine(longest_wait, places=os.cpu_count() or 1)

    def seal(self, text: str) -> str:
        """A secret that notifications alone can read."""
        box = SealedBox(PublicKey(self._sealing_key))
        return base64.b64encode(box.encrypt(text.encode())).decode()

    async def matches(self, password_hash: str | None, password: str, *, temporary: bool) -> bool:
        """Whether the password fits; as slow when there is no hash. Raises TooBusy."""
        async with self._line.place():
            return await in_process(
                self._app,
                passwords.matches,
                password_hash,
                password,
                temporary=temporary,
                memory_kib=self._memory_kib,
            )

    async def hash(self, password: str) -> str:
        """The hash of a password that a person chose. Raises TooBusy."""
        async with self._line.place():
            return await in_process(self._app, passwords.hash_password, password, self._memory_kib)

    async def codes(self, count: int) -> list[PreparedCode]:
        """New access codes, hashed and sealed."""
        sizes = [min(CHUNK, count - start) for start in range(0, count, CHUNK)]
        chunks = await asyncio.gather(
            *(in_process(self._app, codes.prepare_codes, n, self._sealing_key) for n in sizes)
        )
        return [code for chunk in chunks for code in chunk]


HASHING = web.AppKey("hashing", Hashing)
