"""In which order the demonstration's job fills the street: what is looked at first comes first."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.services import counts
from governance.models import Job
from portal.demonstration import doors, people, seeding
from tests.cast import Cast

pytestmark = pytest.mark.django_db
YEAR = 365


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in order, in place of the work itself."""
    written: list[str] = []
    first = timezone.localdate() - timedelta(days=seeding.DAYS_OF_THE_TREND)

    def noting(word: str) -> Callable[..., None]:
        return lambda *_parts, **_more: written.append(word)

    monkeypatch.setattr(
        counts, "store_day", lambda day: written.append("month" if day >= first else "day")
    )
    monkeypatch.setattr(seeding, "older_cases", lambda *_: [noting("cases")] * YEAR)
    monkeypatch.setattr(seeding, "pictures", lambda *_: [noting("photos")] * 3)
    monkeypatch.setattr(seeding, "homes", lambda *_: [noting("home")] * 2)
    monkeypatch.setattr(seeding, "boards", lambda *_: [noting("board")])
    monkeypatch.setattr(people, "empty_buildings", lambda *_: [])
    monkeypatch.setattr(doors, "publish", noting("results"))
    return written


def test_the_leaders_month_is_counted_early_and_again_when_all_its_cases_are_there(
    cast: Cast, done: list[str]
) -> None:
    parameters = {"seed": 1, "buildings": None, "days": YEAR, "boards": None,
                  "until": timezone.now().isoformat()}  # fmt: skip
    job = Job.objects.create(kind=seeding.KIND, organisation=cast.street, parameters=parameters)

    seeding.work(job, in_peace=False)

    month = seeding.DAYS_OF_THE_TREND
    assert done[:3] == ["photos", "results", "board"]
    assert done.index("month") == 3 + seeding.DAYS_BEHIND_THE_TREND
    assert done[3 + YEAR + month :] == [*["month"] * month, *["day"] * (YEAR - month),
                                        "photos", "photos", "home", "home"]  # fmt: skip
    job.refresh_from_db()
    assert job.done_count == job.total_count == len(done)
