"""Two desks file the same order of the city in the same moment: one case, and a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from complaints.models import Complaint
from governance.errors import HouseError
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import LIST, signed_in
from tests.governance.threads import in_threads

ORDER = {"source": "hotline", "source_number": "26112399"}


@contextmanager
def another_files_before_the_number_is_taken(cast: Cast) -> Iterator[None]:
    """The same order comes in between the look and the write."""
    done: list[bool] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "governance_counter"') and not done:
            done.append(True)
            stages.filed(cast, **ORDER)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield


def test_the_second_of_two_is_told_the_number_of_the_first(office: Cast) -> None:
    stages.filed(office)  # the street's counter is there
    with (
        another_files_before_the_number_is_taken(office),
        pytest.raises(HouseError, match=r"26112399 已登记为 HP-2026-\d{6}，未重复登记"),
    ):
        stages.filed(office, **ORDER)


def test_the_form_shows_the_sentence_and_keeps_what_was_typed(office: Cast) -> None:
    stages.filed(office)
    page = signed_in(office.chen).get(f"{LIST}add/")
    body = {**ORDER, "deed_key": page.context["form"].initial["deed_key"],
            "text": "单元门口的路灯不亮", "subdistrict": office.street.pk}  # fmt: skip
    with another_files_before_the_number_is_taken(office):
        answer = signed_in(office.chen).post(f"{LIST}add/", body)

    assert answer.status_code == 422
    assert (
        "未重复登记" in answer.content.decode() and "单元门口的路灯不亮" in answer.content.decode()
    )
    assert Complaint.objects.filter(**ORDER).count() <= 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_is_filed_and_seven_are_told(on_postgres: None, office: Cast) -> None:
    start = Barrier(8)

    def send(_number: int) -> str:
        start.wait()
        try:
            return str(stages.filed(office, **ORDER).number)
        except HouseError as refusal:
            return refusal.message

    answers = in_threads(send, 8)

    [number] = Complaint.objects.filter(**ORDER).values_list("number", flat=True)
    assert answers.count(number) == 1
    assert sum(f"已登记为 {number}" in answer for answer in answers) == 7
