"""Runs `python -m tocsin_localkafka`."""

import sys

from tocsin_localkafka.cli import main

sys.exit(main())
