"""The SOAP side: creerPaiementSecurise, recupererDetailPaiementSecurise, recupererDetailClient."""

import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from deploy.payments.operations import Operation, Operations

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/"
    "contrat_paiement_securise/PaiementSecuriseService"
)
ANSWER = "http://securite.service.tpa.cp.finances.gouv.fr/reponse"
PARIS = ZoneInfo("Europe/Paris")

# Each field of creerPaiementSecurise: its form, and the fault when it has another. P1 and P5 below
# are PayFiP’s codes; these are our own, the real ones being known to its users alone.
FORMS: Mapping[str, tuple[str, str, str]] = {
    "numcli": (r"\d{6}", "T2", "Numéro de client incorrect"),
    "saisie": (r"[TXW]", "T3", "Type de saisie incorrect"),
    "exer": (r"\d{4}", "T4", "Exercice incorrect"),
    "refdet": (r"[A-Za-z0-9]{1,30}", "T5", "Référence de la dette incorrecte"),
    "objet": (r"[A-Za-z0-9 ]{0,100}", "T6", "Objet incorrect"),
    "montant": (r"\d{3,8}", "T7", "Montant incorrect"),
    "mel": (r"[^@\s]+@[^@\s]+", "T8", "Adresse mél incorrecte"),
    "urlnotif": (r"https?://\S{1,250}", "T9", "Adresse de notification incorrecte"),
    "urlredirect": (r"https?://\S{1,250}", "T10", "Adresse de retour incorrecte"),
}
LEAST_CENTS, MOST_CENTS = 100, 10_000_000
SHORTEST_MAIL, LONGEST_MAIL = 6, 80


class Fault(Exception):
    """A functional fault: a code and what it means."""

    def __init__(self, code: str, label: str) -> None:
        super().__init__(label)
        self.code, self.label = code, label


class NoSoap(ValueError):
    """The request is no call of ours."""


def answer(operations: Operations, body: bytes) -> tuple[int, bytes]:
    """Status and body of the answer to a call. Raises NoSoap."""
    name, fields = _read(body)
    try:
        return 200, _envelope(_answer(name, OPERATIONS[name](operations, fields)))
    except KeyError:
        raise NoSoap(f"unknown operation {name}") from None
    except Fault as fault:
        return 500, _envelope(_fault(fault))


def _open(operations: Operations, fields: Mapping[str, str]) -> dict[str, str]:
    for name, (form, code, label) in FORMS.items():
        if not re.fullmatch(form, fields.get(name, ""), re.ASCII):
            raise Fault(code, label)
    if not LEAST_CENTS <= int(fields["montant"]) <= MOST_CENTS:
        raise Fault(*FORMS["montant"][1:])
    if not SHORTEST_MAIL <= len(fields["mel"]) <= LONGEST_MAIL:
        raise Fault(*FORMS["mel"][1:])
    return {"idOp": operations.open(dict(fields)).idop}


def _result(operations: Operations, fields: Mapping[str, str]) -> dict[str, str]:
    operation = operations.find(fields.get("idOp", ""))
    if operation is None:
        raise Fault("P1", "IdOp incorrect")
    if operation.result is None or operation.settled_at is None:
        raise Fault("P5", "Résultat de la transaction non connu")
    return _details(operation)


def _details(operation: Operation) -> dict[str, str]:
    assert operation.settled_at is not None  # noqa: S101 - asked by the caller
    at = operation.settled_at.astimezone(PARIS)
    copied = {name: operation.fields[name] for name in ("exer", "mel", "montant", "numcli")}
    return {
        "dattrans": f"{at:%d%m%Y}",
        **copied,
        "heurtrans": f"{at:%H%M}",
        "idOp": operation.idop,
        "numauto": operation.authorisation,
        "objet": operation.fields["objet"],
        "refdet": operation.fields["refdet"],
        "resultrans": operation.result or "",
        "saisie": operation.fields["saisie"],
    }


def _client(_operations: Operations, fields: Mapping[str, str]) -> dict[str, str]:
    if not re.fullmatch(r"\d{6}", fields.get("numCli", ""), re.ASCII):
        raise Fault(*FORMS["numcli"][1:])
    return {"libelleN1": "SERVEUR DE DEMONSTRATION", "numcli": fields["numCli"]}


OPERATIONS: Mapping[str, Callable[[Operations, Mapping[str, str]], dict[str, str]]] = {
    "creerPaiementSecurise": _open,
    "recupererDetailPaiementSecurise": _result,
    "recupererDetailClient": _client,
}


def _read(body: bytes) -> tuple[str, dict[str, str]]:
    try:
        root = fromstring(body)
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise NoSoap("no readable XML") from error
    call = next(iter(root.find(f"{{{SOAP}}}Body") or ()), None)
    if call is None:
        raise NoSoap("no call in the body")
    argument = call.find("arg0")
    given = argument if argument is not None else call
    return _local(call), {_local(node): (node.text or "").strip() for node in given}


def _local(node: ElementTree.Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _answer(name: str, fields: Mapping[str, str]) -> ElementTree.Element:
    root = ElementTree.Element(f"{{{ANSWER}}}{name}Response")
    inner = ElementTree.SubElement(root, "return")
    for field, value in fields.items():
        ElementTree.SubElement(inner, field).text = value
    return root


def _fault(fault: Fault) -> ElementTree.Element:
    root = ElementTree.Element(f"{{{SOAP}}}Fault")
    ElementTree.SubElement(root, "faultcode").text = "S:Server"
    ElementTree.SubElement(root, "faultstring").text = "FonctionnelleErreur"
    detail = ElementTree.SubElement(root, "detail")
    inner = ElementTree.SubElement(detail, f"{{{ANSWER}}}FonctionnelleErreur")
    for field, value in {
        "code": fault.code,
        "descriptif": "",
        "libelle": fault.label,
        "severite": "2",
    }.items():
        ElementTree.SubElement(inner, field).text = value
    return root


def _envelope(content: ElementTree.Element) -> bytes:
    envelope = ElementTree.Element(f"{{{SOAP}}}Envelope")
    ElementTree.SubElement(envelope, f"{{{SOAP}}}Body").append(content)
    text: bytes = ElementTree.tostring(envelope, encoding="utf-8", xml_declaration=True)
    return text
