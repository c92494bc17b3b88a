"""The ground at the desk: compounds, buildings and grids, added through services."""

from grids.models import Building, Grid, ResidentialCompound
from tests.cast import Cast
from tests.desk import signed_in as desk


def test_ground_is_added_through_the_services(cast: Cast) -> None:
    browser = desk(cast.su)
    browser.post(
        "/admin/grids/residentialcompound/add/", {"community": cast.east.pk, "name": "新苑"}
    )
    compound = ResidentialCompound.objects.get(name="新苑")
    browser.post(
        "/admin/grids/building/add/",
        {"compound": compound.pk, "number": "5栋", "unit_count": 2, "floor_count": 6},
    )
    browser.post(
        "/admin/grids/grid/add/",
        {"organisation": cast.east_branch.pk, "name": "东园第二网格", "tier": 3, "kind": "general"},
    )

    assert Building.objects.get(compound=compound).number == "5"
    assert Grid.objects.get(name="东园第二网格").code.startswith("370399001001")


def test_a_compound_of_the_other_side_cannot_be_added(cast: Cast) -> None:
    body = {"community": cast.west.pk, "name": "越界苑"}
    answer = desk(cast.su).post("/admin/grids/residentialcompound/add/", body)

    assert answer.context["adminform"].form.errors
    assert not ResidentialCompound.objects.filter(name="越界苑").exists()
