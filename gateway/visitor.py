"""Where a request comes from: the address, the device in words, the token it carries."""

import ipaddress
import re
from collections.abc import Sequence
from typing import Final

from aiohttp import web
from pydantic import BaseModel

FORWARDED: Final = "X-Forwarded-For"
LONGEST_DEVICE: Final = 80

# The first that fits; what calls itself by several names stands before those it imitates.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class Visitor(BaseModel):
    """What accounts is told of where somebody signs in from."""

    address: str = ""
    device: str = ""
    device_token: str = ""


class TrustedProxies:
    """The proxies before the portal, whose word on the visitor's address is believed."""

    def __init__(self, networks: str) -> None:
        named = [part.strip() for part in networks.split(",") if part.strip()]
        self._networks = [ipaddress.ip_network(part, strict=False) for part in named]

    def client_address(self, peer: str, forwarded: Sequence[str]) -> str:
        """The visitor's address: the peer's, or the last one that is no proxy of ours.

        What stands further to the left was written by the visitor, who may write anything.
        """
        address = _address(peer)
        chain = [part for header in forwarded for part in header.split(",")]
        while chain and address and self._trusts(address):
            address = _address(chain.pop())
        return address

    def _trusts(self, address: str) -> bool:
        found = ipaddress.ip_address(address)
        return any(found in network for network in self._networks)


def network_address(request: web.Request, proxies: TrustedProxies) -> str:
    """Where on the network a request comes from; empty when the connection is gone."""
    return proxies.client_address(request.remote or "", request.headers.getall(FORWARDED, []))


def visitor(request: web.Request, proxies: TrustedProxies, device_token: str) -> Visitor:
    """Who is there, as far as a request shows it."""
    return Visitor(
        address=network_address(request, proxies),
        device=device_of(request.headers.get("User-Agent", "")),
        device_token=device_token[:200],
    )


def device_of(user_agent: str) -> str:
    """A browser and its system, as their owner would name them: Firefox sur Android."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return f"{browser} sur {system}"
    if browser or system:
        return browser or system
    program = re.match(r"[A-Za-z][\w.-]*", user_agent, re.ASCII)
    return f"Programme {program[0]}"[:LONGEST_DEVICE] if program else "Appareil inconnu"


def _address(text: str) -> str:
    """The address in one form, without a port; empty when it is none."""
    bare = text.strip()
    if bracketed := re.fullmatch(r"\[([^\]]+)\](?::\d+)?", bare):
        bare = bracketed[1]
    elif re.fullmatch(r"[\d.]+:\d+", bare):
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(found)
