"""One house on one folder of data; standard library only, because it is asked before all is there."""

import fcntl
from pathlib import Path
from typing import IO


def claim(folder: Path, port: int) -> IO[str]:
    """Hold the data until the answer is closed or this process ends.

    Two houses on one folder would both carry the clock and write into one broker. Raises
    BlockingIOError, with the address of the other one as its file name.
    """
    file = (folder / "up.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as other:
        file.seek(0)
        written = file.read().strip()
        file.close()
        raise BlockingIOError(
            other.errno, other.strerror, f"http://127.0.0.1:{written or 8000}/"
        ) from None
    file.truncate(0)
    file.write(str(port))
    file.flush()
    return file


def already_open(other: BlockingIOError) -> str:
    """Where the house is that holds the data, and how to start it anew."""
    return (
        f"这个文件夹的门户已经在运行：{other.filename} ，直接打开即可；"
        "要重新启动，请先在原来的窗口按 Ctrl-C。"
        f" The portal of this folder is already running at {other.filename}"
    )
