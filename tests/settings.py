"""Settings of the test run: those of the house, with keys that guard nothing."""

import os

os.environ.setdefault("PORTAL_SECRET_KEY", "only-the-tests-use-this-key-" + "x" * 32)
os.environ.setdefault("PORTAL_SEAL_KEYS", "k1:" + "11" * 32)
os.environ.setdefault("PORTAL_DIGEST_KEY", "22" * 32)

from portal.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
