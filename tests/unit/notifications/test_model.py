"""To whom a message goes, how, and when it is tried again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.model import (
    WINDOW_COLUMNS,
    WINDOW_LINES,
    Draft,
    Family,
    Guardian,
    Home,
    address_block,
    channel_for,
    is_lasting,
    may_be_posted,
    pause_when_away,
    pause_when_put_off,
    places,
)
from tests.unit.notifications.builders import a_family, a_guardian


def test_a_guardian_with_an_address_gets_mail() -> None:
    assert channel_for(None, a_guardian()) == "mail"
    assert channel_for("mail", a_guardian()) == "mail"


def test_a_guardian_without_an_address_gets_a_letter_even_when_mail_was_meant() -> None:
    assert channel_for(None, a_guardian(mail=None)) == "letter"
    assert channel_for("mail", a_guardian(mail="")) == "letter"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anne",
        "a@b@c.fr",
        "a b@example.org",
        "x@y.fr\r\nBcc: z@y.fr",
        "@",
        "a@",
        "a@b",
        "a,b@c.fr",
        "a" * 250 + "@c.fr",
    ],
)
def test_an_address_that_cannot_be_one_is_none(address: str) -> None:
    assert channel_for("mail", a_guardian(mail=address)) == "letter"


@pytest.mark.parametrize(
    "address",
    ["anne@example.org", "a.le-goff+town@mail.example.org", "o'neil@x.fr", "zoé@exämple.org"],
)
def test_addresses_as_families_have_them_are_used(address: str) -> None:
    assert channel_for(None, a_guardian(mail=address)) == "mail"


def test_a_letter_that_was_asked_for_is_a_letter() -> None:
    assert channel_for("letter", a_guardian()) == "letter"


def test_the_first_guardian_receives_what_names_no_one() -> None:
    first, second = a_guardian("Anne"), a_guardian("Yann")
    family = a_family(first, second)
    assert family.guardian(None) == first
    assert family.guardian(second.guardian_id) == second
    assert family.guardian(uuid4()) is None
    assert a_family().guardian(None) is None


def test_the_same_cause_is_the_same_message() -> None:
    def draft(cause: str) -> Draft:
        return Draft(cause, uuid4(), "invoice_issued", uuid4(), {})

    assert draft("invoice-issued:1").message_id == draft("invoice-issued:1").message_id
    assert draft("invoice-issued:1").message_id != draft("invoice-issued:2").message_id


def test_an_address_is_capitals_without_punctuation() -> None:
    guardian = a_guardian("Anne-Sophie", "L’Hœst")
    assert address_block(guardian, a_family(guardian)) == (
        "ANNE SOPHIE L HOEST",
        "3 RUE DE L EGLISE",
        "56890 PLESCOP",
    )


def test_a_guardian_who_lives_elsewhere_is_written_to_there() -> None:
    elsewhere = Home(("4 quai du Blavet",), "56300", "Pontivy")
    guardian = replace(a_guardian("Marc", "Évain"), home=elsewhere)
    assert address_block(guardian, a_family(guardian)) == (
        "MARC EVAIN",
        "4 QUAI DU BLAVET",
        "56300 PONTIVY",
    )


def test_a_long_address_is_abbreviated_then_broken_between_words() -> None:
    guardian = a_guardian()
    family = a_family(
        guardian,
        address=(
            "Appartement 12, Bâtiment C, Résidence des Hauts de l’Océan",
            "12 bis avenue du Général-de-Gaulle et de la Résistance",
        ),
    )
    assert address_block(guardian, family)[1:-1] == (
        "APP 12 BAT C RES DES HAUTS DE L OCEAN",
        "12 BIS AV DU GENERAL DE GAULLE ET DE",
        "LA RESISTANCE",
    )


@given(name=st.text(max_size=200), lines=st.lists(st.text(max_size=120), max_size=8))
def test_every_address_fits_the_window(name: str, lines: list[str]) -> None:
    guardian = Guardian(uuid4(), name, "Le Goff", None)
    family = Family(uuid4(), 1, tuple(lines), "56890", "Plescop", (guardian,), {})
    block = address_block(guardian, family)
    assert len(block) <= WINDOW_LINES
    assert block[-1] == "56890 PLESCOP"
    assert all(len(line) <= WINDOW_COLUMNS for line in block)
    assert all(c.isascii() and (c.isdigit() or c.isupper() or c == " ") for c in "".join(block))


def test_a_server_that_is_away_is_asked_again_within_a_minute() -> None:
    assert pause_when_away(0, 0.0) == timedelta(seconds=1)
    assert pause_when_away(0, 1.0) == timedelta(seconds=2)
    assert pause_when_away(3, 1.0) == timedelta(seconds=16)
    assert pause_when_away(10_000, 1.0) == timedelta(seconds=60)


def test_a_mail_that_was_put_off_waits_longer_each_time_up_to_an_hour() -> None:
    pauses = [pause_when_put_off(attempts, 1.0) for attempts in range(12)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)


@pytest.mark.parametrize(
    ("code", "reason", "lasting"),
    [
        (550, "5.1.1 No such user", True),
        (554, "Message looks like spam", True),
        (553, "Bad address", True),
        (550, "5.7.1 Relaying denied", False),
        (554, "Relay access denied", False),
        (451, "4.3.0 Try again later", False),
        (452, "Mailbox full", False),
    ],
)
def test_only_a_wrong_address_or_content_is_refused_for_good(
    code: int, reason: str, lasting: bool
) -> None:
    assert is_lasting(code, reason) is lasting


def test_each_letter_runs_to_the_next() -> None:
    first, second = uuid4(), uuid4()
    assert [(p.first_page, p.pages) for p in places([first, second], [0, 2], 3)] == [(0, 2), (2, 1)]


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"status": "queued"}, True),
        ({"status": "sent"}, False),
        ({"status": "to_print"}, False),
        ({"by_mail_alone": True}, False),
        ({"lacks_its_secret": True}, False),
        ({"is_out_of_date": True}, False),
    ],
)
def test_a_letter_says_what_a_mail_could_not_while_it_is_of_use(
    changes: dict[str, Any], *, may: bool
) -> None:
    stands: dict[str, Any] = {
        "status": "failed",
        "by_mail_alone": False,
        "lacks_its_secret": False,
        "is_out_of_date": False,
    }
    stands |= changes
    assert may_be_posted(stands.pop("status"), **stands) is may
