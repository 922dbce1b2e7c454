"""Every page of the portal, gathered from the modules of its areas."""

from gateway.page import PageRoute

ROUTES: tuple[PageRoute, ...] = ()
