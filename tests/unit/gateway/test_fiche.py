"""The forms of the family record, as accounts is told them."""

from datetime import date
from uuid import UUID

import pytest

from gateway.forms import FieldRefused, Form
from gateway.pages import fiche
from gateway.pages.agents_fiche import custody_of
from gateway.readers import FamilyChild
from gateway.readers.record import Contact, Lack

CHILD = {
    "prenom": ["Léa"],
    "nom": ["Le Goff"],
    "naissance": ["2018-05-04"],
    "regime": ["standard"],
}


def test_what_is_empty_is_nothing() -> None:
    changes = fiche.child_changes(Form(CHILD))
    empty = ("school_code", "school_class", "allergies", "pai", "doctor")
    assert [changes[name] for name in empty] == [None] * 5
    assert (changes["vaccinations"], changes["contacts"]) == ([], [])


def test_the_plan_counts_when_its_box_is_ticked_alone() -> None:
    typed = {**CHILD, "pai_consignes": ["Trousse"]}
    assert fiche.child_changes(Form(typed))["pai"] is None
    ticked = {**typed, "pai": ["oui"]}
    assert fiche.child_changes(Form(ticked))["pai"] == {
        "instructions": "Trousse",
        "valid_until": None,
    }


def test_an_error_of_a_contact_stands_beside_the_row_it_was_typed_in() -> None:
    form = Form({**CHILD, "contact2_nom": ["Rose"], "contact2_telephone": ["12"]})
    assert len(fiche.contacts_of(form)) == 1
    assert fiche.child_fields(form)["contact2_telephone"] == "contacts.0.phone"


def test_an_error_of_a_vaccination_stands_beside_its_date() -> None:
    form = Form({**CHILD, "vaccin_mmr": ["2999-01-01"]})
    assert fiche.child_fields(form)["vaccin_mmr"] == "vaccinations.0.given_on"


def test_there_is_always_room_for_one_more_contact_up_to_the_most() -> None:
    def rows(known: int) -> int:
        contacts = tuple(Contact(name="Rose", phone="06") for _ in range(known))
        child = FamilyChild(
            child_id=UUID(int=1),
            first_name="Léa",
            last_name="Le Goff",
            birth_date=date(2018, 5, 4),
            contacts=contacts,
        )
        return len(fiche.contact_rows(child))

    assert [rows(known) for known in (0, 1, 2, 9, 10)] == [2, 2, 3, 10, 10]


def test_a_calendar_by_weeks_and_by_dates() -> None:
    form = Form(
        {
            "semaines": ["impaires"],
            "changement": ["5"],
            "sejour1_debut": ["2026-12-19"],
            "sejour1_fin": ["2026-12-26"],
            "sejour1_foyer": ["autre"],
        }
    )
    assert custody_of(form) == {
        "even_weeks_here": False,
        "change_weekday": 5,
        "stays": [{"here": False, "first": "2026-12-19", "last": "2026-12-26"}],
    }


def test_a_period_needs_both_its_ends_in_order() -> None:
    for first, last in (("2026-12-19", ""), ("2026-12-19", "2026-12-01")):
        with pytest.raises(FieldRefused) as refused:
            custody_of(Form({"sejour1_debut": [first], "sejour1_fin": [last]}))
        assert refused.value.field == "sejour1_fin"


def test_what_is_missing_leads_to_where_it_is_filled_in() -> None:
    lea = UUID(int=1)

    def where(code: str, person: UUID | None = None) -> str:
        return fiche.where_to_fill(Lack(code=code, label="", person_id=person))

    assert where("address") == "/famille#champ-adresse"
    assert where("quotient") == "/famille/quotient"
    assert where("guardian_phone", lea) == f"/famille/responsables/{lea}"
    assert where("child_doctor", lea) == f"/famille/enfants/{lea}"
    assert where("child_consents", lea) == f"/famille/enfants/{lea}#autorisations"
