"""Which invented cases carry photos, and laying them: drawn for the case, before and after."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone
from PIL import Image

from complaints.choices import PhotoGroup, ResultKind, Source
from complaints.models import Complaint, Photo
from complaints.photos import SMALL_SIDE, Picture, as_jpeg
from complaints.services import photos
from governance.services import audit
from portal.demonstration import scenes, wording

QUALITY, SMALL_QUALITY = 58, 60
# What is told of decides what is seen; the first that fits.
SEEN = tuple(
    (re.compile(words), scene)
    for words, scene in (
        ("被困|卡在|电梯.{0,12}(停|坏|修)", "lift"),
        ("暖气|十三度|十四五度|进户管", "radiator"),
        ("小广告|租房广告|违规张贴|电话号码", "adverts"),
        ("摸黑|声控灯|楼道.{0,8}(灯|黑)", "stairs"),
        ("飞线|拉.{0,3}线|拉出来三根线|插座|电瓶车充电|推.{0,4}电动车|电动车推", "wires"),
        ("井盖|窨井", "manhole"),
        ("路灯|灯杆|照明|没灯|黑灯瞎火", "street_lamp"),
        ("河沟|河水|景观池|暗渠|水面", "river"),
        ("树.{0,6}(歪|断|倒|空心)|枯枝|断枝|柳树", "tree"),
        ("坑洼|坑槽|地砖|碎石|路面.{0,6}破|浮土|减速带", "pothole"),
        ("积水|返水|污水|黑水|水坑|水管爆|化粪池|脏水|结冰|结了冰", "puddle"),
        ("小摊|夜市|支了个大棚|卖菜|卖水果", "stalls"),
        ("楼道.{0,12}(堆|鞋柜|纸箱|沙发)|旧沙发|鞋柜|床垫|堆着旧|堆满|过道里", "corridor"),
        ("漏雨|渗水|漏水.{0,6}吊顶|洇湿|顶楼都漏|防水|吊顶泡", "leak"),
        (
            "消防通道|通道.{0,6}(停|堵|挡)|违停|堵住|停满|占车位|旧车|事故车|堵了两个小时",
            "fire_lane",
        ),
        ("垃圾桶|垃圾房|投放点|分类箱|厨余|袋子堆|垃圾.{0,6}(堆|满|没人|没有拉)", "bins"),
    )
)
# Residents who report by themselves take a picture; of those who call, the handler takes one.
OWN = (Source.QR, Source.WEB, Source.PATROL)
SHARE_OF_OWN, SHARE_OF_OTHERS = 0.85, 0.22
# The older a case, the fewer still have their photos.
SHARE_OF_OLDER = 0.07


def scene_of(case: Complaint) -> str:
    """What a photo of this case would show; "" when there is nothing to see."""
    if case.category is not None and wording.mood_of(case.category.code) in ("ask", "thanks"):
        return ""
    return next((scene for words, scene in SEEN if words.search(case.text)), "")


@audit.deed()
def lay(ids: Iterable[int], *, seed: int, is_recent: bool) -> int:
    """Draw and store the photos of these cases, each only once; says how many."""
    cases = (
        Complaint.objects.filter(pk__in=list(ids), photos=None, is_confidential=False)
        .select_related("filed_by", "category")
        .prefetch_related("replies__by", "contacts__by")
        .order_by("pk")
    )
    laid = sum(lay_to(case, seed, is_recent=is_recent) for case in cases)
    if laid:
        audit.record("invent_photos", by=None, subject="complaint:", detail={"count": laid})
    return laid


def lay_to(case: Complaint, seed: int, *, is_recent: bool) -> int:
    """The photos of one case, as chance wants it."""
    chance, scene = Random(f"{seed}:photos:{case.pk}"), scene_of(case)
    share = SHARE_OF_OWN if case.source in OWN else SHARE_OF_OTHERS
    if not scene or chance.random() > share * (1 if is_recent else SHARE_OF_OLDER):
        return 0
    spot = f"{seed}:{case.pk}"
    contact = next(iter(case.contacts.all()), None)
    if case.source in OWN:
        seen_at, by, group = case.filed_at, case.filed_by, PhotoGroup.REPORT
    elif contact is not None:
        seen_at, by, group = contact.at, contact.by, PhotoGroup.HANDLING
    else:
        return 0
    store(case, scene, spot, seen_at, group, by, 1)
    answer = next((one for one in case.replies.all() if one.result_kind == ResultKind.SOLVED), None)
    if answer is None or answer.at <= seen_at:
        return 1
    since = min(timedelta(minutes=chance.randint(2, 30)), (answer.at - seen_at) / 2)
    store(
        case, scene, spot, answer.at - since, PhotoGroup.HANDLING, answer.by, answer.round, after=True
    )  # fmt: skip
    return 2


def store(
    case: Complaint,
    scene: str,
    spot: str,
    at: datetime,
    group: str,
    by: Any,
    number: int,
    *,
    after: bool = False,
) -> None:
    """One photo, stored as any other, but with the moment and the round it belongs to."""
    image = scenes.draw(scene, spot, after=after, at=timezone.localtime(at))
    photo = photos.store(case, picture_of(image, at), by=by, group=group)
    Photo.objects.filter(pk=photo.pk).update(at=at, round=number)


def picture_of(image: Image.Image, at: datetime) -> Picture:
    """The drawn picture as the house keeps pictures: two JPEG files."""
    small = image.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return Picture(
        as_jpeg(image, QUALITY), as_jpeg(small, SMALL_QUALITY), image.width, image.height, at
    )
