"""Secrets that travel in links."""

from services.accounts.model.secrets import new_token, token_digest


def test_tokens_are_long_and_kept_as_digests() -> None:
    token = new_token()
    assert len(token) >= 43
    assert token.encode() not in token_digest(token)
    assert new_token() != token
