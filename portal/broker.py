"""What the worker does with messages in hand when the queue breaks off: it lets go of them.

Kombu (5.7) puts them back, and acknowledges them later, over the channel it has just closed; that has
no address any more, and the AttributeError ends the whole worker. No message is worth that: work is
a row, and the next sweep finds it (`reliability.md` 2).

Without Redis the messages are files. Kombu writes a message under its final name, so a reader may find it
empty; that too ends the worker, and `up` with it. Here a message gets its name when it is whole.
"""

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem, redis, virtual
from kombu.utils.json import dumps


class LettingGo(redis.QoS):  # type: ignore[misc]
    """The messages a worker has in hand."""

    # A message that was not finished is given out again after the visibility timeout.
    restore_at_shutdown = False

    def ack(self, delivery_tag: Any) -> None:
        """Done with it; a closed channel is not told."""
        if self.channel.closed:
            virtual.QoS.ack(self, delivery_tag)
        else:
            super().ack(delivery_tag)

    def reject(self, delivery_tag: Any, requeue: bool = False) -> None:
        """Not done; a closed channel is not told."""
        if self.channel.closed:
            virtual.QoS.ack(self, delivery_tag)
        else:
            super().reject(delivery_tag, requeue=requeue)


class WholeFiles(filesystem.Channel):  # type: ignore[misc]
    """Messages as files that are there whole or not at all."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        """Write aside, then give the name that readers look for."""
        folder = Path(self.data_folder_out)
        aside = folder / f"{uuid.uuid4()}.part"
        aside.write_text(dumps(payload))
        # Names are read in their order: the clock of the machine goes first.
        os.replace(aside, folder / f"{time.monotonic() * 1000:.0f}_{aside.stem}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The next message; one that a power cut left in pieces is passed over, its work is a row."""
        try:
            return super()._get(queue)
        except ValueError as broken:
            raise Empty from broken


def let_go() -> None:
    """From now on, for every connection to the queue of this process."""
    redis.Channel.QoS = LettingGo
    filesystem.Transport.Channel = WholeFiles
