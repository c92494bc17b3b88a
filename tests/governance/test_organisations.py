"""The tree: a wrong place is refused by the form and by the database, and no node ever moves."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, connection, transaction

from governance.choices import OrganisationKind
from governance.errors import HouseError
from governance.models import Organisation, OrganisationChange
from governance.models.organisations import segment
from governance.services.appointments import end
from governance.services.organisations import close, found

WRONG_PLACES = {
    "a branch under the street": ("street", 3, "party"),
    "a community under a community": ("east", 2, "party"),
    "a group under a community": ("east", 4, "party"),
    "a second root beneath a root": ("street", 1, "party"),
    "a branch without a parent": (None, 3, "party"),
    "a branch under an office": ("hotline_office", 3, "party"),
    "a party node without a level": ("street", None, "party"),
    "a level beyond the household": ("party_household", 6, "party"),
    "an office under a community": ("east", None, "office"),
    "an office with a level": ("street", 2, "office"),
    "a squad without a street": (None, None, "squad"),
}


def insert(parent_id, level, kind, path, pk):
    """Write a row past every form, as a careless script would."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "INSERT INTO governance_organisation (id, parent_id, kind, level, name, short_name,"
            " short_code, division_code, management_parent, community_kind, branch_kind, phone,"
            " address, position, path, started_on)"
            " VALUES (%s, %s, %s, %s, 'x', '', '', '', '', '', '', '', '', 0, %s, '2024-01-01')",
            [pk, parent_id, kind, level, path],
        )


@pytest.mark.smoke
@pytest.mark.parametrize("place", WRONG_PLACES.values(), ids=WRONG_PLACES)
def test_a_wrong_place_is_refused_by_the_form(cast, place):
    parent, level, kind = place
    node = Organisation(
        parent=getattr(cast, parent) if parent else None, level=level, kind=kind, name="错位"
    )
    with pytest.raises(HouseError):
        found(node, by=None)
    assert not Organisation.objects.filter(name="错位").exists()


@pytest.mark.smoke
@pytest.mark.parametrize("place", WRONG_PLACES.values(), ids=WRONG_PLACES)
def test_a_wrong_place_is_refused_by_the_database(cast, place):
    parent, level, kind = place
    above = getattr(cast, parent) if parent else None
    path = (above.path if above else "") + segment(900)
    # The sixth level would not even fit into the column of paths.
    with pytest.raises((IntegrityError, DataError)):
        insert(above.pk if above else None, level, kind, path, 900)


@pytest.mark.smoke
def test_the_database_takes_the_same_row_in_the_right_place(cast):
    insert(cast.east.pk, 3, "party", cast.east.path + segment(900), 900)
    assert Organisation.objects.get(pk=900).parent == cast.east


@pytest.mark.smoke
def test_the_database_refuses_a_path_through_another_parent(cast):
    with pytest.raises(IntegrityError):
        insert(cast.east.pk, 3, "party", cast.west.path + segment(900), 900)


@pytest.mark.smoke
def test_the_form_refuses_to_move_a_node(cast):
    branch = cast.east_branch
    branch.parent = cast.west
    with pytest.raises(ValidationError, match="不能改挂上级"):
        branch.full_clean()


@pytest.mark.smoke
@pytest.mark.parametrize("column", ["parent_id", "path", "kind"])
def test_the_database_refuses_to_move_a_node(cast, column):
    value = {
        "parent_id": cast.west.pk,
        "path": cast.west.path + segment(cast.east_branch.pk),
        "kind": OrganisationKind.OFFICE,
    }[column]
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=cast.east_branch.pk).update(**{column: value})


@pytest.mark.smoke
def test_the_database_refuses_a_ring(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=cast.street.pk).update(parent=cast.east_group)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=cast.east.pk).update(parent=cast.east)


@pytest.mark.smoke
def test_the_database_refuses_another_level(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=cast.east_branch.pk).update(level=4)


def test_only_who_manages_the_parent_founds_beneath_it(cast):
    def branch():
        return Organisation(parent=cast.east, level=3, name="东二网格党支部")

    for stranger in (cast.zhao, cast.wang, cast.chen):
        with pytest.raises(PermissionDenied):
            found(branch(), by=stranger)
    node = found(branch(), by=cast.su)
    assert node.path == cast.east.path + segment(node.pk)


def test_a_closed_node_stays_where_it_was_and_its_successor_is_linked(cast):
    household = cast.party_household
    end(household.appointments.get(), by=cast.su)
    successor = found(Organisation(parent=cast.east_group, level=5, name="新户"), by=cast.su)
    with pytest.raises(PermissionDenied):
        close(household, by=cast.zhao, successor=successor)
    close(household, by=cast.su, successor=successor, note="迁居")
    change = OrganisationChange.objects.get()
    assert (change.before, change.after) == (household, successor)
    assert Organisation.objects.get(pk=household.pk).path == household.path
    assert household not in Organisation.objects.current()


def test_a_node_with_open_ones_beneath_cannot_be_closed(cast):
    with pytest.raises(HouseError, match="未撤销的组织"):
        close(cast.east_branch, by=cast.su)


def test_a_node_that_somebody_serves_cannot_be_closed(cast):
    with pytest.raises(HouseError, match="在任职"):
        close(cast.party_household, by=cast.su)
