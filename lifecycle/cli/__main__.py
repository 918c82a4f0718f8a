"""``python -m lifecycle.cli`` is the command ``lifecycle``."""

import sys

from lifecycle.cli import main

if __name__ == "__main__":
    sys.exit(main())
