"""Enrolment: what the town offers each school year, and which children are enrolled in it."""
