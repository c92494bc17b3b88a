"""Photos: laid to a case at once, or kept in a tray until there is a case."""

import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.choices import PhotoGroup, Stage
from complaints.models import Complaint, Photo, Step
from complaints.photos import Picture, read_picture
from complaints.services.steps import refuse_unless_allowed
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.services import audit
from governance.services.audit import deed

MOST_AT_ONCE = 9
MOST_OF_A_CASE = 60
KEPT_FOR = timedelta(hours=24)
A_KEPT_NAME = re.compile(r"\d\d-[0-9a-f]{40}\.jpg")
AT_WORK = (Stage.PENDING_SIGN, Stage.HANDLING)


def add_photos(
    pk: int,
    uploads: "Sequence[UploadedFile[Any]]",
    *,
    by: Any,
    group: str = PhotoGroup.HANDLING,
) -> list[Photo]:
    """Lay photos to a case that `by` has at work; the same picture twice is one photo.

    They stay when the deed they came with is refused, so that nothing is lost. Raises HouseError
    for a file that is no photo, PermissionDenied and WrongMove as for a step.
    """
    refuse_too_many(uploads)
    pictures = [read_picture(upload) for upload in uploads]
    return lay_to_case(pk, pictures, by=by, group=group)


@deed()
def lay_to_case(pk: int, pictures: Iterable[Picture], *, by: Any, group: str) -> list[Photo]:
    """Store pictures that have been read already with a case at work."""
    case = (
        Complaint.objects.select_for_update(of=("self",)).select_related("subdistrict").get(pk=pk)
    )
    refuse_unless_allowed(case, Word.HANDLE, by)
    if case.stage not in AT_WORK:
        raise WrongMove(_("这件诉求现在不在办理中，不能再加照片。"))
    known = set(case.photos.filter(round=case.round).values_list("checksum", flat=True))
    fresh = {one.checksum: one for one in pictures if one.checksum not in known}
    if case.photos.count() + len(fresh) > MOST_OF_A_CASE:
        raise HouseError(_("一件诉求最多 %(most)s 张照片。") % {"most": MOST_OF_A_CASE})
    photos = [store(case, picture, by=by, group=group) for picture in fresh.values()]
    if photos:
        note_photos(case, photos, by)
    return photos


def store(case: Complaint, picture: Picture, *, by: Any, group: str) -> Photo:
    """Write the picture and its small copy, and the row that knows them."""
    photo = Photo(
        complaint=case,
        group=group,
        checksum=picture.checksum,
        width=picture.width,
        height=picture.height,
        round=case.round,
        taken_at=picture.taken_at,
        by=by,
    )
    write(photo, picture)
    photo.save(force_insert=True)
    return photo


def write(photo: Photo, picture: Picture) -> None:
    """Write the picture and its small copy under a fresh name that nobody can guess."""
    photo.file.save(f"{uuid4().hex}.jpg", ContentFile(picture.content), save=False)
    photo.file.storage.save(small_name(str(photo.file.name)), ContentFile(picture.small))


def small_name(name: str) -> str:
    """Where the small copy of a stored photo lies."""
    return f"{name.removesuffix('.jpg')}.small.jpg"


def open_photo(photo: Photo, *, small: bool = False) -> bytes:
    """The stored bytes of a photo, or of its small copy."""
    stored = str(photo.file.name)
    name = small_name(stored) if small else stored
    with photo.file.storage.open(name) as file:
        content: bytes = file.read()
    return content


def note_photos(case: Complaint, photos: Sequence[Photo], by: Any) -> None:
    """Leave a line in the audit: who added which pictures."""
    audit.record(
        "add_photos",
        by=by,
        subject=f"complaint:{case.pk}",
        organisation_path=case.holder_path,
        detail={"checksums": [photo.checksum for photo in photos]},
    )


def unused(case: Complaint, *, by: Any, group: str) -> QuerySet[Photo]:
    """Photos that `by` has laid to the case in this round and that no step rests on yet.

    They came with a form that was refused; after any step they belong to the record.
    """
    last = Step.objects.filter(complaint=case, number=case.step_count).values("at")
    return Photo.objects.filter(
        complaint=case, by=by, group=group, round=case.round, at__gt=Subquery(last[:1])
    )


@deed()
def remove(pk: int, photo: int, *, by: Any, group: str) -> None:
    """Throw away a photo that is not used yet; a photo that is gone already is no mistake.

    Raises HouseError for one that belongs to the record, PermissionDenied and WrongMove as for
    adding one.
    """
    case = Complaint.objects.select_for_update(of=("self",)).get(pk=pk)
    refuse_unless_allowed(case, Word.HANDLE, by)
    if case.stage not in AT_WORK:
        raise WrongMove(_("这件诉求现在不在办理中，不能再删照片。"))
    row = unused(case, by=by, group=group).filter(pk=photo).first()
    if row is None:
        if case.photos.filter(pk=photo).exists():
            raise HouseError(_("这张照片已随办理留存，不能删去。"))
        return
    storage, name, checksum = row.file.storage, str(row.file.name), row.checksum
    row.delete()
    audit.record(
        "remove_photo",
        by=by,
        subject=f"complaint:{case.pk}",
        organisation_path=case.holder_path,
        detail={"checksums": [checksum]},
    )
    transaction.on_commit(partial(throw_away, storage, name))


def throw_away(storage: Storage, name: str) -> None:
    """Both sizes of a picture that no row knows any more."""
    storage.delete(name)
    storage.delete(small_name(name))


def refuse_too_many(uploads: "Sequence[UploadedFile[Any]]") -> None:
    """Raise HouseError for more files than one hand photographs at once."""
    if len(uploads) > MOST_AT_ONCE:
        raise HouseError(_("一次最多 %(most)s 张照片，请分几次添加。") % {"most": MOST_AT_ONCE})


# ── the tray: photos of a report that is not a case yet ───────────────────────────────────────


def keep(tray: UUID, uploads: "Sequence[UploadedFile[Any]]", *, by: Any) -> list[str]:
    """Put photos into a person's own tray; returns the names of all that lie in it now.

    A report that is sent back with an error finds them again. Trays are emptied after a day.
    """
    refuse_too_many(uploads)
    empty_forgotten_trays(by)
    folder = tray_folder(tray, by)
    if uploads:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    lying = kept(tray, by=by)
    for upload in uploads:
        picture = read_picture(upload)
        # One may have been taken out: the next one comes after the last that lies there.
        place = int(lying[-1][:2]) + 1 if lying else 0
        name = f"{place:02}-{picture.checksum[:40]}.jpg"
        if any(one.endswith(name[2:]) for one in lying):
            continue
        if len(lying) >= MOST_AT_ONCE:
            raise HouseError(_("一次最多 %(most)s 张照片，请分几次添加。") % {"most": MOST_AT_ONCE})
        taken = f"{picture.taken_at:%Y-%m-%dT%H:%M:%S%z}" if picture.taken_at else ""
        (folder / f"{name}.taken").write_text(taken, encoding="ascii")
        (folder / name).write_bytes(picture.content)
        lying.append(name)
    return lying


def kept(tray: UUID, *, by: Any) -> list[str]:
    """Names of the photos that lie in a person's tray, in the order in which they came."""
    folder = tray_folder(tray, by)
    return sorted(path.name for path in folder.glob("*.jpg")) if folder.is_dir() else []


def open_kept(tray: UUID, name: str, *, by: Any) -> bytes | None:
    """One photo of a person's own tray; None when there is no such photo."""
    if not A_KEPT_NAME.fullmatch(name):
        return None
    path = tray_folder(tray, by) / name
    return path.read_bytes() if path.is_file() else None


def drop_kept(tray: UUID, name: str, *, by: Any) -> None:
    """Take one photo out of a person's own tray; one that is not there is no mistake."""
    if A_KEPT_NAME.fullmatch(name):
        path = tray_folder(tray, by) / name
        path.unlink(missing_ok=True)
        path.with_name(f"{name}.taken").unlink(missing_ok=True)


def hand_over(tray: UUID, case: Complaint, *, by: Any) -> list[Photo]:
    """Lay what is in the tray to the case that came out of the report; the tray stays till later.

    Called within the deed that files the case, so that both happen or neither.
    """
    photos = []
    for name in kept(tray, by=by):
        path = tray_folder(tray, by) / name
        with path.open("rb") as file:
            picture = read_picture(file)
        taken = path.with_name(f"{name}.taken").read_text(encoding="ascii")
        if taken:
            picture = Picture(
                picture.content,
                picture.small,
                picture.width,
                picture.height,
                datetime.strptime(taken, "%Y-%m-%dT%H:%M:%S%z"),
            )
        photos.append(store(case, picture, by=by, group=PhotoGroup.REPORT))
    if photos:
        note_photos(case, photos, by)
    return photos


def tray_folder(tray: UUID, by: Any) -> Path:
    """The folder of one tray; the account's number keeps people apart."""
    if by is None or by.pk is None:
        raise PermissionDenied
    return Path(settings.MEDIA_ROOT) / "trays" / str(by.pk) / UUID(str(tray)).hex


def empty_tray(tray: UUID, *, by: Any) -> None:
    """Throw away what lies in a tray, after the report has arrived."""
    shutil.rmtree(tray_folder(tray, by), ignore_errors=True)


def empty_forgotten_trays(by: Any) -> None:
    """Throw away the person's trays that nobody has touched for a day."""
    own = Path(settings.MEDIA_ROOT) / "trays" / str(by.pk)
    oldest = (timezone.now() - KEPT_FOR).timestamp()
    for folder in own.iterdir() if own.is_dir() else ():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
