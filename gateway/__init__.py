"""The portal: pages for parents and staff, the public JSON API, and nothing that decides."""
