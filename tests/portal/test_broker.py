"""The queue of a house without Redis: files that are there whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu.transport import filesystem

from portal.broker import WholeFiles
from portal.celery import app

MESSAGE = {"body": "一件", "properties": {}}


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Any]:
    """A channel to a queue of this test alone, opened as the worker opens it."""
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    options = folders | {"control_folder": str(tmp_path / "control")}
    with app.connection("filesystem://", transport_options=options) as connection:
        yield connection.default_channel


def test_the_house_uses_whole_files(channel: Any) -> None:
    """What the application sets is what a connection gets."""
    assert isinstance(channel, WholeFiles)


def test_a_message_has_its_name_only_when_it_is_whole(
    channel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader who comes while the message is written finds nothing; one who comes later, all of it."""
    found: list[object] = []

    def look_then_name(aside: Path, name: Path) -> None:
        with pytest.raises(Empty):
            channel._get("celery")
        found.append(aside.read_text())
        os.rename(aside, name)

    monkeypatch.setattr("portal.broker.os.replace", look_then_name)
    channel._put("celery", MESSAGE)
    assert len(found) == 1 and "body" in str(found[0])
    assert channel._get("celery") == MESSAGE
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_in_pieces_is_passed_over(channel: Any, tmp_path: Path) -> None:
    """What a power cut left does not end the worker; kombu's own reader would (the control)."""
    (tmp_path / "1_a.celery.msg").write_bytes(b"")
    with pytest.raises(ValueError, match="Expecting value"):
        filesystem.Channel._get(channel, "celery")
    (tmp_path / "1_b.celery.msg").write_bytes(b"")
    with pytest.raises(Empty):
        channel._get("celery")
    channel._put("celery", MESSAGE)
    assert channel._get("celery") == MESSAGE
