"""What must hold for every installation: driver, queue, locks, settings, migrations."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from celery.schedules import crontab
from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from portal.celery import SCHEDULE, app, beat_schedule, transport_options
from tests.house.reading import ROOT

LOCKS = ["requirements.txt", "requirements-test.txt", "requirements-node.txt"]
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "PORTAL_PRODUCTION": "yes",
    "PORTAL_HOSTS": "portal.example",
    "PORTAL_SECRET_KEY": "p7Qmx" * 16,
    "PORTAL_SEAL_KEYS": "k1:" + "ab" * 32,
    "PORTAL_DIGEST_KEY": "cd" * 32,
    "PORTAL_DATABASE_URL": "postgresql://portal@localhost/portal",
    "PORTAL_BROKER_URL": "redis://localhost/0",
}


def test_the_database_driver_is_the_chosen_one() -> None:
    """Django silently prefers psycopg 3 as soon as something installs it."""
    assert is_psycopg3 is False


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_a_database_that_came_by_the_many_migrations_of_before_has_all_tables() -> None:
    recorder = MigrationRecorder(connection)
    for migration in MigrationLoader(connection).replacements:
        recorder.record_unapplied(*migration)

    assert still_to_do() == []

    recorder.record_unapplied("complaints", "0022_counts_of_settled_cases")

    assert still_to_do() == ["complaints.0003_counts_of_settled_cases"]


def still_to_do() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


# The queue (reliability.md 2) -----------------------------------------------------------------


def test_the_queue_reads_nothing_but_json() -> None:
    assert list(app.conf.accept_content) == ["json"]
    assert (app.conf.task_serializer, app.conf.result_serializer) == ("json", "json")


def test_a_killed_worker_loses_no_task_and_publishing_never_waits() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert not app.conf.task_publish_retry


def test_no_task_may_outlive_the_moment_when_it_is_given_to_another_worker() -> None:
    visibility = transport_options("redis://localhost/0")["visibility_timeout"]

    assert app.conf.task_soft_time_limit < app.conf.task_time_limit < visibility


def test_every_job_of_the_schedule_exists_and_expires() -> None:
    app.loader.import_default_modules()

    assert {job.task for job in SCHEDULE} <= set(app.tasks)
    for entry in beat_schedule(SCHEDULE).values():
        assert 0 < entry["options"]["expires"] <= 3600


def test_every_job_says_its_purpose_in_chinese() -> None:
    assert all(re.search("[\u4e00-\u9fff]", job.purpose) for job in SCHEDULE)
    assert all(isinstance(job.every, crontab) or job.every for job in SCHEDULE)


# The locks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_packages_and_hashes_and_no_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert not re.search(r"://|--index|--extra|--find-links|^/", text, re.MULTILINE)
    packages = re.split(r"\n(?=\S)", text.strip())
    assert all(re.match(r"^[\w.-]+==\S+", package) for package in packages)
    assert all("--hash=sha256:" in package for package in packages)


def test_the_lock_of_the_front_end_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))

    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry.get("integrity") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_every_direct_pin_is_in_the_lock() -> None:
    direct = re.findall(r'"([\w-]+)(?:\[\w+\])?==([\w.]+)"', (ROOT / "pyproject.toml").read_text())
    locks = "".join((ROOT / name).read_text().lower() for name in LOCKS)

    assert len(direct) > 30
    assert [pin for pin in direct if f"{pin[0].lower()}=={pin[1]} " not in locks] == []


# Production ---------------------------------------------------------------------------------------


def deploy_check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Django's own list of what a production installation must set."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_pass_every_deployment_check(tmp_path: Path) -> None:
    done = deploy_check(PRODUCTION | {"PORTAL_DATA": str(tmp_path)})

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_DEMONSTRATION", "yes"),
        ("PORTAL_DEBUG", "yes"),
        ("PORTAL_DATABASE_URL", "sqlite:////tmp/portal.sqlite3"),
        ("PORTAL_BROKER_URL", "filesystem://"),
        ("PORTAL_SECRET_KEY", None),
        ("PORTAL_SEAL_KEYS", None),
        ("PORTAL_SEAL_KEYS", "k1:" + "ab" * 20),
        ("PORTAL_DIGEST_KEY", None),
        ("PORTAL_HOSTS", None),
    ],
)
def test_production_refuses_to_start_and_names_the_variable(
    name: str, value: str | None, tmp_path: Path
) -> None:
    environment = PRODUCTION | {"PORTAL_DATA": str(tmp_path)}
    environment = {k: v for k, v in environment.items() if k != name}
    done = deploy_check(environment if value is None else environment | {name: value})

    assert done.returncode != 0
    assert name in done.stderr
