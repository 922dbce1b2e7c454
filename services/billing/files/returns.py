"""What the bank sends back: pain.002 (rejects), camt.054 (returns of what was collected), CSV."""

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from services.billing.errors.treasury import BadReturnsFile
from services.billing.files.returns_table import read_table
from services.billing.model.debits import NO_REASON, Returned, ReturnsFile

REJECTED: Final = "RJCT"


def read_returns(content: bytes) -> ReturnsFile:
    """The returns that the file tells. Raises BadReturnsFile."""
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_table(content)
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadReturnsFile.because("Ce fichier n’est pas un document XML lisible.") from error
    body = root[0] if len(root) else root
    match _name(body):
        case "CstmrPmtStsRpt":
            found = tuple(_rejects(body))
        case "BkToCstmrDbtCdtNtfctn":
            found = tuple(_reversals(body))
        case _:
            raise BadReturnsFile.because(
                "Ce n’est ni un compte rendu de rejets (pain.002) ni un avis d’opérations "
                "(camt.054)."
            )
    message_id = _text(body, "GrpHdr", "MsgId")
    if not message_id or not found:
        raise BadReturnsFile.because("Ce fichier ne contient aucun rejet de prélèvement.")
    return ReturnsFile(message_id[:35], found)


def _rejects(report: Element) -> Iterator[Returned]:
    for block in _children(report, "OrgnlPmtInfAndSts"):
        for line in _children(block, "TxInfAndSts"):
            if _text(line, "TxSts") in (REJECTED, ""):
                yield Returned(
                    _text(line, "OrgnlEndToEndId"),
                    _text(line, "StsRsnInf", "Rsn", "Cd") or NO_REASON,
                    _cents(_text(line, "OrgnlTxRef", "Amt", "InstdAmt")),
                )


def _reversals(notice: Element) -> Iterator[Returned]:
    for entry in (e for n in _children(notice, "Ntfctn") for e in _children(n, "Ntry")):
        for details in _children(entry, "NtryDtls"):
            for line in _children(details, "TxDtls"):
                if code := _text(line, "RtrInf", "Rsn", "Cd"):
                    amount = _text(line, "AmtDtls", "InstdAmt", "Amt") or _text(line, "Amt")
                    yield Returned(_text(line, "Refs", "EndToEndId"), code, _cents(amount))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def _text(element: Element, *path: str) -> str:
    """The text at the end of the path, the first child of each name; empty when absent."""
    found: Element | None = element
    for name in path:
        found = next(_children(found, name), None) if found is not None else None
    return (found.text or "").strip() if found is not None else ""


def _cents(text: str) -> int | None:
    whole, _, part = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and (part + "0").isdigit() and len(part) <= 2):
        return None
    return int(whole) * 100 + int(part.ljust(2, "0"))
