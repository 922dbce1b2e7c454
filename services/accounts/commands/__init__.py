"""What can be done in accounts: one use case, one function."""
