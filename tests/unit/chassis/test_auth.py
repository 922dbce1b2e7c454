"""Who may be believed to call."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.chassis.auth import (
    CALLER_TOKEN_LIFE,
    Caller,
    CallerSigner,
    CallerVerifier,
    new_key_pair,
)
from services.chassis.errors import Unauthorised

NOW = datetime.now(UTC)
PRIVATE, PUBLIC = new_key_pair()
CALLER = Caller(frozenset({"guardian"}), uuid4(), uuid4(), uuid4())


def test_a_signed_caller_is_read_back_whole() -> None:
    token = CallerSigner(PRIVATE).sign(CALLER, NOW)
    assert CallerVerifier(PUBLIC).verify(f"Bearer {token}", NOW) == CALLER


def test_a_token_is_refused_once_its_minute_is_over() -> None:
    verifier = CallerVerifier(PUBLIC)
    token = CallerSigner(PRIVATE).sign(CALLER, NOW)
    verifier.verify(f"Bearer {token}", NOW)
    with pytest.raises(Unauthorised):
        verifier.verify(f"Bearer {token}", NOW + CALLER_TOKEN_LIFE + timedelta(seconds=1))


def test_a_token_signed_by_another_key_is_refused() -> None:
    stranger, _ = new_key_pair()
    token = CallerSigner(stranger).sign(CALLER, NOW)
    with pytest.raises(Unauthorised):
        CallerVerifier(PUBLIC).verify(f"Bearer {token}", NOW)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic abc", "Bearer ..."])
def test_anything_else_is_refused(header: str) -> None:
    with pytest.raises(Unauthorised):
        CallerVerifier(PUBLIC).verify(header, NOW)


def test_a_guardian_without_a_family_cannot_be_named() -> None:
    with pytest.raises(ValueError, match="one family"):
        Caller(frozenset({"guardian"}), uuid4())


def test_a_guardian_reaches_one_family_and_the_staff_all() -> None:
    assert CALLER.family_scope == CALLER.family_id
    assert Caller(frozenset({"agent"}), uuid4()).family_scope is None


def test_a_leaders_activities_travel_with_the_caller() -> None:
    activity = uuid4()
    leader = Caller(frozenset({"leader"}), uuid4(), activities=frozenset({activity}))
    token = CallerSigner(PRIVATE).sign(leader, NOW)
    assert CallerVerifier(PUBLIC).verify(f"Bearer {token}", NOW).activity_scope == frozenset(
        {activity}
    )
    assert Caller(frozenset({"leader"}), uuid4()).activity_scope is None


def test_the_till_besides_does_not_open_other_activities_to_a_leader() -> None:
    activities = frozenset({uuid4()})
    both = Caller(frozenset({"leader", "regisseur"}), uuid4(), activities=activities)
    assert both.activity_scope == activities
    office = Caller(frozenset({"leader", "agent"}), uuid4(), activities=activities)
    assert office.activity_scope is None


def test_a_leader_of_no_activity_reaches_none() -> None:
    leader = Caller(frozenset({"leader"}), uuid4(), activities=frozenset())
    token = CallerSigner(PRIVATE).sign(leader, NOW)
    assert CallerVerifier(PUBLIC).verify(f"Bearer {token}", NOW).activity_scope == frozenset()
