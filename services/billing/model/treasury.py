"""What the public accountant is sent: one piece a debt, its keys, its debtor (PES v2, ORMC)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.billing.model.payers import Nature

# A period of the debt within its number: one debt, one period.
PERIOD: Final = "1"
WEIGHTS: Final = (2, 3, 4, 5, 6, 7)
# Nom and ComplNom of a debtor.
NAME_LETTERS: Final = 38
KEY_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXY"


@dataclass(frozen=True, slots=True)
class Office:
    """How the accountant knows the town: its post, its budget, its products."""

    post: str
    siret: str
    collectivity: str
    budget: str
    edition: str
    product: str
    products: Mapping[str, str]

    def product_of(self, activity_kind: str) -> str:
        """The local product code of what an activity of this kind costs."""
        return self.products.get(activity_kind, self.product)


@dataclass(frozen=True, slots=True)
class Line:
    """What of a debt comes from one product."""

    product: str
    amount_cents: int


# Category (TCatTiers) and legal nature (TNatJur) of a debtor, by what the till says it is.
# Codes as the guide to PES v2 lists them; read in CPage's public code systems of the two types
# (TiersCategoryCS, TiersLegalNatureCS), which Noethys's lists for its own export agree with.
PRIVATE_PERSON: Final = ("01", "01")
CATEGORIES: Final[Mapping[Nature, tuple[str, str]]] = {
    "company": ("50", "03"),
    "sole_trader": ("01", "02"),
    "association": ("50", "06"),
    "ccas": ("26", "09"),
    "school_fund": ("25", "09"),
    "municipality": ("23", "09"),
    "grouping": ("24", "09"),
    "department": ("22", "09"),
    "hospital": ("27", "09"),
    "state": ("20", "07"),
    "public_body": ("20", "08"),
    "family_fund": ("60", "11"),
}
# An organisation of which nothing else is known: a legal person of private law.
UNTOLD: Final = CATEGORIES["company"]


@dataclass(frozen=True, slots=True)
class Debtor:
    """Whom the debt is of, in the capitals of the accountant.

    `category`, `legal_nature`: as PES v2 codes them. `more_name`: what one field has no room for.
    `siret`: "" where there is none.
    """

    reference: str
    last_name: str
    first_name: str
    streets: tuple[str, ...]
    postcode: str
    town: str
    more_name: str = ""
    category: str = PRIVATE_PERSON[0]
    legal_nature: str = PRIVATE_PERSON[1]
    siret: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """The account that the accountant may debit, and by which mandate."""

    iban: str
    bic: str
    holder: str
    rum: str
    signed_on: date
    is_first: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One debt: an invoice as far as it is not paid."""

    invoice_number: str
    subject: str
    debtor: Debtor
    lines: tuple[Line, ...]
    account: Account | None = None
    paper: bytes = b""

    @property
    def amount_cents(self) -> int:
        """What is to be collected."""
        return sum(line.amount_cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class Bordereau:
    """All debts that are sent at one time; number: from 1 in each fiscal year."""

    fiscal_year: int
    number: int
    issued_on: date
    subject: str
    pieces: tuple[Piece, ...]
    debited_on: date | None = None

    @property
    def total_cents(self) -> int:
        """The sum of its pieces."""
        return sum(piece.amount_cents for piece in self.pieces)

    def debt_number(self, position: int) -> str:
        """The number of a debt: year, bordereau and piece, 13 digits."""
        return f"{self.fiscal_year}{self.number:04}{position:05}"


def modulo_11(*parts: str) -> str:
    """Key 1 of a debt: weights 2 to 7 from the right over all digits."""
    digits = [int(digit) for digit in reversed("".join(parts)) if digit.isdigit()]
    total = sum(digit * WEIGHTS[at % len(WEIGHTS)] for at, digit in enumerate(digits))
    key = 11 - total % 11
    return str(key if key <= 9 else 1)


def modulo_23(*parts: str) -> str:
    """Key 2 of a debt: a letter by the number's rest, neither I nor O among them."""
    return KEY_LETTERS[int("".join(parts)) % len(KEY_LETTERS)]


def plain(text: str, longest: int) -> str:
    """The text in capitals, digits, spaces and dashes, which is all that the file may hold."""
    spelt = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    bare = "".join(sign for sign in spelt if not unicodedata.combining(sign)).upper()
    return " ".join(re.sub(r"[^A-Z0-9 \-]", " ", bare).split())[:longest].strip()


def debtor(reference: str, addressee: Sequence[str]) -> Debtor:
    """The debtor that an address block names; what it lacks is told as unknown.

    The block is names, then streets, then postcode and town (model.families.addressee).
    """
    town = re.fullmatch(r"(\d{5}) (.+)", addressee[-1]) if addressee else None
    names = addressee[0].split() if addressee else []
    last = [word for word in names if word == word.upper()]
    first = [word for word in names if word != word.upper()] if last else []
    streets = addressee[1:-1] if town else addressee[1:]
    return Debtor(
        reference=plain(reference, 30),
        last_name=plain(" ".join(last or names), NAME_LETTERS) or "INCONNU",
        first_name=plain(" ".join(first), NAME_LETTERS),
        streets=tuple(filter(None, (plain(street, 38) for street in streets))),
        postcode=town[1] if town else "00000",
        town=plain(town[2], 38) if town else "INCONNUE",
    )


def as_organisation(debtor: Debtor, name: str, nature: Nature | None, siret: str) -> Debtor:
    """The same debtor as the organisation of this name: no first name, its own category."""
    head, more = _halves(plain(name, 2 * NAME_LETTERS + 1))
    category, legal_nature = CATEGORIES[nature] if nature else UNTOLD
    return replace(
        debtor,
        last_name=head or debtor.last_name,
        first_name="",
        more_name=more,
        category=category,
        legal_nature=legal_nature,
        siret=siret,
    )


def _halves(name: str) -> tuple[str, str]:
    """A long name in the two fields there are, parted between words where one ends."""
    if len(name) <= NAME_LETTERS:
        return name, ""
    cut = name.rfind(" ", 0, NAME_LETTERS + 1)
    head = name[:cut] if cut > 0 else name[:NAME_LETTERS]
    return head, name[len(head) :].strip()[:NAME_LETTERS].strip()


def lines_by_product(
    amounts: Sequence[tuple[str, int]], total_cents: int, office: Office
) -> tuple[Line, ...]:
    """The debt by product; one line when a product would be below one cent.

    `amounts`: (kind of activity, cents), which add up to the total.
    """
    sums: dict[str, int] = {}
    for kind, cents in amounts:
        product = office.product_of(kind)
        sums[product] = sums.get(product, 0) + cents
    if sum(sums.values()) != total_cents or any(cents <= 0 for cents in sums.values()):
        return (Line(office.product, total_cents),)
    return tuple(Line(product, sums[product]) for product in sorted(sums))
