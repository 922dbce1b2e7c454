"""What an operator asks of the running services over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from contracts.roles import OPERATOR
from contracts.topics import SERVICES
from deploy.errors import LaunchError
from deploy.ports import Ports
from services.chassis.auth import Caller, CallerSigner
from services.chassis.http_client import (
    CallerTokens,
    ServiceClient,
    ServiceProblem,
    ServiceUnavailable,
    client_session,
)

CALLER = Caller(frozenset({OPERATOR}))
# A replay marks every kept event of a service in one statement.
DEADLINE_SECONDS = 60.0


class Operations:
    """The services of one running town."""

    def __init__(self, clients: dict[str, ServiceClient]) -> None:
        self._clients = clients

    async def replay_outboxes(self) -> dict[str, int]:
        """Have each service publish again all that it keeps; return how many events each has."""
        return {
            name: int((await self._ask(name, "POST", "/outbox/replay", body={}))["events"])
            for name in self._clients
        }

    async def dead_letters(self) -> list[dict[str, Any]]:
        """The events that services could not take in, with the service's name."""
        return [
            {"service": name, **letter}
            for name in self._clients
            for letter in (await self._ask(name, "GET", "/dead-letters"))["dead_letters"]
        ]

    async def dead_letter(self, letter_id: str) -> dict[str, Any]:
        """One of them, whole. Raises LaunchError when no service has it."""
        letter = await self._find(letter_id)
        whole = await self._ask(letter["service"], "GET", f"/dead-letters/{letter['id']}")
        return {"service": letter["service"], **whole}

    async def replay_dead_letter(self, letter_id: str) -> str:
        """Have the event taken in again; return the service's name. Raises LaunchError."""
        letter = await self._find(letter_id)
        await self._ask(letter["service"], "POST", f"/dead-letters/{letter['id']}/replay")
        return str(letter["service"])

    async def rotation(self) -> dict[str, int]:
        """How many keys are under the present master key, the previous one, and neither."""
        return dict(await self._ask("documents", "GET", "/key-rotation"))

    async def rotate_some(self) -> dict[str, int]:
        """Have the next batch of keys wrapped by the present master key; tell how far it is."""
        return dict(await self._ask("documents", "POST", "/key-rotation", body={}))

    async def bill_month(self, month: str, *, not_over: bool) -> dict[str, Any]:
        """Ask for the month's billing run; return it as it stands.

        `not_over`: although the month is not over.
        """
        body = {"month": month, "not_over_confirmed": not_over}
        return dict(await self._ask("billing", "POST", "/billing-runs", body=body))

    async def billing_run(self, run_id: str) -> dict[str, Any]:
        """A billing run, and how far it is."""
        return dict(await self._ask("billing", "GET", f"/billing-runs/{run_id}"))

    async def _find(self, letter_id: str) -> dict[str, Any]:
        """By its id or the beginning of it, as long as only one begins so."""
        found = [each for each in await self.dead_letters() if each["id"].startswith(letter_id)]
        if len(found) != 1:
            how_many = "no event waits" if not found else f"{len(found)} events wait"
            raise LaunchError(f"{how_many} under the id {letter_id}; `portail dlq list` shows them")
        return found[0]

    async def _ask(self, service: str, method: str, path: str, *, body: Any = None) -> Any:
        try:
            reply = await self._clients[service].call(
                method, path, caller=CALLER, body=body, deadline=DEADLINE_SECONDS
            )
        except ServiceUnavailable as error:
            raise LaunchError(f"{service} does not answer; is the town up?") from error
        except ServiceProblem as problem:
            detail = problem.problem.get("detail") or problem
            raise LaunchError(f"{service} refuses: {detail}") from problem
        return reply.json()


@asynccontextmanager
async def operations(ports: Ports, caller_private_key: str) -> AsyncIterator[Operations]:
    """The services behind these ports, asked in the operator's name."""
    tokens = CallerTokens(CallerSigner(caller_private_key))
    async with client_session() as session:
        yield Operations(
            {name: ServiceClient(name, ports.url(name), session, tokens) for name in SERVICES}
        )
