"""The documents service, put together."""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from services.chassis.app import run, service_application
from services.chassis.clock import Clock, utc_now
from services.documents.jobs import JOBS
from services.documents.personal_data import PERSONAL
from services.documents.routes import ENDPOINTS
from services.documents.settings import DocumentsSettings
from services.documents.storage import STORAGE, MasterKey, Storage
from services.documents.subscribers import SUBSCRIPTIONS


def application(settings: DocumentsSettings, clock: Clock = utc_now) -> web.Application:
    """The service as an application; nothing connects before it starts."""

    async def storage(app: web.Application) -> AsyncIterator[None]:
        app[STORAGE] = Storage.at(settings.storage_url, MasterKey(settings.master_key_bytes))
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


def main() -> None:
    """Serve until stopped."""
    settings = DocumentsSettings()
    run(application(settings), settings, "documents")


if __name__ == "__main__":
    main()
