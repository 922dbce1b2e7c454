"""Which passphrases protect a vault, what a wrong one costs, what is taken in."""

from datetime import UTC, datetime, timedelta

import pytest

from services.documents.errors.vault import (
    EmptyFile,
    SecretRefused,
    VaultFileTooLarge,
    VaultFull,
)
from services.documents.model.vault import (
    FREE_TRIES,
    LONGEST_PAUSE,
    Intake,
    Room,
    accept_passphrase,
    as_typed_key,
    pause_after,
    safe_name,
)
from tests.unit.documents.builders import gathered, in_parts, png

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ROOMY = Room(file_bytes=1000, quota_bytes=5000, used_bytes=0)


@pytest.mark.parametrize(
    "passphrase",
    [
        "sept petits canards nagent vers une mare",
        "Un  été\u0301 à la Mer 2026 !",
        "Kf7!pa-2QsLx",
        "marguerites2026ET",
    ],
)
def test_a_long_passphrase_is_accepted_in_one_form(passphrase: str) -> None:
    accepted = accept_passphrase(passphrase, "passphrase")
    assert "  " not in accepted
    assert "e\u0301" not in accepted


@pytest.mark.parametrize(
    "passphrase",
    ["", "coucou", "Doudou2026!", "chat chat chat chat chat chat chat", "aA1!aA1!aA1!", "x" * 40],
)
def test_a_guessable_passphrase_is_refused_with_what_would_be_right(passphrase: str) -> None:
    with pytest.raises(SecretRefused, match="7 mots différents"):
        accept_passphrase(passphrase, "passphrase")


def test_an_endless_passphrase_is_refused() -> None:
    with pytest.raises(SecretRefused, match="200"):
        accept_passphrase("mot " * 100, "passphrase")


def test_the_first_wrong_tries_are_free_and_each_further_one_costs_twice_the_time() -> None:
    assert pause_after(FREE_TRIES) is None
    pauses = [pause_after(FREE_TRIES + n) for n in (1, 2, 3)]
    assert pauses == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert pause_after(10_000) == LONGEST_PAUSE


def test_a_printed_key_may_be_typed_back_in_any_case_with_or_without_dashes() -> None:
    assert as_typed_key(" abcd-EFGH 2345 – k") == "ABCDEFGH2345K"


async def taken(content: bytes, room: Room = ROOMY) -> Intake:
    intake = Intake(room)
    await gathered(intake.watch(in_parts(content, 300)))
    return intake


async def test_any_kind_of_file_is_taken_and_its_kind_told_by_its_content() -> None:
    assert (await taken(png())).label("photo.txt").content_type == "image/png"
    assert (await taken(b"notes")).label("notes.txt").content_type == "application/octet-stream"


async def test_a_file_is_cut_off_as_soon_as_it_is_too_large() -> None:
    seen: list[bytes] = []
    with pytest.raises(VaultFileTooLarge):
        await gathered(Intake(ROOMY).watch(in_parts(b"x" * 9000, 300)), seen)
    assert sum(map(len, seen)) <= ROOMY.file_bytes


async def test_a_file_beyond_the_room_that_is_left_is_refused() -> None:
    with pytest.raises(VaultFull, match="faire de la place"):
        await taken(b"x" * 900, Room(file_bytes=1000, quota_bytes=5000, used_bytes=4500))


async def test_an_empty_file_is_refused() -> None:
    with pytest.raises(EmptyFile):
        await taken(b"")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Jugement d’adoption.pdf", "Jugement d’adoption.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\papiers\livret.ODT", "livret.ODT"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("photo\u202egpj.exe", "photo gpj.exe"),
        ("", "document"),
        (" .. ", "document"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("sans point " + "y" * 300, ("sans point " + "y" * 300)[:100]),
    ],
)
def test_names_are_made_safe_and_keep_their_endings(given: str, kept: str) -> None:
    assert safe_name(given) == kept
