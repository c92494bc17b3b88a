#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""The two words of the house, `up` and `verify`, and every command of Django.

This file must stay readable for old Pythons, so that they can say that they are too old.
"""

import os
import sys

HOUSE_COMMANDS = ("up", "verify")


def main():
    """Hand over to the guard for `up` and `verify`, else to Django."""
    if sys.version_info < (3, 11):
        found = "{}.{}".format(*sys.version_info[:2])
        sys.exit(
            "需要 Python 3.11 或更新版本，当前是 %s。 "
            "Python 3.11 or newer is needed; this is %s." % (found, found)
        )
    here = os.path.dirname(os.path.abspath(__file__))
    if len(sys.argv) > 1 and sys.argv[1] in HOUSE_COMMANDS:
        from portal.bootstrap import run_house_command

        sys.exit(run_house_command(sys.argv[1], sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        python = os.path.join(here, ".venv", "bin", "python")
        if not os.path.exists(python) or os.path.realpath(sys.prefix) == os.path.realpath(
            os.path.join(here, ".venv")
        ):
            sys.exit(
                "环境尚未准备，请先运行 python3 manage.py up。 "
                "Nothing is installed yet: run python3 manage.py up first."
            )
        os.execv(python, [python, os.path.join(here, "manage.py")] + sys.argv[1:])
    from portal.env import EnvironmentProblem

    try:
        execute_from_command_line(sys.argv)
    except EnvironmentProblem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
