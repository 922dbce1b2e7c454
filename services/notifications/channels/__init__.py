"""How messages reach the families: their wording, mail, letters."""
