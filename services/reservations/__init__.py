"""Reservations: sessions on the calendar, the places that families keep in them, the roll."""
