"""All that accounts writes, in SQL."""
