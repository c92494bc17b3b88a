"""Organisations at the desk: founded and closed through services, never moved."""

from typing import Any

import pytest
from django.utils import timezone

from governance.models import (
    AuditEntry,
    Organisation,
)
from tests.cast import Cast
from tests.desk import signed_in as desk


def new_branch(parent: Organisation, **values: Any) -> dict[str, Any]:
    """What the form of a new organisation sends."""
    return {"parent": parent.pk, "kind": "party", "level": 3, "name": "东二网格党支部",
            "branch_kind": "grid", "position": 0, "started_on": "2026-01-01", **values}  # fmt: skip


def test_an_organisation_is_founded_through_the_service(cast: Cast) -> None:
    answer = desk(cast.su).post("/admin/governance/organisation/add/", new_branch(cast.east))

    branch = Organisation.objects.get(name="东二网格党支部")
    assert answer.status_code == 302
    assert branch.path.startswith(cast.east.path)
    assert AuditEntry.objects.filter(verb="found_organisation", by=cast.su).count() == 1


@pytest.mark.parametrize("wrong", [{"level": 4}, {"kind": "office"}, {"name": ""}])
def test_a_wrong_place_in_the_tree_is_a_sentence_on_the_form(
    cast: Cast, wrong: dict[str, Any]
) -> None:
    count = Organisation.objects.count()
    answer = desk(cast.su).post(
        "/admin/governance/organisation/add/", new_branch(cast.east, **wrong)
    )

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert Organisation.objects.count() == count


def test_a_foreign_parent_is_no_choice(cast: Cast) -> None:
    count = Organisation.objects.count()
    answer = desk(cast.su).post("/admin/governance/organisation/add/", new_branch(cast.west))

    assert "parent" in answer.context["adminform"].form.errors
    assert Organisation.objects.count() == count


def test_an_organisation_never_moves(cast: Cast) -> None:
    branch = cast.east_branch
    desk(cast.su).post(
        f"/admin/governance/organisation/{branch.pk}/change/",
        new_branch(cast.west, name="改名支部", level=2, ended_on="2026-01-01"),
    )

    after = Organisation.objects.get(pk=branch.pk)
    assert after.name == "改名支部"
    assert (after.parent, after.level, after.path, after.ended_on) == (
        cast.east,
        3,
        branch.path,
        None,
    )


def test_closing_says_why_it_cannot_be(cast: Cast) -> None:
    url = f"/admin/governance/organisation/{cast.east_branch.pk}/close/"
    answer = desk(cast.su).post(url, {"ended_on": timezone.localdate()})

    assert answer.status_code == 422
    assert "还有未撤销的组织" in answer.content.decode()
