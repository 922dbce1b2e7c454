"""How a document's name travels in a header."""

from services.documents.serving import disposition


def test_a_plain_name_stands_as_it_is() -> None:
    assert disposition("a b.pdf") == "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"


def test_accents_travel_encoded_with_a_plain_stand_in() -> None:
    assert (
        disposition("été.pdf")
        == "attachment; filename=\"_t_.pdf\"; filename*=UTF-8''%C3%A9t%C3%A9.pdf"
    )


def test_no_name_can_leave_its_quotes() -> None:
    assert disposition('a"\r\nX: 1\\.pdf').count('"') == 2
    assert "\r" not in disposition('a"\r\nX: 1\\.pdf')
