"""What the worker does with messages in hand when the queue breaks off: it lets go of them.

Kombu (5.7) puts them back, and acknowledges them later, over the channel it has just closed; that has
no address any more, and the AttributeError ends the whole worker. No message is worth that: work is
a row, and the next sweep finds it (`reliability.md` 2).
"""

from typing import Any

from kombu.transport import redis, virtual


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


def let_go() -> None:
    """From now on, for every connection to the queue of this process."""
    redis.Channel.QoS = LettingGo
