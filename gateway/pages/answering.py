"""Answering what families asked for: accepted, or refused with a reason that they read."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from uuid import UUID

from aiohttp import web

from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable


class Queue(Protocol):
    """The page that shows what waits for an answer."""

    async def __call__(
        self, page: Page, form: Form | None = None, away: Unavailable | None = None
    ) -> web.StreamResponse: ...


async def accept(
    page: Page, queue: Queue, asked: UUID, order: Callable[[UUID], Awaitable[Any]]
) -> web.StreamResponse | None:
    """Give the order; the page to show instead when it is not followed."""
    form = await page.form()
    try:
        await order(asked)
    except ServiceUnavailable as failure:
        return await queue(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await queue(page, form.refused(refusal))
    return None


async def refuse(
    page: Page, queue: Queue, asked: UUID, order: Callable[[UUID, str], Awaitable[Any]]
) -> web.StreamResponse | None:
    """Give the order with its reason; the page to show when it is not followed, or gives none."""
    form = await page.form()
    field = f"motif-{asked}"
    try:
        if not form.text(field):
            raise FieldRefused(field, "Indiquez le motif : la famille le lira.")
        await order(asked, form.text(field))
    except ServiceUnavailable as failure:
        return await queue(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await queue(page, form.refused(refusal, **{field: "reason"}))
    return None
