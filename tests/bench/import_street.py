"""The street of the import measurement; imported once Django knows its database."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management import call_command
from django.db import connection

from complaints.services.imports import run_import, start_import
from governance.models import Job, Organisation, User
from governance.services import jobs
from tests.bench import big_street


def build(since: date) -> tuple[User, Organisation]:
    """31 communities with 108 compounds, the default rows, and a clerk."""
    call_command("migrate", verbosity=0)
    call_command("load_defaults", verbosity=0)
    built = big_street.build(100, lambda chance: f"居民{chance.randrange(99)}", since)
    Organisation.objects.filter(pk=built.street.pk).update(short_code="DJ")
    built.street.short_code = "DJ"
    return big_street.serving("clerk", "hotline_clerk", built.street, since), built.street


def start(path: Path, clerk: User, street: Organisation) -> int:
    """Put the file in line."""
    with path.open("rb") as file:
        return start_import(File(file, name=path.name), by=clerk, subdistrict=street).pk


def run(pk: int) -> tuple[dict[str, Any], int]:
    """Run the job and count its statements."""
    job = Job.objects.select_related("organisation", "by").get(pk=pk)
    statements = 0

    def count(execute: Any, *args: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        jobs.run(job, run_import)
    shown = ("new", "unchanged", "updated", "refused", "place_unknown", "category_unknown")
    return {name: job.result.get(name) for name in shown} | {"failure": job.failure}, statements
