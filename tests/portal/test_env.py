"""The typed readers of the environment."""

from pathlib import Path

import pytest

from portal.env import Environment, EnvironmentProblem, database


def environment(tmp_path: Path, secrets: str = "", **variables: str) -> Environment:
    """An environment with these variables and this secrets file."""
    file = tmp_path / "secrets.env"
    file.write_text(secrets, encoding="utf-8")
    return Environment(file, variables)


def test_a_missing_variable_is_named(tmp_path):
    with pytest.raises(EnvironmentProblem, match="PORTAL_HOSTS"):
        environment(tmp_path).text("PORTAL_HOSTS")


def test_a_number_is_a_number_or_refused(tmp_path):
    found = environment(tmp_path, A="15", B="a quarter")

    assert (found.number("A"), found.number("C", 7)) == (15, 7)
    with pytest.raises(EnvironmentProblem, match="B"):
        found.number("B")


@pytest.mark.parametrize(
    ("word", "meaning"), [("yes", True), ("1", True), ("On", True), ("no", False), ("", False)]
)
def test_yes_and_no_have_several_spellings(tmp_path, word, meaning):
    assert environment(tmp_path, A=word).yes_no("A") is meaning


def test_a_word_that_is_neither_yes_nor_no_is_refused(tmp_path):
    with pytest.raises(EnvironmentProblem, match="PORTAL_PRODUCTION"):
        environment(tmp_path, PORTAL_PRODUCTION="ture").yes_no("PORTAL_PRODUCTION")


def test_a_secret_comes_from_the_environment_before_the_file(tmp_path):
    found = environment(tmp_path, f"# remark\nA={'f' * 32}\nB={'f' * 32}\n", A="e" * 32)

    assert (found.secret("A"), found.secret("B")) == ("e" * 32, "f" * 32)


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path):
    (tmp_path / "key").write_text("g" * 40 + "\n")

    assert environment(tmp_path, A_FILE=str(tmp_path / "key")).secret("A") == "g" * 40


@pytest.mark.parametrize("value", ["", "short"])
def test_a_missing_or_short_secret_is_refused(tmp_path, value):
    with pytest.raises(EnvironmentProblem, match="A"):
        environment(tmp_path, A=value).secret("A")


def test_several_sealing_keys_are_read_by_id(tmp_path):
    found = environment(tmp_path, A=f"k1:{'11' * 32}, k2:{'22' * 32}").keys("A")

    assert found == {"k1": b"\x11" * 32, "k2": b"\x22" * 32}


@pytest.mark.parametrize("value", ["k1:" + "11" * 31, "11" * 32, "k1:" + "zz" * 32])
def test_a_sealing_key_of_the_wrong_form_is_refused(tmp_path, value):
    with pytest.raises(EnvironmentProblem, match="A"):
        environment(tmp_path, A=value).keys("A")


def test_database_addresses_are_taken_apart():
    assert database("sqlite:////srv/portal.sqlite3")["NAME"] == "/srv/portal.sqlite3"
    remote = database("postgresql://clerk:p%40ss@db:5433/portal")
    assert [remote[part] for part in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "clerk",
        "p@ss",
        "db",
        "5433",
        "portal",
    ]
    assert database("postgresql://clerk@/portal?host=/run/db")["HOST"] == "/run/db"


def test_another_kind_of_database_is_refused():
    with pytest.raises(EnvironmentProblem):
        database("mysql://localhost/portal")
