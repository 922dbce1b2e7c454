"""Who gets a place when more ask than there are, and why."""

from random import Random
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrolment.model.allocation import (
    Candidate,
    Criterion,
    Known,
    Line,
    Reason,
    allocate,
    draw,
    explanation,
    ranks_of_waiting,
    reasons,
)

SEED = "conseil du 2 juin"
CRITERIA = (
    Criterion("travail", "Deux parents au travail", 10, "declared"),
    Criterion("commune", "Réside dans la commune", 8, "resident"),
    Criterion("fratrie", "Frère ou sœur déjà inscrit", 5, "sibling"),
    Criterion("secteur", "Scolarisé dans le secteur", 3, "school", schools=("EPB", "EEV")),
)


def candidate(points: int, group: UUID | None = None, number: int | None = None) -> Candidate:
    id_ = uuid4() if number is None else UUID(int=number)
    return Candidate(id_, (Reason("Deux parents au travail", points),) if points else (), group)


def placed(lines: list[Line]) -> set[UUID]:
    return {line.enrolment_id for line in lines if line.is_placed}


@st.composite
def crowds(draw_: st.DrawFn) -> list[Candidate]:
    groups = [None, None, None, *(UUID(int=1000 + g) for g in range(3))]
    points = draw_(st.lists(st.integers(0, 4), max_size=14))
    return [candidate(p, draw_(st.sampled_from(groups)), number) for number, p in enumerate(points)]


def test_what_a_family_declares_and_what_the_town_knows_add_up() -> None:
    known = Known(declared=("travail",), resident=True, school_code="EEV")
    assert [(r.label, r.points) for r in reasons(CRITERIA, known)] == [
        ("Deux parents au travail", 10),
        ("Réside dans la commune", 8),
        ("Scolarisé dans le secteur", 3),
    ]


def test_nobody_can_declare_what_the_town_knows_better() -> None:
    assert reasons(CRITERIA, Known(declared=("commune", "fratrie", "secteur"))) == ()


@settings(deadline=None)  # the machine may be busy
@given(crowds(), st.integers(0, 16))
def test_there_are_never_more_children_than_places(crowd: list[Candidate], places: int) -> None:
    lines = allocate(crowd, places, SEED)
    assert len(placed(lines)) <= places
    assert sorted(line.position for line in lines) == list(range(1, len(crowd) + 1))


@settings(deadline=None)  # the machine may be busy
@given(crowds(), st.integers(0, 16))
def test_no_child_alone_is_passed_over_for_one_with_fewer_points(
    crowd: list[Candidate], places: int
) -> None:
    in_ = placed(allocate(crowd, places, SEED))
    alone = [c for c in crowd if c.group is None]
    left_out = [c.points for c in alone if c.enrolment_id not in in_]
    for other in crowd:
        if other.enrolment_id in in_:
            members = [c.points for c in crowd if other.group and c.group == other.group]
            counted = min(members, default=other.points)
            assert all(points <= counted for points in left_out)


@settings(deadline=None)  # the machine may be busy
@given(crowds(), st.integers(0, 16))
def test_siblings_who_ask_together_all_get_in_or_none(crowd: list[Candidate], places: int) -> None:
    in_ = placed(allocate(crowd, places, SEED))
    for group in {c.group for c in crowd if c.group}:
        assert len({c.enrolment_id in in_ for c in crowd if c.group == group}) == 1


@settings(deadline=None)  # the machine may be busy
@given(crowds(), st.integers(0, 16), st.randoms())
def test_the_order_in_which_requests_are_read_changes_nothing(
    crowd: list[Candidate], places: int, random: Random
) -> None:
    shuffled = random.sample(crowd, len(crowd))
    assert allocate(shuffled, places, SEED) == allocate(crowd, places, SEED)


@settings(deadline=None)  # the machine may be busy
@given(crowds(), st.integers(0, 16))
def test_one_more_place_takes_nobodys_place_away_where_all_ask_alone(
    crowd: list[Candidate], places: int
) -> None:
    alone = [c for c in crowd if c.group is None]
    assert placed(allocate(alone, places, SEED)) <= placed(allocate(alone, places + 1, SEED))


def test_between_equals_a_draw_decides_that_anyone_can_check() -> None:
    # printf '%s' graine:6a3f0f5e-2d57-4a0e-9a51-6d5b6f0b7c11 | sha256sum
    assert draw("graine", UUID("6a3f0f5e-2d57-4a0e-9a51-6d5b6f0b7c11")) == "9200edffc48c542b"
    crowd = [candidate(5) for _ in range(6)]
    first_three = sorted(crowd, key=lambda c: draw(SEED, c.enrolment_id))[:3]
    assert placed(allocate(crowd, 3, SEED)) == {c.enrolment_id for c in first_three}


def test_another_seed_is_another_draw() -> None:
    crowd = [candidate(5, number=n) for n in range(40)]
    assert placed(allocate(crowd, 20, "a")) != placed(allocate(crowd, 20, "b"))


def test_one_child_of_many_points_does_not_carry_its_siblings_past_others() -> None:
    family = uuid4()
    rich, poor, single = candidate(9, family), candidate(1, family), candidate(5)
    assert placed(allocate([rich, poor, single], 2, SEED)) == {single.enrolment_id}


def test_a_fratrie_that_no_longer_fits_leaves_its_places_to_the_next() -> None:
    family, last = uuid4(), candidate(1)
    together = [candidate(5, family), candidate(5, family)]
    lines = allocate([*together, last], 1, SEED)
    assert placed(lines) == {last.enrolment_id}
    assert {line.outcome for line in lines if not line.is_placed} == {"group_too_large"}


def test_those_who_wait_are_ranked_in_their_order() -> None:
    crowd = [candidate(p) for p in (1, 2, 3, 4)]
    ranks = ranks_of_waiting(allocate(crowd, 2, SEED))
    assert ranks == {crowd[1].enrolment_id: 1, crowd[0].enrolment_id: 2}


def test_a_family_reads_its_points_and_what_was_missing() -> None:
    crowd = [candidate(18), candidate(10), candidate(0)]
    lines = allocate(crowd, 1, SEED)
    assert [explanation(line, lines, SEED) for line in lines] == [
        "18 points (Deux parents au travail : 18 points). Une place est attribuée (rang 1).",
        "10 points (Deux parents au travail : 10 points). Le dernier enfant retenu avait "
        "18 points.",
        "0 point (aucun critère rempli). Le dernier enfant retenu avait 18 points.",
    ]


def test_whoever_lost_the_draw_is_told_the_seed_and_the_number() -> None:
    lines = allocate([candidate(5), candidate(5)], 1, SEED)
    told = explanation(lines[1], lines, SEED)
    assert f"graine « {SEED} », numéro {lines[1].draw}" in told


def test_a_fratrie_left_out_reads_that_it_counts_together() -> None:
    family = uuid4()
    crowd = [candidate(9, family), candidate(1, family), candidate(5), candidate(4)]
    lines = allocate(crowd, 2, SEED)
    told = explanation(next(line for line in lines if line.points == 9), lines, SEED)
    assert "plus petit nombre de points" in told
    short = allocate(crowd, 3, SEED)
    told = explanation(next(line for line in short if line.points == 9), short, SEED)
    assert "il n’en restait pas assez" in told


def test_without_any_place_nobody_is_compared() -> None:
    lines = allocate([candidate(5)], 0, SEED)
    assert explanation(lines[0], lines, SEED).endswith("Aucune place n’était disponible.")
