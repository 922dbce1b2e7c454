"""One order about one thing on a page: followed, or the page again with why it was not.

What families asked for is accepted so, or refused with a reason that they read.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from uuid import UUID

from aiohttp import web

from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable


class Origin(Protocol):
    """The page that the order was given on."""

    async def __call__(
        self, page: Page, form: Form | None = None, away: Unavailable | None = None
    ) -> web.StreamResponse: ...


async def accept(
    page: Page, origin: Origin, asked: UUID, order: Callable[[UUID], Awaitable[Any]]
) -> web.StreamResponse | None:
    """Give the order; the page to show instead when it is not followed."""
    form = await page.form()
    try:
        await order(asked)
    except ServiceUnavailable as failure:
        return await origin(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await origin(page, form.refused(refusal))
    return None


async def refuse(
    page: Page, origin: Origin, asked: UUID, order: Callable[[UUID, str], Awaitable[Any]]
) -> web.StreamResponse | None:
    """Give the order with its reason; the page to show when it is not followed, or gives none."""
    form = await page.form()
    field = f"motif-{asked}"
    try:
        if not form.text(field):
            raise FieldRefused(field, "Indiquez le motif : la famille le lira.")
        await order(asked, form.text(field))
    except ServiceUnavailable as failure:
        return await origin(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await origin(page, form.refused(refusal, **{field: "reason"}))
    return None
