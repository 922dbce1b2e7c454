"""The use cases of enrolment, each in the transaction that its edge opened."""
