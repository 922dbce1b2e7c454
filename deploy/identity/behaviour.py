"""What the stand-in knows: who asked to be identified, and how it is to misbehave."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MOUNTED_AT: Final = "/franceconnect"
CLIENT_ID: Final = "portail-famille"
# Of a stand-in on this machine alone.
CLIENT_SECRET: Final = "un-secret-de-demonstration"  # noqa: S105 - a stand-in's


class Mode(StrEnum):
    """How to misbehave."""

    NORMAL = "normal"
    WRONG_NONCE = "wrong_nonce"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    EXPIRED = "expired"
    UNSIGNED = "unsigned"  # alg none
    SHARED_SECRET = "shared_secret"  # noqa: S105 - signed by HMAC with the client's secret
    OTHER_KEY = "other_key"  # signed by a key that it does not publish
    OTHER_SUBJECT = "other_subject"  # the person is not the one of the identity token
    PLAIN_PERSON = "plain_person"  # the person as JSON that nobody signed
    OTHER_DISCOVERY = "other_discovery"  # discovery in another issuer's name
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody says they are; the same name and birth date are the same person."""

    given_name: str
    family_name: str
    birthdate: str
    preferred_username: str = ""

    @property
    def claims(self) -> dict[str, str]:
        """As FranceConnect tells it: the pivot identity."""
        return {
            "given_name": self.given_name,
            "family_name": self.family_name,
            "birthdate": self.birthdate,
            "preferred_username": self.preferred_username,
            "gender": "female",
            "birthplace": "50502",
            "birthcountry": "99100",
        }


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody was identified for a client, and the client may ask who."""

    asked: Mapping[str, str]
    person: Person
    subject: str


@dataclass(slots=True)
class Grants:
    """Codes and access tokens, each good once."""

    mode: Mode = Mode.NORMAL
    codes: dict[str, Grant] = field(default_factory=dict)
    access: dict[str, Grant] = field(default_factory=dict)
    signed_out: list[str] = field(default_factory=list)

    def grant(self, asked: Mapping[str, str], person: Person, subject: str) -> str:
        """A code for the way back."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = Grant(asked, person, subject)
        return code
