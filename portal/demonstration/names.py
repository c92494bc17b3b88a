"""Invented names and numbers: none of them can belong to a living person.

Telephone numbers begin with 154, a block that no operator in China has been given. Identity numbers
carry the area 999999, which does not exist (`domain.md` 6.1); a demonstration alone accepts them.
"""

from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

from governance.choices import Gender
from governance.identity import DEMONSTRATION_AREA

PHONE_BLOCK = "154"
# Odd and no multiple of five, so that running numbers never meet and yet look scattered.
PHONE_STRIDE = 61_803_399
PHONES = 100_000_000

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎"
)
MEN = "建国志强文军海涛宏伟德明永超俊峰晓东立新春雷玉林家栋庆华振宇凯鹏世杰成义长安勇平云飞浩然子轩"
WOMEN = "秀英桂兰丽华玉梅春燕晓红雪静淑芳美玲敏娟文慧佳怡雅琴思雨凤霞金花婷月云翠萍欣然梦洁巧珍若兰"

# A fixed pool keeps the different names of the street below twenty thousand, so that each is read
# into pinyin only once.
GIVEN_NAMES = 120


def given_names(signs: str) -> list[str]:
    """Given names of one or two signs out of these, the same each time."""
    chance = Random(signs)
    single = sorted(set(signs))[:20]
    pairs = [signs[place : place + 2] for place in range(0, len(signs) - 1, 2)]
    while len(pairs) < GIVEN_NAMES - len(single):
        pair = chance.choice(signs) + chance.choice(signs)
        if pair not in pairs:
            pairs.append(pair)
    return single + pairs


GIVEN = {Gender.MALE: given_names(MEN), Gender.FEMALE: given_names(WOMEN)}

# Two parts each; 12 × 9 pairs give every compound of the street a name of its own.
COMPOUND_FIRST = (
    "春晖",
    "和顺",
    "福泰",
    "锦绣",
    "翠竹",
    "祥瑞",
    "明德",
    "丰华",
    "景秀",
    "安居",
    "晨光",
    "瑞祥",
)
COMPOUND_LAST = ("家园", "苑", "小区", "花园", "雅居", "新村", "里", "名邸", "佳苑")
ROADS = (
    "迎春路",
    "和谐街",
    "柳湖西巷",
    "兴园路",
    "学府街",
    "丰泽路",
    "长安里",
    "翠微路",
    "金桂街",
    "新城大道",
    "青年路",
    "玉湖东路",
    "文昌街",
    "南营里",
    "桃园路",
    "建新街",
)
EATERIES = (
    "老灶烧烤", "福来饭店", "好再来面馆", "晨曦早餐铺", "阿婆水饺", "李记包子铺", "川味小炒", "聚香阁火锅", "老街羊汤",
    "湖畔茶餐厅",
)  # fmt: skip
SERVICES = (
    "佳美理发店", "金手指培训班", "康乐健身房", "爱家装饰", "小天使舞蹈班", "洁雅洗衣店", "启航托管班", "悦己美容院",
)  # fmt: skip
SHOPS = EATERIES + SERVICES + (
    "鲜又多超市", "顺达五金店", "天天果蔬", "鑫源汽修", "万客隆便利店", "红苹果书店", "惠民药房", "四季花店",
)  # fmt: skip


def name_of(chance: Random, gender: str) -> str:
    """A full name of two or three signs."""
    return chance.choice(SURNAMES) + chance.choice(GIVEN[Gender(gender)])


def gender_of(chance: Random) -> str:
    """Man or woman."""
    return Gender.MALE if chance.random() < 0.505 else Gender.FEMALE


def phone_of(number: int) -> str:
    """The telephone number of the `number`-th person of the street; no two are equal."""
    return f"{PHONE_BLOCK}{number * PHONE_STRIDE % PHONES:08d}"


def birthday(chance: Random, *, youngest: int, oldest: int, today: date) -> date:
    """A birthday of somebody between two ages in years."""
    days = chance.randint(youngest * 365, oldest * 365)
    return today - timedelta(days=days)


class IdentityNumbers:
    """Gives identity numbers of the area that does not exist, each only once."""

    def __init__(self) -> None:
        self._given: dict[tuple[date, bool], int] = {}

    def next(self, born_on: date, gender: str) -> str:
        """A fresh number for a birthday and a sex."""
        is_male = gender == Gender.MALE
        count = self._given[born_on, is_male] = self._given.get((born_on, is_male), 0) + 1
        sequence = count * 2 - 1 if is_male else count * 2
        body = f"{DEMONSTRATION_AREA}{born_on:%Y%m%d}{sequence:03d}"
        return body + ric.calc_check_digit(body + "0")


def compound_names() -> list[str]:
    """108 names; the nine of one community, taken in a row, have different first parts."""
    return [
        COMPOUND_FIRST[(index + shift) % len(COMPOUND_FIRST)] + last
        for index in range(len(COMPOUND_FIRST))
        for shift, last in enumerate(COMPOUND_LAST)
    ]
