"""The folder through which the processes of one machine hand on work when there is no Redis.

Kombu makes a message visible before it is written: a worker that looks in between reads nothing,
takes it for a broken message and stops. Here a message appears whole or not at all.
"""

import os
import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

UNFINISHED = ".part"


class Channel(filesystem.Channel):  # type: ignore[misc]
    """Messages are renamed into place; what a crash has cut in half is thrown away."""

    def _put(self, queue: str, payload: Any, **_more: Any) -> None:  # type: ignore[override]
        """Put a message onto a queue. Raises ChannelError when the folder does not take it."""
        # The folder is read in the order of its names: with all its digits, ten comes after nine.
        name = f"{round(monotonic() * 1000):015d}_{uuid.uuid4()}.{queue}.msg"
        place = Path(self.data_folder_out) / name
        unfinished = place.with_name(name + UNFINISHED)
        try:
            unfinished.write_text(dumps(payload), encoding="utf-8")
            os.replace(unfinished, place)
        except OSError as fault:
            raise ChannelError(f"Cannot add file {str(place)!r} to directory") from fault

    def _get(self, queue: str, timeout: Any = None) -> Any:
        """The next whole message of a queue. Raises Empty when there is none.

        The work itself stands in rows of the database, so nothing is lost with half a message: the
        next sweep asks for it again.
        """
        while True:
            try:
                return super()._get(queue)
            except ValueError:
                continue  # the library has moved it away before it read it


class Transport(filesystem.Transport):  # type: ignore[misc]
    """Kombu's transport over these channels."""

    Channel = Channel
