"""``python -m lifecycle.cli`` is the command ``lifecycle``."""

import sys

from lifecycle.cli import main

sys.exit(main())
