"""Parts of a page, fetched in parallel: each is a value, or says that it is unavailable."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from services.chassis.http_client import ServiceProblem, ServiceUnavailable

log = structlog.get_logger()

PANEL_DEADLINE = 2.5  # seconds; a page that waits longer for one panel serves nobody

MISSING_PARTS: Mapping[str, str] = {
    "accounts": "Le dossier de la famille est momentanément indisponible.",
    "enrolment": "Les inscriptions sont momentanément indisponibles.",
    "reservations": "Les réservations sont momentanément indisponibles.",
    "billing": "Les factures et les paiements sont momentanément indisponibles.",
    "documents": "Les documents sont momentanément indisponibles.",
    "notifications": "Les messages sont momentanément indisponibles.",
}
MISSING_PART = "Cette partie du portail est momentanément indisponible."
ADVICE = (
    "Le reste du portail fonctionne ; réessayez dans quelques minutes. "
    "Si vous veniez d’envoyer un formulaire, vérifiez d’abord s’il a été pris en compte."
)


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Stands where a panel's value would be."""

    service: str = ""

    @property
    def message(self) -> str:
        """What is missing, for the reader of the page."""
        return f"{MISSING_PARTS.get(self.service, MISSING_PART)} {ADVICE}"


class Panels:
    """The gathered panels, by attribute or by key."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    @property
    def unavailable(self) -> tuple[Unavailable, ...]:
        """Every part that could not be had, once each."""
        missing = (value for value in self._values.values() if is_unavailable(value))
        return tuple(dict.fromkeys(missing))


async def panels(**parts: Awaitable[Any]) -> Panels:
    """Fetch all parts at once, each with a deadline of its own."""
    values = await asyncio.gather(*(_panel(name, part) for name, part in parts.items()))
    return Panels(dict(zip(parts, values, strict=True)))


def is_unavailable(value: object) -> bool:
    """The template test `is unavailable`."""
    return isinstance(value, Unavailable)


async def _panel(name: str, part: Awaitable[Any]) -> Any:
    try:
        async with asyncio.timeout(PANEL_DEADLINE):
            return await part
    except ServiceUnavailable as failure:
        return Unavailable(failure.service)
    except TimeoutError:
        log.warning("panel_too_slow", panel=name)
        return Unavailable()
    except ServiceProblem as problem:
        # A refusal here means that page and service disagree: worth a log, not a broken page.
        log.warning("panel_refused", panel=name, status=problem.status)
        return Unavailable()
