"""Writes sessions, places, the roll, and the copies of what other services tell."""
