"""What can be done in billing: one use case, one function."""
