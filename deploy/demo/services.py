"""The services behind the portal, asked as the gateway asks them: with signed callers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import aiohttp

from contracts.roles import AGENT, GUARDIAN, LEADER, OPERATOR
from deploy.demo.portal import ANSWER_SECONDS, LoadFailed, Refused
from services.chassis.auth import Caller, CallerSigner
from services.chassis.http_client import (
    CallerTokens,
    ServiceClient,
    ServiceProblem,
    ServiceUnavailable,
)


class Services:
    """All six services by name."""

    def __init__(
        self, session: aiohttp.ClientSession, urls: Mapping[str, str], signer: CallerSigner
    ) -> None:
        tokens = CallerTokens(signer)
        self._clients = {
            name: ServiceClient(name, url, session, tokens) for name, url in urls.items()
        }

    async def call(
        self, service: str, method: str, path: str, caller: Caller, body: Any = None, **query: str
    ) -> Any:
        """Ask one service, and return the answer's JSON. Raises Refused or LoadFailed."""
        try:
            reply = await self._clients[service].call(
                method,
                path,
                caller=caller,
                body=body,
                query=query or None,
                deadline=ANSWER_SECONDS,
            )
        except ServiceProblem as problem:
            what = f"{service}: {method} {path}"
            raise Refused(what, problem.status, dict(problem.problem)) from problem
        except ServiceUnavailable as unavailable:
            raise LoadFailed(f"{service} does not answer {method} {path}") from unavailable
        return reply.json()


def operator() -> Caller:
    """Whoever runs the machines."""
    return Caller(frozenset({OPERATOR}))


def agent(account_id: UUID) -> Caller:
    """A member of the childcare office."""
    return Caller(frozenset({AGENT}), account_id)


def leader(account_id: UUID) -> Caller:
    """Somebody who takes the roll."""
    return Caller(frozenset({LEADER}), account_id)


def guardian(family_id: UUID) -> Caller:
    """A guardian of this family, before it has an account: the family stands for it."""
    return Caller(frozenset({GUARDIAN}), family_id, family_id)
