"""How gunicorn runs the web processes of a real street: `--config python:portal.serving`.

The house is loaded once and then divided: a worker shares its code with its neighbours and has only
what it computes for itself.
"""

import gc
import importlib
import os
from typing import Any

bind = os.environ.get("PORTAL_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("PORTAL_WEB_WORKERS", "2"))
threads = 8
preload_app = True
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Load the pages too, and keep the collector's hands off what all workers share.

    Whatever a collection marks would be copied into each worker.
    """
    importlib.import_module("portal.urls")
    gc.collect()
    gc.freeze()
