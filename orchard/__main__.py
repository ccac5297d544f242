"""`python -m orchard` is the command `orchard`."""

from orchard.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
