"""`python -m sikap`."""

from sikap.cli import main

main()
