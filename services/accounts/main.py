"""Puts accounts together and serves it."""

from pathlib import Path

from aiohttp import web

from services.accounts.clients import particulier
from services.accounts.commands.hashing import HASHING, Hashing
from services.accounts.jobs import JOBS
from services.accounts.model.tokens import SessionSigner
from services.accounts.personal_data import personal
from services.accounts.routes import ENDPOINTS, SESSION_SIGNER, TOTP_SINGLE_USE
from services.accounts.settings import AccountsSettings
from services.accounts.subscribers import SUBSCRIPTIONS
from services.chassis.app import run, service_application
from services.chassis.auth import decode_key
from services.chassis.clock import Clock, utc_now


def application(settings: AccountsSettings, clock: Clock = utc_now) -> web.Application:
    """The accounts service; nothing connects before it starts."""
    app = service_application(
        name="accounts",
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=SUBSCRIPTIONS,
        migrations=Path(__file__).parent / "migrations",
        jobs=JOBS,
        resources=particulier(settings),
        personal=personal(settings.audit_retention_days),
        clock=clock,
    )
    app[HASHING] = Hashing(app, decode_key(settings.sealing_public_key))
    app[SESSION_SIGNER] = SessionSigner(decode_key(settings.session_private_key.get_secret_value()))
    app[TOTP_SINGLE_USE] = settings.totp_single_use
    return app


def main() -> None:
    """Serve until stopped."""
    settings = AccountsSettings()
    run(application(settings), settings, "accounts")


if __name__ == "__main__":
    main()
