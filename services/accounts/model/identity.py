"""Somebody whom FranceConnect knows: who they are, and which guardian that may be."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from services.accounts.model.family import folded

# What a person takes to find their tax password; and to find the town's letter.
FLOW_LIFE: Final = timedelta(minutes=15)
TICKET_LIFE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Identity:
    """The pivot identity as far as a guardian's record can be held against it.

    `proof` is the provider's own token, which its sign-out asks for.
    """

    issuer: str
    subject: str
    given_names: str
    family_name: str
    usage_name: str
    proof: str

    @property
    def full_name(self) -> str:
        """The first name and the name in use."""
        first = self.given_names.split(" ")[0]
        return f"{first} {self.usage_name or self.family_name}".strip()

    def is_guardian(self, first_name: str, last_name: str) -> bool:
        """Whether these names are this person's: name at birth or in use, any of the first names.

        Spelling is no matter; the names alone prove nothing, the account is asked for besides.
        """
        lasts = {folded(name) for name in (self.family_name, self.usage_name) if name}
        firsts = {folded(self.given_names), *folded(self.given_names).split()}
        return folded(last_name) in lasts and folded(first_name) in firsts

    def text(self) -> str:
        """The identity as text, to be sealed."""
        return json.dumps(asdict(self))


def identity_of(text: str) -> Identity:
    """What `text` wrote."""
    return Identity(**json.loads(text))


def challenge(verifier: str) -> str:
    """What is shown of a PKCE verifier before it is asked for (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
