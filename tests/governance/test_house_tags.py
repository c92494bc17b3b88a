"""The parts of every page: what the chips, ladders, rates and bars say."""

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import get_language, override

from governance import charts, clockface, markup
from governance.saying import said_once
from governance.templatetags import house

ROOT = Path(__file__).resolve().parent.parent.parent
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday, 12:00 in Shanghai


def draw(source: str, **values: object) -> str:
    return Template("{% load house %}" + source).render(Context(values))


def face(**left: float) -> tuple[str, str]:
    return clockface.clock_face(NOON + timedelta(**left), now=NOON)


@pytest.mark.parametrize(
    ("left", "state", "words"),
    [
        ({"seconds": -30}, "late", "超期 1分钟"),
        ({"hours": -3, "minutes": -59}, "late", "超期 3小时"),
        ({"days": -2, "hours": -5}, "late", "超期 2天"),
        ({"minutes": 45}, "soon", "剩 45分钟"),
        ({"hours": 2, "minutes": 59}, "soon", "剩 2小时"),
        ({"hours": 5, "minutes": 30}, "soon", "今日 17:30"),
        ({"hours": 11, "minutes": 59}, "soon", "今日内"),
        ({"hours": 21}, "soon", "明日 09:00"),
        ({"hours": 35, "minutes": 59}, "soon", "明日内"),
        ({"days": 4}, "ok", "剩 4天"),
    ],
)
def test_the_clock_says_in_words_how_much_is_left_or_lost(left, state, words):
    assert face(**left) == (state, words)


def test_a_clock_is_not_late_in_the_very_second_it_ends():
    assert face(seconds=0)[0] == "soon"
    assert face(microseconds=-1)[0] == "late"


def test_today_is_the_day_in_shanghai_and_not_in_greenwich():
    evening = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
    due = evening + timedelta(hours=4)

    assert clockface.clock_face(due, now=evening) == ("soon", "明日 03:00")


@pytest.mark.parametrize(
    ("workdays", "days", "expected"),
    [
        (3, 5, ("ok", "剩 3工作日")),
        (1, 3, ("soon", "剩 1工作日")),
        (-2, -4, ("late", "超期 2工作日")),
    ],
)
def test_working_days_are_said_when_they_are_known(workdays, days, expected):
    due = NOON + timedelta(days=days)

    assert clockface.clock_face(due, now=NOON, workdays=workdays) == expected


def test_a_suspended_clock_is_held_even_when_its_limit_has_passed():
    due = NOON - timedelta(days=1)

    assert clockface.clock_face(due, now=NOON)[0] == "late"
    assert clockface.clock_face(due, now=NOON, suspended_at=due) == ("held", "已挂起")


def test_a_finished_case_is_measured_at_its_end_and_not_today():
    due = NOON - timedelta(days=9)

    assert clockface.clock_face(due, now=NOON, finished_at=due) == ("done", "已办结")
    assert clockface.clock_face(due, now=NOON, finished_at=NOON) == ("overdone", "超期办结")


def test_a_case_without_a_running_clock_says_so():
    assert clockface.clock_face(None, now=NOON) == ("none", "不计时")
    assert "不计时" in draw("{% clock nothing.at.all %}")


def test_the_exact_moment_is_there_for_the_pointer_and_for_the_ear():
    chip = draw("{% clock due now=now %}", due=NOON - timedelta(hours=3), now=NOON)

    assert chip.count("时限 2026-11-23 09:00") == 2
    assert 'class="clock clock-late"' in chip


def test_a_provisional_limit_says_that_it_is_provisional():
    due = NOON + timedelta(days=60)

    assert "暂定" in draw("{% clock due now=now is_provisional=True %}", due=due, now=NOON)
    assert "暂定" not in draw("{% clock due now=now %}", due=due, now=NOON)


def test_on_the_phone_a_tap_opens_the_exact_moment():
    chip = draw("{% clock due now=now tap=True %}", due=NOON, now=NOON)

    assert chip.startswith("<details") and "<summary" in chip


def test_the_ladder_shows_where_a_case_is_and_where_it_was():
    levels = [
        {"label": "党员户", "state": "been", "name": "顾*民"},
        {"label": "楼宇党小组", "state": "skipped"},
        {"label": "网格党支部", "state": "here"},
        {"label": "社区大党委", "state": "ahead"},
    ]
    page = draw("{% ladder levels %}", levels=levels)

    assert page.count("<li") == 4
    assert page.count('aria-current="step"') == 1
    assert "楼宇<wbr>党小组" in page and "目前在此" in page and "顾*民" in page


def test_an_unknown_state_of_the_ladder_is_refused_and_not_drawn_as_something_else():
    with pytest.raises(KeyError):
        draw("{% ladder levels %}", levels=[{"label": "党员户", "state": "gone"}])


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(987, 1000, "98.70"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (0, 9, "0.00")],
)
def test_a_rate_has_two_decimals_and_rounds_half_up(part, whole, said):
    assert house.percent(part, whole) == said
    assert f"{part}/{whole}" in draw("{% rate n m %}", n=part, m=whole)


def test_a_rate_of_nothing_is_a_dash_and_not_a_hundred_percent():
    assert draw("{% rate 0 0 %}").count("%") == 0
    assert ">-<" in draw("{% rate 0 0 %}")


def test_a_bar_never_runs_out_of_its_track():
    assert 'width="43.21%"' in draw("{% bar 43.21 100 %}")
    assert 'class="bar-fill" width="100%"' in draw("{% bar 150 100 %}")
    assert 'class="bar-fill" width="0%"' in draw("{% bar 5 0 %}")


def test_level_bars_say_share_and_counts_and_open_their_rows():
    rows = [{"label": "网格党支部", "value": 31, "url": "/x"}, {"label": "街道党工委", "value": 41}]
    page = draw("{% level_bars rows total=72 %}", rows=rows)

    assert "43.06" in page and "31/72" in page and 'href="/x"' in page


def test_a_trend_draws_gaps_as_gaps_and_keeps_the_figures_in_a_table():
    lines = [{"name": "受理", "values": [3, 5, None, 4]}]
    series = {"labels": ["1日", "2日", "3日", "4日"], "lines": lines}
    page = draw("{% trend series title='受理与办结' %}", series=series)

    assert page.count("<polyline") == 2
    assert "<title>受理与办结</title>" in page and "<td>-</td>" in page


@pytest.mark.parametrize(("highest", "step"), [(0, 1), (5, 1), (7, 2), (43, 10), (500, 100)])
def test_the_axis_of_a_trend_has_round_steps(highest, step):
    assert charts.tick_step(highest) == step


def test_a_trend_without_any_day_is_still_a_picture():
    assert "<svg" in draw("{% trend series %}", series={"labels": [], "lines": []})
    assert "<polyline" not in draw("{% spark points %}", points=[])


def test_a_capped_count_says_that_there_may_be_more():
    assert (house.capped(999), house.capped(1000), house.capped(None)) == ("999", "1000+", "-")


@pytest.mark.parametrize(
    ("address", "link", "but", "marked"),
    [
        ("/desk/cases/", "/desk/cases/", "", True),
        ("/desk/cases/7/", "/desk/cases/", "", True),
        ("/desk/cases/?stage=new", "/desk/cases/?stage=new", "", True),
        ("/desk/cases/", "/desk/cases/?stage=new", "", False),
        ("/desk/cases/?stage=new", "/desk/cases/", "/desk/cases/?stage=new", False),
        ("/desk/", "", "", False),
    ],
)
def test_the_tab_of_the_page_one_is_on_is_marked(address, link, but, marked):
    request = RequestFactory().get(address)
    page = draw("{% current link but=but %}", request=request, link=link, but=but)

    assert ("aria-current" in page) is marked


def test_what_people_typed_is_never_taken_for_markup():
    evil = '"><script>x</script>'
    page = draw(
        "{% stage_badge v v %}{% icon v label=v %}{% bar 1 2 label=v %}{% timeline steps %}",
        v=evil,
        steps=[{"title": evil, "note": evil, "who": evil}],
    )

    assert "<script" not in page


def test_no_template_carries_style_or_script_that_the_content_policy_forbids():
    forbidden = re.compile(r"""\sstyle\s*=\s*["']|<style|\son[a-z]+\s*=\s*["']|javascript:""")
    inline = re.compile(r"<script(?![^>]*\b(src|type=.application/json))")
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not forbidden.search(text) and not inline.search(text), path


def test_every_icon_a_template_asks_for_is_on_the_list():
    listed = (ROOT / "static/icons.txt").read_text("utf-8").split()
    asked = re.compile(r"""(?:\{% icon |icon_name=)["']([\w-]+)["']""")
    wanted = {
        (name, path.name)
        for path in (ROOT / "templates").rglob("*.html")
        for name in asked.findall(path.read_text("utf-8"))
    }

    wanted |= {(name, "the ladder") for name in house.LADDER_ICONS}

    assert {name for name, _page in wanted} > {"camera", "house-door"}
    assert [pair for pair in wanted if pair[0] not in listed] == []
    assert listed == sorted(set(listed))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("card", "brand"),
        ("card", "action"),
        ("card", "late"),
        ("ink", "ground"),
        ("ink-quiet", "ground"),
        ("ink-quiet", "card"),
        ("action", "ground"),
        ("action-deep", "action-soft"),
        ("ok-ink", "ok-soft"),
        ("soon-ink", "soon-soft"),
        ("late-ink", "late-soft"),
        ("held-ink", "held-soft"),
        ("brand-deep", "brand-soft"),
    ],
)
def test_every_pair_of_text_and_ground_can_be_read(ink, ground):
    tokens = dict(
        re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", (ROOT / "static/css/tokens.css").read_text())
    )
    light, dark = sorted((luminance(tokens[ink]), luminance(tokens[ground])), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_what_is_said_often_is_kept_for_each_language_by_itself():
    asked = []

    @said_once
    def counted(number: int) -> str:
        asked.append(number)
        return f"{number} {get_language()}"

    said = []
    for language in ("zh-hans", "en", "zh-hans"):
        with override(language):
            said += [counted(1), counted(2), counted(1)]
    assert said == [
        f"{n} {language}" for language in ("zh-hans", "en", "zh-hans") for n in (1, 2, 1)
    ]
    assert asked == [1, 2, 1, 2]


@pytest.mark.parametrize("typed", ["", "路灯 3 盏", "<b>", "a & b", "\"'", "甲>乙"])
def test_markup_is_escaped_as_the_library_does(typed: str):
    assert markup.escape(typed) == html.escape(typed)
