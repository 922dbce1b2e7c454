"""The local launcher: the whole town on one machine, and the commands to run it."""
