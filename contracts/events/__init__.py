"""Every event of the portal, one module a producer."""
