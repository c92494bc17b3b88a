"""`manage.py verify`: every check of the house, one after the other, with its time."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby

from portal.bootstrap import ROOT, administrator_prefix, parse
from tests.chromium import chromium_program, has_chinese_font
from tests.faults.clockwork import faketime_library
from tests.servers import Servers, postgres_folder, redis_program

# program → (is it here?, Debian's package, Homebrew's package)
PROGRAMS: dict[str, tuple[Callable[[], object], str, str]] = {
    "PostgreSQL": (postgres_folder, "postgresql", "postgresql@16"),
    "Redis": (redis_program, "redis-server", "redis"),
    "Chromium": (chromium_program, "chromium", "--cask chromium"),
    "libfaketime": (faketime_library, "faketime", "libfaketime"),
    "中文字体 Chinese font": (has_chinese_font, "fonts-wqy-microhei", "font-noto-sans-cjk-sc"),
}
SUMMARY_LINE = re.compile(
    r"\d+ (passed|failed|errors?|skipped|deselected)\b.* in [\d.]+s|^FAILED |^ERROR "
)
PYTEST = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
ON_SERVERS = ["-p", "tests.on_servers"]
# A file's own street is laid once when one worker has the whole file; journeys differ too much in length.
# In the order of `tests.conftest.longest_first`.
BY_FILE = ["-n", "2", "--dist=loadfile", "--no-loadscope-reorder"]
BY_TEST = ["-n", "2"]
LAY = "import django; django.setup(); from tests.laid import lay; lay()"


def shown_at_once(line: str) -> None:
    """A line of a check, as it comes."""
    print(line, end="", flush=True)


@dataclass
class Step:
    """One check: a command, or a function that does the work itself."""

    name: str
    purpose: str
    command: list[str] = field(default_factory=list)
    act: Callable[[], bool] | None = None
    # Checks of one group follow each other and run two at a time; each needs one core at most.
    group: str = ""
    # Waits for the processor where another check is timed.
    is_patient: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    summary: list[str] = field(default_factory=list)
    seconds: float = 0.0
    passed: bool = False

    def run(self, show: Callable[[str], object] = shown_at_once) -> None:
        """Run the check and keep its time, its result and pytest's own closing lines."""
        started = time.monotonic()
        self.passed = self.act() if self.act else self.run_command(show)
        self.seconds = time.monotonic() - started

    def run_command(self, show: Callable[[str], object]) -> bool:
        """Run the command and hand on its output as it comes."""
        process = subprocess.Popen(
            [*("nice", "-n", "10")[: 3 * self.is_patient], *self.command],
            cwd=ROOT,
            env=clean_environment() | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert process.stdout
        try:
            for line in process.stdout:
                show(line)
                if self.command[:3] == PYTEST[:3] and SUMMARY_LINE.search(line):
                    self.summary.append(line.strip().strip("= "))
            return process.wait() == 0
        finally:
            if process.poll() is None:  # this run was asked to stop: so is the check
                process.terminate()
                process.wait(timeout=30)


def clean_environment() -> dict[str, str]:
    """The environment of the checks: nothing of this machine's own installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return kept | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PORTAL_VERIFY": "yes"}


def steps(*, full: bool) -> list[Step]:
    """The checks, the quick ones first."""
    python = [sys.executable, "-m"]
    heavy = ["--full"] if full else []
    return [
        Step("programs", "系统程序 PostgreSQL, Redis, Chromium, libfaketime", act=require_programs),
        Step("format", "代码格式", [*python, "ruff", "format", "--check", "."], group="quick"),
        Step("lint", "代码检查", [*python, "ruff", "check", "."], group="quick"),
        Step("types", "类型", [*python, "mypy"], group="quick"),
        Step(
            "templates",
            "模板",
            [*python, "djlint", "--lint", "--quiet", "templates"],
            group="quick",
        ),
        Step(
            "migrations",
            "缺少的迁移",
            [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
            group="quick",
        ),
        Step(
            "tests",
            "全部测试，PostgreSQL 与 Redis",
            [
                *PYTEST,
                *ON_SERVERS,
                *BY_FILE,
                "--durations=12",
                "--ignore=tests/browser",
                "--ignore=tests/faults",
                *heavy,
                "tests",
            ],
        ),
        Step(
            "smoke",
            "SQLite 快速通过",
            [
                *PYTEST,
                "-m",
                "smoke",
                "--ignore=tests/browser",
                "--ignore=tests/faults",
                "tests",
            ],
            is_patient=True,
            # Faults are half waiting; with `--full` they are measured, and nothing runs beside them.
            group="" if full else "beside",
        ),
        Step(
            "faults",
            "进程被杀之后",
            [*PYTEST, *ON_SERVERS, "-s", *heavy, "tests/faults"],
            group="" if full else "beside",
        ),
        Step("browser", "浏览器走查", [*PYTEST, *ON_SERVERS, *BY_TEST, *heavy, "tests/browser"]),
    ]


def share_servers(chosen: list[Step]) -> None:
    """One PostgreSQL and one Redis for all runs that want them, and a database for them to copy.

    It is laid beside the quick checks, which leave a core idle.
    """
    wanting = [step for step in chosen if "tests.on_servers" in step.command]
    if not wanting:
        return
    servers = Servers()
    servers.start()
    addresses = servers.addresses | {"PORTAL_TEST_LAID": "yes"}
    for step in wanting:
        step.environment = addresses
    laying = [sys.executable, "-c", LAY]
    subprocess.Popen(laying, cwd=ROOT, env=clean_environment() | addresses)


def require_programs() -> bool:
    """Install what is missing where that is allowed; else say what is missing."""
    missing = missing_programs()
    if missing:
        install_programs(missing)
        missing = missing_programs()
    for name in missing:
        _, debian, mac = PROGRAMS[name]
        print(
            f"缺少 {name}：请安装（Debian: sudo apt-get install {debian}；macOS: brew install {mac}）。"
            f" {name} is missing; install it."
        )
    return not missing


def missing_programs() -> list[str]:
    """The names of the programs that are not here."""
    return [name for name, (is_here, _, _) in PROGRAMS.items() if not is_here()]


def install_programs(missing: list[str]) -> None:
    """apt-get on Debian with the rights for it, Homebrew on macOS."""
    print(f"安装 Installing: {', '.join(missing)}", flush=True)
    rights = administrator_prefix()
    if shutil.which("apt-get") and rights is not None:
        packages = [PROGRAMS[name][1] for name in missing]
        quiet = {"stdout": subprocess.DEVNULL, "check": False}
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        rights = [*rights, "env", "DEBIAN_FRONTEND=noninteractive"]
        install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        subprocess.run([*rights, "apt-get", "update", "-qq"], env=environment, **quiet)
        subprocess.run([*rights, *install], env=environment, **quiet)
    elif shutil.which("brew"):
        for name in missing:
            subprocess.run(["brew", "install", *PROGRAMS[name][2].split()], check=False)


def report(done: list[Step], total: float) -> int:
    """The closing table and pytest's own lines; `total` in seconds. Returns the exit code."""
    print(f"\n{'═' * 72}")
    for step in done:
        print(
            f"{'通过 ok    ' if step.passed else '失败 FAILED'} {step.seconds:6.1f} s  {step.name}"
        )
        for line in step.summary:
            print(f"                       {line}")
    failed = [step.name for step in done if not step.passed]
    if failed:
        print(f"verify 失败 failed: {', '.join(failed)} ({total:.0f} s)")
        return 1
    print(f"verify 全部通过 passed ({total:.0f} s)")
    return 0


def main(arguments: list[str]) -> int:
    """Run the checks that were asked for; a failed one does not hide the others."""
    options = parse("verify", arguments)
    chosen = steps(full=options.full)
    if options.only:
        wanted = options.only.split(",")
        if unknown := set(wanted) - {step.name for step in chosen}:
            print(f"没有这样的步骤 no such step: {', '.join(sorted(unknown))}", file=sys.stderr)
            return 2
        chosen = [step for step in chosen if step.name in wanted]
    shutil.rmtree(ROOT / "build" / "test-data", ignore_errors=True)
    began, done = time.monotonic(), []
    for together in in_groups(chosen):
        done += run_together(together) if len(together) > 1 else run_alone(together[0])
        if done[-1].name == "programs":
            if not done[-1].passed:
                break
            share_servers(chosen)
    return report(done, time.monotonic() - began)


def in_groups(chosen: list[Step]) -> list[list[Step]]:
    """The checks in their order, those of one group together."""
    return [list(group) for _name, group in groupby(chosen, lambda step: step.group or step.name)]


def run_alone(step: Step) -> list[Step]:
    """One check, its output shown as it comes."""
    print(f"\n── {step.name} · {step.purpose}", flush=True)
    step.run()
    print(f"── {step.name} {step.seconds:.1f} s", flush=True)
    return [step]


def run_together(group: list[Step]) -> list[Step]:
    """Two at a time, types before all others; each one's output is shown when it has ended."""
    said: dict[str, list[str]] = {step.name: [] for step in group}

    def run(step: Step) -> Step:
        step.run(said[step.name].append)
        return step

    with ThreadPoolExecutor(2) as pool:
        for step in pool.map(run, sorted(group, key=lambda step: step.name != "types")):
            lines = "".join(said[step.name])
            print(
                f"\n── {step.name} · {step.purpose}\n{lines}── {step.name} {step.seconds:.1f} s",
                flush=True,
            )
    return group


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
