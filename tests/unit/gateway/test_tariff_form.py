"""What the régisseur types of a tariff becomes what billing takes."""

from typing import Any
from uuid import UUID

import pytest

from gateway.forms import FieldRefused, Form
from gateway.pages.tariff_form import TariffForm, names, refused
from services.chassis.http_client import ServiceProblem

CANTEEN = UUID("00000000-0000-4000-8000-0000000000a1")
TWO_BANDS = {"base_jusque_1": "600", "base_prix_1": "1,00", "base_prix_2": "3,50"}


def typed(**values: str) -> TariffForm:
    """The form with these values, and an activity and a day."""
    known = {"activite": str(CANTEEN), "du": "2026-09-01", **values}
    return TariffForm(Form({name: [text] for name, text in known.items()}))


def body(**values: str) -> dict[str, Any]:
    """What billing would be sent."""
    return typed(**values).read().body


def test_bands_follow_one_another_from_zero() -> None:
    assert body(base_sorte="quotient", **TWO_BANDS)["bands"] == [
        {"from_quotient": 0, "to_quotient": 600, "price_cents": 100},
        {"from_quotient": 600, "to_quotient": None, "price_cents": 350},
    ]


def test_only_the_fields_of_the_chosen_kind_are_sent() -> None:
    sent = body(base_sorte="flat", base_prix="3,50", **TWO_BANDS)
    assert (sent["kind"], sent["price_cents"], "bands" in sent) == ("flat", 350, False)


def test_an_effort_rate_is_typed_as_a_percentage() -> None:
    sent = body(base_sorte="effort_rate", base_taux="0,5", base_plancher="1", base_plafond="5,20")
    assert (sent["rate"], sent["floor_cents"], sent["ceiling_cents"]) == (50, 100, 520)


def test_other_homes_and_meals_brought_have_prices_of_their_own() -> None:
    sent = body(
        base_sorte="flat",
        base_prix="3,50",
        dehors_sorte="supplement",
        dehors_supplement="0,80",
        pai_sorte="flat",
        pai_prix="1,45",
    )
    assert sent["outside_supplement_cents"] == 80
    assert sent["own_meal"] == {"kind": "flat", "price_cents": 145}


def test_ranks_and_parts_of_the_day_are_typed_row_by_row() -> None:
    sent = body(
        base_sorte="flat",
        base_prix="1",
        fratrie_sorte="same_day",
        fratrie_2="10",
        fratrie_3="20",
        heures_sorte="time_bands",
        plage_1_de="16:30",
        plage_1_a="17:30",
        plage_1_prix="1,50",
    )
    assert sent["siblings"] == {"counted": "same_day", "percents": [10, 20]}
    assert sent["hours"] == {
        "kind": "time_bands",
        "bands": [{"kind": "flat", "starts_at": "16:30", "ends_at": "17:30", "price_cents": 150}],
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"base_sorte": "quotient", "base_jusque_1": "600"}, "base_prix_1"),
        ({"base_sorte": "quotient", "base_jusque_1": "600", "base_prix_1": "1"}, "base_jusque_1"),
        ({"base_sorte": "quotient"}, "base_prix_1"),
        ({"base_sorte": "flat"}, "base_prix"),
        ({"base_sorte": "effort_rate", "base_plancher": "1", "base_plafond": "2"}, "base_taux"),
        ({"base_sorte": "other"}, "base_sorte"),
        ({"base_sorte": "flat", "base_prix": "1", "fratrie_sorte": "enrolled"}, "fratrie_2"),
        (
            {
                "base_sorte": "flat",
                "base_prix": "1",
                "heures_sorte": "time_bands",
                "plage_1_de": "16 h",
            },
            "plage_1_de",
        ),
    ],
)
def test_a_slip_is_shown_at_its_field(values: dict[str, str], field: str) -> None:
    with pytest.raises(FieldRefused) as slip:
        typed(**values).read()
    assert slip.value.field == field
    assert field in names()


def test_what_billing_refuses_is_shown_where_it_was_typed() -> None:
    draft = typed(
        base_sorte="quotient", **{**TWO_BANDS, "base_jusque_3": "", "base_prix_2": "99"}
    ).read()
    problem = ServiceProblem(
        422, {"errors": [{"field": "bands.1.price_cents", "message": "Trop."}]}
    )
    assert refused(draft, problem).errors == {"base_prix_2": "Trop."}
