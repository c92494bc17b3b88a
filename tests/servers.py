"""Private PostgreSQL and Redis for a test run: unix sockets only, a random folder, gone at the end."""

import atexit
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
import redis

READY_WITHIN_SECONDS = 30
POSTGRES_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)
# A crash of the machine would lose this database; nobody would miss it.
POSTGRES_OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=60",
    "shared_buffers=128MB",
    "timezone=UTC",
)


class ServerMissing(RuntimeError):
    """A program that the tests need is not installed."""


def postgres_folder() -> Path | None:
    """The folder where `initdb` and `postgres` lie side by side, behind links on the PATH."""
    on_path = shutil.which("initdb")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    for pattern in POSTGRES_FOLDERS:
        candidates += sorted(Path("/").glob(pattern[1:]), key=version_of, reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def version_of(folder: Path) -> int:
    """The number in `/usr/lib/postgresql/15/bin`, so that 15 comes after 9."""
    digits = "".join(sign for sign in folder.parent.name if sign.isdigit())
    return int(digits or 0)


def redis_program() -> str | None:
    """The Redis server on this machine."""
    return shutil.which("redis-server")


def unprivileged() -> dict[str, int]:
    """Whom the servers run as: `initdb` refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid}
    raise ServerMissing("no account postgres or nobody to run the servers as")


class Servers:
    """The two servers of one run."""

    database = "portal"
    postgres_options = POSTGRES_OPTIONS
    cluster_options: tuple[str, ...] = ("--no-sync",)

    def __init__(self) -> None:
        # Directly below the root of temporary files: socket paths may have ~100 signs on macOS.
        self.folder = Path(tempfile.mkdtemp(prefix="t-", dir="/tmp"))
        self.account = unprivileged()
        self.running: list[subprocess.Popen[bytes]] = []
        if self.account:
            os.chown(self.folder, self.account["user"], self.account["group"])

    @property
    def database_address(self) -> str:
        """The address in the form of PORTAL_DATABASE_URL."""
        return f"postgresql://portal@/{self.database}?host={self.folder}"

    @property
    def broker_address(self) -> str:
        """The address in the form of PORTAL_BROKER_URL."""
        return f"redis+socket://{self.folder}/redis.sock"

    @property
    def addresses(self) -> dict[str, str]:
        """What a run that uses these servers finds in its environment."""
        return {
            "PORTAL_TEST_SERVERS": str(self.folder),
            "PORTAL_DATABASE_URL": self.database_address,
            "PORTAL_BROKER_URL": self.broker_address,
        }

    def start(self) -> None:
        """Start both and wait until both answer; whatever was started is stopped at exit."""
        atexit.register(self.stop, os.getpid())
        self.start_postgres()
        self.start_redis()
        self.wait_for_postgres()
        self.wait_for_redis()

    def start_postgres(self) -> None:
        """A new cluster with UTF-8 text in plain code-point order."""
        programs = postgres_folder()
        if programs is None:
            raise ServerMissing("PostgreSQL (initdb and postgres) is not installed")
        data = self.folder / "data"
        command = [programs / "initdb", "-D", data, "-U", "portal", "--auth=trust"]
        command += self.cluster_options
        locale = ["--encoding=UTF8", "--locale=C.UTF-8"]
        created = self.initialise([*command, *locale])
        if created.returncode:  # macOS before 13 knows no C.UTF-8
            shutil.rmtree(data, ignore_errors=True)
            created = self.initialise([*command, "--encoding=UTF8", "--locale=C"])
        if created.returncode:
            raise ServerMissing(f"initdb failed: {created.stderr[-500:]!r}")
        self.launch_postgres(programs)

    def launch_postgres(self, programs: Path) -> None:
        """Start the server on the cluster."""
        options = [part for option in self.postgres_options for part in ("-c", option)]
        data = self.folder / "data"
        self.launch([programs / "postgres", "-D", data, "-k", self.folder, *options], "postgres")

    def initialise(self, command: list[str | Path]) -> subprocess.CompletedProcess[bytes]:
        """Run `initdb` as the account of the servers."""
        return subprocess.run(
            command, capture_output=True, cwd=self.folder, check=False, **self.account
        )

    def start_redis(self) -> None:
        """A Redis that listens on a socket and writes nothing to disk."""
        program = redis_program()
        if program is None:
            raise ServerMissing("redis-server is not installed")
        options = ["--port", "0", "--save", "", "--appendonly", "no", "--dir", self.folder]
        self.launch([program, "--unixsocket", self.folder / "redis.sock", *options], "redis")

    def launch(self, command: list[str | Path], name: str) -> subprocess.Popen[bytes]:
        """Start a server in its own session, so that Ctrl-C reaches the tests only."""
        with (self.folder / f"{name}.log").open("ab") as log:
            server = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **self.account,
            )
        self.running.append(server)
        return server

    def wait_for_postgres(self) -> None:
        """Poll with the driver (not every machine has pg_isready), then create the database."""

        def connect() -> None:
            address = {"host": str(self.folder), "user": "portal", "dbname": "postgres"}
            connection = psycopg2.connect(**address)
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {self.database}")
            connection.close()

        self.poll(connect, psycopg2.OperationalError, "postgres")

    def wait_for_redis(self) -> None:
        """Poll until Redis answers."""
        client = redis.Redis(unix_socket_path=str(self.folder / "redis.sock"))
        self.poll(client.ping, redis.ConnectionError, "redis")

    def poll(self, question: object, refusal: type[Exception], name: str) -> None:
        """Ask again until the server answers; show its log when it does not."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while True:
            try:
                question()  # type: ignore[operator]
                return
            except refusal as problem:
                if time.monotonic() > deadline:
                    log = (self.folder / f"{name}.log").read_text(errors="replace")
                    raise ServerMissing(f"{name} did not start: {log[-800:]}") from problem
            time.sleep(0.05)

    def stop(self, owner: int) -> None:
        """Stop both at once and remove the folder; a forked child leaves them alone."""
        if os.getpid() != owner:
            return
        for server in self.running:
            server.send_signal(signal.SIGQUIT)  # PostgreSQL's immediate shutdown; Redis dies of it
        for server in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=10)
            server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_once() -> None:
    """Start the servers and lay their addresses into the environment, once for a whole run."""
    if "PORTAL_TEST_SERVERS" in os.environ:
        return
    servers = Servers()
    servers.start()
    os.environ.update(servers.addresses)


def without_server(name: str) -> None:
    """Skip on a bare `pytest`; in a run that promised servers a missing one is a failure."""
    if "PORTAL_TEST_SERVERS" in os.environ:
        pytest.fail(f"{name} should be here and is not")
    pytest.skip(f"needs {name}: run pytest with -p tests.on_servers")
