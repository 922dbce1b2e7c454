"""What enrolment reads; it may join freely inside its own database."""
