"""Settings of the test run: those of the house, with keys that guard nothing and a folder of its own."""

import os
from pathlib import Path

os.environ.setdefault("PORTAL_SECRET_KEY", "only-the-tests-use-this-key-" + "x" * 32)
os.environ.setdefault("PORTAL_SEAL_KEYS", "k1:" + "11" * 32)
os.environ.setdefault("PORTAL_DIGEST_KEY", "22" * 32)
# Stored files have random names, so that several runs may share the folder.
os.environ.setdefault("PORTAL_DATA", str(Path(__file__).parents[1] / "build" / "test-data"))

from portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATA_DIR.mkdir(parents=True, exist_ok=True)  # noqa: F405
