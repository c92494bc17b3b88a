"""Two languages: the switch, what is remembered, dates and numbers, and whole pages in English."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models
from django.template import Context, Template
from django.test import Client
from django.utils import formats, translation

from complaints.services import closing, dispatching, supervising
from governance.clockface import clock_face, span_words
from governance.models import User
from governance.templatetags.house import in_my_language
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.residents import filed, page_url, wall

pytestmark = pytest.mark.django_db
CHINESE = re.compile("[\u3400-\u9fff]+")
SWITCH = "/language/"
LOGIN = "/accounts/login/"
MOST_PAGES = 34


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    """What a request has activated does not outlive the test."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


# The switch ---------------------------------------------------------------------------------------


def test_the_house_speaks_chinese_unless_somebody_prefers_english(client: Client) -> None:
    chinese = client.get(LOGIN)
    english = client.get(LOGIN, headers={"accept-language": "en-GB,en;q=0.8"})
    french = client.get(LOGIN, headers={"accept-language": "fr"})

    assert [answer["Content-Language"] for answer in (chinese, english, french)] == [
        "zh-hans", "en", "zh-hans",
    ]  # fmt: skip
    assert '<html lang="zh-hans"' in chinese.text
    assert '<html lang="en"' in english.text
    assert "Sign in" in english.text
    assert {"Accept-Language", "Cookie"} <= set(re.split(r",\s*", english["Vary"]))


def test_the_switch_stands_on_the_sign_in_page_and_is_remembered_in_a_cookie(
    client: Client,
) -> None:
    assert f'action="{SWITCH}"' in client.get(LOGIN).text

    answer = client.post(SWITCH, {"language": "en", "next": LOGIN})

    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("en", "Lax", True)
    assert "Sign in" in client.get(LOGIN).text
    client.post(SWITCH, {"language": "zh-hans", "next": LOGIN})
    assert "登录" in client.get(LOGIN).text


@pytest.mark.parametrize(
    ("who", "page"), [("chen", "/admin/"), ("wang", "/m/me/"), ("lin", "/board/")]
)
def test_the_switch_stands_on_the_page_where_somebody_begins(
    office: Cast, who: str, page: str
) -> None:
    browser = Client()
    browser.force_login(getattr(office, who))

    assert f'action="{SWITCH}"' in browser.get(page).text


def test_a_resident_finds_the_switch_and_a_wrong_link_carries_nothing(office: Cast) -> None:
    assert f'action="{SWITCH}"' in Client().get(page_url(wall(office))).text
    assert f'action="{SWITCH}"' not in Client().get("/r/nothinghere/").text


def test_an_account_takes_its_language_to_the_next_device(office: Cast) -> None:
    first, second, other = Client(), Client(), Client()
    for browser, user in ((first, office.wang), (second, office.wang), (other, office.chen)):
        browser.force_login(user)

    first.post(SWITCH, {"language": "en", "next": "/m/me/"})

    assert User.objects.get(pk=office.wang.pk).language == "en"
    assert second.get("/m/me/")["Content-Language"] == "en"
    assert other.get("/admin/")["Content-Language"] == "zh-hans"


def test_at_a_shared_computer_the_account_wins_over_the_cookie(office: Cast) -> None:
    User.objects.filter(pk=office.wang.pk).update(language="zh-hans")
    shared = Client()
    shared.post(SWITCH, {"language": "en", "next": LOGIN})
    shared.force_login(office.wang)

    assert shared.get("/m/me/")["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("language", ["", "fr", "en'--", "zh-hans\x00", "x" * 5000])
def test_a_language_that_the_house_does_not_speak_changes_nothing(
    office: Cast, language: str
) -> None:
    browser = Client()
    browser.force_login(office.wang)

    answer = browser.post(SWITCH, {"language": language, "next": "/m/me/"})

    assert answer.status_code == 302
    assert "language" not in answer.cookies
    assert User.objects.get(pk=office.wang.pk).language == ""


def test_the_switch_needs_a_token_and_leads_nowhere_else(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(SWITCH, {"language": "en"}).status_code == 403
    away = client.post(SWITCH, {"language": "en", "next": "https://elsewhere.example/"})
    assert away["Location"] == "/"
    client.get(SWITCH, {"language": "en"})
    assert "language" not in client.get(SWITCH, {"language": "zh-hans"}).cookies


# Dates, times, numbers, spans ---------------------------------------------------------------------

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 17:30 in the street


@pytest.mark.parametrize(
    ("language", "day", "moment", "weekday"),
    [
        ("zh-hans", "2026年11月23日", "2026年11月23日 17:30", "星期一"),
        ("en", "23 November 2026", "23 November 2026, 17:30", "Monday"),
    ],
)
def test_days_and_moments_are_written_as_each_language_writes_them(
    language: str, day: str, moment: str, weekday: str
) -> None:
    page = Template('{{ at|date:"DATE_FORMAT" }}|{{ at|date:"DATETIME_FORMAT" }}|{{ at|date:"l" }}')

    with translation.override(language):
        assert page.render(Context({"at": MONDAY})) == f"{day}|{moment}|{weekday}"
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
        assert formats.localize(1234.5) == "1234.5"


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("zh-hans", "2026-11-23"), ("zh-hans", "2026/11/23"), ("zh-hans", "2026年11月23日"),
        ("en", "2026-11-23"), ("en", "23 November 2026"), ("en", "23 Nov 2026"),
    ],
)  # fmt: skip
def test_a_day_may_be_typed_as_it_is_written(language: str, typed: str) -> None:
    with translation.override(language):
        assert forms.DateField(localize=True).clean(typed) == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["11/23/2026", "23/11/2026", "2026-13-01", "tomorrow"])
def test_a_day_that_two_people_read_differently_is_refused(typed: str) -> None:
    with translation.override("en"), pytest.raises(forms.ValidationError):
        forms.DateField(localize=True).clean(typed)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", ["超期 1分钟", "超期 2小时", "剩 1工作日", "剩 5工作日", "今日内", "1 工作日"]),
        ("en", ["1 min late", "2 h late", "1 workday left", "5 workdays left", "Today", "1 workday"]),
    ],
)  # fmt: skip
def test_clocks_count_in_both_languages(language: str, said: list[str]) -> None:
    late, soon = timedelta(minutes=1), timedelta(days=9)
    end_of_day = MONDAY.replace(hour=15, minute=59)

    with translation.override(language):
        assert [
            clock_face(MONDAY - late, now=MONDAY)[1],
            clock_face(MONDAY - timedelta(hours=2, minutes=5), now=MONDAY)[1],
            clock_face(MONDAY + soon, now=MONDAY, workdays=1)[1],
            clock_face(MONDAY + soon, now=MONDAY, workdays=5)[1],
            clock_face(end_of_day, now=MONDAY)[1],
            span_words(1, "wd"),
        ] == said


def test_english_counts_one_and_many_apart() -> None:
    page = Template(
        "{% load i18n %}{% blocktranslate count count=n %}已保留 {{ count }} 张照片。"
        "{% plural %}已保留 {{ count }} 张照片。{% endblocktranslate %}"
    )

    with translation.override("en"):
        said = [page.render(Context({"n": n})) for n in (1, 2)]
    assert said == ["1 photo kept.", "2 photos kept."]
    with translation.override("zh-hans"):
        assert page.render(Context({"n": 2})) == "已保留 2 张照片。"


# Whole pages --------------------------------------------------------------------------------------


class Words(HTMLParser):
    """What a page says to eyes and ears, and where it leads."""

    SAID = ("title", "aria-label", "placeholder", "alt", "content")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []
        self.silent = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script" or (tag != "html" and given.get("lang") == "zh-hans"):
            self.silent = tag
        self.said += [given[name] for name in self.SAID if name in given]
        self.said += [
            value for name, value in given.items() if name.startswith("data-") and tag != "option"
        ]
        if tag == "a":
            self.links.append(given.get("href", ""))
        if given.get("type") in ("submit", "button"):
            self.said.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.silent:
            self.silent = ""

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)
            self.seen.append(data)


def data_of_the_house() -> str:
    """Every word that lies in the database: names, texts, labels that an office may change."""
    found = []
    for model in apps.get_models():
        columns = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        if columns and model._meta.managed:
            for row in model._base_manager.values_list(*columns):
                found += [str(value) for value in row if value]
    return "\n".join(found)


def pages_of(browser: Client, start: str, most: int = MOST_PAGES) -> Iterator[tuple[str, Words]]:
    """The pages somebody reaches by links, each kind of page once."""
    waiting, seen = [start], set()
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        kind = re.sub(r"\d+", "1", urlsplit(address).path)
        if kind in seen or re.search(r"logout|/static/|/photos?/|print|export|docs", kind):
            continue
        seen.add(kind)
        answer = browser.get(address, follow=True)
        if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
            assert answer.status_code < 500, address
            continue
        words = Words(answer.content.decode())
        waiting += [urljoin(address, link) for link in words.links if link[:1] in ("/", "?", ".")]
        yield address, words


@pytest.fixture
def busy(office: Cast, monday: Any) -> Cast:
    """A street with something in every queue, written by people who speak Chinese."""
    stages.filed(office)
    stages.accepted(office)
    stages.replied(office)
    solved = stages.approved(office)
    closing.record_callback(
        solved.pk, by=office.qian, outcome="reached", solved="yes", satisfaction="satisfied"
    )
    stages.approved(office)
    late = stages.signed(office, caller_phone="13900001012")
    supervising.instruct(late.pk, by=office.lin, text="请东园社区尽快解决")
    for_squad = stages.accepted(office, source="hotline", source_number="3703-9")
    dispatching.dispatch(for_squad.pk, office.squad, by=office.chen)
    monday.shift(timedelta(days=9))
    return office


@pytest.mark.parametrize(
    ("who", "start", "least"), [("chen", "/admin/", 12), ("wang", "/m/", 8), ("lin", "/board/", 4)]
)
def test_somebody_who_reads_english_meets_chinese_only_where_people_wrote_it(
    busy: Cast, who: str, start: str, least: int
) -> None:
    browser = Client()
    browser.force_login(getattr(busy, who))
    browser.cookies["language"] = "en"
    written = data_of_the_house()
    # A script is read out with the names of the case in its places.
    written += written.replace("【街道】", busy.street.display_name)

    pages = list(pages_of(browser, start))

    assert strange(pages, written) == set()
    assert len(pages) >= least


def strange(pages: list[tuple[str, Words]], written: str) -> set[str]:
    """Chinese on the pages that nobody has written."""
    return {
        f"{address}: {run}"
        for address, words in pages
        for said in words.said
        for run in CHINESE.findall(said)
        if run not in written
    }


def test_a_resident_who_reads_english_meets_chinese_only_where_people_wrote_it(
    office: Cast, monday: Any
) -> None:
    reader = Client(headers={"accept-language": "en"})
    _case, address = filed(monday, office, phone="13900005555")
    addresses = [page_url(wall(office)), address, f"{address}withdraw/"]

    pages = [(one, Words(reader.get(one).text)) for one in addresses]

    assert strange(pages, data_of_the_house()) == set()
    assert all("Residents' reports" in " ".join(words.said) for _address, words in pages)
    assert "We have received your report" in " ".join(pages[1][1].said)


# The record ---------------------------------------------------------------------------------------


def test_the_record_stays_in_the_language_of_the_office_whoever_writes_it(
    office: Cast, monday: Any
) -> None:
    case = stages.signed(office)
    with translation.override("en"):
        supervising.urge(case.pk, by=office.chen)

    step, notice = case.steps.latest("number"), office.wang.person.notices.latest("id")
    assert (step.note, notice.title) == ("请尽快办理", f"催办：{case.number}")
    phone = Client()
    phone.force_login(office.wang)
    phone.cookies["language"] = "en"
    assert f"Urge: {case.number}" in phone.get("/m/notices/").text
    assert "Please handle this soon" in phone.get(f"/m/complaints/{case.pk}/").text


def test_what_people_wrote_is_never_translated() -> None:
    with translation.override("en"):
        assert in_my_language("张三：漏水") == "张三：漏水"
        assert in_my_language("我家漏水") == "我家漏水"
        assert in_my_language("") == ""


def test_the_pages_before_signing_in_are_whole_in_both_languages(client: Client) -> None:
    english = Words(client.get(LOGIN, headers={"accept-language": "en"}).text)
    chinese = Words(client.get(LOGIN).text)

    assert not any(CHINESE.search(said) for said in english.said)
    latin = re.compile(r"[A-Za-z]{3,}")
    assert [said for said in chinese.said if latin.search(said) and said.strip() != "English"] == [
        "width=device-width, initial-scale=1, viewport-fit=cover", "telephone=no",
        "noindex, nofollow",
    ]  # fmt: skip


def test_somebody_who_reads_chinese_meets_no_sentence_that_a_library_left_in_english(
    busy: Cast,
) -> None:
    browser = Client()
    browser.force_login(busy.chen)
    sentence = re.compile(r"^[\sA-Za-z,.'’:;-]*\b[A-Za-z]{2,} [A-Za-z]{2,}[\sA-Za-z,.'’:;-]*$")

    left = {
        f"{address}: {said.strip()}"
        for address, words in pages_of(browser, "/admin/", most=16)
        for said in words.seen
        if sentence.match(said)
    }
    assert left == set()
