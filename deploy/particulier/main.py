"""The stand-in as an application, mounted beside the payment server of the demo."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from zlib import crc32

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

PATH = "/v3/dss/quotient_familial/identite"
TOKEN = "jeton-de-demonstration"  # noqa: S105 - of a stand-in
SIRET = "21560000000011"
PROVIDER = "CNAV"


class Mode(StrEnum):
    """How to behave."""

    NORMAL = "normal"
    SLOW = "slow"
    DOWN = "down"
    FUNDS_DOWN = "funds_down"
    LIMITED = "limited"
    FLOAT = "float"
    NO_JSON = "no_json"
    EMPTY = "empty"


class Behaviour(BaseModel):
    """How to misbehave from now on."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode = Mode.NORMAL
    seconds: float = Field(default=3.0, ge=0, le=600)


Quotients = Callable[[str, date], int | None]


@dataclass(slots=True)
class Funds:
    """Who has which quotient, what time it is there, and how it behaves."""

    quotients: Quotients
    clock: Callable[[], datetime]
    behaviour: Behaviour = field(default_factory=Behaviour)


FUNDS = web.AppKey("funds", Funds)


def everybody(birth_name: str, born: date) -> int | None:
    """A quotient for each name, always the same; nobody is called INCONNU."""
    if birth_name.upper() == "INCONNU":
        return None
    return 200 + crc32(f"{birth_name.upper()}{born}".encode()) % 1600


def refusal(status: int, code: str, title: str, detail: str) -> web.Response:
    """An error as the API words it."""
    error = {"code": code, "title": title, "detail": detail, "meta": {"provider": PROVIDER}}
    return web.json_response({"errors": [error]}, status=status)


async def quotient(request: web.Request) -> web.StreamResponse:
    """The quotient of somebody, by identity."""
    funds = request.app[FUNDS]
    behaviour = funds.behaviour
    if behaviour.mode is Mode.SLOW:
        await asyncio.sleep(behaviour.seconds)
    if failed := _failure(behaviour.mode):
        return failed
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or token != TOKEN:
        return refusal(401, "00101", "Interdit", "Votre jeton n'est pas valide ou est absent")
    if request.query.get("recipient") != SIRET:
        return refusal(422, "00210", "Entité non traitable", "Le paramètre recipient est absent")
    if wrong := _wrong_parameter(request.query):
        return refusal(
            422, "00362", "Entité non traitable", f"Le paramètre {wrong} n'est pas correct"
        )
    born = _born(request.query)
    value = funds.quotients(request.query["nomNaissance"], born)
    if value is None:
        detail = "Le dossier allocataire n'a pas été trouvé auprès de la CNAF ni de la MSA"
        return refusal(404, "37003", "Dossier allocataire absent", detail)
    number: int | float = value + 0.5 if behaviour.mode is Mode.FLOAT else value
    return web.json_response(_answer(request.query, number, funds.clock()))


async def behave(request: web.Request) -> web.Response:
    """Misbehave on command."""
    try:
        wanted = Behaviour.model_validate_json(await request.read())
    except ValidationError as error:
        raise web.HTTPUnprocessableEntity(text=error.json(include_url=False)) from error
    request.app[FUNDS].behaviour = wanted
    return web.json_response(wanted.model_dump(mode="json"))


def application(
    quotients: Quotients = everybody, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> web.Application:
    """The stand-in; `quotients` says who has which."""
    app = web.Application()
    app[FUNDS] = Funds(quotients, clock)
    app.router.add_get(PATH, quotient)
    app.router.add_post("/behaviour", behave)
    return app


def _failure(mode: Mode) -> web.Response | None:
    match mode:
        case Mode.DOWN:
            raise web.HTTPBadGateway
        case Mode.FUNDS_DOWN:
            detail = "Le fournisseur de données n'a pas répondu à temps"
            return refusal(502, "37000", "Erreur de fournisseur de donnée", detail)
        case Mode.LIMITED:
            return refusal(429, "00429", "Trop de requêtes", "Vous avez dépassé votre quota")
        case Mode.NO_JSON:
            return web.Response(text="<html>maintenance</html>", content_type="text/html")
        case Mode.EMPTY:
            return web.json_response({"data": {}, "links": {}, "meta": {}})
    return None


def _wrong_parameter(query: Mapping[str, str]) -> str:
    forms = {
        "nomNaissance": r".+",
        "prenoms[]": r".+",
        "anneeDateNaissance": r"\d{4}",
        "moisDateNaissance": r"\d{1,2}",
        "jourDateNaissance": r"\d{1,2}",
        "sexeEtatCivil": r"[MF]",
        "codeCogInseePaysNaissance": r"99\d{3}",
    }
    if query.get("codeCogInseePaysNaissance") == "99100":
        # Communes of the register alone; 00000 is none.
        forms["codeCogInseeCommuneNaissance"] = r"(?!00000)[0-9][0-9AB]\d{3}"
    wrong = (name for name, form in forms.items() if not re.fullmatch(form, query.get(name, "")))
    return next(wrong, "")


def _born(query: Mapping[str, str]) -> date:
    names = ("anneeDateNaissance", "moisDateNaissance", "jourDateNaissance")
    year, month, day = (int(query[name]) for name in names)
    return date(year, month, day)


def _answer(query: Mapping[str, str], value: float, now: datetime) -> dict[str, Any]:
    person = {
        "nom_naissance": query["nomNaissance"].upper(),
        "nom_usage": query.get("nomUsage"),
        "prenoms": query["prenoms[]"].upper(),
        "date_naissance": _born(query).isoformat(),
        "sexe": query["sexeEtatCivil"],
    }
    return {
        "data": {
            "quotient_familial": {
                "fournisseur": "CNAF",
                "valeur": value,
                "annee": now.year,
                "mois": now.month,
                "annee_calcul": now.year,
                "mois_calcul": 1,
            },
            "allocataires": [person],
            "enfants": [],
            "adresse": {},
        },
        "links": {},
        "meta": {},
    }
