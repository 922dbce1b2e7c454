"""The empty file that the import page hands out."""

from gateway.pages import agents_import
from services.accounts.model.columns import HEADINGS


def test_it_has_the_columns_that_are_read() -> None:
    assert agents_import.HEADINGS == HEADINGS
