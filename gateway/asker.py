"""Where on the network a request comes from, for limits on what strangers may ask."""

from aiohttp import web


def network_address(request: web.Request) -> str:
    """The address of whoever is connected; nothing when the connection is gone."""
    return request.remote or ""
