"""A stand-in for PayFiP: the same protocol, no money."""
