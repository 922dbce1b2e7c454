"""What a family file, an access code and a password are; values in, values out."""
