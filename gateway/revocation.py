"""Sessions that were ended elsewhere: asked from accounts, remembered for a moment."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from services.chassis.http_client import ServiceProblem, ServiceUnavailable

log = structlog.get_logger()

# How long a sign-out elsewhere may go unnoticed here.
REMEMBERED_SECONDS = 15.0
# While accounts is down, one question every so often is enough for everybody.
PAUSE_SECONDS = 3.0
REMEMBERED_SESSIONS = 20_000
# The question stands before a request's work: better believe the token than wait long.
DEADLINE = 1.0
TELLING_DEADLINE = 2.5

# No session lives longer: one that ended here need not be remembered any further.
SESSION_SECONDS = 12 * 3600.0

AskWhetherActive = Callable[[UUID], Awaitable[bool]]
Tell = Callable[[], Awaitable[None]]


class Revocations:
    """Whether sessions are still active. While accounts is down, a signed token is believed."""

    def __init__(self, ask: AskWhetherActive, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._known: OrderedDict[UUID, tuple[bool, float]] = OrderedDict()
        self._asking: dict[UUID, asyncio.Task[bool]] = {}
        self._paused_until = 0.0
        # Ended here; whatever accounts has not heard yet, they do not come back.
        self._ended: OrderedDict[UUID, float] = OrderedDict()
        self._telling: set[asyncio.Task[None]] = set()

    async def is_active(self, session_id: UUID) -> bool:
        """The remembered answer, or accounts' when that one is too old."""
        if session_id in self._ended:
            return False
        known = self._known.get(session_id)
        if known is not None and self._clock() - known[1] < REMEMBERED_SECONDS:
            return known[0]
        if self._clock() < self._paused_until:
            return known is None or known[0]
        # Requests of one session that arrive together share one question.
        asking = self._asking.get(session_id)
        if asking is None:
            asking = asyncio.create_task(self._find_out(session_id))
            self._asking[session_id] = asking
            asking.add_done_callback(lambda _: self._asking.pop(session_id, None))
        return await asyncio.shield(asking)

    def remember(self, session_id: UUID, *, is_active: bool) -> None:
        """What this gateway has just seen for itself: a sign-in or a sign-out."""
        self._known[session_id] = (is_active, self._clock())
        self._known.move_to_end(session_id)
        if len(self._known) > REMEMBERED_SESSIONS:
            self._known.popitem(last=False)

    async def end(self, session_id: UUID, tell: Tell) -> None:
        """End a session here for good; accounts is told now, or again and again until it hears."""
        self._ended[session_id] = self._clock()
        while self._clock() - next(iter(self._ended.values())) > SESSION_SECONDS:
            self._ended.popitem(last=False)
        if not await self._told(session_id, tell):
            task = asyncio.create_task(self._keep_telling(session_id, tell))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def close(self) -> None:
        """Give up telling: the process stops."""
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _keep_telling(self, session_id: UUID, tell: Tell) -> None:
        while session_id in self._ended:
            await asyncio.sleep(PAUSE_SECONDS)
            if await self._told(session_id, tell):
                return

    async def _told(self, session_id: UUID, tell: Tell) -> bool:
        try:
            async with asyncio.timeout(TELLING_DEADLINE):
                await tell()
        except ServiceProblem as refusal:
            # accounts is there: the session is unknown to it, or not to be ended by this caller.
            log.info("sign_out_refused", status=refusal.status)
        except (ServiceUnavailable, TimeoutError):
            log.warning("sign_out_untold", session_id=str(session_id))
            return False
        return True

    async def _find_out(self, session_id: UUID) -> bool:
        try:
            async with asyncio.timeout(DEADLINE):
                is_active = await self._ask(session_id)
        except ServiceProblem as refusal:
            # accounts is there and does not know such a session.
            log.info("session_unknown", status=refusal.status)
            is_active = False
        except (ServiceUnavailable, TimeoutError) as failure:
            log.warning("revocation_unknown", reason=str(failure))
            self._paused_until = self._clock() + PAUSE_SECONDS
            known = self._known.get(session_id)
            return known is None or known[0]
        self.remember(session_id, is_active=is_active)
        return is_active
