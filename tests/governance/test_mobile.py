"""我的 on the phone: posts, the inbox, large type."""

import pytest
from django.test import Client
from django.urls import reverse

from governance.models import Notice
from governance.services import notices
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.wang)
    return client


def test_the_own_page_says_in_which_posts_one_serves(wang: Client) -> None:
    page = wang.get(reverse("mobile:me")).content.decode()

    for words in ("王强", "网格员", "东一网格党支部", "修改密码", "两步验证", "退出"):
        assert words in page


def test_the_inbox_holds_the_own_notices_only(cast: Cast, wang: Client) -> None:
    notices.notify([cast.wang.person_id], title="给王强", key="a", subject="complaint:7")
    notices.notify([cast.zhao.person_id], title="给赵明", key="b")

    page = wang.get(reverse("mobile:notices")).content.decode()

    assert "给王强" in page
    assert reverse("mobile:complaint", args=[7]) in page
    assert "给赵明" not in page


def test_what_was_shown_is_marked_as_read_and_nothing_else(cast: Cast, wang: Client) -> None:
    for key in ("a", "b"):
        notices.notify([cast.wang.person_id, cast.zhao.person_id], title="通知", key=key)
    shown, other = Notice.objects.filter(person=cast.wang.person)
    foreign = Notice.objects.filter(person=cast.zhao.person)

    wang.post(reverse("mobile:notices"), {"shown": [shown.pk, foreign[0].pk, "x"]})

    shown.refresh_from_db()
    other.refresh_from_db()
    assert shown.read_at is not None
    assert other.read_at is None
    assert foreign.filter(read_at__isnull=False).count() == 0


def test_the_inbox_turns_its_pages_by_key(cast: Cast, wang: Client) -> None:
    for number in range(25):
        notices.notify([cast.wang.person_id], title=f"第{number}条", key=str(number))

    first = wang.get(reverse("mobile:notices"))
    second = wang.get(reverse("mobile:notices") + first.context["older_url"])

    assert [len(page.context["lines"]) for page in (first, second)] == [20, 5]
    assert second.context["older_url"] == ""


def test_large_type_is_remembered_with_the_account(cast: Cast, wang: Client) -> None:
    wang.post(reverse("mobile:type_size"), {"size": "large"})
    large = wang.get(reverse("mobile:me")).content.decode()
    wang.post(reverse("mobile:type_size"), {"size": "normal"})
    normal = wang.get(reverse("mobile:me")).content.decode()

    assert 'data-size="large"' in large
    assert 'data-size="large"' not in normal


def test_nobody_gets_in_without_signing_in(cast: Cast) -> None:
    for name in ("me", "notices"):
        assert Client().get(reverse(f"mobile:{name}")).status_code == 302


def test_one_enters_the_own_mailbox_and_sees_only_its_mask(cast: Cast, wang: Client) -> None:
    url = reverse("mobile:mailbox")
    wrong = wang.post(url, {"address": "wang@"})
    assert wrong.status_code == 422 and "邮箱地址不正确" in wrong.content.decode()
    assert 'value="wang@"' in wrong.content.decode()

    wang.post(url, {"address": "wang.qiang@example.cn"})
    page = wang.get(url).content.decode()
    assert "w***@example.cn" in page and "139****1007" in page and "wang.qiang" not in page
    wang.post(url, {"address": ""})
    assert "w***@" not in wang.get(url).content.decode()
    assert not cast.zhao.person.secrets.filter(kind="email").exists()
