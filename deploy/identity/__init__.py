"""A stand-in for FranceConnect v2: the same protocol, anybody's name."""
