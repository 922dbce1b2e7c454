"""The custody calendar as a parent reads it."""

from datetime import date
from pathlib import Path

import jinja2

from gateway.formats import FILTERS
from gateway.readers.record import Custody, Stay
from gateway.templating import TEMPLATE_FOLDER


def words(calendar: Custody) -> str:
    """What the page says of this calendar."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(TEMPLATE_FOLDER)), autoescape=True
    )
    environment.filters.update(FILTERS)
    macros = environment.get_template("composants/garde.html").module
    said: str = macros.custody(calendar)  # type: ignore[attr-defined]
    return " ".join(said.split())


def test_a_parent_reads_the_days_that_are_settled_by_date() -> None:
    stays = (
        Stay(here=True, first=date(2026, 12, 19), last=date(2026, 12, 26)),
        Stay(here=False, first=date(2026, 12, 27), last=date(2027, 1, 3)),
    )
    said = words(Custody(stays=stays))
    assert "chez vous du 19/12/2026 au 26/12/2026" in said
    assert "dans l’autre foyer du 27/12/2026 au 03/01/2027" in said


def test_a_calendar_that_is_not_settled_says_so() -> None:
    assert "pas encore fixé" in words(Custody())
