"""Runs the portal in one terminal: web server, worker and clock, until Ctrl-C."""

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from types import FrameType

from honcho.manager import Manager

from portal.bootstrap import ROOT, data_folder, in_one_sentence, interrupted, parse, run_step
from portal.single import already_open, claim

READY_WITHIN_SECONDS = 60


def main(arguments: list[str]) -> int:
    """Open the house, start its processes and announce the address; returns the exit code."""
    options = parse("up", arguments)
    try:
        _held = claim(data_folder(), options.port)
    except BlockingIOError as other:
        print(already_open(other), file=sys.stderr)
        return 1
    except OSError as refusal:
        print(in_one_sentence(refusal), file=sys.stderr)
        return 1
    environment = demonstration_environment(options.host)
    print("准备数据库 … Preparing the database", flush=True)
    opened = run_step([sys.executable, "-m", "portal.opening"], cwd=ROOT, env=environment)
    if opened:
        return opened
    manager = Manager()
    for name, command in processes(options.host, options.port).items():
        # `exec`: the shell steps aside, so that a stop reaches the program itself.
        line = "exec " + shlex.join(command)
        manager.add_process(name, line, env=environment, cwd=str(ROOT))
    threading.Thread(target=announce, args=(options.port, environment), daemon=True).start()
    # A closed terminal window stops the house like Ctrl-C does.
    signal.signal(signal.SIGHUP, stop_like_ctrl_c)
    manager.loop()
    return 0 if manager.returncode in (130, 143) else manager.returncode or 0


def stop_like_ctrl_c(signum: int, frame: FrameType | None) -> None:
    """Turn a hang-up into the stop that the process runner knows."""
    os.kill(os.getpid(), signal.SIGTERM)


def demonstration_environment(host: str) -> dict[str, str]:
    """The environment of every child: this house shows itself, with invented people only."""
    environment = os.environ | {
        "PORTAL_DEMONSTRATION": "yes",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
        # In a container one may be root; this worker reads JSON only.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
    if host not in ("127.0.0.1", "localhost", "::1"):
        environment.setdefault("PORTAL_HOSTS", "*")
    return environment


def processes(host: str, port: int) -> dict[str, list[str]]:
    """The commands of the web server and of the worker that carries the clock."""
    beat_file = data_folder() / "beat"
    # A stored last run in the future would silence the clock (reliability.md 2).
    for stale in beat_file.parent.glob("beat*"):
        stale.unlink()
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = (
        "-m gunicorn portal.wsgi:application --worker-class gthread --workers 1 --threads 8"
        " --no-control-socket --log-level warning --graceful-timeout 3"
    )
    worker = (
        "-m celery --quiet --app portal.celery worker --pool threads --concurrency 4 --beat"
        " --without-gossip --without-mingle --loglevel WARNING"
    )
    return {
        "web": [sys.executable, *web.split(), "--bind", address],
        "worker": [sys.executable, *worker.split(), "--schedule", str(beat_file)],
    }


def announce(port: int, environment: dict[str, str]) -> None:
    """Wait until the house answers, then print its address and who may sign in."""
    address = f"http://127.0.0.1:{port}/"
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not answers(address + "healthz"):
        if time.monotonic() > deadline:
            print("门户没有按时就绪，请看上面的输出。 The portal did not get ready.", flush=True)
            return
        time.sleep(0.2)
    accounts = subprocess.run(
        [sys.executable, "manage.py", "seed_demo", "--accounts"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        # Ctrl-C right now stops the house, and this one has nothing to say about it.
        start_new_session=True,
    )
    if not answers(address + "healthz"):
        return
    rule = "─" * 72
    print(f"\n{rule}\n  门户已就绪 The portal is open:  {address}\n", flush=True)
    print(accounts.stdout if accounts.returncode == 0 else accounts.stderr, flush=True)
    print(f"  按 Ctrl-C 停止。 Press Ctrl-C to stop.\n{rule}", flush=True)


def answers(address: str) -> bool:
    """Whether the health page says yes; a proxy of the machine is not asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print(interrupted("up"), file=sys.stderr)
        sys.exit(130)
