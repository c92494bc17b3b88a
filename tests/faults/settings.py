"""Settings of the processes that are to be killed; no production ever loads them."""

from governance import points
from portal.env import EnvironmentProblem
from tests.faults.points import strike
from tests.settings import *  # noqa: F403

if not str(DATABASES["default"]["NAME"]).startswith("faults_"):  # noqa: F405
    raise EnvironmentProblem("The fault tests work on a database called faults_… and on no other.")

points.strike = strike
