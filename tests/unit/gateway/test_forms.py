"""What people type is understood, or refused in French beside its field."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.forms import FieldRefused, Form
from services.chassis.http_client import ServiceProblem, ServiceUnavailable


def form(**values: str) -> Form:
    return Form({name: [value] for name, value in values.items()})


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12,50", 1250),
        ("12.5", 1250),
        ("12", 1200),
        (" 1 234,05 € ", 123405),
        ("1\u202f234,05\u00a0€", 123405),
        ("0,01", 1),
    ],
)
def test_amounts_are_read_as_cents(typed: str, cents: int) -> None:
    assert form(prix=typed).cents("prix") == cents


@pytest.mark.parametrize("typed", ["", "douze", "1,234", "-1", "1e3", "12,5,0", "١٢", "1" * 20])
def test_other_amounts_are_refused(typed: str) -> None:
    with pytest.raises(FieldRefused, match="montant"):
        form(prix=typed).cents("prix")


@pytest.mark.parametrize("typed", ["2026-11-23", "23/11/2026", " 23/11/2026 "])
def test_days_are_read_as_browsers_and_people_write_them(typed: str) -> None:
    assert form(jour=typed).date("jour") == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["", "31/02/2026", "demain", "2026-13-01", "١/١/٢٠٢٦"])
def test_other_days_are_refused(typed: str) -> None:
    with pytest.raises(FieldRefused, match="date"):
        form(jour=typed).date("jour")


def test_whole_numbers_are_read() -> None:
    assert form(places="1 200").integer("places") == 1200
    assert form(places="").integer("places", optional=True) is None
    for typed in ("", "12,5", "abc", "9" * 30):
        with pytest.raises(FieldRefused):
            form(places=typed).integer("places")


@given(st.text())
def test_no_text_breaks_a_conversion(typed: str) -> None:
    typed_form = form(champ=typed)
    conversions: tuple[Callable[[str], Any], ...] = (
        typed_form.integer,
        typed_form.cents,
        typed_form.date,
        typed_form.id,
        typed_form.ids,
    )
    for convert in conversions:
        with suppress(FieldRefused):
            convert("champ")


def test_passwords_keep_their_spaces() -> None:
    typed = form(mot=" secret ")
    assert (typed.exact("mot"), typed.text("mot")) == (" secret ", "secret")


def test_a_services_errors_stand_beside_the_forms_fields() -> None:
    problem = {
        "type": "/problems/invalid-request",
        "title": "Erreurs",
        "detail": "Corrigez les champs signalés.",
        "errors": [
            {"field": "phone", "message": "Numéro trop court."},
            {"field": "address.city", "message": "Ce champ est obligatoire."},
        ],
    }
    refused = form(telephone="02").refused(
        ServiceProblem(422, problem), telephone="phone", ville="address.city"
    )
    assert refused.is_refused
    assert refused.error("telephone") == "Numéro trop court."
    assert refused.error("ville") == "Ce champ est obligatoire."
    assert refused.error("nom") == ""
    assert refused.value("telephone", "ancien") == "02"
    assert (refused.problem, refused.reason) == ("Corrigez les champs signalés.", "invalid-request")


def test_what_no_form_can_mend_is_not_shown_on_it() -> None:
    for failure in (
        ServiceProblem(404, {}),
        ServiceProblem(403, {}),
        ServiceUnavailable("billing"),
    ):
        with pytest.raises(type(failure)):
            form().refused(failure)


def test_a_form_first_shown_has_the_present_values_and_no_error() -> None:
    fresh = Form()
    assert fresh.value("telephone", "0297000000") == "0297000000"
    assert not fresh.is_refused
    assert not fresh.checked("accord")
