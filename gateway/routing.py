"""Pages as aiohttp routes: whoever may not is led elsewhere before the handler runs."""

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import quote

from aiohttp import web

from contracts.roles import ANONYMOUS
from gateway.page import (
    PASSWORD_PATH,
    SECOND_FACTOR_PATH,
    SIGN_IN_PATH,
    SIGN_OUT_PATH,
    Page,
    PageRoute,
    open_page,
)
from services.chassis.errors import Forbidden, Unauthorised


def page_routes(routes: Iterable[PageRoute]) -> list[web.RouteDef]:
    """The pages as aiohttp routes."""
    return [web.route(route.method, route.path, _serve(route)) for route in routes]


def _serve(route: PageRoute) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        page = await open_page(request)
        if refused := _turned_away(route, page):
            return refused
        if route.method == "POST" and not route.upload:
            await page.form()
        try:
            return await route.handler(page)
        except Unauthorised:
            return _to_sign_in(page)

    return serve


def _turned_away(route: PageRoute, page: Page) -> web.Response | None:
    """Where to go instead, if anywhere. Raises Forbidden for a role that may not."""
    if ANONYMOUS in route.allow:
        return None
    if not page.signed_in:
        return _to_sign_in(page)
    if page.session.must_change_password and route.path not in (PASSWORD_PATH, SIGN_OUT_PATH):
        return _elsewhere(page, PASSWORD_PATH)
    if page.session.must_enrol_second_factor and not _may_come_first(route.path):
        return _elsewhere(page, SECOND_FACTOR_PATH)
    if not page.session.has(*route.allow):
        raise Forbidden
    return None


def _may_come_first(path: str) -> bool:
    return path in (PASSWORD_PATH, SIGN_OUT_PATH) or path.startswith(SECOND_FACTOR_PATH)


def _to_sign_in(page: Page) -> web.Response:
    is_look = page.request.method == "GET" and not page.is_partial
    wanted = page.request.rel_url.raw_path_qs if is_look else "/"
    return _elsewhere(page, f"{SIGN_IN_PATH}?suite={quote(wanted, safe='/')}")


def _elsewhere(page: Page, path: str) -> web.Response:
    if page.is_partial:
        return web.Response(headers={"HX-Redirect": path})
    return page.redirect(path)
