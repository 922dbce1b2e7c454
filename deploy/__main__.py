"""`python -m deploy` is the `portail` command."""

from deploy.cli import main

main()
