"""`manage.py check_tree` finds what the guards of form and database would have stopped."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from governance.models import Organisation, OrganisationUserPermission, Role
from governance.services.appointments import word_permissions


def faults():
    """The lines that the command prints before it fails."""
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("check_tree", stderr=errors)
    return errors.getvalue()


def without_guard():
    """Take the database's guard away, as a hasty repair might."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DROP TRIGGER governance_guard_organisation ON governance_organisation")
        else:
            cursor.execute("DROP TRIGGER governance_guard_organisation_update")


@pytest.mark.smoke
def test_the_street_of_the_cast_is_sound(cast):
    out = StringIO()
    call_command("check_tree", stdout=out)
    assert "组织树完好，共 10 个组织" in out.getvalue()


@pytest.mark.smoke
def test_a_moved_node_is_found(cast):
    without_guard()
    Organisation.objects.filter(pk=cast.east_branch.pk).update(parent=cast.west)
    assert "东一网格党支部：路径与上级不符" in faults()


@pytest.mark.smoke
def test_a_ring_is_found(cast):
    without_guard()
    Organisation.objects.filter(pk=cast.east.pk).update(parent=cast.east_group)
    assert "东园社区大党委：上级关系成环" in faults()


def test_an_open_node_under_a_closed_one_is_found(cast):
    Organisation.objects.filter(pk=cast.west_branch.pk).update(ended_on=date(2025, 1, 1))
    printed = faults()
    assert "西园小区1号楼党小组：上级已撤销，本组织仍在" in printed
    assert "赵明：在已撤销的西一网格党支部任职" in printed


def test_a_grant_that_no_post_justifies_is_found(cast):
    OrganisationUserPermission.objects.create(
        user=cast.zhao, content_object=cast.east, permission_id=word_permissions()["see"]
    )
    assert "zhao：权限 see 没有任职依据" in faults()


def test_a_post_on_a_wrong_level_is_found(cast):
    Role.objects.filter(code="grid_worker").update(levels=[4])
    assert "赵明：网格员不应设在西一网格党支部" in faults()
