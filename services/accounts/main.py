"""Puts accounts together and serves it."""

from pathlib import Path

from aiohttp import web

from services.accounts.clients.france_connect import ClientOf, FranceConnect
from services.accounts.clients.particulier import particulier
from services.accounts.commands.hashing import HASHING, Hashing
from services.accounts.commands.means import MEANS, Means
from services.accounts.jobs import JOBS, clear_secrets_sealed
from services.accounts.model.tokens import SessionSigner
from services.accounts.personal_data import personal
from services.accounts.routes import ENDPOINTS
from services.accounts.routes.access import SESSION_SIGNER
from services.accounts.routes.france_connect import FRANCE_CONNECT
from services.accounts.settings import AccountsSettings
from services.accounts.subscribers import SUBSCRIPTIONS
from services.chassis.app import run, service_application
from services.chassis.auth import decode_key
from services.chassis.clock import Clock, utc_now
from services.chassis.sealing import Secrets


def application(settings: AccountsSettings, clock: Clock = utc_now) -> web.Application:
    """The accounts service; nothing connects before it starts."""
    app = service_application(
        name="accounts",
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=SUBSCRIPTIONS,
        migrations=Path(__file__).parent / "migrations",
        jobs=JOBS,
        resources=[*particulier(settings), clear_secrets_sealed],
        personal=personal(settings.audit_retention_days),
        clock=clock,
    )
    sealing_key = decode_key(settings.sealing_public_key)
    app[HASHING] = Hashing(
        app, sealing_key, settings.longest_sign_in_wait, settings.password_memory_kib
    )
    app[SESSION_SIGNER] = SessionSigner(decode_key(settings.session_private_key.get_secret_value()))
    app[MEANS] = Means(
        hashing=app[HASHING],
        secrets=Secrets(decode_key(settings.secrets_key.get_secret_value())),
        sealing_key=sealing_key,
        town_name=settings.town_name,
        totp_single_use=settings.totp_single_use,
        old_mail_confirms=settings.old_mail_confirms,
    )
    if settings.france_connect_url:
        app[FRANCE_CONNECT] = provider = FranceConnect(_client(settings))
        app.on_startup.append(lambda _: provider.open())
        app.on_cleanup.append(lambda _: provider.close())
    return app


def _client(settings: AccountsSettings) -> ClientOf:
    portal = settings.portal_url.rstrip("/")
    return ClientOf(
        url=settings.france_connect_url,
        client_id=settings.france_connect_client_id,
        client_secret=settings.france_connect_client_secret.get_secret_value(),
        redirect_uri=f"{portal}/connexion/franceconnect/retour",
        signed_out_uri=f"{portal}/deconnexion/franceconnect",
    )


def main() -> None:
    """Serve until stopped."""
    settings = AccountsSettings()
    run(application(settings), settings, "accounts")


if __name__ == "__main__":
    main()
