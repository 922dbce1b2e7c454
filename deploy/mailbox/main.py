"""Composition root of the mailbox."""

import logging

from aiohttp import web
from pydantic import Field

from deploy.mailbox.pages import ROUTES, STORE, strict
from deploy.mailbox.smtp import CATCHER, Catcher
from deploy.mailbox.store import MailStore
from services.chassis import log
from services.chassis.settings import ProcessSettings


class MailboxSettings(ProcessSettings):
    """PORTAIL_SMTP_PORT, beside what every process needs."""

    smtp_port: int = Field(ge=1, le=65535)


def application(settings: MailboxSettings) -> web.Application:
    """The page and the SMTP server as one application."""
    app = web.Application(middlewares=[strict])
    app[STORE] = store = MailStore()
    app[CATCHER] = catcher = Catcher(store)
    app.cleanup_ctx.append(lambda _app: catcher.serve(settings.host, settings.smtp_port))
    app.router.add_routes(ROUTES)
    return app


def main() -> None:
    settings = MailboxSettings()
    # At INFO it repeats every line of SMTP, addresses included.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    log.configure("mailbox", settings.log_level)
    web.run_app(
        application(settings),
        host=settings.host,
        port=settings.port,
        access_log=None,
        print=None,
        shutdown_timeout=1,
    )


if __name__ == "__main__":
    main()
