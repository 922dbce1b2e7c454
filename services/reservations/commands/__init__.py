"""The use cases of reservations, each in the transaction that its edge opened."""
