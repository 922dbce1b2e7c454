"""Deadlines, calendars, places and the roll; values in, values out."""
