"""`verify` fails when one check fails, and its closing lines are pytest's own."""

import sys
import time
from pathlib import Path

import pytest

from portal.bootstrap import ROOT
from tests import verifying
from tests.verifying import PYTEST, Step, clean_environment, report, steps


def python(name: str, code: str) -> Step:
    """A check that runs a line of Python."""
    return Step(name, name, [sys.executable, "-c", code])


def test_one_failed_check_fails_the_whole_run(capsys):
    done = [python("good", "print('fine')"), python("bad", "raise SystemExit(3)")]
    for step in done:
        step.run()

    assert report(done, 1) == 1
    assert "failed: bad" in capsys.readouterr().out
    assert report(done[:1], 1) == 0


def test_quick_checks_run_beside_each_other_and_each_says_its_own(capsys):
    wait = "import sys, time; time.sleep(1); print('said by', sys.argv[1])"
    quick = [
        Step(name, name, [sys.executable, "-c", wait, name], group="quick")
        for name in ("one", "types")
    ]
    began = time.monotonic()
    [group] = verifying.in_groups(quick)
    verifying.run_together(group)

    assert time.monotonic() - began < sum(step.seconds for step in quick)
    said = capsys.readouterr().out
    assert said.index("said by types") < said.index("said by one")
    assert all(step.passed for step in quick)


@pytest.mark.parametrize(
    ("full", "beside"), [(False, [["smoke", "faults"]]), (True, [["smoke"], ["faults"]])]
)
def test_long_checks_have_the_machine_to_themselves_and_what_is_measured_too(full, beside):
    groups = [[step.name for step in group] for group in verifying.in_groups(steps(full=full))]

    quick = ["format", "lint", "types", "templates", "migrations"]
    assert groups == [["programs"], quick, ["tests"], *beside, ["browser"]]


@pytest.mark.parametrize(
    ("body", "closing", "passed"),
    [("assert True", "1 passed", True), ("assert 1 == 2", "1 failed", False)],
)
def test_the_closing_lines_of_pytest_are_repeated_at_the_end(
    tmp_path: Path, capsys, body, closing, passed
):
    (tmp_path / "test_small.py").write_text(f"def test_small():\n    {body}\n")
    options = ["-p", "no:django", "-c", "/dev/null", "--rootdir", str(tmp_path), str(tmp_path)]
    step = Step("tests", "tests", [*PYTEST, *options])
    step.run()
    capsys.readouterr()
    report([step], 1)

    assert step.passed is passed
    assert closing in capsys.readouterr().out


def test_a_run_without_tests_is_not_a_passed_run(tmp_path: Path):
    options = ["-p", "no:django", "-c", "/dev/null", "--rootdir", str(tmp_path), str(tmp_path)]
    step = Step("tests", "tests", [*PYTEST, *options])
    step.run()

    assert not step.passed


def test_a_missing_program_is_named_with_the_line_that_installs_it(monkeypatch, capsys):
    programs = {"PostgreSQL": (lambda: None, "postgresql", "postgresql@16")}
    monkeypatch.setattr(verifying, "PROGRAMS", programs)
    monkeypatch.setattr(verifying, "install_programs", lambda missing: None)

    assert verifying.require_programs() is False
    assert "apt-get install postgresql" in capsys.readouterr().out


def test_the_checks_run_without_the_settings_of_this_machine(monkeypatch):
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://somebody/else")

    assert "PORTAL_DATABASE_URL" not in clean_environment()


def test_servers_are_shared_by_those_who_want_them_and_by_nobody_else():
    [smoke] = [step for step in steps(full=False) if step.name == "smoke"]
    verifying.share_servers([smoke])

    assert smoke.environment == {}
    wanting = {step.name for step in steps(full=False) if "tests.on_servers" in step.command}
    assert wanting == {"tests", "faults", "browser"}


def test_full_reaches_every_run_of_the_tests_that_holds_heavy_sizes():
    with_full = {step.name for step in steps(full=True) if "--full" in step.command}

    assert with_full == {"tests", "faults", "browser"}
    assert not any("--full" in step.command for step in steps(full=False))


def test_the_continuous_integration_runs_what_a_person_runs():
    script = (ROOT / ".ci" / "run").read_text()

    assert "exec python3 manage.py verify" in script
    assert "set -euo pipefail" in script
