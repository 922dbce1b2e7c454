"""The payment provider: PayFiP's régie web service (SOAP), or whatever speaks it."""

import re
import unicodedata
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from xml.etree import ElementTree

import aiohttp
import structlog
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from services.billing.model.payments import Outcome, ProviderAnswer
from services.chassis.clock import PARIS

log = structlog.get_logger()

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/"
    "contrat_paiement_securise/PaiementSecuriseService"
)
LONGEST_SUBJECT = 100

# resultrans: P card, V direct debit; R and Z the same refused; A given up by the payer.
RESULTS = {
    "P": Outcome.PAID,
    "V": Outcome.PAID,
    "R": Outcome.REFUSED,
    "Z": Outcome.REFUSED,
    "A": Outcome.CANCELLED,
}
# Codes of FonctionnelleErreur that are answers all the same.
NO_RESULT_YET, NO_SUCH_OPERATION = "P5", "P1"


class ProviderAway(Exception):
    """The provider did not answer, or nothing that can be read."""


class ProviderRefused(Exception):
    """The provider answered with a functional fault."""

    def __init__(self, code: str, label: str) -> None:
        super().__init__(f"{code}: {label}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Order:
    """What the payer is to pay, and where the provider tells the result."""

    reference: str
    subject: str
    fiscal_year: int
    amount_cents: int
    mail: str
    notify_url: str
    return_url: str


class PaymentProvider:
    """Opens payments and reads their results. Nothing else that arrives here is believed."""

    def __init__(
        self, session: aiohttp.ClientSession, base_url: str, *, client: str, mode: str
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._client, self._mode = client, mode

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, base_url: str, *, client: str, mode: str, timeout_seconds: float
    ) -> AsyncIterator[Self]:
        """The provider, with connections that are closed at the end."""
        timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            yield cls(session, base_url, client=client, mode=mode)

    async def open(self, order: Order) -> str:
        """Open an operation; returns its idOp. Raises ProviderAway, ProviderRefused."""
        answer = await self._call(
            "creerPaiementSecurise",
            {
                "exer": str(order.fiscal_year),
                "mel": order.mail,
                "montant": str(order.amount_cents),
                "numcli": self._client,
                "objet": plain(order.subject),
                "refdet": order.reference,
                "saisie": self._mode,
                "urlnotif": order.notify_url,
                "urlredirect": order.return_url,
            },
        )
        idop = answer.get("idop", "")
        if not idop:
            raise ProviderAway("no idOp in the answer")
        return idop

    async def result(self, idop: str) -> ProviderAnswer:
        """Read an operation's result back. Raises ProviderAway."""
        try:
            found = await self._call("recupererDetailPaiementSecurise", {"idOp": idop})
        except ProviderRefused as refused:
            if refused.code == NO_RESULT_YET:
                return ProviderAnswer(Outcome.WAITING)
            if refused.code == NO_SUCH_OPERATION:
                return ProviderAnswer(Outcome.UNKNOWN)
            raise ProviderAway(str(refused)) from refused
        if found.get("idop") != idop or found.get("resultrans") not in RESULTS:
            raise ProviderAway("the answer is about something else")
        return ProviderAnswer(
            outcome=RESULTS[found["resultrans"]],
            amount_cents=int(found["montant"]) if found.get("montant", "").isdecimal() else 0,
            reference=found.get("refdet", ""),
            authorisation=found.get("numauto", ""),
            at=_instant(found.get("dattrans", ""), found.get("heurtrans", "")),
        )

    def page(self, idop: str) -> str:
        """Where the payer goes."""
        return f"{self._base_url}/tpa/paiementws.web?idop={idop}"

    async def _call(self, operation: str, fields: Mapping[str, str]) -> dict[str, str]:
        try:
            async with self._session.post(
                f"{self._base_url}/tpa/services/securite",
                data=_envelope(operation, fields),
                headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'},
                allow_redirects=False,
            ) as response:
                return _read(await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ProviderAway(repr(error)) from error
        except (ElementTree.ParseError, DefusedXmlException) as error:
            raise ProviderAway("the answer is no readable XML") from error


def _envelope(operation: str, fields: Mapping[str, str]) -> bytes:
    envelope = ElementTree.Element(f"{{{SOAP}}}Envelope")
    body = ElementTree.SubElement(envelope, f"{{{SOAP}}}Body")
    call = ElementTree.SubElement(body, f"{{{SERVICE}}}{operation}")
    argument = ElementTree.SubElement(call, "arg0")
    for name, value in fields.items():
        ElementTree.SubElement(argument, name).text = value
    document: bytes = ElementTree.tostring(envelope, encoding="utf-8", xml_declaration=True)
    return document


def _read(body: bytes) -> dict[str, str]:
    """The fields of `return` by lower-case name. Raises ProviderRefused, ParseError."""
    # By local name: the namespaces of the answers have changed over the years.
    nodes = {_local(node): node for node in fromstring(body).iter()}
    if "FonctionnelleErreur" in nodes:
        fault = {_local(node): node.text or "" for node in nodes["FonctionnelleErreur"]}
        raise ProviderRefused(fault.get("code", ""), fault.get("libelle", ""))
    if "return" not in nodes:
        raise ProviderAway("neither an answer nor a functional fault")
    return {_local(node).lower(): (node.text or "").strip() for node in nodes["return"]}


def _local(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


def _instant(day: str, time: str) -> datetime | None:
    """ddmmyyyy and hhmm of Europe/Paris as an aware instant; None when they are no such thing."""
    try:
        local = datetime.strptime(f"{day} {time}", "%d%m%Y %H%M").replace(tzinfo=PARIS)
    except ValueError:
        return None
    return local.astimezone(UTC)


def plain(text: str) -> str:
    """The text as PayFiP takes it: letters without accents, digits, spaces."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^A-Za-z0-9 ]", " ", letters).split())[:LONGEST_SUBJECT]
