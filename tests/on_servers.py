"""Pytest plug-in (`-p tests.on_servers`): the run uses a PostgreSQL and a Redis of its own.

They start while this file is imported, which is before the settings load.
"""

import signal
import sys

from tests.servers import start_once

# A run that is asked to stop still cleans up after itself.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
start_once()
