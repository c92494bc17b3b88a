"""Work handed on through a folder: a message is seen whole or not at all."""

import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from threading import Event, Thread
from typing import Any

import pytest
from kombu import Connection
from kombu.transport import filesystem

from portal import spool
from portal.celery import app

QUEUE = "work"


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Any]:
    """Folders of this test alone."""
    names = {"data_folder_in": "q", "data_folder_out": "q", "processed_folder": "d"}
    options = {name: str(tmp_path / folder) for name, folder in names.items()}
    for folder in {*options.values(), str(tmp_path / "c")}:
        Path(folder).mkdir()
    return {**options, "control_folder": str(tmp_path / "c")}


@pytest.fixture
def channel(folders: dict[str, Any]) -> Iterator[Any]:
    """A channel of the house over these folders."""
    with Connection("filesystem://", transport_options=folders) as connection:
        yield connection.channel()


def broken_reads(channel: Any, put: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a reader that never stops looking stumbles, while messages are written slowly."""
    broken, stop = [0], Event()

    def read() -> None:
        while not stop.is_set():
            try:
                filesystem.Channel._get(channel, QUEUE)
            except Empty:
                time.sleep(0.0005)
            except ValueError:
                broken[0] += 1

    def slowly(_message: Any) -> str:
        time.sleep(0.02)  # as on a machine that has much else to do
        return '{"body": "x"}'

    monkeypatch.setattr(filesystem, "dumps", slowly)
    monkeypatch.setattr(spool, "dumps", slowly)
    reader = Thread(target=read)
    reader.start()
    for _number in range(10):
        put(channel, QUEUE, {"body": "x"})
    time.sleep(0.1)
    stop.set()
    reader.join()
    return broken[0]


def test_a_reader_never_meets_half_a_message(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(channel, spool.Channel)
    assert broken_reads(channel, spool.Channel._put, monkeypatch) == 0


def test_the_watcher_sees_half_a_message(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: as the library writes it, a message is there before its words are."""
    assert broken_reads(channel, filesystem.Channel._put, monkeypatch) > 0


def test_what_is_put_is_got_once_and_in_order(channel: Any, folders: dict[str, Any]) -> None:
    for number in range(3):
        channel._put(QUEUE, {"body": number})
        time.sleep(0.002)

    assert [channel._get(QUEUE)["body"] for _number in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get(QUEUE)
    assert list(Path(folders["data_folder_in"]).iterdir()) == []


def test_a_message_cut_in_half_by_a_crash_stops_nobody(
    channel: Any, folders: dict[str, Any]
) -> None:
    for name in ("000_first", "zzz_last"):
        (Path(folders["data_folder_in"]) / f"{name}.{QUEUE}.msg").write_bytes(b"")
    channel._put(QUEUE, {"body": "whole"})

    assert channel._get(QUEUE) == {"body": "whole"}
    with pytest.raises(Empty):
        channel._get(QUEUE)


@pytest.mark.parametrize("since_the_machine_started", [9_999.999, 999_999.999, 12.0])
def test_a_message_comes_after_the_one_before_it_however_long_the_machine_runs(
    channel: Any, monkeypatch: pytest.MonkeyPatch, since_the_machine_started: float
) -> None:
    clock = iter([since_the_machine_started, since_the_machine_started + 0.001])
    monkeypatch.setattr(spool, "monotonic", lambda: next(clock))
    for number in range(2):
        channel._put(QUEUE, {"body": number})

    assert [channel._get(QUEUE)["body"] for _number in range(2)] == [0, 1]


def test_a_folder_that_takes_nothing_is_said(channel: Any, folders: dict[str, Any]) -> None:
    Path(folders["data_folder_out"]).rmdir()

    with pytest.raises(Exception, match="Cannot add file"):
        channel._put(QUEUE, {"body": "x"})


def test_the_house_uses_it() -> None:
    with Connection("filesystem://") as connection:
        assert connection.get_transport_cls() is spool.Transport
    assert app.conf.broker_url
