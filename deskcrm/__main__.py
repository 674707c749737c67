"""``python -m deskcrm`` and the packaged program."""

import sys

READ_A_FILE = "--read-a-file"
"""What the packaged program starts itself with to read a file from outside in another process."""


def start() -> int:
    """Run the command line, or be the process that reads a file."""
    if sys.argv[1:] == [READ_A_FILE]:
        from deskcrm.domain.imports.reading.child import main as read

        return read()
    from deskcrm.cli import main

    return main()


if __name__ == "__main__":
    sys.exit(start())
