"""The FranceConnect stand-in, as an application to be mounted beside another or served alone."""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import jwt
from aiohttp import web
from aiohttp.typedefs import Handler
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from deploy.identity.behaviour import CLIENT_ID, CLIENT_SECRET, Grant, Grants, Mode, Person
from deploy.identity.pages import sign_in_page

KEY_ID = "cle-de-demonstration"
TOKEN_SECONDS = 60
ASKED = ("client_id", "redirect_uri", "state", "nonce", "scope", "code_challenge")

GRANTS = web.AppKey("grants", Grants)
KEY = web.AppKey("key", ec.EllipticCurvePrivateKey)
PREFIX = web.AppKey("prefix", str)


async def discovery(request: web.Request) -> web.Response:
    """Everything there is, and where."""
    issuer = _issuer(request)
    if request.app[GRANTS].mode is Mode.OTHER_DISCOVERY:
        issuer = "https://ailleurs.example"
    return web.json_response(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/session/end",
            "id_token_signing_alg_values_supported": ["ES256"],
        }
    )


async def keys(request: web.Request) -> web.Response:
    """The public keys."""
    public = request.app[KEY].public_key()
    key = ECAlgorithm.to_jwk(public, as_dict=True)
    return web.json_response({"keys": [{**key, "kid": KEY_ID, "alg": "ES256", "use": "sig"}]})


async def authorize(request: web.Request) -> web.Response:
    """The page on which somebody says who they are."""
    asked = {name: request.query.get(name, "") for name in ASKED}
    if asked["client_id"] != CLIENT_ID or not all(asked.values()):
        raise web.HTTPBadRequest(text="invalid_request")
    return web.Response(text=sign_in_page(asked), content_type="text/html")


async def identify(request: web.Request) -> web.Response:
    """Back to the client, with a code."""
    form = {name: str(value) for name, value in (await request.post()).items()}
    person = Person(
        form.get("given_name", ""),
        form.get("family_name", ""),
        form.get("birthdate", ""),
        form.get("preferred_username", ""),
    )
    whole = f"{person.given_name}|{person.family_name}|{person.birthdate}".casefold()
    subject = hashlib.sha256(whole.encode()).hexdigest()
    asked = {name: form.get(name, "") for name in ASKED}
    code = request.app[GRANTS].grant(asked, person, subject)
    back = urlencode({"code": code, "state": asked["state"]})
    return web.Response(status=303, headers={"Location": f"{asked['redirect_uri']}?{back}"})


async def exchange(request: web.Request) -> web.Response:
    """Tokens for a code: once, for the client that asked and can show the verifier."""
    form = await request.post()
    grant = request.app[GRANTS].codes.pop(str(form.get("code", "")), None)
    if grant is None or not _may_have(form, grant):
        return web.json_response({"error": "invalid_grant"}, status=400)
    access = secrets.token_urlsafe(24)
    request.app[GRANTS].access[access] = grant
    return web.json_response(
        {
            "access_token": access,
            "id_token": _identity_token(request, grant),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
        }
    )


async def person(request: web.Request) -> web.Response:
    """Who it was, signed."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    grant = request.app[GRANTS].access.get(bearer)
    if grant is None:
        return web.json_response({"error": "invalid_token"}, status=401)
    mode = request.app[GRANTS].mode
    subject = "quelqu-un-d-autre" if mode is Mode.OTHER_SUBJECT else grant.subject
    claims = {
        **grant.person.claims,
        "sub": subject,
        "iss": _issuer(request),
        "aud": grant.asked["client_id"],
        "exp": int(time.time()) + TOKEN_SECONDS,
    }
    if mode is Mode.PLAIN_PERSON:
        return web.json_response(claims)
    return web.Response(text=_signed(request, claims), content_type="application/jwt")


async def end_session(request: web.Request) -> web.Response:
    """Sign out here, and back."""
    request.app[GRANTS].signed_out.append(request.query.get("id_token_hint", ""))
    back = request.query.get("post_logout_redirect_uri", "")
    state = urlencode({"state": request.query.get("state", "")})
    return web.Response(status=303, headers={"Location": f"{back}?{state}"})


async def behave(request: web.Request) -> web.Response:
    """Misbehave on command."""
    try:
        request.app[GRANTS].mode = Mode(str((await request.json())["mode"]))
    except (ValueError, KeyError, TypeError) as error:
        raise web.HTTPUnprocessableEntity(text=repr(error)) from error
    return web.json_response({"mode": request.app[GRANTS].mode})


def _may_have(form: Mapping[str, Any], grant: Grant) -> bool:
    verifier = str(form.get("code_verifier", ""))
    shown = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    return (
        form.get("client_id") == CLIENT_ID
        and form.get("client_secret") == CLIENT_SECRET
        and form.get("redirect_uri") == grant.asked["redirect_uri"]
        and shown.decode().rstrip("=") == grant.asked["code_challenge"]
    )


def _identity_token(request: web.Request, grant: Grant) -> str:
    mode, now = request.app[GRANTS].mode, int(time.time())
    claims: dict[str, Any] = {
        "iss": _issuer(request),
        "aud": grant.asked["client_id"],
        "sub": grant.subject,
        "nonce": grant.asked["nonce"],
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "acr": "eidas1",
    }
    changes: dict[Mode, dict[str, Any]] = {
        Mode.WRONG_NONCE: {"nonce": "un-autre"},
        Mode.WRONG_ISSUER: {"iss": "https://ailleurs.example"},
        Mode.WRONG_AUDIENCE: {"aud": "un-autre-client"},
        Mode.EXPIRED: {"iat": now - 3600, "exp": now - 3000},
    }
    return _signed(request, claims | changes.get(mode, {}))


def _signed(request: web.Request, claims: Mapping[str, Any]) -> str:
    headers = {"kid": KEY_ID}
    match request.app[GRANTS].mode:
        case Mode.UNSIGNED:
            return jwt.encode(dict(claims), "", algorithm="none", headers=headers)
        case Mode.SHARED_SECRET:
            # Long enough for the library not to complain of it.
            secret = CLIENT_SECRET.ljust(32, "-")
            return jwt.encode(dict(claims), secret, algorithm="HS256", headers=headers)
        case Mode.OTHER_KEY:
            other = ec.generate_private_key(ec.SECP256R1())
            return jwt.encode(dict(claims), other, algorithm="ES256", headers=headers)
        case _:
            return jwt.encode(dict(claims), request.app[KEY], algorithm="ES256", headers=headers)


def _issuer(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}{request.app[PREFIX]}"


@web.middleware
async def be_down(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer nothing useful while told to be down."""
    if request.app[GRANTS].mode is Mode.DOWN and not request.path.endswith("/behaviour"):
        raise web.HTTPServiceUnavailable
    return await handler(request)


def application(prefix: str = "") -> web.Application:
    """The stand-in; `prefix` is where it is mounted."""
    app = web.Application(middlewares=[be_down])
    app[GRANTS] = Grants()
    app[KEY] = ec.generate_private_key(ec.SECP256R1())
    app[PREFIX] = prefix
    app.router.add_get("/.well-known/openid-configuration", discovery)
    app.router.add_get("/jwks", keys)
    app.router.add_get("/authorize", authorize)
    app.router.add_post("/authorize", identify)
    app.router.add_post("/token", exchange)
    app.router.add_get("/userinfo", person)
    app.router.add_get("/session/end", end_session)
    app.router.add_post("/behaviour", behave)
    return app
