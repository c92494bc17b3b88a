"""Laying the street: the core at once, residents and a year of complaints as a job."""

from dataclasses import dataclass
from random import Random

from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Job, Organisation
from governance.services import audit, jobs
from portal.demonstration import accounts, members
from portal.demonstration.street import SHORT_CODE, lay_street

SEED = 20260101
CASES = 11_000
KIND = "demonstration"


@dataclass(frozen=True)
class Sizes:
    """How much is invented: complaints of the year, and how many buildings get residents."""

    cases: int = CASES
    buildings: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What seeding did, in one sentence."""

    is_new: bool
    sentence: str


def seed(number: int = SEED, sizes: Sizes | None = None) -> Outcome:
    """Lay the core of the street and put the rest in line; a street that stands is left alone.

    The same number gives the same street. One transaction: it stands whole or not at all.
    """
    sizes = sizes or Sizes()
    if Organisation.objects.filter(short_code=SHORT_CODE).exists():
        if not accounts.password_file().exists():
            accounts.set_password()
            return Outcome(False, _("演示街道已经建好，没有改动；演示账号换了新密码。"))
        return Outcome(False, _("演示街道已经建好，没有改动。"))
    with audit.deed():
        lay_core(number, sizes)
    accounts.set_password()
    return Outcome(True, _("演示街道已建好；居民与一年的诉求正在后台生成。"))


def lay_core(number: int, sizes: Sizes) -> None:
    """Default rows, organisations, ground, people with posts, accounts, and the job."""
    call_command("load_defaults", verbosity=0, stdout=_Silence())
    street = lay_street(Random(f"{number}:street"))
    staff = members.settle(street, Random(f"{number}:members"), timezone.localdate())
    members.appoint_officials(street, staff)
    jobs.start(
        KIND,
        title=_("演示街道：居民与一年的诉求"),
        organisation=street.organisation,
        by=None,
        parameters={"seed": number, "cases": sizes.cases, "buildings": sizes.buildings},
    )


class _Silence:
    """Swallows what a command would print."""

    def write(self, text: str = "") -> None:
        """Nothing."""


def run_waiting() -> int:
    """Do the jobs of the demonstration that wait; how many."""
    return jobs.run_waiting({KIND: work})


def work(job: Job) -> None:
    """Residents and complaints."""
    del job
