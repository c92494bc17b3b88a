"""遮盖: faces, plates and doors in a photo are painted over for good, whoever looks at it later."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Accused, Complaint, Photo
from complaints.photos import covered, squares_of
from complaints.services import photos
from governance.choices import Word
from governance.errors import HouseError
from governance.models.reach import may
from governance.services import audit
from governance.services.audit import deed

# Whoever answers with it, releases it or sends it on.
WORDS = (Word.HANDLE, Word.REVIEW, Word.DISPATCH)


def may_cover(case: Complaint, user: Any) -> bool:
    """Whether somebody has the case on the desk; whoever it is about has not."""
    path = case.holder_path or case.subdistrict.path
    if not any(may(user, word, path) for word in WORDS):
        return False
    return not (
        case.is_confidential and Accused.objects.about(user).filter(complaint=case).exists()
    )


@deed()
def cover(photo: Photo, squares: Collection[tuple[int, int]], *, by: Any) -> Photo:
    """Paint over squares of a stored photo, for every reader and for good.

    The former picture is thrown away once the deed stands: what was covered shall be nowhere
    (`domain.md` 4.1). The audit keeps who did it, and both checksums. Covering twice is harmless; the door
    does it once for the key of its form.
    Raises HouseError for no square and for squares beside the picture; whether `by` may do it is
    asked by `may_cover`.
    """
    photo = Photo.objects.select_for_update().select_related("complaint").get(pk=photo.pk)
    columns, rows = squares_of(photo.width, photo.height)
    if not squares:
        raise HouseError(_("请先点选要遮住的格子。"))
    if any(not (0 <= column < columns and 0 <= row < rows) for column, row in squares):
        raise HouseError(_("有的格子不在照片上，请重新点选。"))
    before, storage, name = photo.checksum, photo.file.storage, str(photo.file.name)
    picture = covered(photos.open_photo(photo), squares)
    photos.write(photo, picture)
    photo.checksum = picture.checksum
    photo.save(update_fields=["file", "checksum"])
    audit.record(
        "cover_photo",
        by=by,
        subject=f"complaint:{photo.complaint_id}",
        organisation_path=photo.complaint.holder_path,
        detail={"checksums": [before, picture.checksum], "squares": len(set(squares))},
    )
    transaction.on_commit(partial(photos.throw_away, storage, name))
    return photo
