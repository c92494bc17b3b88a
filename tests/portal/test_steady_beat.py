"""The clock of the house goes on when the clock of the machine is set back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from celery import Celery
from celery.beat import PersistentScheduler

from portal.celery import app
from portal.steady_beat import SteadyScheduler

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def runs(kind: type[PersistentScheduler], folder: Path, *, step: timedelta) -> int:
    """How often a job of every ten seconds is sent in the minute after a step of the clock."""
    house = Celery("test", broker="memory://")
    house.conf.update(
        beat_schedule={"sweep": {"task": "sweep", "schedule": timedelta(seconds=10)}},
        timezone="Asia/Shanghai",
    )
    sent: list[datetime] = []
    with time_machine.travel(NOON, tick=False) as clock:
        beat = kind(app=house, schedule_filename=str(folder / "beat"))
        beat.apply_entry = lambda *_args, **_more: sent.append(datetime.now(UTC))
        pass_seconds(beat, clock, 20)
        assert sent, "the job runs before the step"
        clock.shift(step)
        sent.clear()
        pass_seconds(beat, clock, 60)
        beat.close()
    return len(sent)


def pass_seconds(beat: PersistentScheduler, clock: time_machine.Traveller, seconds: int) -> None:
    """Let the clock tick a second at a time, as a machine does."""
    for _second in range(seconds):
        for _round in range(3):
            beat.tick()
        clock.shift(1)


@pytest.mark.parametrize("hours", [-1, -24, 1, 24])
def test_after_a_step_of_the_clock_the_job_goes_on(tmp_path: Path, hours: int) -> None:
    assert 5 <= runs(SteadyScheduler, tmp_path, step=timedelta(hours=hours)) <= 7


def test_control_celerys_own_clock_falls_silent(tmp_path: Path) -> None:
    assert runs(PersistentScheduler, tmp_path, step=timedelta(hours=-1)) == 0


def test_the_house_uses_it() -> None:
    assert app.conf.beat_scheduler == "portal.steady_beat:SteadyScheduler"
