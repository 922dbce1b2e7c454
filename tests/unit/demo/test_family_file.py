"""The demo families as a file that accounts takes in."""

import csv
import io
from datetime import date

from deploy.demo.families import make_families
from deploy.demo.family_file import HEADINGS, family_file
from tests.unit.accounts.csv_files import read_file

TODAY = date(2026, 11, 23)
FAMILIES = make_families(120, TODAY)


def test_there_is_one_line_a_child_under_the_agreed_headings() -> None:
    rows = list(csv.reader(io.StringIO(family_file(FAMILIES)), delimiter=";"))
    assert rows[0] == HEADINGS
    assert len(rows) == 1 + sum(len(family.children) for family in FAMILIES)
    assert {len(row) for row in rows} == {len(HEADINGS)}


def test_accounts_finds_nothing_wrong_in_it() -> None:
    reading = read_file(family_file(FAMILIES).encode(), TODAY)
    assert reading.errors == ()
    assert [f.reference for f in reading.families] == [f.reference for f in FAMILIES]
