"""The one thing that a page is about: it is there, it does not exist, or its service is away."""

from collections.abc import Awaitable
from typing import TypeVar

from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

T = TypeVar("T")


async def or_unavailable(answer: Awaitable[T]) -> T | Unavailable:
    """The answer, or what to show in its place. A refusal, such as 404, is raised."""
    try:
        return await answer
    except ServiceUnavailable as failure:
        return Unavailable(failure.service)
