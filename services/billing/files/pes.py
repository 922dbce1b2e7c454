"""Debts as the public accountant takes them: PES v2, recettes, ordre de recette multi-créanciers.

Functions run in the process pool: a file with papers has tens of megabytes.
"""

import base64
import gzip
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from services.billing.files.pes_form import NAMESPACE, faults
from services.billing.model.treasury import (
    PERIOD,
    Account,
    Bordereau,
    Debtor,
    Line,
    Office,
    Piece,
    modulo_11,
    modulo_23,
    plain,
)

SENDER: Final = ("VILLE", "PORTAIL FAMILLE")
SEQUENCES: Final = {True: "02", False: "03"}  # first, recurrent
SIRET: Final = "01"  # TNatIdTiers
INVOICE_PAPER, SUMMONS_PAPER = "007", "010"


class Malformed(ValueError):
    """The document would break its form: a setting or a family's file is not as it should be."""


def write_pes(office: Office, bordereau: Bordereau, filename: str) -> bytes:
    """The file, checked against its form. Raises Malformed with the first faults."""
    register_namespace("n", NAMESPACE)
    root = Element(f"{{{NAMESPACE}}}PES_Aller", {"Id": filename})
    _envelope(root, office, bordereau, filename)
    receipts = SubElement(root, "PES_RecetteAller")
    heading = SubElement(receipts, "EnTeteRecette")
    _values(heading, IdVer="2", InfoDematerialisee="0")
    block = SubElement(receipts, "Bordereau")
    _values(
        SubElement(block, "BlocBordereau"),
        Exer=str(bordereau.fiscal_year),
        IdBord=f"{bordereau.number:07}",
        DteBordEm=bordereau.issued_on.isoformat(),
        TypBord="06",
        NbrPce=str(len(bordereau.pieces)),
        MtBordHt=_euros(bordereau.total_cents),
        Objet=plain(bordereau.subject, 160),
    )
    for position, piece in enumerate(bordereau.pieces, start=1):
        _piece(SubElement(block, "Piece"), office, bordereau, position, piece)
    if any(piece.paper for piece in bordereau.pieces):
        _papers(root, office, bordereau)
    if wrong := faults(root):
        raise Malformed("; ".join(wrong[:5]))
    file: bytes = tostring(root, encoding="ISO-8859-1", xml_declaration=True)
    return file


def _envelope(root: Element, office: Office, bordereau: Bordereau, filename: str) -> None:
    envelope = SubElement(root, "Enveloppe")
    _values(SubElement(envelope, "Parametres"), Version="2", TypFic="PESORMC", NomFic=filename)
    _values(SubElement(envelope, "Emetteur"), Sigle=SENDER[0], Adresse=SENDER[1])
    _values(
        SubElement(root, "EnTetePES"),
        DteStr=bordereau.issued_on.isoformat(),
        IdPost=office.post,
        IdColl=office.siret,
        CodCol=office.collectivity,
        CodBud=office.budget,
    )


def _piece(
    parent: Element, office: Office, bordereau: Bordereau, position: int, piece: Piece
) -> None:
    year, debt = f"{bordereau.fiscal_year}"[-2:], bordereau.debt_number(position)
    block = SubElement(parent, "BlocPiece")
    _values(block, IdPce=str(position), TypPce="15", NatPce="01")
    if office.edition:
        _values(block, Edition=office.edition)
    _values(
        block,
        ObjPce=plain(piece.subject, 160),
        NumDette=debt,
        Per=PERIOD,
        Cle1=modulo_11(office.collectivity, f"{bordereau.number:07}", year, PERIOD, debt),
        Cle2=modulo_23(year, PERIOD, "00", debt),
    )
    if piece.paper:
        _values(SubElement(block, "PJRef"), Support="01", **_paper_names(piece))
    _values(block, NumeroFacture=piece.invoice_number)
    for number, line in enumerate(piece.lines, start=1):
        _line(SubElement(parent, "LigneDePiece"), bordereau, piece, number, line)


def _line(parent: Element, bordereau: Bordereau, piece: Piece, number: int, line: Line) -> None:
    block = SubElement(parent, "BlocLignePiece")
    _values(
        SubElement(block, "InfoLignePiece"),
        IdLigne=str(number),
        ObjLignePce=plain(piece.subject, 160),
        CodProdLoc=line.product,
        Nature="588",
        Majo="0",
        TvaIntraCom="0",
        MtHT=_euros(line.amount_cents),
    )
    if piece.account and bordereau.debited_on:
        _values(
            SubElement(block, "InfoPrelevementSEPA"),
            NatPrel="01",
            PerPrel="07",
            DtePrel=bordereau.debited_on.isoformat(),
            MtPrel=_euros(line.amount_cents),
            SequencePres=SEQUENCES[piece.account.is_first],
            DateSignMandat=piece.account.signed_on.isoformat(),
            RefUniMdt=piece.account.rum,
            LibPrel=plain(piece.subject, 140),
        )
    account = piece.account if bordereau.debited_on else None
    _debtor(SubElement(parent, "Tiers"), piece.debtor, account)


def _debtor(parent: Element, debtor: Debtor, account: Account | None) -> None:
    who = SubElement(parent, "InfoTiers")
    if debtor.siret:
        _values(who, IdTiers=debtor.siret, NatIdTiers=SIRET)
    if debtor.reference:
        _values(who, RefTiers=debtor.reference)
    _values(who, CatTiers=debtor.category, NatJur=debtor.legal_nature, TypTiers="01")
    _values(who, Nom=debtor.last_name)
    if debtor.more_name:
        _values(who, ComplNom=debtor.more_name)
    if debtor.first_name:
        _values(who, Prenom=debtor.first_name)
    where = SubElement(parent, "Adresse")
    _values(where, TypAdr="1")
    # The street stands in the second line; what comes before it in the block, in the first.
    *before, street = debtor.streets or ("NON COMMUNIQUEE",)
    if before:
        _values(where, Adr1=before[-1])
    _values(where, Adr2=street, CP=debtor.postcode, Ville=debtor.town, CodRes="0")
    if account:
        _values(
            SubElement(parent, "CpteBancaire"),
            BIC=account.bic,
            IBAN=account.iban,
            TitCpte=plain(account.holder, 32),
        )


def _papers(root: Element, office: Office, bordereau: Bordereau) -> None:
    """The invoices themselves: packed (gzip), then base64."""
    papers = SubElement(root, "PES_PJ")
    _values(SubElement(papers, "EnTetePES_PJ"), IdVer="1")
    for piece in bordereau.pieces:
        if not piece.paper:
            continue
        paper = SubElement(papers, "PJ")
        file = SubElement(SubElement(paper, "Contenu"), "Fichier", MIMEType="application/pdf")
        file.text = base64.b64encode(gzip.compress(piece.paper, mtime=0)).decode()
        _values(
            paper,
            **_paper_names(piece),
            TypePJ=SUMMONS_PAPER if office.edition else INVOICE_PAPER,
            Description=plain(f"FACTURE {piece.invoice_number}", 160),
        )


def _paper_names(piece: Piece) -> dict[str, str]:
    number = piece.invoice_number.replace("-", "")
    return {"IdUnique": f"FACT{number}", "NomPJ": f"FACT{number}.pdf"}


def _values(parent: Element, **values: str) -> None:
    for name, value in values.items():
        SubElement(parent, name, V=value)


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
