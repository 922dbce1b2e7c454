"""What a draft asks the family, and what is said once it is sent."""

from uuid import UUID, uuid4

import pytest

from gateway.forms import FieldRefused
from gateway.pages.wishes import (
    asks_together,
    at_other_schools,
    choice,
    declared_in,
    pair_of,
    question,
    questions,
    sent_words,
)
from gateway.readers import Admission, Choices, Criterion, Enrolment, WishOutcome

SUMMER, CANTEEN, LEA, TOM = uuid4(), uuid4(), uuid4(), uuid4()
CRITERIA = (
    Criterion(code="travail", label="Deux parents au travail", weight=10, source="declared"),
    Criterion(code="besoin", label="Besoin", weight=6, source="declared", per_child=True),
    Criterion(code="commune", label="Réside ici", weight=8, source="resident"),
)
ADMISSIONS = {SUMMER: Admission(activity_id=SUMMER, mode="allocation", criteria=CRITERIA)}


def draft(child_id: UUID, activity_id: UUID = SUMMER, *declared: str) -> Enrolment:
    return Enrolment(
        enrolment_id=uuid4(),
        status="draft",
        child_id=child_id,
        child_name="Léa" if child_id == LEA else "Tom",
        activity_id=activity_id,
        declared=declared,
    )


def outcome(status: str) -> WishOutcome:
    return WishOutcome(child_id=LEA, activity_id=SUMMER, status=status)


def test_a_family_is_asked_once_what_holds_for_all_and_for_each_child_what_does_not() -> None:
    asked = questions([draft(LEA), draft(TOM), draft(TOM, CANTEEN)], ADMISSIONS)
    assert [label for _, label in asked] == [
        "Deux parents au travail",
        "Léa : Besoin",
        "Tom : Besoin",
    ]


def test_what_was_declared_before_is_ticked() -> None:
    ticked = declared_in([draft(LEA, SUMMER, "travail", "besoin"), draft(TOM, SUMMER, "travail")])
    assert {question("travail", None), question("besoin", LEA)} <= ticked
    assert question("besoin", TOM) not in ticked


def test_siblings_may_ask_together_for_one_activity_that_gives_places_by_criteria() -> None:
    assert asks_together([draft(LEA), draft(TOM)], ADMISSIONS)
    assert not asks_together([draft(LEA), draft(TOM, CANTEEN)], ADMISSIONS)
    assert not asks_together([draft(LEA, CANTEEN), draft(TOM, CANTEEN)], ADMISSIONS)


def test_a_ticked_box_names_a_child_and_an_activity() -> None:
    assert pair_of(choice(LEA, SUMMER)) == (LEA, SUMMER)
    for wrong in ("", "léa:été", str(LEA)):
        with pytest.raises(FieldRefused):
            pair_of(wrong)


def test_what_became_of_a_request_is_said_at_once_where_the_town_decided_at_once() -> None:
    assert sent_words([outcome("submitted")]).endswith("vous répondra par message.")
    sent = [outcome(status) for status in ("accepted", "accepted", "waiting", "submitted")]
    assert sent_words(sent) == ("Votre demande est envoyée : 2 acceptées, 1 sur liste d’attente.")


def test_the_canteen_of_another_school_is_told_from_the_childs_own() -> None:
    own, other, centre = uuid4(), uuid4(), uuid4()
    child = {
        "child_id": LEA,
        "first_name": "Léa",
        "last_name": "Martin",
        "school_name": "École du Bourg",
        "choices": [{"activity_id": id_, "state": "open"} for id_ in (own, other, centre)],
    }
    places = {own: "École du Bourg", other: "École Prévert", centre: "Centre de loisirs"}
    found = at_other_schools(
        Choices.model_validate({"children": [child]}), places, {"École du Bourg", "École Prévert"}
    )
    assert found == {choice(LEA, other)}
