"""A local mailbox: catches every mail that the portal sends, and shows it."""
