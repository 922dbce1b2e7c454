"""The canteen at 1 €: what the State pays towns for (cantine à 1 €, since 2019)."""

# A meal counts that costs the family no more, the family's quotient being no higher.
A_EURO_CENTS = 100
A_EURO_QUOTIENT = 1000
