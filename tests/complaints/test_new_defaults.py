"""Default rules that a new version brings: shown, added by choice, and nothing else is touched."""

import pytest

from complaints.models import ReminderRule
from complaints.rules import reminder_version
from complaints.services.oversight_defaults import default_reminder_rules
from governance.models import AuditEntry
from governance.services.audit import first_broken_entry
from tests.cast import Cast
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
RULES = "/admin/complaints/reminderrule/"
NEW = f"{RULES}new-defaults/"


@pytest.fixture
def old(office: Cast) -> Cast:
    """An office of an older version: two rules are missing, one is edited and one switched off."""
    ReminderRule.objects.filter(code__in=("round_3", "collective")).delete()
    ReminderRule.objects.filter(code="overdue_1").update(label="我们自己的说法", amount=1)
    ReminderRule.objects.filter(code="half").update(is_enabled=False)
    return office


def everything() -> list[tuple[object, ...]]:
    """All rules as they stand."""
    return sorted(ReminderRule.objects.values_list())


def test_what_is_new_is_shown_with_its_meaning_and_added_by_choice(old: Cast) -> None:
    desk, before, version = signed_in(old.chen), everything(), reminder_version()
    assert "有 2 条新增的默认规则" in desk.get(RULES).content.decode()
    page = desk.get(NEW).content.decode()
    assert page.count("<tr data-row>") == 2
    assert "进入第3轮重办" in page and "群体诉求" in page and "党工委书记" in page
    assert "我们自己的说法" not in page and everything() == before, "looking changes nothing"

    done = desk.post(NEW, {"code": ["round_3"]}, follow=True)

    assert "已载入 1 条规则" in done.content.decode()
    assert [row for row in everything() if row in before] == before, "no other row is touched"
    added = ReminderRule.objects.get(code="round_3")
    assert added.subdistrict is None and added.audience and len(everything()) == len(before) + 1
    entry = AuditEntry.objects.get(verb="add_default_rules")
    assert (entry.by, entry.detail) == (old.chen, {"codes": ["round_3"]})
    assert first_broken_entry() is None and reminder_version() > version
    assert "有 1 条新增的默认规则" in desk.get(RULES).content.decode()


def test_an_office_that_has_them_all_is_told_so(office: Cast) -> None:
    desk = signed_in(office.chen)
    assert "新增的默认规则" not in desk.get(RULES).content.decode()
    page = desk.get(NEW).content.decode()
    assert "没有新增的默认规则" in page and "<tr data-row>" not in page
    codes = set(ReminderRule.objects.values_list("code", flat=True))
    assert codes == {row.code for row in default_reminder_rules()}


@pytest.mark.parametrize("codes", [[], ["nonsense"], ["half"], ["round_3", "overdue_1"]])
def test_what_is_not_new_or_not_chosen_is_refused_and_the_boxes_stay(
    old: Cast, codes: list[str]
) -> None:
    before = everything()
    answer = signed_in(old.chen).post(NEW, {"code": codes})
    page = answer.content.decode()
    assert answer.status_code == 422 and everything() == before
    assert page.count(" checked") == ("round_3" in codes)
    assert not AuditEntry.objects.filter(verb="add_default_rules").exists()


def test_a_rule_that_a_street_has_rewritten_for_itself_is_not_new(old: Cast) -> None:
    row = next(one for one in default_reminder_rules() if one.code == "round_3")
    row.subdistrict = old.street
    row.save()
    page = signed_in(old.chen).get(NEW).content.decode()
    assert page.count("<tr data-row>") == 1 and "进入第3轮重办" not in page


def test_sent_twice_it_is_added_once(old: Cast) -> None:
    desk = signed_in(old.chen)
    assert desk.post(NEW, {"code": ["collective"]}).status_code == 302
    assert desk.post(NEW, {"code": ["collective"]}).status_code == 422
    assert ReminderRule.objects.filter(code="collective").count() == 1


def test_who_sets_no_rules_of_all_streets_sees_nothing_and_changes_nothing(old: Cast) -> None:
    before = everything()
    for stranger in (old.su, old.wang, old.zhao, old.lin):
        desk = signed_in(stranger)
        assert desk.get(NEW).status_code == 403
        assert desk.post(NEW, {"code": ["round_3"]}).status_code == 403
    assert everything() == before
