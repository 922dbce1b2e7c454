"""Accounts: the family file, who may sign in, and how."""
