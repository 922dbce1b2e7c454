"""FranceConnect v2, by OpenID Connect: everything it says is read from its discovery document."""

import asyncio
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
import jwt
import structlog
from aiohttp import hdrs
from jwt import PyJWK, PyJWKSet

from services.accounts.errors import IdentityRefused, ProviderAway
from services.accounts.model.identity import Identity, challenge

log = structlog.get_logger()

DISCOVERY: Final = "/.well-known/openid-configuration"
SCOPES: Final = (
    "openid given_name family_name birthdate gender birthplace birthcountry preferred_username"
)
# No shared secret and no "none": whoever knows the client's secret must not be able to sign.
ALGORITHMS: Final = ("ES256", "RS256", "PS256")
LEVEL: Final = "eidas1"
SIGNED: Final = "application/jwt"

DEADLINE: Final = 5.0
LEEWAY_SECONDS: Final = 30
# Keys and addresses change seldom; an unknown key is a reason to look again, now and then.
REMEMBERED_SECONDS: Final = 3600.0
LOOK_AGAIN_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class ClientOf:
    """As what we are known to the provider, and where it sends people back to."""

    url: str
    client_id: str
    client_secret: str
    redirect_uri: str
    signed_out_uri: str


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider says of itself."""

    about: Mapping[str, Any]
    keys: Mapping[str, PyJWK]
    read_at: float

    def at(self, name: str) -> str:
        """One of its addresses. Raises ProviderAway when it does not say."""
        found = self.about.get(name)
        if not isinstance(found, str):
            raise ProviderAway
        return found


class FranceConnect:
    """Asks FranceConnect who somebody is, and believes nothing that is not signed for us."""

    def __init__(self, client: ClientOf) -> None:
        self._client = client
        self._session: aiohttp.ClientSession | None = None
        self._provider: Provider | None = None
        self._reading = asyncio.Lock()

    async def open(self) -> None:
        """Make connections possible; nothing is asked yet."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(DEADLINE))

    async def close(self) -> None:
        """Give the connections back."""
        if self._session:
            await self._session.close()

    async def authorization_url(self, state: str, nonce: str, verifier: str) -> str:
        """Where somebody goes to say who they are. Raises ProviderAway."""
        provider = await self._known()
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": SCOPES,
            "state": state,
            "nonce": nonce,
            "acr_values": LEVEL,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{provider.at('authorization_endpoint')}?{urlencode(query)}"

    async def sign_out_url(self, proof: str, state: str) -> str:
        """Where somebody goes to end their session there too. Raises ProviderAway."""
        provider = await self._known()
        query = {
            "id_token_hint": proof,
            "state": state,
            "post_logout_redirect_uri": self._client.signed_out_uri,
        }
        return f"{provider.at('end_session_endpoint')}?{urlencode(query)}"

    async def identity(self, code: str, nonce: str, verifier: str) -> Identity:
        """Who came back with this code. Raises IdentityRefused, ProviderAway."""
        provider = await self._known()
        tokens = await self._exchange(provider, code, verifier)
        proof, access = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(proof, str) or not isinstance(access, str):
            raise _refused("tokens missing")
        claims = await self._verified(proof, require=["exp", "iat", "nonce", "sub"])
        if not hmac.compare_digest(str(claims["nonce"]), nonce):
            raise _refused("another nonce")
        person = await self._person(provider, access)
        if person.get("sub") != claims["sub"]:
            raise _refused("another subject")
        return Identity(
            issuer=provider.at("issuer"),
            subject=str(claims["sub"]),
            given_names=str(person.get("given_name") or ""),
            family_name=str(person.get("family_name") or ""),
            usage_name=str(person.get("preferred_username") or ""),
            proof=proof,
        )

    async def _exchange(self, provider: Provider, code: str, verifier: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
            "code_verifier": verifier,
        }
        _, body = await self._ask("POST", provider.at("token_endpoint"), data=form)
        return _object(body)

    async def _person(self, provider: Provider, access: str) -> Mapping[str, Any]:
        headers = {hdrs.AUTHORIZATION: f"Bearer {access}"}
        kind, body = await self._ask("GET", provider.at("userinfo_endpoint"), headers=headers)
        if kind != SIGNED:
            raise _refused("the person is not signed for")
        return await self._verified(body.decode("ascii", "replace"), require=["sub"])

    async def _verified(self, token: str, *, require: list[str]) -> Mapping[str, Any]:
        """The claims of a token that the provider signed for us."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise _refused("signed in no way that counts")
            provider = await self._with_key(str(header.get("kid", "")))
            key = provider.keys.get(str(header.get("kid", "")))
            if key is None:
                raise _refused("signed by an unknown key")
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[header["alg"]],
                audience=self._client.client_id,
                issuer=provider.at("issuer"),
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", *require]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise _refused(type(error).__name__) from error
        return claims

    async def _known(self) -> Provider:
        provider = self._provider
        if provider is None or time.monotonic() - provider.read_at > REMEMBERED_SECONDS:
            return await self._read(provider)
        return provider

    async def _with_key(self, kid: str) -> Provider:
        provider = await self._known()
        is_old = time.monotonic() - provider.read_at > LOOK_AGAIN_SECONDS
        if kid not in provider.keys and is_old:
            return await self._read(provider)
        return provider

    async def _read(self, known: Provider | None) -> Provider:
        async with self._reading:
            if self._provider is not known and self._provider is not None:
                return self._provider  # another request has just read it
            base = self._client.url.rstrip("/")
            _, body = await self._ask("GET", base + DISCOVERY)
            about = _object(body)
            # Whoever answers for another issuer is not the one that was configured.
            if about.get("issuer") != base:
                raise ProviderAway
            _, keys = await self._ask("GET", str(about.get("jwks_uri")))
            try:
                published = PyJWKSet.from_json(keys.decode()).keys
            except (jwt.PyJWTError, ValueError) as error:
                raise ProviderAway from error
            by_id = {str(key.key_id): key for key in published}
            self._provider = Provider(about, by_id, time.monotonic())
            return self._provider

    async def _ask(self, method: str, url: str, **options: Any) -> tuple[str, bytes]:
        if self._session is None:
            raise ProviderAway
        try:
            async with self._session.request(
                method, url, allow_redirects=False, **options
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("france_connect_away", error=type(error).__name__)
            raise ProviderAway from error
        if response.status >= 500:
            raise ProviderAway
        if response.status >= 300:
            raise _refused(f"answer {response.status}")
        return response.content_type, body


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise ProviderAway from error
    if not isinstance(found, dict):
        raise ProviderAway
    return found


def _refused(reason: str) -> IdentityRefused:
    log.warning("identity_refused", reason=reason)
    return IdentityRefused("FranceConnect n’a pas confirmé votre identité. Recommencez.")
