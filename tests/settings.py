"""Settings of the test run: those of the house, with keys that guard nothing and a folder of its own."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("PORTAL_SECRET_KEY", "only-the-tests-use-this-key-" + "x" * 32)
os.environ.setdefault("PORTAL_SEAL_KEYS", "k1:" + "11" * 32)
os.environ.setdefault("PORTAL_DIGEST_KEY", "22" * 32)
if "PORTAL_DATA" not in os.environ:
    os.environ["PORTAL_DATA"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["PORTAL_DATA"], ignore_errors=True)

from portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
