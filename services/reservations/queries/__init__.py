"""What reservations shows: the calendar, sessions, rosters."""
