"""The mailbox as pages for people and as JSON for tests."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web
from pydantic import BaseModel, ValidationError

from deploy.mailbox.smtp import CATCHER, Mode
from deploy.mailbox.store import Mail, MailStore

STORE = web.AppKey("store", MailStore)

HERE = Path(__file__).parent
PARIS = ZoneInfo("Europe/Paris")
PAGE_LENGTH = 100

PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True
)
POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Behaviour(BaseModel):
    """How the next mails fare."""

    mode: Mode


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def strict(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Mails come from anywhere: nothing in one may run or load anything."""
    response = await handler(request)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def list_page(request: web.Request) -> web.Response:
    """The newest mails, or those to one recipient."""
    recipient = request.query.get("to", "")
    found = list(request.app[STORE].newest_first(recipient))
    return _page("list.html", mails=found[:PAGE_LENGTH], total=len(found), recipient=recipient)


async def mail_page(request: web.Request) -> web.Response:
    """One mail, as text."""
    return _page("mail.html", mail=_mail(request))


async def attachment(request: web.Request) -> web.Response:
    """One file of a mail, always as a download."""
    files = _mail(request).attachments
    number = int(request.match_info["number"])
    if not 1 <= number <= len(files):
        raise web.HTTPNotFound
    return web.Response(
        body=files[number - 1].content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": "attachment"},
    )


async def list_json(request: web.Request) -> web.Response:
    """GET /messages.json?to=…: newest first."""
    mails = request.app[STORE].newest_first(request.query.get("to", ""))
    return web.json_response({"messages": [_as_json(mail) for mail in mails]})


async def mail_json(request: web.Request) -> web.Response:
    """GET /messages/{id}.json."""
    return web.json_response(_as_json(_mail(request)))


async def clear(request: web.Request) -> web.Response:
    """DELETE /messages: forget them all."""
    request.app[STORE].clear()
    return web.Response(status=204)


async def behave(request: web.Request) -> web.Response:
    """POST /behaviour {"mode": "accept"|"refuse"|"temporary"}: how the next mails fare."""
    try:
        behaviour = Behaviour.model_validate_json(await request.read())
    except ValidationError as error:
        raise web.HTTPUnprocessableEntity(text=str(error)) from error
    request.app[CATCHER].mode = behaviour.mode
    return web.json_response({"mode": behaviour.mode})


async def healthy(_request: web.Request) -> web.Response:
    """GET /healthz and /readyz: SMTP listens for as long as the page answers."""
    return web.json_response({"status": "ok"})


ROUTES = (
    web.get("/", list_page),
    web.get(r"/messages/{id:\d+}", mail_page),
    web.get(r"/messages/{id:\d+}/{number:\d+}", attachment),
    web.get("/messages.json", list_json),
    web.get(r"/messages/{id:\d+}.json", mail_json),
    web.delete("/messages", clear),
    web.post("/behaviour", behave),
    web.get("/healthz", healthy),
    web.get("/readyz", healthy),
    web.static("/static", HERE / "static"),
)


def _mail(request: web.Request) -> Mail:
    mail = request.app[STORE].find(int(request.match_info["id"]))
    if mail is None:
        raise web.HTTPNotFound
    return mail


def _as_json(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "received_at": mail.received_at.isoformat(),
        "from": mail.sender,
        "to": list(mail.recipients),
        "subject": mail.subject,
        "text": mail.text,
        "attachments": [file.name for file in mail.attachments],
    }


def _page(template: str, **values: object) -> web.Response:
    text = PAGES.get_template(template).render(paris=PARIS, **values)
    return web.Response(text=text, content_type="text/html")
