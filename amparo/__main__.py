"""Run the command line with `python -m amparo`."""

import sys

from amparo.cli import main

sys.exit(main())
