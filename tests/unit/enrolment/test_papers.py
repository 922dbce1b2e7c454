"""Which papers are asked of whom, and where a family stands with each."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.enrolment.model.papers import Asking, DocumentType, Paper, is_complete, needs, stands

TODAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
FAMILY, LEA, PAUL = uuid4(), uuid4(), uuid4()
INSURANCE = DocumentType("insurance", "Assurance", True, "activities", True)
ADDRESS = DocumentType("address", "Domicile", False, "everyone", True)
PHOTO = DocumentType("photo", "Photo", True, "everyone", False)


def a_paper(
    state: str, *, kind: str = "insurance", child: UUID | None = LEA, hours: int = 0, **more: date
) -> Paper:
    deposited = NOON + timedelta(hours=hours)
    return Paper(uuid4(), 1, FAMILY, child, kind, state, deposited, more.get("valid_until"))


def an_activity(child: UUID, *codes: str, name: str = "Cantine") -> Asking:
    return Asking(child, uuid4(), name, codes)


def test_a_paper_of_a_child_is_asked_once_for_all_the_activities_that_want_it() -> None:
    canteen, centre = an_activity(LEA, "insurance"), an_activity(LEA, "insurance", name="Centre")
    [need] = needs([INSURANCE], [], children=[LEA, PAUL], asking=[canteen, centre], today=TODAY)
    assert (need.child_id, need.standing) == (LEA, "missing")
    assert [a.activity_name for a in need.activities] == ["Cantine", "Centre"]


def test_a_paper_of_the_family_is_asked_once_for_all_its_children() -> None:
    asking = [an_activity(LEA, "address"), an_activity(PAUL, "address")]
    [need] = needs([ADDRESS], [], children=[LEA, PAUL], asking=asking, today=TODAY)
    assert need.child_id is None
    assert len(need.activities) == 2


def test_what_everyone_owes_is_asked_without_any_activity() -> None:
    found = needs([ADDRESS, PHOTO], [], children=[LEA, PAUL], asking=[], today=TODAY)
    assert [(n.kind.code, n.child_id) for n in found] == [
        ("address", None),
        ("photo", LEA),
        ("photo", PAUL),
    ]


def test_what_no_activity_wants_is_not_asked_and_what_was_given_up_neither() -> None:
    retired = DocumentType("old", "Ancienne", False, "everyone", True, retired=True)
    asking = [an_activity(LEA, "old")]
    assert needs([INSURANCE, retired], [], children=[LEA], asking=asking, today=TODAY) == []


def test_the_paper_of_one_child_is_no_paper_of_its_brother() -> None:
    asking = [an_activity(LEA, "insurance"), an_activity(PAUL, "insurance")]
    found = needs(
        [INSURANCE], [a_paper("accepted")], children=[LEA, PAUL], asking=asking, today=TODAY
    )
    assert {n.child_id: n.standing for n in found} == {LEA: "held", PAUL: "missing"}


@pytest.mark.parametrize(
    ("papers", "standing"),
    [
        ([], "missing"),
        ([a_paper("submitted")], "waiting"),
        ([a_paper("quarantined")], "waiting"),
        ([a_paper("accepted")], "held"),
        ([a_paper("expiring", valid_until=TODAY)], "expiring"),
        ([a_paper("accepted", valid_until=TODAY - timedelta(days=1))], "expired"),
        ([a_paper("expired")], "expired"),
        ([a_paper("rejected")], "rejected"),
        ([a_paper("infected")], "infected"),
        ([a_paper("replaced")], "missing"),
        ([a_paper("accepted"), a_paper("submitted", hours=1)], "held"),
        ([a_paper("expired"), a_paper("submitted", hours=1)], "waiting"),
        ([a_paper("rejected"), a_paper("submitted", hours=1)], "waiting"),
        ([a_paper("submitted"), a_paper("rejected", hours=1)], "waiting"),
        ([a_paper("expired"), a_paper("rejected", hours=1)], "rejected"),
        ([a_paper("replaced"), a_paper("accepted", hours=1)], "held"),
    ],
)
def test_where_a_family_stands(papers: list[Paper], standing: str) -> None:
    assert stands(papers, TODAY)[0] == standing
    assert stands(papers[::-1], TODAY)[0] == standing


def test_only_compulsory_papers_keep_a_file_incomplete() -> None:
    found = needs([PHOTO], [], children=[LEA], asking=[], today=TODAY)
    assert is_complete(found)
    assert not is_complete(needs([ADDRESS], [], children=[], asking=[], today=TODAY))
    held = [a_paper("accepted", kind="address", child=None)]
    assert is_complete(needs([ADDRESS], held, children=[], asking=[], today=TODAY))
