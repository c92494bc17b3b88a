"""The migrated database that the runs of one `verify` copy, laid while the quick checks run.

Migrating an empty database takes some four seconds of Python; copying the result takes one.
"""

import os
import time
from typing import Any

import psycopg2
from django.db import connection

LAID = "laid"
BEING_LAID = "being_laid"
LAID_WITHIN_SECONDS = 90


def lay() -> None:
    """Migrate an empty database; it gets its name when it is ready to be copied."""
    connection.settings_dict["TEST"]["NAME"] = BEING_LAID
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    with administrator().cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {BEING_LAID} RENAME TO {LAID}")


def wait_until_laid() -> bool:
    """Whether there is a database to copy; one that does not come in time is done without."""
    if "PORTAL_TEST_LAID" not in os.environ:
        return False
    deadline = time.monotonic() + LAID_WITHIN_SECONDS
    with administrator().cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [LAID])
            if cursor.fetchone()[0]:
                return True
            time.sleep(0.1)
    return False


def administrator() -> Any:
    """A connection to the server itself, each statement its own transaction."""
    folder = os.environ["PORTAL_TEST_SERVERS"]
    opened = psycopg2.connect(host=folder, user="portal", dbname="postgres")
    opened.autocommit = True
    return opened
