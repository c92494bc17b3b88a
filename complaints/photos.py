"""Pictures as they come from a phone: recognised by content, made small, stripped of all else."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from governance.errors import HouseError

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 30_000_000
LONGEST_SIDE = 1600
SMALL_SIDE = 320
# The squares laid over a picture for covering parts of it, along its longer and its shorter side.
SQUARES = (16, 12)
# Named here, so that a file cannot choose one of the many other decoders.
DECODERS = ("JPEG", "PNG", "WEBP")
# What decoders raise for files that are not what they say.
BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError,
    EOFError, OverflowError, MemoryError, ZeroDivisionError, Image.DecompressionBombError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture the house made itself: JPEG bytes, and what is worth keeping of the original."""

    content: bytes
    small: bytes
    width: int
    height: int
    taken_at: datetime | None

    @property
    def checksum(self) -> str:
        """SHA-256 of the picture as it is stored."""
        return sha256(self.content).hexdigest()


def read_picture(file: IO[bytes]) -> Picture:
    """Read a photo and write it anew: JPEG, at most 1600 pixels a side, without EXIF or position.

    JPEG, PNG and WebP are known by their content, never by their name. Raises HouseError for
    anything else, for more than 8 MB and for more than 30 million pixels.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise HouseError(_("照片超过 8 MB，请用较低的清晰度重拍。"))
    with broken_files_refused():
        image = Image.open(BytesIO(content), formats=DECODERS)
        # The size stands in the head of the file; nothing has been unpacked yet.
        if image.width * image.height > MOST_PIXELS:
            raise HouseError(_("照片超过 3000 万像素，请用较低的清晰度重拍。"))
        taken_at = moment_taken(image)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        whole = on_white(ImageOps.exif_transpose(image))
    whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return made_of(whole, taken_at)


def made_of(whole: Image.Image, taken_at: datetime | None) -> Picture:
    """The picture as it is stored, with its small copy."""
    small = whole.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return Picture(as_jpeg(whole, 82), as_jpeg(small, 72), whole.width, whole.height, taken_at)


def squares_of(width: int, height: int) -> tuple[int, int]:
    """How many columns and rows of squares are laid over a picture of this shape."""
    longer, shorter = SQUARES
    return (longer, shorter) if width >= height else (shorter, longer)


def covered(content: bytes, squares: Collection[tuple[int, int]]) -> Picture:
    """A stored picture anew, each of the squares (column, row; from 0) painted in its mean colour.

    Nothing of what a square showed is left to be sharpened again.
    """
    with broken_files_refused():
        whole = Image.open(BytesIO(content), formats=DECODERS).convert("RGB")
    columns, rows = squares_of(whole.width, whole.height)
    for column, row in squares:
        box = (
            whole.width * column // columns,
            whole.height * row // rows,
            whole.width * (column + 1) // columns,
            whole.height * (row + 1) // rows,
        )
        size = (box[2] - box[0], box[3] - box[1])
        if min(size) > 0:
            whole.paste(whole.crop(box).resize((1, 1), Image.Resampling.BOX).resize(size), box)
    return made_of(whole, None)


@contextmanager
def broken_files_refused() -> Iterator[None]:
    """Whatever a decoder stumbles over becomes one sentence."""
    try:
        yield
    except BROKEN as error:
        raise HouseError(
            _("这个文件不是可以打开的照片，请重拍或换一张（JPG、PNG、WebP）。")
        ) from error


def on_white(image: Image.Image) -> Image.Image:
    """The picture in plain colours; what was transparent becomes white. Nothing else is kept."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        plain = Image.new("RGB", image.size, "white")
        plain.paste(image, mask=image.getchannel("A"))
        return plain
    plain = image.convert("RGB")
    plain.info.clear()
    return plain


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """The picture as JPEG bytes, with no block but the picture itself."""
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def moment_taken(image: Image.Image) -> datetime | None:
    """When the camera says it was taken; None without a believable moment."""
    try:
        taken = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        at = datetime.strptime(str(taken), "%Y:%m:%d %H:%M:%S")
    except BROKEN:
        return None
    at = timezone.make_aware(at)
    now = timezone.now()
    return at if now - timedelta(days=3660) < at < now + timedelta(days=1) else None
