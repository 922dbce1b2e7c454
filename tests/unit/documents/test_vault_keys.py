"""A vault's key: wrapped twice, carried sealed, opened by nobody else."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.documents.errors import DocumentDamaged
from services.documents.errors.vault import VaultLocked
from services.documents.model.vault import Label, Opener, OpenerKind, as_typed_key
from services.documents.storage import MasterKey
from services.documents.vault_keys import (
    Unlocked,
    VaultKeys,
    from_passphrase,
    from_printed,
    new_printed_key,
    open_label,
    seal_label,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
VAULT_KEY = b"v" * 32
FAMILY, ACCOUNT, SESSION, OPENER = (UUID(int=n) for n in range(1, 5))
KEYS = VaultKeys(MasterKey(b"m" * 32))


def opener(keys: VaultKeys, secret_key: bytes, family_id: UUID = FAMILY) -> Opener:
    return Opener(
        opener_id=OPENER,
        family_id=family_id,
        kind=OpenerKind.PASSPHRASE,
        account_id=ACCOUNT,
        salt=b"s" * 16,
        key=keys.wrap(VAULT_KEY, secret_key, FAMILY, OpenerKind.PASSPHRASE),
        failures=0,
        blocked_until=None,
        created_at=NOW,
        expires_at=None,
    )


def test_the_right_secret_opens_and_a_wrong_one_does_not() -> None:
    right, wrong = (from_passphrase(said, b"s" * 16, 1024) for said in ("juste", "faux"))
    kept = opener(KEYS, right)
    assert KEYS.unwrap(kept, right) == VAULT_KEY
    assert KEYS.unwrap(kept, wrong) is None


def test_without_the_master_key_not_even_the_right_secret_opens() -> None:
    with pytest.raises(DocumentDamaged):
        VaultKeys(MasterKey(b"n" * 32)).unwrap(opener(KEYS, b"k" * 32), b"k" * 32)


def test_an_opener_moved_to_another_family_opens_nothing() -> None:
    with pytest.raises(DocumentDamaged):
        KEYS.unwrap(opener(KEYS, b"k" * 32, family_id=uuid4()), b"k" * 32)


def test_while_keys_are_rotated_what_the_previous_one_wrapped_still_opens() -> None:
    both = VaultKeys(MasterKey(b"n" * 32, previous=b"m" * 32))
    assert both.unwrap(opener(KEYS, b"k" * 32), b"k" * 32) == VAULT_KEY


def test_a_printed_key_has_eight_groups_and_stands_for_one_key() -> None:
    printed = new_printed_key()
    assert [len(group) for group in printed.split("-")] == [4] * 8
    typed = as_typed_key(printed.lower().replace("-", " "))
    assert from_printed(typed, b"s") == from_printed(as_typed_key(printed), b"s")
    assert new_printed_key() != printed


def token(keys: VaultKeys = KEYS, session_id: UUID = SESSION) -> str:
    unlocked = Unlocked(VAULT_KEY, FAMILY, ACCOUNT, OPENER, NOW + timedelta(minutes=20))
    return keys.seal_token(unlocked, session_id)


def test_a_token_brings_the_vault_back_and_shows_nothing_of_its_key() -> None:
    found = KEYS.open_token(token(), SESSION, NOW)
    assert (found.vault_key, found.family_id, found.opener_id) == (VAULT_KEY, FAMILY, OPENER)
    assert VAULT_KEY not in base64.urlsafe_b64decode(token())


def test_a_token_is_good_for_its_own_session_and_time_alone() -> None:
    with pytest.raises(VaultLocked):
        KEYS.open_token(token(), uuid4(), NOW)
    with pytest.raises(VaultLocked, match="refermé"):
        KEYS.open_token(token(), SESSION, NOW + timedelta(minutes=21))


@pytest.mark.parametrize("forged", ["", "é", "AAAA", token()[:-8], "A" * 300, token()[::-1]])
def test_a_forged_token_opens_nothing(forged: str) -> None:
    with pytest.raises(VaultLocked):
        KEYS.open_token(forged, SESSION, NOW)


def test_a_token_of_another_town_opens_nothing() -> None:
    with pytest.raises(VaultLocked):
        KEYS.open_token(token(VaultKeys(MasterKey(b"n" * 32))), SESSION, NOW)


def test_a_name_opens_for_its_own_document_alone() -> None:
    label, document_id = Label("Jugement.pdf", "application/pdf"), uuid4()
    sealed = seal_label(label, VAULT_KEY, document_id)
    assert b"Jugement" not in sealed
    assert open_label(sealed, VAULT_KEY, document_id) == label
    with pytest.raises(DocumentDamaged):
        open_label(sealed, VAULT_KEY, uuid4())
    with pytest.raises(DocumentDamaged):
        open_label(sealed, b"w" * 32, document_id)
