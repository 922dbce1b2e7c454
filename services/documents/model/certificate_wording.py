"""What each paper says, in French."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

from services.chassis.french import MONTHS, day_numbers, long_date
from services.documents.errors.certificate import NothingToCertify
from services.documents.model.certificate import (
    NO_CHILDCARE,
    Attended,
    CertificateKind,
    Child,
    Enrolled,
    Household,
    Paid,
    Paper,
    Period,
    Row,
)

NBSP, THIN = "\u00a0", "\u202f"


def enrolment_paper(
    household: Household, child: Child, found: Sequence[Enrolled], today: date
) -> Paper:
    """That a child is enrolled, where, from when until when. Raises NothingToCertify."""
    if not found:
        raise NothingToCertify("Aucune inscription acceptée n’est en cours pour cet enfant.")
    rows = tuple(
        Row(
            text=f"{each.activity} – {each.place}",
            value=f"du {short(each.starts_on)} au {short(each.ends_on)}",
            checked=f"{each.activity} – {each.place}",
        )
        for each in found
    )
    years = ", ".join(sorted({each.school_year for each in found}))
    return Paper(
        kind=CertificateKind.ENROLMENT,
        issued_on=today,
        reference=household.reference,
        addressee=household.addressee,
        statement=f"La ville atteste que {child.name}, {_born(child)}, est inscrit(e) aux services "
        f"suivants pour l’année scolaire {years}.",
        checked_statement=f"Enfant inscrit aux services suivants, année scolaire {years}.",
        rows=rows,
        initials=(child.initials,),
    )


def attendance_paper(
    household: Household, child: Child, period: Period, found: Sequence[Attended], today: date
) -> Paper:
    """On which days a child was present. Raises NothingToCertify."""
    if not found:
        raise NothingToCertify("Aucune présence n’a été pointée pour cet enfant à ces dates.")
    days: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    for each in found:
        days[each.activity, each.date.year, each.date.month].add(each.date.day)
    rows = tuple(
        _attended_row(activity, year, month, numbers)
        for (activity, year, month), numbers in sorted(days.items())
    )
    when = f"du {long_date(period.first)} au {long_date(period.last)}"
    return Paper(
        kind=CertificateKind.ATTENDANCE,
        issued_on=today,
        reference=household.reference,
        addressee=household.addressee,
        statement=f"La ville atteste que {child.name}, {_born(child)}, a fréquenté ses services "
        f"{when} aux jours suivants, d’après les feuilles de présence.",
        checked_statement=f"Présences d’un enfant {when}.",
        rows=rows,
        total=_count(sum(map(len, days.values())), "présence"),
        initials=(child.initials,),
    )


METHODS: Final = {
    "card": "Règlement par carte",
    "direct_debit": "Prélèvement",
    "cash": "Règlement en espèces",
    "cheque": "Règlement par chèque",
    "cesu": "Règlement par CESU",
    "credit": "Avance utilisée",
}


def payment_paper(
    household: Household, period: Period, found: Sequence[Paid], today: date
) -> Paper:
    """What a family has paid. Raises NothingToCertify."""
    if not found:
        raise NothingToCertify("Aucun règlement n’a été reçu à ces dates.")
    payments: dict[tuple[date, str], list[Paid]] = defaultdict(list)
    for each in found:
        payments[each.received_on, str(each.payment_id)].append(each)
    rows = []
    for (received_on, _), parts in sorted(payments.items()):
        numbers = ", ".join(sorted({part.invoice_number for part in parts}))
        amount = sum(part.amount_cents for part in parts)
        what = METHODS[parts[0].method] if amount >= 0 else "Annulation"
        text = f"{what} du {short(received_on)}, facture {numbers}"
        rows.append(Row(text, euros(amount), text))
    when = f"du {long_date(period.first)} au {long_date(period.last)}"
    return Paper(
        kind=CertificateKind.PAYMENT,
        issued_on=today,
        reference=household.reference,
        addressee=household.addressee,
        statement=f"La ville atteste avoir reçu de la famille du dossier {household.reference}, "
        f"{when}, les règlements suivants.",
        checked_statement=f"Règlements reçus {when}, dossier {household.reference}.",
        rows=tuple(rows),
        total=euros(sum(part.amount_cents for part in found)),
        initials=tuple(child.initials for child in household.children),
    )


def tax_paper(household: Household, period: Period, found: Sequence[Paid], today: date) -> Paper:
    """What was paid in a year for the care of children under six. Raises NothingToCertify."""
    if any(each.kind is None for each in found):
        raise NothingToCertify("Une activité n’est pas encore connue. Réessayez dans un instant.")
    year = period.first.year
    young = [child for child in household.children if child.is_under_tax_age(year)]
    sums = {child: _care_cents(child, found) for child in young}
    paid = {child: cents for child, cents in sums.items() if cents > 0}
    if not paid:
        raise NothingToCertify(
            f"Aucune garde d’un enfant de moins de 6 ans au 1er janvier {year} n’a été réglée "
            "cette année-là. Les repas ne comptent pas."
        )
    rows = tuple(
        Row(
            text=f"{child.name}, {_born(child)}",
            value=euros(cents),
            checked=f"{child.initials}, {_born(child)}",
        )
        for child, cents in paid.items()
    )
    return _tax_paper(household, period, rows, sum(paid.values()), today)


def _tax_paper(
    household: Household, period: Period, rows: tuple[Row, ...], cents: int, today: date
) -> Paper:
    year = period.first.year
    until = f", arrêtés au {long_date(period.last)}" if period.last < date(year, 12, 31) else ""
    claim = (
        f"les frais de garde réglés en {year}{until} pour les enfants de moins de 6 ans au "
        f"1er janvier {year}"
    )
    return Paper(
        kind=CertificateKind.CHILDCARE_TAX,
        issued_on=today,
        reference=household.reference,
        addressee=household.addressee,
        statement=f"La ville atteste que {claim} s’élèvent aux sommes suivantes.",
        checked_statement=f"{claim[0].upper()}{claim[1:]}.",
        rows=rows,
        total=euros(cents),
        notes=(
            "Repas du restaurant scolaire non compris. Article 200 quater B du code général des "
            "impôts. Déduisez les aides reçues pour la garde (CAF, employeur).",
        ),
        initials=tuple(row.checked.split(",")[0] for row in rows),
    )


def _care_cents(child: Child, found: Sequence[Paid]) -> int:
    return sum(
        each.amount_cents
        for each in found
        if each.child_id == child.child_id and each.kind not in NO_CHILDCARE
    )


def _attended_row(activity: str, year: int, month: int, numbers: set[int]) -> Row:
    article = "le" if len(numbers) == 1 else "les"
    text = f"{activity}, {MONTHS[month - 1]} {year}{NBSP}: {article} {day_numbers(numbers)}"
    return Row(text, _count(len(numbers), "jour"), text)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


def _born(child: Child) -> str:
    return f"né(e) le {long_date(child.birth_date)}"


def short(day: date) -> str:
    """01/11/2026."""
    return f"{day:%d/%m/%Y}"


def euros(cents: int) -> str:
    """1234567 as 12 345,67 €, with the spaces that French asks for."""
    sign, whole = ("-" if cents < 0 else ""), abs(cents)
    thousands = f"{whole // 100:,}".replace(",", THIN)
    return f"{sign}{thousands},{whole % 100:02d}{NBSP}€"
