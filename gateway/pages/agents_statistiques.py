"""What was invoiced by month and activity, and what is unpaid by age."""

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Final

from aiohttp import web

from contracts.roles import TILL
from gateway.formats import euros
from gateway.forms import MONTH, Form
from gateway.page import Page, get
from gateway.panels import is_unavailable, panels
from gateway.readers.statistics import Invoiced, Statistics
from gateway.readers.treasury import AgedBalance
from services.chassis.spreadsheet import safe_cell

PATH: Final = "/agents/statistiques"
HEADINGS: Final = ("Mois", "Activité", "Unités facturées", "Montant")
AGES: Final = (
    ("not_due", "Non échu"),
    ("first", "1 à 30 jours de retard"),
    ("second", "31 à 60 jours"),
    ("third", "61 à 90 jours"),
    ("fourth", "Plus de 90 jours"),
)

Bar = tuple[str, int, str]  # what, how much, and the same in words


async def statistics(page: Page) -> web.StreamResponse:
    """Charts of revenue, of units charged and of unpaid invoices, each with its table."""
    first, last = _span(page)
    shown = await panels(
        invoiced=page.clients.billing.statistics(first, last),
        unpaid=page.clients.treasury.receivables(size=1),
    )
    known = None if is_unavailable(shown.invoiced) else shown.invoiced
    owed = None if is_unavailable(shown.unpaid) else shown.unpaid
    return page.render(
        "agents/statistiques.html",
        panels=shown,
        form=Form({"du": [first], "au": [last]}),
        first=first,
        last=last,
        by_month=_amounts((line.month, line.amount_cents) for line in _lines(known)),
        by_activity=_amounts((line.activity_name, line.amount_cents) for line in _lines(known)),
        units=_units(_lines(known)),
        ages=_ages(owed),
    )


def _lines(found: Statistics | None) -> tuple[Invoiced, ...]:
    return found.invoiced if found else ()


def _amounts(parts: Iterable[tuple[str, int]]) -> list[Bar]:
    """The sum of each, in the order in which they first come."""
    sums: Counter[str] = Counter()
    for name, cents in parts:
        sums[name] += cents
    return [(name, cents, euros(cents)) for name, cents in sums.items()]


def _units(lines: Iterable[Invoiced]) -> list[Bar]:
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.activity_name] += line.units
    return [(name, units, str(units)) for name, units in sums.most_common()]


def _ages(balance: AgedBalance | None) -> list[Bar]:
    if balance is None:
        return []
    owed = ((label, getattr(balance.totals, field)) for field, label in AGES)
    return [(label, cents, euros(cents)) for label, cents in owed]


async def export(page: Page) -> web.StreamResponse:
    """Months and activities as CSV."""
    first, last = _span(page)
    found = await page.clients.billing.statistics(first, last)
    return web.Response(
        # The mark by which spreadsheets know that accents are UTF-8.
        body=b"\xef\xbb\xbf" + sheet(found).encode(),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="statistiques-{first}-{last}.csv"',
        },
    )


def sheet(found: Statistics) -> str:
    """The lines of the CSV, its headings first; amounts in euros."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    for line in found.invoiced:
        sign, cents = "-" if line.amount_cents < 0 else "", abs(line.amount_cents)
        amount = f"{sign}{cents // 100},{cents % 100:02d}"
        writer.writerow([line.month, safe_cell(line.activity_name), line.units, amount])
    return text.getvalue()


def _span(page: Page) -> tuple[str, str]:
    """The months asked for; the school year so far where they are not months."""
    asked = [page.query.get(name) for name in ("du", "au")]
    kept = [
        text if MONTH.fullmatch(text) else usual
        for text, usual in zip(
            asked, (f"{_school_year(page.today)}-09", f"{page.today:%Y-%m}"), strict=True
        )
    ]
    return min(kept), max(kept)


def _school_year(today: date) -> int:
    return today.year if today.month >= 9 else today.year - 1


ROUTES = (get(PATH, statistics, allow=TILL), get(f"{PATH}.csv", export, allow=TILL))
