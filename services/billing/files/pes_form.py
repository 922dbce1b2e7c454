"""What a PES v2 file of debts (ORMC) must look like: its elements in order, and their values.

Taken from the tables of the DGFiP's guide; the schema itself comes with no licence to ship it.
Order, lengths and values were held against two public transcriptions of it (TREASURY.md).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

NAMESPACE: Final = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"

DATE: Final = r"\d{4}-\d{2}-\d{2}"
AMOUNT: Final = r"(?!0{1,12}\.00)\d{1,12}\.\d{2}"
# The name of the file is the Id of its root, too.
LONGEST_ID: Final = 21
FILE_NAME: Final = r"[A-Za-z0-9]{1,96}\.xml"
FLAG: Final = r"[01]"


def text(longest: int) -> str:
    """Capitals, digits, spaces and dashes."""
    return rf"[A-Z0-9 \-]{{1,{longest}}}"


@dataclass(frozen=True, slots=True)
class Form:
    """An element: its value's pattern or its children, and how often it stands there."""

    name: str
    value: str = ""
    children: tuple["Form", ...] = ()
    least: int = 1
    most: int = 1


def maybe(name: str, value: str = "", *children: Form) -> Form:
    """An element that may be left out."""
    return Form(name, value, children, least=0)


def group(name: str, *children: Form) -> Form:
    """An element that holds others."""
    return Form(name, "", children)


def many(name: str, *children: Form, least: int = 1) -> Form:
    """The same, repeated."""
    return Form(name, "", children, least=least, most=100_000)


ATTACHED = (
    Form("Support", "01"),
    Form("IdUnique", r"[A-Za-z0-9]{1,50}"),
    Form("NomPJ", r"[A-Za-z0-9.\-]{1,100}"),
)
BLOCK = group(
    "BlocPiece",
    Form("IdPce", r"[1-9]\d{0,7}"),
    Form("TypPce", "15"),
    Form("NatPce", "01"),
    maybe("Edition", r"0[1-6]"),
    Form("ObjPce", text(160)),
    Form("NumDette", r"\d{1,15}"),
    Form("Per", r"\d"),
    Form("Cle1", r"\d"),
    Form("Cle2", r"[A-HJ-NP-Y]"),
    maybe("PJRef", "", *ATTACHED),
    Form("NumeroFacture", r"[A-Z0-9\-]{1,20}"),
)
DEBIT = maybe(
    "InfoPrelevementSEPA",
    "",
    Form("NatPrel", "01"),
    Form("PerPrel", "07"),
    Form("DtePrel", DATE),
    Form("MtPrel", AMOUNT),
    Form("SequencePres", r"0[1-4]"),
    Form("DateSignMandat", DATE),
    Form("RefUniMdt", r"[A-Z0-9]{1,35}"),
    Form("LibPrel", text(140)),
)
DEBTOR = group(
    "Tiers",
    group(
        "InfoTiers",
        maybe("IdTiers", r"\d{14}"),
        maybe("NatIdTiers", "01"),
        maybe("RefTiers", text(30)),
        Form("CatTiers", r"01|2[0-9]|50|6[0-5]|7[0-4]"),
        Form("NatJur", r"0[1-9]|1[01]"),
        Form("TypTiers", "01"),
        Form("Nom", text(38)),
        maybe("ComplNom", text(38)),
        maybe("Prenom", text(38)),
    ),
    group(
        "Adresse",
        Form("TypAdr", "1"),
        maybe("Adr1", text(38)),
        Form("Adr2", text(38)),
        maybe("Adr3", text(38)),
        Form("CP", r"\d{5}"),
        Form("Ville", text(38)),
        Form("CodRes", "0"),
    ),
    maybe(
        "CpteBancaire",
        "",
        Form("BIC", r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?"),
        Form("IBAN", r"[A-Z]{2}\d{2}[A-Z0-9]{1,30}"),
        Form("TitCpte", text(32)),
    ),
)
LINE = many(
    "LigneDePiece",
    group(
        "BlocLignePiece",
        group(
            "InfoLignePiece",
            Form("IdLigne", r"[1-9]\d{0,5}"),
            Form("ObjLignePce", text(160)),
            Form("CodProdLoc", r"[A-Z0-9]{1,4}"),
            Form("Nature", "588"),
            Form("Majo", FLAG),
            Form("TvaIntraCom", FLAG),
            Form("MtHT", AMOUNT),
        ),
        DEBIT,
    ),
    DEBTOR,
)
PES_ALLER: Final = group(
    "PES_Aller",
    group(
        "Enveloppe",
        group(
            "Parametres", Form("Version", "2"), Form("TypFic", "PESORMC"), Form("NomFic", FILE_NAME)
        ),
        group("Emetteur", Form("Sigle", text(32)), Form("Adresse", text(38))),
    ),
    group(
        "EnTetePES",
        Form("DteStr", DATE),
        Form("IdPost", r"(\d{6,7}|02[AB]\d{3,4})"),
        Form("IdColl", r"\d{14}"),
        Form("CodCol", r"\d{3}"),
        Form("CodBud", r"[A-Z0-9]\d"),
    ),
    group(
        "PES_RecetteAller",
        group("EnTeteRecette", Form("IdVer", "2"), Form("InfoDematerialisee", "0")),
        group(
            "Bordereau",
            group(
                "BlocBordereau",
                Form("Exer", r"\d{4}"),
                Form("IdBord", r"\d{7}"),
                Form("DteBordEm", DATE),
                Form("TypBord", "06"),
                Form("NbrPce", r"[1-9]\d{0,4}"),
                Form("MtBordHt", AMOUNT),
                Form("Objet", text(160)),
            ),
            many("Piece", BLOCK, LINE),
        ),
    ),
    maybe(
        "PES_PJ",
        "",
        group("EnTetePES_PJ", Form("IdVer", "1")),
        many(
            "PJ",
            group("Contenu", Form("Fichier")),
            Form("IdUnique", r"[A-Za-z0-9]{1,50}"),
            Form("NomPJ", r"[A-Za-z0-9.\-]{1,100}"),
            Form("TypePJ", r"0(02|06|07|10|11)"),
            Form("Description", text(160)),
        ),
    ),
)


def faults(root: Element) -> list[str]:
    """Where the document breaks its form; none, and it can be sent."""
    if root.tag != f"{{{NAMESPACE}}}PES_Aller":
        return [f"{root.tag}: PES_Aller of {NAMESPACE} is expected"]
    wrong = list(_faults(root, PES_ALLER, "PES_Aller"))
    if not re.fullmatch(FILE_NAME, found := root.get("Id", "")) or len(found) > LONGEST_ID:
        wrong.append(f"PES_Aller: its Id {found!r} is no file name of {LONGEST_ID} signs at most")
    return wrong


def _faults(element: Element, form: Form, path: str) -> Iterator[str]:
    value = element.get("V")
    if form.value and (value is None or not re.fullmatch(form.value, value, re.ASCII)):
        yield f"{path}: {value!r} is not {form.value}"
    children = list(element)
    for child in form.children:
        found = 0
        while children and children[0].tag == child.name:
            yield from _faults(children.pop(0), child, f"{path}/{child.name}")
            found += 1
        if not child.least <= found <= child.most:
            yield f"{path}: {child.name} stands there {found} times"
    if children:
        yield f"{path}: {children[0].tag} is not expected there"
