"""The settings of an activity's admission, as the staff type them."""

from typing import Any

import pytest

from gateway.forms import FieldRefused, Form
from gateway.pages.agents_attributions import admission_of, criteria_of


def form(**typed: str) -> Form:
    return Form({name: [text] for name, text in typed.items()})


def criterion(number: int, **typed: str) -> dict[str, str]:
    return {f"critere_{number}_{name}": text for name, text in typed.items()}


def test_a_day_and_an_hour_of_paris_are_an_instant_in_summer_and_in_winter() -> None:
    settled = admission_of(
        form(
            ouverture_jour="2027-06-02",
            ouverture_heure="08:30",
            fermeture_jour="2027-12-01",
            fermeture_heure="23:59",
            mode="allocation",
            places="24",
            pieces="block",
        )
    )
    assert settled["opens_at"] == "2027-06-02T08:30:00+02:00"
    assert settled["closes_at"] == "2027-12-01T23:59:00+01:00"
    assert (settled["places"], settled["automatic"]) == (24, False)


def test_without_a_day_there_is_no_limit() -> None:
    settled = admission_of(form(mode="first_come", pieces="show", ouverture_heure="08:30"))
    assert (settled["opens_at"], settled["places"]) == (None, None)


@pytest.mark.parametrize("hour", ["midi", "25:00", "08h30"])
def test_an_hour_that_is_none_is_refused_at_its_field(hour: str) -> None:
    with pytest.raises(FieldRefused) as refusal:
        admission_of(form(ouverture_jour="2027-06-02", ouverture_heure=hour, mode="first_come"))
    assert refusal.value.field == "ouverture_heure"


def test_new_criteria_get_a_code_of_their_own_and_empty_rows_are_dropped() -> None:
    typed: dict[str, Any] = {"criteres": "4"}
    typed |= criterion(0, code="critere-1", nom="Travail", points="10", source="declared")
    typed |= criterion(1, nom="", points="")
    typed |= criterion(2, nom="Secteur", points="3", source="school", ecoles="EPB, EMV")
    typed |= criterion(3, nom="Besoin", points="6", source="declared", enfant="oui")
    found = criteria_of(form(**typed))
    assert [c["code"] for c in found] == ["critere-1", "critere-2", "critere-3"]
    assert found[1]["schools"] == ["EPB", "EMV"]
    assert [c["per_child"] for c in found] == [False, False, True]


def test_a_criterion_without_points_is_refused_at_its_row() -> None:
    with pytest.raises(FieldRefused) as refusal:
        criteria_of(form(criteres="1", **criterion(0, nom="Travail", points="beaucoup")))
    assert refusal.value.field == "critere_0_points"
