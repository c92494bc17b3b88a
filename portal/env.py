"""Typed readers of the environment that fail loudly: text, number, yes or no, secret, database.

A value is looked for in the process environment first, then in the secrets file that
`python3 manage.py up` writes. Nothing secret ever has a default.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "yes", "true", "on"}
NO = {"", "0", "no", "false", "off"}


class EnvironmentProblem(ImproperlyConfigured):
    """A variable is missing or cannot be read; the sentence names it."""


def read_pairs(path: Path) -> dict[str, str]:
    """The NAME=value lines of a file; empty when there is no such file."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


class Environment:
    """The process environment with a file of secrets behind it."""

    def __init__(self, secrets_file: Path, environ: Mapping[str, str] = os.environ) -> None:
        self.secrets_file = secrets_file
        self.environ = environ
        self.secrets = read_pairs(secrets_file)

    def text(self, name: str, default: str | None = None) -> str:
        """The variable as text; without a default it must be there."""
        value = self.environ.get(name, default)
        if value is None:
            raise EnvironmentProblem(f"环境变量 {name} 没有设置。 The variable {name} is not set.")
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """The variable as a whole number."""
        value = self.text(name, None if default is None else str(default))
        try:
            return int(value)
        except ValueError:
            raise EnvironmentProblem(
                f"环境变量 {name} 应为整数。 {name} must be a whole number."
            ) from None

    def yes_no(self, name: str, default: bool = False) -> bool:
        """The variable as yes or no; anything else is refused instead of guessed."""
        value = self.text(name, "yes" if default else "no").lower()
        if value not in YES | NO:
            raise EnvironmentProblem(f"环境变量 {name} 应为 yes 或 no。 {name} must be yes or no.")
        return value in YES

    def words(self, name: str, default: str | None = None) -> list[str]:
        """The variable as a list, separated by commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def secret(self, name: str) -> str:
        """A secret from NAME, from the file that NAME_FILE points at, or from the secrets file."""
        if name in self.environ:
            value = self.environ[name]
        elif name + "_FILE" in self.environ:
            value = Path(self.environ[name + "_FILE"]).read_text(encoding="utf-8").strip()
        else:
            value = self.secrets.get(name, "")
        if len(value) < 32:
            raise EnvironmentProblem(
                f"密钥 {name} 缺失或太短，请先运行 python3 manage.py up，或在环境中设置。"
                f" The secret {name} is missing or too short: run python3 manage.py up"
                " first, or set it."
            )
        return value

    def keys(self, name: str) -> dict[str, bytes]:
        """Sealing keys by id, written as `k1:hex,k2:hex`; every key has 32 bytes."""
        pairs = (part.partition(":") for part in self.secret(name).split(","))
        try:
            found = {key_id.strip(): bytes.fromhex(value) for key_id, _, value in pairs}
        except ValueError:
            found = {}
        if not found or any(len(key) != 32 for key in found.values()):
            raise EnvironmentProblem(
                f"密钥 {name} 的格式应为 k1:64位十六进制。 {name} must read k1:<64 hex digits>."
            )
        return found


def database(address: str) -> dict[str, Any]:
    """Django's parts of `sqlite:////a/file` or `postgresql://user:word@host:port/name?host=/dir`."""
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path[1:])}
    if parts.scheme not in ("postgres", "postgresql"):
        raise EnvironmentProblem(
            "数据库地址应以 sqlite:// 或 postgresql:// 开头。"
            " The database address must begin with sqlite:// or postgresql://."
        )
    folder = parse_qs(parts.query).get("host", [""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": folder or parts.hostname or "",
        "PORT": str(parts.port or ""),
    }
