"""Saved filters: an address of the list under a name, for oneself or for the office."""

from typing import Any

from django.utils.translation import gettext as _

from complaints.models import SavedFilter
from governance.errors import HouseError
from governance.models import Organisation
from governance.selectors import current_posts
from governance.services.audit import deed

MOST_OF_A_PERSON = 12
LONGEST_NAME = 20


@deed()
def save_filter(
    name: str, query: str, *, by: Any, organisation: Organisation | None = None
) -> SavedFilter:
    """Keep an address of the list under `name`; the same name again replaces the address.

    With `organisation`, which must be one where `by` serves today, colleagues there see it too.
    Raises HouseError without a name or a filter, and beyond twelve.
    """
    name = name.strip()
    if not name:
        raise HouseError(_("请给这组筛选条件起个名字。"))
    if len(name) > LONGEST_NAME:
        raise HouseError(_("名称最多 %(most)s 个字。") % {"most": LONGEST_NAME})
    if not query:
        raise HouseError(_("现在没有筛选条件，先选条件再保存。"))
    if organisation is not None and organisation not in offices_of(by):
        raise HouseError(_("只能与您任职的单位共用。"))
    own = SavedFilter.objects.filter(owner=by)
    if own.exclude(name=name).count() >= MOST_OF_A_PERSON:
        raise HouseError(_("最多保存 %(most)s 组，请先删去不用的。") % {"most": MOST_OF_A_PERSON})
    row, _is_new = SavedFilter.objects.update_or_create(
        owner=by, name=name, defaults={"query": query[:300], "organisation": organisation}
    )
    return row


@deed()
def remove_filter(pk: int, *, by: Any) -> None:
    """Remove one's own; HouseError when it is not one's own or gone."""
    count, _rows = SavedFilter.objects.filter(pk=pk, owner=by).delete()
    if not count:
        raise HouseError(_("只能删除自己保存的筛选。"))


def offices_of(user: Any) -> list[Organisation]:
    """Where the user serves today, the most powerful post first."""
    return list(dict.fromkeys(post.organisation for post in current_posts(user)))
