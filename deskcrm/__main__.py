"""``python -m deskcrm`` and the packaged program."""

import sys

from deskcrm.cli import main

if __name__ == "__main__":
    sys.exit(main())
