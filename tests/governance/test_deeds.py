"""Deed keys: the same request twice is one deed and two equal answers."""

from collections.abc import Callable
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from governance.errors import HouseError, KeyConflict
from governance.models import Deed, Notice, Person, User
from governance.services.audit import deed
from governance.services.deeds import fingerprint, once
from tests.cast import Cast
from tests.governance.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]
BODY = {"path": "/m/report/", "text": "路灯不亮"}


def filing(person: Person) -> Callable[[], dict[str, Any]]:
    """An effect that doubles when it is carried out twice: every call leaves a row."""

    def act() -> dict[str, Any]:
        row = Notice.objects.create(person=person, title="已登记", key=str(uuid4()))
        return {"notice": row.pk}

    return act


def test_a_repeat_gets_the_stored_answer_and_does_nothing(cast: Cast) -> None:
    act = filing(cast.wang.person)
    first = once("k1", by=cast.wang, body=BODY, act=act)
    assert once("k1", by=cast.wang, body=dict(reversed(BODY.items())), act=act) == first
    assert Notice.objects.filter(person=cast.wang.person).count() == 1


def test_control_without_the_key_a_repeat_doubles(cast: Cast) -> None:
    act = filing(cast.wang.person)
    for _ in range(2):
        with deed():
            act()
    assert Notice.objects.filter(person=cast.wang.person).count() == 2


def test_control_a_new_key_for_each_try_doubles(cast: Cast) -> None:
    for key in ("k1", "k2"):
        once(key, by=cast.wang, body=BODY, act=filing(cast.wang.person))
    assert Notice.objects.filter(person=cast.wang.person).count() == 2


def test_another_body_under_the_same_key_is_refused(cast: Cast) -> None:
    act = filing(cast.wang.person)
    once("k1", by=cast.wang, body=BODY, act=act)
    with pytest.raises(KeyConflict, match="未作改动"):
        once("k1", by=cast.wang, body=BODY | {"text": "水管爆裂"}, act=act)
    assert Notice.objects.count() == 1


def test_somebody_elses_key_is_refused_and_its_answer_not_told(cast: Cast) -> None:
    once("k1", by=cast.wang, body=BODY, act=filing(cast.wang.person))
    with pytest.raises(KeyConflict):
        once("k1", by=cast.zhao, body=BODY, act=filing(cast.zhao.person))


def test_a_refused_deed_leaves_the_key_free(cast: Cast) -> None:
    def refuse() -> dict[str, Any]:
        raise HouseError("请先联系诉求人。")

    with pytest.raises(HouseError):
        once("k1", by=cast.wang, body=BODY, act=refuse)
    assert not Deed.objects.exists()
    once("k1", by=cast.wang, body=BODY, act=filing(cast.wang.person))
    assert Notice.objects.count() == 1


def test_a_crash_after_the_effect_leaves_neither_effect_nor_key(cast: Cast) -> None:
    def crash() -> dict[str, Any]:
        filing(cast.wang.person)()
        raise SystemExit

    with pytest.raises(SystemExit):
        once("k1", by=cast.wang, body=BODY, act=crash)
    assert not Deed.objects.exists() and not Notice.objects.exists()


def test_a_fingerprint_asks_content_and_not_order() -> None:
    assert fingerprint({"a": 1, "b": "二"}) == fingerprint({"b": "二", "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


@pytest.fixture
def worker(transactional_db: None) -> User:
    return User.objects.create(username="wang", person=Person.objects.create(name="王"))


@pytest.mark.django_db(transaction=True)
def test_eight_sends_at_once_are_one_deed_and_eight_equal_answers(
    on_postgres: None, worker: User
) -> None:
    start = Barrier(8)

    def send(_number: int) -> dict[str, Any]:
        start.wait()
        return once("k1", by=worker, body=BODY, act=filing(worker.person))

    answers = in_threads(send, 8)
    assert len({answer["notice"] for answer in answers}) == 1
    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_asking_first_and_acting_then_doubles(on_postgres: None, worker: User) -> None:
    start, asked = Barrier(4), Barrier(4)

    def send(_number: int) -> None:
        start.wait()
        is_new = not Deed.objects.filter(key="k1").exists()
        asked.wait()
        if is_new:
            filing(worker.person)()

    in_threads(send, 4)
    assert Notice.objects.count() == 4
