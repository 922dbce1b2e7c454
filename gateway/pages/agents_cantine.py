"""The canteen at 1 €: how many meals of each band a town declares to the State."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Final

from aiohttp import web

from contracts.roles import DESK
from gateway.forms import MONTH, Form
from gateway.page import Page, get
from gateway.panels import panels
from gateway.readers import CanteenMeals, CanteenReport

PATH: Final = "/agents/tarifs/cantine"
HEADINGS: Final = (
    "Mois",
    "Quotient à partir de",
    "Quotient inférieur à",
    "Prix le plus bas",
    "Prix le plus haut",
    "Repas",
    "Repas à 1 € au plus (quotient jusqu’à 1000)",
)


async def report(page: Page) -> web.StreamResponse:
    """Meals by month and band, on a page."""
    first, last = _span(page)
    shown = await panels(report=page.clients.billing.canteen_report(first, last))
    form = Form({"de": [first], "a": [last]})
    return page.render(
        "agents/cantine.html", panels=shown, form=form, first=first, last=last, band=band
    )


async def export(page: Page) -> web.StreamResponse:
    """The same as CSV."""
    first, last = _span(page)
    found = await page.clients.billing.canteen_report(first, last)
    return web.Response(
        # The mark by which spreadsheets know that accents are UTF-8.
        body=b"\xef\xbb\xbf" + sheet(found).encode(),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="cantine-{first}-{last}.csv"',
        },
    )


def band(meals: CanteenMeals) -> str:
    """The quotients of a line, in words."""
    if meals.to_quotient is None:
        return f"{meals.from_quotient} et plus" if meals.from_quotient else "Tous"
    return f"{meals.from_quotient} à {meals.to_quotient - 1}"


def sheet(found: CanteenReport) -> str:
    """The lines of the CSV, its headings first; prices in euros."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    for line in found.meals:
        ends = ("" if end is None else end for end in (line.from_quotient, line.to_quotient))
        prices = (
            f"{cents // 100},{cents % 100:02d}" for cents in (line.lowest_cents, line.highest_cents)
        )
        writer.writerow([line.month, *ends, *prices, line.meals, line.at_most_a_euro])
    return text.getvalue()


def _span(page: Page) -> tuple[str, str]:
    """The months asked for; last month where they are not months."""
    last_month = f"{page.today.replace(day=1) - timedelta(days=1):%Y-%m}"
    asked = (page.query.get("de"), page.query.get("a"))
    first, last = (text if MONTH.fullmatch(text) else last_month for text in asked)
    return min(first, last), max(first, last)


ROUTES = (get(PATH, report, allow=DESK), get(f"{PATH}.csv", export, allow=DESK))
