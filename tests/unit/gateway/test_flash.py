"""Messages to the next page: ours, or none."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.flash import MAX_LENGTH, Flash, FlashCodec

CODEC = FlashCodec("un secret de test assez long pour signer")


@given(st.text(max_size=MAX_LENGTH))
def test_a_message_comes_back_as_it_was(text: str) -> None:
    assert CODEC.read(CODEC.write(Flash(text, "warning"))) == (Flash(text, "warning"),)


@given(st.text())
def test_nobody_else_can_write_one(value: str) -> None:
    assert CODEC.read(value) == ()


def test_anothers_signature_does_not_count() -> None:
    other = FlashCodec("un autre secret, tout aussi long que le premier")
    assert CODEC.read(other.write(Flash("Cliquez ici"))) == ()


def test_a_message_fits_a_cookie() -> None:
    assert len(CODEC.write(Flash("🏫" * 100_000))) < 3500
