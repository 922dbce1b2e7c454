"""What can go wrong while starting, told in one line."""


class LaunchError(Exception):
    """Something could not be started; its text is what the user reads."""
