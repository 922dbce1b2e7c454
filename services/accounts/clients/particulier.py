"""API Particulier v3: the quotient familial, straight from the CAF and the MSA."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

import aiohttp
import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.accounts.errors import QuotientNotFound, QuotientSourceAway
from services.accounts.model.quotient import CivilIdentity, Quotient
from services.accounts.settings import AccountsSettings
from services.chassis.app import Resource
from services.chassis.errors import FieldError, Invalid

log = structlog.get_logger()

PATH = "/v3/dss/quotient_familial/identite"

# Which of the parameters that the API finds wrong is which field here.
FIELDS: Mapping[str, str] = {
    "nomNaissance": "birth_name",
    "nomUsage": "used_name",
    "prenoms": "first_names",
    "anneeDateNaissance": "birth_date",
    "moisDateNaissance": "birth_date",
    "jourDateNaissance": "birth_date",
    "sexeEtatCivil": "sex",
    "codeCogInseePaysNaissance": "birth_country",
    "codeCogInseeCommuneNaissance": "birth_commune",
}
UNREADABLE = "Cette valeur n’est pas admise par le service des quotients ; vérifiez-la."


class _Found(BaseModel):
    """The part of an answer that is used. Strict: an amount with a decimal point is no amount."""

    model_config = ConfigDict(strict=True)

    fournisseur: Literal["CNAF", "MSA"]
    valeur: Annotated[int, Field(ge=0, le=99_999)]
    annee: Annotated[int, Field(ge=2000, le=9998)]
    mois: Annotated[int, Field(ge=1, le=12)]


@dataclass(frozen=True, slots=True)
class ParticulierAccess:
    """Where API Particulier is, and in whose name it is asked."""

    url: str
    token: str
    siret: str


class ParticulierClient:
    """Asks for one quotient at a time; keeps nothing, logs no identity."""

    def __init__(self, session: aiohttp.ClientSession, access: ParticulierAccess) -> None:
        self._session, self._access = session, access

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, access: ParticulierAccess, *, timeout_seconds: float
    ) -> AsyncIterator[Self]:
        """The client, with connections that are closed at the end."""
        timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            yield cls(session, access)

    async def quotient(self, identity: CivilIdentity) -> Quotient:
        """The present quotient of this person.

        Raises QuotientNotFound, Invalid when the identity cannot be, QuotientSourceAway.
        """
        try:
            async with self._session.get(
                self._access.url.rstrip("/") + PATH,
                params=[("recipient", self._access.siret), *_parameters(identity)],
                headers={"Authorization": f"Bearer {self._access.token}"},
            ) as response:
                status, text = response.status, await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("particulier_away", error=type(error).__name__)
            raise QuotientSourceAway(_LATER) from error
        return _read(status, text)


PARTICULIER = web.AppKey("particulier", ParticulierClient)


def particulier(settings: AccountsSettings) -> list[Resource]:
    """The client as a resource of the application; none when the town has not set it up."""
    if not settings.particulier_url:
        return []
    access = ParticulierAccess(
        settings.particulier_url,
        settings.particulier_token.get_secret_value(),
        settings.particulier_siret,
    )

    async def connect(app: web.Application) -> AsyncIterator[None]:
        timeout = settings.particulier_timeout_seconds
        async with ParticulierClient.connect(access, timeout_seconds=timeout) as client:
            app[PARTICULIER] = client
            yield

    return [connect]


_LATER = "Réessayez plus tard, ou saisissez votre quotient : le service enfance le vérifiera."
_NOT_FOUND = (
    "Vérifiez l’identité saisie. Si vous n’êtes pas allocataire, ou dans un régime particulier, "
    "saisissez votre quotient : le service enfance le vérifiera."
)


def _parameters(identity: CivilIdentity) -> list[tuple[str, str]]:
    born = identity.birth_date
    optional = {
        "nomUsage": identity.used_name,
        "codeCogInseeCommuneNaissance": identity.birth_commune,
    }
    return [
        ("nomNaissance", identity.birth_name),
        *(("prenoms[]", name) for name in identity.first_names),
        ("anneeDateNaissance", str(born.year)),
        ("moisDateNaissance", str(born.month)),
        ("jourDateNaissance", str(born.day)),
        ("sexeEtatCivil", identity.sex),
        ("codeCogInseePaysNaissance", identity.birth_country),
        *((name, value) for name, value in optional.items() if value),
    ]


def _read(status: int, text: str) -> Quotient:
    try:
        body = json.loads(text)
        if status == 200:
            found = _Found.model_validate(body["data"]["quotient_familial"])
            return Quotient(found.valeur, found.fournisseur, found.annee, found.mois)
        errors = _errors(body)
    except (ValueError, ValidationError, KeyError, TypeError) as error:
        log.warning("particulier_unreadable", status=status)
        raise QuotientSourceAway(_LATER) from error
    codes = [str(error.get("code", "")) for error in errors]
    log.info("particulier_refused", status=status, codes=codes)
    if status == 404:
        raise QuotientNotFound(_NOT_FOUND)
    if status == 422:
        raise Invalid("Corrigez les champs signalés.", errors=_field_errors(errors))
    raise QuotientSourceAway(_LATER)


def _errors(body: Any) -> list[dict[str, Any]]:
    return [error for error in body["errors"] if isinstance(error, dict)]


def _field_errors(errors: list[dict[str, Any]]) -> list[FieldError]:
    """The API says in words, or by a pointer, which parameter it means."""
    told = [json.dumps(error, ensure_ascii=False) for error in errors]
    named = {ours for theirs, ours in FIELDS.items() if any(theirs in text for text in told)}
    return [FieldError(name, UNREADABLE) for name in sorted(named)]
