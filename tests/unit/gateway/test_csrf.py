"""Form tokens hold for the session they were issued for, and for no other."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.csrf import FormTokens, session_binding, visit_binding

TOKENS = FormTokens("un secret de test assez long pour signer")
BINDING = session_binding("a")


def test_a_token_holds_for_its_own_session() -> None:
    assert TOKENS.is_valid(TOKENS.issue(BINDING), BINDING)


def test_each_token_looks_different() -> None:
    assert TOKENS.issue(BINDING) != TOKENS.issue(BINDING)


@pytest.mark.parametrize("other", [session_binding("b"), visit_binding("a"), ""])
def test_a_token_is_worth_nothing_to_anybody_else(other: str) -> None:
    assert not TOKENS.is_valid(TOKENS.issue(BINDING), other)


def test_another_portals_token_is_worth_nothing() -> None:
    other = FormTokens("un autre secret, tout aussi long que le premier")
    assert not TOKENS.is_valid(other.issue(BINDING), BINDING)


def test_a_token_with_one_bit_changed_is_worth_nothing() -> None:
    raw = bytearray(base64.urlsafe_b64decode(TOKENS.issue(BINDING)))
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1
        assert not TOKENS.is_valid(base64.urlsafe_b64encode(changed).decode(), BINDING)


@given(st.text())
def test_no_text_passes_for_a_token(text: str) -> None:
    assert not TOKENS.is_valid(text, BINDING)
