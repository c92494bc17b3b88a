"""The web door of the street that is to be killed."""

from portal.wsgi import application as of_the_house
from tests.faults.points import with_points

application = with_points(of_the_house)
