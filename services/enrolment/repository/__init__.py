"""All that enrolment writes, and what it reads to decide."""
