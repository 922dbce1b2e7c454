"""What the kitchen cooks: by day or week, as counted now beside what was ordered."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Final

from aiohttp import web

from contracts.roles import STAFF
from gateway.formats import day_month, moment
from gateway.labels import diet_label
from gateway.page import Page, get
from gateway.pages.agents_seances import school_names
from gateway.panels import is_unavailable, panels
from gateway.readers.roll import KitchenSession, Meals
from services.chassis.spreadsheet import safe_cell

PATH: Final = "/agents/cuisine"
DIETS: Final = (
    ("standard", "Standard"),
    ("no_pork", "Sans porc"),
    ("vegetarian", "Végétarien"),
    ("own_meal", "Panier (PAI)"),
)
# Brought from home (PAI): counted, and not cooked.
BROUGHT: Final = "own_meal"
UNKNOWN_SCHOOL: Final = "École inconnue"
HEADINGS: Final = (
    *("date", "activite", "lieu", "ecole", "repas", "prevus", "commandes", "ecart"),
    *("version", "commande_le"),
)


@dataclass(frozen=True, slots=True)
class Count:
    """Meals of one school at one session, or of several together; `ordered` None: not yet."""

    label: str
    now: Mapping[str, int]
    ordered: Mapping[str, int] | None

    @property
    def cooked(self) -> int:
        return _cooked(self.now)

    @property
    def cooked_ordered(self) -> int | None:
        return None if self.ordered is None else _cooked(self.ordered)

    @property
    def difference(self) -> str:
        """What is to be cooked more or less than ordered: « +2 », « −1 », « = »."""
        ordered = self.cooked_ordered
        return "" if ordered is None else signed(self.cooked - ordered)


@dataclass(frozen=True, slots=True)
class Table:
    """One session's meals, school by school, and all together."""

    session: KitchenSession
    schools: tuple[Count, ...]
    total: Count


async def kitchen(page: Page) -> web.StreamResponse:
    """One day, or the week it lies in."""
    day, is_week = page.query.day("date"), page.query.get("vue") == "semaine"
    first, last = span(day, is_week=is_week)
    clients = page.clients
    shown = await panels(
        meals=clients.roll.kitchen(first, last), schools=clients.enrolment.schools()
    )
    found = () if is_unavailable(shown.meals) else shown.meals
    tables = [table(session, school_names(shown.schools)) for session in found]
    step = timedelta(days=7 if is_week else 1)
    held = [one for one in tables if one.session.meals or one.session.order]
    return page.render(
        "agents/cuisine.html",
        panels=shown,
        tables=held,
        totals=day_totals(held),
        day=day,
        first=first,
        last=last,
        is_week=is_week,
        previous=day - step,
        next=day + step,
        diets=DIETS,
        bars=bars(tables, is_week=is_week),
    )


async def export(page: Page) -> web.StreamResponse:
    """The same counts as CSV, a line for each kind of meal."""
    first, last = span(page.query.day("date"), is_week=page.query.get("vue") == "semaine")
    sessions = await page.clients.roll.kitchen(first, last)
    shown = await panels(schools=page.clients.enrolment.schools())
    return web.Response(
        # The mark by which spreadsheets know that accents are UTF-8.
        body=b"\xef\xbb\xbf" + sheet(sessions, school_names(shown.schools)).encode(),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="cuisine-{first}.csv"',
        },
    )


def span(day: date, *, is_week: bool) -> tuple[date, date]:
    """The day itself, or the Monday and Sunday around it."""
    if not is_week:
        return day, day
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def table(session: KitchenSession, schools: Mapping[str, str]) -> Table:
    """The session's meals by school, and in all."""
    ordered = session.order.first_meals if session.order else None
    codes = dict.fromkeys(meal.school_code for meal in (*session.meals, *(ordered or ())))
    counts = tuple(
        Count(
            schools.get(code or "", code or UNKNOWN_SCHOOL),
            by_diet(session.meals, code),
            None if ordered is None else by_diet(ordered, code),
        )
        for code in codes
    )
    total = Count("Total", _sum(session.meals), None if ordered is None else _sum(ordered))
    return Table(session, tuple(sorted(counts, key=lambda count: count.label)), total)


def day_totals(tables: Sequence[Table]) -> dict[date, Count]:
    """All the meals of each day; ordered only once every session of the day is."""
    found: dict[date, list[Count]] = {}
    for one in tables:
        found.setdefault(one.session.date, []).append(one.total)
    return {day: _together(counts) for day, counts in found.items()}


def by_diet(meals: Sequence[Meals], code: str | None) -> Counter[str]:
    """How many meals of each kind the children of one school eat."""
    return _sum([meal for meal in meals if meal.school_code == code])


def bars(tables: Sequence[Table], *, is_week: bool) -> list[tuple[str, int, int]]:
    """For the chart: what is cooked, beside what was ordered; by day, or by place."""
    found: dict[str, list[int]] = {}
    for one in tables:
        day = one.session.date
        where = f"{one.session.activity_name}, {one.session.place}"
        label = day_month(day) if is_week else where
        ordered = one.total.cooked_ordered
        now_and_ordered = found.setdefault(label, [0, 0])
        now_and_ordered[0] += one.total.cooked
        now_and_ordered[1] += one.total.cooked if ordered is None else ordered
    return [(label, now, ordered) for label, (now, ordered) in found.items() if now or ordered]


def signed(number: int) -> str:
    """+2, −1 (a true minus, read as such aloud), or =."""
    if not number:
        return "="
    return f"+{number}" if number > 0 else f"−{-number}"


def sheet(sessions: Sequence[KitchenSession], schools: Mapping[str, str]) -> str:
    """The lines of the CSV, its headings first."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    for session in sessions:
        order = session.order
        told = {(m.school_code, m.diet): m.count for m in order.first_meals} if order else {}
        now = {(m.school_code, m.diet): m.count for m in session.meals}
        for code, diet in dict.fromkeys((*now, *told)):
            count, ordered = now.get((code, diet), 0), told.get((code, diet), 0)
            writer.writerow(
                [
                    session.date.isoformat(),
                    safe_cell(session.activity_name),
                    safe_cell(session.place),
                    safe_cell(schools.get(code or "", code or UNKNOWN_SCHOOL)),
                    diet_label(diet),
                    count,
                    ordered if order else "",
                    count - ordered if order else "",
                    order.version if order else "",
                    moment(order.ordered_at) if order else "",
                ]
            )
    return text.getvalue()


def _sum(meals: Iterable[Meals]) -> Counter[str]:
    total: Counter[str] = Counter()
    for meal in meals:
        total[meal.diet] += meal.count
    return total


def _together(counts: Sequence[Count]) -> Count:
    now: Counter[str] = Counter()
    ordered: Counter[str] | None = Counter()
    for count in counts:
        now.update(count.now)
        if ordered is None or count.ordered is None:
            ordered = None
        else:
            ordered.update(count.ordered)
    return Count("Total du jour", now, ordered)


def _cooked(counts: Mapping[str, int]) -> int:
    return sum(count for diet, count in counts.items() if diet != BROUGHT)


ROUTES = (
    get(PATH, kitchen, allow=STAFF),
    get(f"{PATH}.csv", export, allow=STAFF),
)
