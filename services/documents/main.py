"""The documents service, put together."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from services.chassis.app import DATABASE, run, service_application
from services.chassis.clock import Clock, utc_now
from services.chassis.pictures import read_picture
from services.chassis.processes import in_process
from services.documents import vault_keys
from services.documents.clients import SCANNER, scanner_at
from services.documents.commands.pages import PRESS, Press
from services.documents.commands.vault.strongroom import STRONGROOM, Strongroom
from services.documents.commands.vault.strongroom import Limits as VaultLimits
from services.documents.jobs import JOBS
from services.documents.papers import SENDER, Sender
from services.documents.personal_data import PERSONAL
from services.documents.routes import ENDPOINTS
from services.documents.settings import LIMITS, DocumentsSettings, Limits
from services.documents.storage import STORAGE, MasterKey, Storage
from services.documents.subscribers import SUBSCRIPTIONS
from services.documents.vault_keys import VaultKeys

MEGABYTE = 1024 * 1024


def application(
    settings: DocumentsSettings,
    clock: Clock = utc_now,
    passphrase_kibibytes: int = vault_keys.ARGON2_KIBIBYTES,
) -> web.Application:
    """The service as an application; nothing connects before it starts.

    The kibibytes are no setting: a vault opens only with as many as it was made with.
    """

    async def storage(app: web.Application) -> AsyncIterator[None]:
        master_key = MasterKey(settings.master_key_bytes, settings.previous_master_key_bytes)
        app[STORAGE] = Storage.at(settings.storage_url, master_key)
        app[PRESS] = Press(app)
        app[LIMITS] = Limits.of(settings)
        app[SCANNER] = scanner_at(settings.clamd_address, settings.clamd_timeout_seconds)
        app[STRONGROOM] = _strongroom(app, settings, passphrase_kibibytes)
        app[SENDER] = Sender(
            settings.town_name,
            settings.office_name,
            settings.portal_url,
            read_picture(settings.town_mark).as_svg if settings.town_mark else "",
        )
        yield

    return service_application(
        name="documents",
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=SUBSCRIPTIONS,
        jobs=JOBS,
        personal=PERSONAL,
        resources=[storage],
        migrations=Path(__file__).parent / "migrations",
        clock=clock,
    )


def _strongroom(app: web.Application, settings: DocumentsSettings, kibibytes: int) -> Strongroom:
    async def derive(passphrase: str, salt: bytes) -> bytes:
        return await in_process(app, vault_keys.from_passphrase, passphrase, salt, kibibytes)

    keys = VaultKeys(app[STORAGE].master_key)
    return Strongroom(app[DATABASE], app[STORAGE], keys, derive, _limits(settings))


def _limits(settings: DocumentsSettings) -> VaultLimits:
    return VaultLimits(
        file_bytes=settings.vault_file_megabytes * MEGABYTE,
        quota_bytes=settings.vault_quota_megabytes * MEGABYTE,
        open_for=timedelta(minutes=settings.vault_minutes),
        invitation_for=timedelta(days=settings.vault_invitation_days),
    )


def main() -> None:
    """Serve until stopped."""
    settings = DocumentsSettings()
    run(application(settings), settings, "documents")


if __name__ == "__main__":
    main()
