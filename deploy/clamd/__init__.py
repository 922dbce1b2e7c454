"""A stand-in for ClamAV's clamd: the same protocol on a socket, and it can misbehave."""
