"""Run the command line: ``python -m djscaffold``."""

from djscaffold.cli import main

if __name__ == "__main__":
    main()
