"""Rules of the office at the desk: every edit counts at once, and only for who may."""

import pytest

from complaints.models import CaseRules, Category, HeaderSynonym
from complaints.rules import rules_of
from governance.models import (
    AuditEntry,
    User,
)
from tests.cast import Cast
from tests.desk import administrators
from tests.desk import signed_in as desk


@pytest.fixture
def admins(cast: Cast) -> dict[str, User]:
    """The three separated administrators."""
    return administrators(cast)


def test_an_edited_rule_counts_at_once_and_leaves_a_line(
    cast: Cast, admins: dict[str, User]
) -> None:
    row = CaseRules.objects.get()
    assert rules_of(cast.street).case.least_reply_characters == 10
    url = f"/admin/complaints/caserules/{row.pk}/change/"
    form = desk(admins["security"]).get(url).context["adminform"].form
    body = {name: form.initial[name] for name in form.fields} | {"least_reply_characters": 20}

    desk(admins["security"]).post(url, body)

    assert rules_of(cast.street).case.least_reply_characters == 20
    line = AuditEntry.objects.get(verb="change_caserules")
    assert line.detail == {"fields": ["least_reply_characters"]}


def test_who_may_not_configure_changes_no_rule(cast: Cast, admins: dict[str, User]) -> None:
    leaf = Category.objects.get(code="010101")
    for user in (cast.su, cast.lin, admins["system"], admins["audit"]):
        answer = desk(user).post(f"/admin/complaints/category/{leaf.pk}/change/", {"name": "改名"})
        assert answer.status_code in (403, 404)
    assert Category.objects.get(pk=leaf.pk).name == leaf.name


def test_a_renamed_branch_of_categories_renames_what_is_below(
    cast: Cast, admins: dict[str, User]
) -> None:
    branch = Category.objects.get(code="0101")
    url = f"/admin/complaints/category/{branch.pk}/change/"
    browser = desk(cast.chen)
    form = browser.get(url).context["adminform"].form
    body = {
        name: form.initial[name] for name in form.fields if form.initial[name] not in (None, False)
    }
    answer = browser.post(url, body | {"name": "环境整洁"})

    assert answer.status_code == 302
    leaf = Category.objects.get(code="010101")
    assert leaf.full_name.split(" · ")[1] == "环境整洁"


def test_a_heading_is_added_once(cast: Cast, admins: dict[str, User]) -> None:
    browser = desk(admins["security"])
    body = {"field": "source_number", "heading": "热线单号甲"}

    assert browser.post("/admin/complaints/headersynonym/add/", body).status_code == 302
    assert browser.post("/admin/complaints/headersynonym/add/", body).status_code == 200
    assert HeaderSynonym.objects.filter(heading="热线单号甲").count() == 1
