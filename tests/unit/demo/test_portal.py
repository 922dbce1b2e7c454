"""How the load reads mails and tells refusals."""

import re
from collections.abc import Iterator

import pytest

from deploy.demo import portal
from deploy.demo.portal import CODE, LoadFailed, Refused, eventually, once_known


def test_the_access_code_is_found_in_the_mail() -> None:
    mail = "Identifiant : nora.marchand@example.org\nMot de passe provisoire : K7QM-2XWD-9HTR\n"
    match = re.search(CODE, mail)
    assert match
    assert match[0] == "K7QM-2XWD-9HTR"


def test_a_refusal_says_what_was_asked_and_which_field_was_wrong() -> None:
    problem = {
        "type": "/problems/import-refused",
        "title": "Le fichier contient des erreurs",
        "errors": [{"field": "ligne 12, quotient", "message": "Un nombre entier est attendu."}],
    }
    refusal = Refused("POST /staff/families/import", 422, problem)
    assert refusal.slug == "import-refused"
    assert "POST /staff/families/import: 422" in str(refusal)
    assert "ligne 12, quotient" in str(refusal)


async def test_what_is_not_known_yet_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "PAUSE_SECONDS", 0)
    answers: Iterator[Refused | str] = iter(
        [Refused("GET /x", 404, {}), Refused("GET /x", 404, {}), "there"]
    )

    async def ask() -> str:
        answer = next(answers)
        if isinstance(answer, Refused):
            raise answer
        return answer

    assert await once_known(ask) == "there"


async def test_another_refusal_is_final() -> None:
    async def ask() -> str:
        raise Refused("POST /x", 409, {})

    with pytest.raises(Refused):
        await once_known(ask)


async def test_what_never_comes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "ARRIVAL_SECONDS", 0.0)

    async def look() -> None:
        return None

    with pytest.raises(LoadFailed, match="the mail"):
        await eventually(look, "the mail")
