"""What prepares the environment: stamps, secrets, icons, and one sentence for each fault."""

import ast
import errno
import gzip
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal import bootstrap, running, single
from tests.house.reading import ROOT


def test_secrets_are_random_private_and_written_once(tmp_path):
    for name in ("one", "two"):
        bootstrap.write_secrets(tmp_path / name)
    first = (tmp_path / "one" / "secrets.env").read_text()
    bootstrap.write_secrets(tmp_path / "one")

    assert stat.S_IMODE((tmp_path / "one" / "secrets.env").stat().st_mode) == 0o600
    assert (tmp_path / "one" / "secrets.env").read_text() == first
    assert not set(first.splitlines()) & set(
        (tmp_path / "two" / "secrets.env").read_text().splitlines()
    )


def test_a_stamp_changes_with_every_source(tmp_path):
    lock, icons = tmp_path / "lock", tmp_path / "icons"
    lock.write_text("a")
    before = bootstrap.stamp_of(lock, icons)
    icons.write_text("house\n")

    assert bootstrap.stamp_of(lock, icons) != before
    assert bootstrap.stamp_of(lock) == bootstrap.stamp_of(lock)


def test_a_taken_port_is_named_with_a_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(bootstrap.SetupProblem, match=f"--port {port + 1}"):
            bootstrap.require_free_port("127.0.0.1", port)

    bootstrap.require_free_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.EROFS, "没有写入权限"), (errno.EACCES, "没有写入权限"), (errno.ENOSPC, "磁盘空间不足")],
)
def test_a_folder_that_cannot_be_written_gets_one_sentence(monkeypatch, number, sentence):
    def refuse(folder: Path) -> None:
        raise OSError(number, "no", str(folder))

    monkeypatch.setattr(bootstrap, "write_secrets", refuse)
    with pytest.raises(bootstrap.SetupProblem, match=sentence):
        bootstrap.prepare(with_tests=False)


def test_data_that_belong_to_somebody_else_get_one_sentence(monkeypatch, tmp_path, capsys):
    def refuse(folder: Path, port: int) -> None:
        raise PermissionError(errno.EACCES, "no", str(folder / "up.lock"))

    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    (tmp_path / "up.lock").write_text("8000")
    monkeypatch.setattr(bootstrap, "claim", refuse)
    monkeypatch.setattr(running, "claim", refuse)

    assert bootstrap.run_house_command("up", []) == 1
    before_preparing = capsys.readouterr().err
    assert running.main([]) == 1
    assert before_preparing == capsys.readouterr().err
    assert before_preparing.startswith(f"没有写入权限：{tmp_path}/up.lock")


def test_a_port_that_is_no_number_is_named(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(SystemExit):
        bootstrap.run_house_command("up", [])

    assert "--port: invalid int value: 'http'" in capsys.readouterr().err


def test_an_old_python_is_told_so_in_words_that_it_can_read():
    script = (
        "import runpy, sys\n"
        "sys.version_info, sys.argv = (3, 9, 2), ['manage.py', 'up']\n"
        "runpy.run_path('manage.py', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("需要 Python 3.11 或更新版本，当前是 3.9。")
    assert "Traceback" not in done.stderr
    ast.parse((ROOT / "manage.py").read_text(encoding="utf-8"), feature_version=(3, 0))


@pytest.mark.parametrize(
    "output", ["Temporary failure in name resolution", "npm error code ENOTFOUND"]
)
def test_no_network_gets_one_sentence_and_the_place_of_the_details(monkeypatch, tmp_path, output):
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "setup.log")
    command = [sys.executable, "-c", f"import sys; print({output!r}); sys.exit(1)"]
    with pytest.raises(bootstrap.SetupProblem, match=r"请检查网络.*setup\.log"):
        bootstrap.run_logged("下载", command)


def test_another_failure_shows_its_own_output(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "setup.log")
    with pytest.raises(bootstrap.SetupProblem, match="hash mismatch"):
        bootstrap.run_logged("安装", [sys.executable, "-c", "print('hash mismatch'); 1 / 0"])


def test_an_interrupted_step_takes_its_children_along_and_says_how_to_go_on(tmp_path):
    """A terminal sends Ctrl-C to the whole group: the steps must not print their own traces."""
    script = (
        "import signal, subprocess, sys\n"
        "from portal import bootstrap\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "step = 'import subprocess, sys; print(1, flush=True);'\n"
        'step += \'subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"])\'\n'
        "bootstrap.prepare = lambda **_: bootstrap.run_step([sys.executable, '-c', step])\n"
        "sys.exit(bootstrap.run_house_command('up', ['--port', '0']))\n"
    )
    house = subprocess.Popen(
        [sys.executable, "-c", script], cwd=bootstrap.ROOT, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert house.stdout.readline() == "1\n"
    os.killpg(house.pid, signal.SIGINT)
    _, said = house.communicate(timeout=20)

    assert house.returncode == 130
    assert "已中断" in said and "接着准备" in said and "Traceback" not in said


def test_a_second_start_on_the_same_data_says_where_the_first_one_is(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    bootstrap.require_no_other_house()
    said = r"已经在运行：http://127\.0\.0\.1:8123/"
    with single.claim(tmp_path, 8123), pytest.raises(bootstrap.SetupProblem, match=said):
        bootstrap.require_no_other_house()
    bootstrap.require_no_other_house()


def test_the_sprite_holds_a_symbol_for_each_icon(monkeypatch, tmp_path):
    icons = tmp_path / "bootstrap-icons" / "icons"
    icons.mkdir(parents=True)
    (icons / "house.svg").write_text('<svg viewBox="0 0 16 16">\n<path d="M1 1"/>\n</svg>')
    monkeypatch.setattr(bootstrap, "NODE_MODULES", tmp_path)

    sprite = bootstrap.icon_sprite(["house"])

    assert '<symbol id="house" viewBox="0 0 16 16" fill="currentColor"><path d="M1 1"/>' in sprite
    with pytest.raises(bootstrap.SetupProblem, match="hoose"):
        bootstrap.icon_sprite(["hoose"])


def test_vendor_files_point_at_no_source_map():
    for name in bootstrap.VENDOR_FILES.values():
        text = (bootstrap.VENDOR / name).read_text(encoding="utf-8")
        packed = gzip.decompress((bootstrap.VENDOR / f"{name}.gz").read_bytes())
        assert "sourceMappingURL" not in text
        assert packed.decode() == text


def processor_seconds_of_children() -> float:
    """What all ended children of this process have computed so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_guard_costs_less_than_a_fifth_of_a_second_when_all_is_ready(tmp_path):
    command = [sys.executable, "manage.py", "up", "--prepare"]
    environment = os.environ | {"PORTAL_DATA": str(tmp_path)}
    times = []
    for _ in range(5):
        before = processor_seconds_of_children()
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        times.append(processor_seconds_of_children() - before)

    # Its own work, not the wait for other programs that need the processor at the same time.
    assert min(times) < 0.2


def test_the_guard_needs_no_installed_package():
    script = (
        "import sys; sys.path.insert(0, '.'); import portal.bootstrap; "
        "loaded = {name.split('.')[0] for name in sys.modules}; "
        "print(loaded - set(sys.stdlib_module_names) - {'portal', '__main__'})"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], cwd=ROOT, capture_output=True, text=True
    )

    assert done.stdout.strip() == "set()", done.stderr
