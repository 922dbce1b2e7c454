"""A stand-in for API Particulier v3, of which it speaks the quotient familial by identity."""
