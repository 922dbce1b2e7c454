"""What a family can do with its vault."""
