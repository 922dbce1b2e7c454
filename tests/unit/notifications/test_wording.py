"""What messages say, in French as it is printed."""

import re
from typing import get_args

import pytest
from jinja2 import UndefinedError

from services.notifications.channels.wording import (
    Background,
    Closure,
    Detail,
    day,
    euros,
    listed,
    moment,
    month,
    one_line,
    weekday,
)
from services.notifications.model import SECRET_KINDS, Channel, Kind
from tests.unit.notifications.builders import FACTS, SENDER, WRITER, a_guardian

KINDS: tuple[Kind, ...] = get_args(Kind)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
BACKGROUND = Background(
    a_guardian(), child="Maëlys", activity="Cantine", invoice_numbers=("1", "2"), password="k0O-l1I"
)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_message_is_good_french_print(kind: Kind, channel: Channel) -> None:
    wording = WRITER.word(kind, channel, FACTS[kind], BACKGROUND)
    words = "\n".join(
        [wording.subject, wording.greeting, *wording.opening, *wording.closing, wording.action]
    )
    assert wording.greeting == "Bonjour Anne Le Goff,"
    assert wording.action_url.startswith("https://famille.kerlann.example/")
    assert not re.search(r"[^\u00a0][;?!»]|[^\u00a0]:(?!//)|€(?<!\u00a0€)|«[^\u00a0]", words)
    assert "'" not in words
    assert "None" not in words


@pytest.mark.parametrize("kind", KINDS)
def test_the_subject_tells_no_name_and_needs_only_the_facts(kind: Kind) -> None:
    subject = WRITER.subject(kind, FACTS[kind])
    assert subject == WRITER.word(kind, "mail", FACTS[kind], BACKGROUND).subject
    assert "Maëlys" not in subject


def test_access_codes_are_set_as_codes() -> None:
    details = WRITER.word("access_code", "mail", FACTS["access_code"], BACKGROUND).details
    assert Detail("Identifiant", "a.legoff", is_code=True) in details
    assert Detail("Mot de passe provisoire", "k0O-l1I", is_code=True) in details


def test_a_password_keeps_whatever_signs_it_has() -> None:
    background = Background(a_guardian(), password="a | b` c")
    details = WRITER.word("access_code", "mail", FACTS["access_code"], background).details
    assert details[-1].value == "a | b` c"


def test_the_code_says_until_when_it_is_good_in_local_time() -> None:
    closing = WRITER.word("access_code", "mail", FACTS["access_code"], BACKGROUND).closing
    assert "23\u00a0décembre\u00a02026 à 17\u00a0h\u00a005" in closing[0]


def test_an_unknown_child_and_activity_do_not_stop_a_message() -> None:
    wording = WRITER.word(
        "enrolment_accepted", "mail", FACTS["enrolment_accepted"], Background(a_guardian())
    )
    assert "votre enfant à l’activité demandée" in wording.opening[0]


def test_an_invoice_of_nothing_asks_for_nothing() -> None:
    facts = {**FACTS["invoice_issued"], "total_cents": 0}
    wording = WRITER.word("invoice_issued", "mail", facts, BACKGROUND)
    assert [d.label for d in wording.details] == ["Facture", "Montant"]
    assert "rien à régler" in wording.closing[0]


def test_a_missing_fact_is_an_error_and_no_gap_in_the_text() -> None:
    with pytest.raises(UndefinedError):
        WRITER.word("invoice_issued", "mail", {"period": "2026-11"}, BACKGROUND)


def test_the_page_escapes_what_families_are_called() -> None:
    background = Background(a_guardian("<b>Anne</b>", "& fils"), child="<script>")
    wording = WRITER.word("enrolment_accepted", "mail", FACTS["enrolment_accepted"], background)
    page = WRITER.render("mail.html.jinja", wording)
    assert "<b>Anne" not in page
    assert "<script>" not in page
    assert "&lt;b&gt;Anne&lt;/b&gt; &amp; fils" in page
    assert "<b>Anne</b> & fils" in WRITER.render("mail.txt.jinja", wording)


def test_both_forms_of_a_mail_say_the_same() -> None:
    wording = WRITER.word("invoice_issued", "mail", FACTS["invoice_issued"], BACKGROUND)
    for name in ("mail.txt.jinja", "mail.html.jinja"):
        form = WRITER.render(name, wording)
        for text in (*wording.opening, *wording.closing, wording.action_url, SENDER.town):
            assert text in form
        assert all(d.label in form and d.value in form for d in wording.details)


def test_money_days_and_months_are_written_as_in_french() -> None:
    assert euros(4250) == "42,50\u00a0€"
    assert euros(5) == "0,05\u00a0€"
    assert euros(123456789) == "1\u202f234\u202f567,89\u00a0€"
    assert euros(-150) == "-1,50\u00a0€"
    assert day("2026-12-01") == "1er\u00a0décembre\u00a02026"
    assert month("2026-08") == "août\u00a02026"
    assert moment("2026-07-31T22:30:00+00:00") == "1er\u00a0août\u00a02026 à 0\u00a0h\u00a030"
    assert listed(("a", "b", "c")) == "a, b et c"
    assert listed(("a",)) == "a"


def test_a_line_stays_one_line() -> None:
    assert one_line("Anne\r\nBcc: x\u2028y") == "Anne Bcc: x y"


def test_an_offer_says_its_last_hour_at_once_and_where_it_is_set_in_bold() -> None:
    wording = WRITER.word("place_offered", "mail", FACTS["place_offered"], BACKGROUND)
    until = "30\u00a0novembre\u00a02026 à 12\u00a0h\u00a000"
    assert until in wording.subject
    assert Detail("Répondre avant le", until) in wording.details
    assert f'font-weight:bold">{until}' in WRITER.render("mail.html.jinja", wording)
    assert wording.action_url.endswith("/reservations?mois=2026-12")


def test_all_that_a_closure_took_stands_in_one_message() -> None:
    background = Background(
        a_guardian(),
        closures=(
            Closure("2026-12-07", "Cantine", ("Léa", "Ewen"), "Grève"),
            Closure("2026-12-08", "Garderie", ("Léa",), None),
        ),
    )
    wording = WRITER.word("sessions_closed", "mail", FACTS["sessions_closed"], background)
    assert wording.details == (
        Detail("lundi 7\u00a0décembre\u00a02026", "Cantine, Léa et Ewen (Grève)"),
        Detail("mardi 8\u00a0décembre\u00a02026", "Garderie, Léa"),
    )
    assert "du 7\u00a0décembre\u00a02026 au 8\u00a0décembre\u00a02026" in wording.subject


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        ("place_lapsed", {"cause": "unanswered"}, "Sans réponse de votre part"),
        ("place_lapsed", {"cause": "over"}, "Aucune place ne s’est libérée"),
        ("late_reservation_answered", {"accepted": True}, "est acceptée"),
        ("late_reservation_answered", {"accepted": False}, "Nous n’avons pas pu accepter"),
        ("absence_answered", {"free": 3}, "ne sont pas facturées"),
        ("absence_answered", {"free": 1}, "Les premiers jours restent facturés"),
        ("absence_answered", {"free": 0}, "Ces jours restent pourtant facturés"),
        ("absence_answered", {"excused": False, "free": 0}, "Nous n’avons pas pu justifier"),
        ("enrolment_withdrawn", {"ends_on": None}, "est retirée"),
        ("payment_reversed", {}, "est de nouveau à régler"),
        ("payment_reversed", {"owed_again_cents": 4250}, "Ce qu’il payait est de nouveau à régler"),
        ("payment_reversed", {"owed_again_cents": 1250}, "Une partie de ce qu’il payait"),
        ("payment_reversed", {"owed_again_cents": 0}, "rien à payer de nouveau"),
        ("enrolment_withdrawn", {"ends_on": "2026-12-18"}, "ne seront pas facturées"),
    ],
)
def test_an_answer_is_told_as_it_is(kind: Kind, facts: dict[str, object], told: str) -> None:
    wording = WRITER.word(kind, "letter", {**FACTS[kind], **facts}, BACKGROUND)
    assert told in wording.opening[0]


def test_why_an_absence_is_not_excused_stands_in_the_message() -> None:
    refused = {"excused": False, "free": 0, "reason": "Le certificat est arrivé trop tard."}
    facts = {**FACTS["absence_answered"], **refused}
    wording = WRITER.word("absence_answered", "mail", facts, BACKGROUND)
    assert "n’est pas justifiée" in wording.subject
    assert Detail("Motif", "Le certificat est arrivé trop tard.") in wording.details
    assert not [detail for detail in wording.details if detail.label == "Sans frais"]


def test_what_the_staff_wrote_comes_line_by_line_and_is_no_template() -> None:
    body = "Bonjour {{ 2 }},\n\n<b>Un</b>\nDeux"
    facts = {"subject": "Sortie {{ 1 }}", "body": body, "day": None}
    wording = WRITER.word("broadcast", "mail", facts, Background(a_guardian()))
    assert wording.subject == "Sortie {{ 1 }}"
    assert wording.opening == ("Bonjour {{ 2 }},", "<b>Un</b>", "Deux")
    assert "&lt;b&gt;Un" in WRITER.render("mail.html.jinja", wording)


def test_a_day_has_its_name() -> None:
    assert weekday("2026-12-01") == "mardi 1er\u00a0décembre\u00a02026"


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_leads_where_the_message_did_unless_a_secret_opened_that(kind: Kind) -> None:
    page = WRITER.page(kind, FACTS[kind])
    assert page == "" if kind in SECRET_KINDS else page.startswith("/")
    assert "jeton" not in page
