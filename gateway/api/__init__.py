"""The public JSON API, /api/v1: every operation of every area, and its OpenAPI document."""

from gateway.api.routes import api_routes

__all__ = ["api_routes"]
