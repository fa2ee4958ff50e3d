"""``python -m pencilin.cli`` is the command ``pencilin``."""

import sys

from pencilin.cli import main

sys.exit(main())
