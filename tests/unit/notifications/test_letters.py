"""Letters as they lie in their envelopes."""

import io
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from services.notifications.channels import letters
from services.notifications.channels.letters import Letter
from services.notifications.channels.wording import Background
from services.notifications.model import address_block
from tests.unit.notifications.builders import FACTS, SENDER, WRITER, a_family, a_guardian

POINTS_A_MM = 72 / 25.4
WINDOW = {"left": 110.0, "right": 195.0, "top": 55.0, "bottom": 88.0}


def a_letter(name: str = "Anne", address: tuple[str, ...] = ("3 rue de l’Église",)) -> Letter:
    guardian = a_guardian(name)
    wording = WRITER.word(
        "access_code", "letter", FACTS["access_code"], Background(guardian, password="k0O-l1I")
    )
    block = address_block(guardian, a_family(guardian, address=address))
    return Letter(block, "1er décembre 2026", str(uuid4())[:8].upper(), wording)


def texts_with_places(page: Any) -> list[tuple[str, float, float]]:
    """Each text of a page, and its place in mm from the left and from the top."""
    found: list[tuple[str, float, float]] = []

    def visit(text: str, _cm: Any, tm: Any, _font: Any, _size: Any) -> None:
        if text.strip():
            x, y = tm[4] * _cm[0] + _cm[4], tm[5] * _cm[3] + _cm[5]
            height = float(page.mediabox.height)
            found.append((text.strip(), x / POINTS_A_MM, (height - y) / POINTS_A_MM))

    page.extract_text(visitor_text=visit)
    return found


MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 40">'
    '<rect width="400" height="40" fill="#0d5c53"/></svg>'
)


def test_the_towns_mark_stands_beside_its_name() -> None:
    letter = a_letter()
    page = PdfReader(
        io.BytesIO(letters.set_letters([letter], replace(SENDER, mark=MARK)).pdf)
    ).pages[0]
    _, left, top = next(t for t in texts_with_places(page) if t[0] == SENDER.town)
    assert left > 25 + 34
    assert top < WINDOW["top"]


WIDEST = ("W" * 38, "M" * 38, "RUE DU MOULIN DE LA GRANDE MOTTE MWMW", "LIEU DIT")


@pytest.mark.parametrize("address", [("3 rue de l’Église",), WIDEST])
def test_the_address_and_nothing_else_shows_in_the_window(address: tuple[str, ...]) -> None:
    letter = a_letter(address=address)
    page = PdfReader(io.BytesIO(letters.set_letters([letter], SENDER).pdf)).pages[0]
    in_window = [
        text
        for text, x, y in texts_with_places(page)
        if WINDOW["left"] - 5 <= x <= WINDOW["right"] and WINDOW["top"] <= y <= WINDOW["bottom"]
    ]
    assert " ".join(in_window).split() == " ".join(letter.address).split()


def test_a_letter_says_what_the_message_says() -> None:
    page = PdfReader(io.BytesIO(letters.set_letters([a_letter()], SENDER).pdf)).pages[0]
    text = page.extract_text()
    for words in ("Vos accès au portail famille", "a.legoff", "k0O-l1I", SENDER.town):
        assert words in text.replace("\u00a0", " ")


def test_each_letter_begins_on_a_page_of_its_own() -> None:
    printed = letters.set_letters([a_letter("Anne"), a_letter("Yann"), a_letter("Zoé")], SENDER)
    assert (printed.first_pages, printed.pages) == ((0, 1, 2), 3)


def test_letters_set_apart_are_bound_in_order() -> None:
    parts = [
        letters.set_letters([a_letter("Anne"), a_letter("Yann")], SENDER),
        letters.set_letters([a_letter("Zoé")], SENDER),
    ]
    bound = letters.bind(parts)
    pages = PdfReader(io.BytesIO(bound.pdf)).pages
    assert (bound.first_pages, bound.pages, len(pages)) == ((0, 1, 2), 3, 3)
    assert [
        next(t for t, x, y in texts_with_places(page) if y > WINDOW["top"]) for page in pages
    ] == ["ANNE LE GOFF", "YANN LE GOFF", "ZOE LE GOFF"]


def test_a_batch_is_printed_on_one_side() -> None:
    bound = letters.bind([letters.set_letters([a_letter()], SENDER)])
    preferences = PdfReader(io.BytesIO(bound.pdf)).viewer_preferences
    assert preferences is not None
    assert str(preferences["/Duplex"]) == "/Simplex"


def test_one_letter_is_had_again_out_of_many() -> None:
    bound = letters.bind([letters.set_letters([a_letter("Anne"), a_letter("Yann")], SENDER)])
    pages = PdfReader(io.BytesIO(letters.extract(bound.pdf, 1, 1))).pages
    assert len(pages) == 1
    assert "YANN" in pages[0].extract_text()
