"""All that billing writes, in SQL."""
