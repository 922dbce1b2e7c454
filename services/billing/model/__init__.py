"""What is charged, at which price, and what becomes of a payment; values in, values out."""
