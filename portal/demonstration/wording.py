"""What people say: invented complaints, replies and notes for every leaf of the category tree."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from complaints.choices import ResultKind, Source
from portal.demonstration import names

FILE = Path(__file__).resolve().parent / "phrases.csv"

WHEN = (
    "昨天",
    "今天早上",
    "前天晚上",
    "这两天",
    "上周末",
    "昨天夜里",
    "中午",
    "今天下午",
    "这几天",
    "前几天",
)
DAYS = ("两三天", "三四天", "快一周", "一个多星期", "半个月", "快一个月", "四五天", "好几天")
TIMES = (
    "早上五六点",
    "晚上十点多",
    "每天晚上",
    "早上七点来钟",
    "下午放学时",
    "半夜",
    "傍晚六点左右",
    "周末",
)
OPENERS = {
    Source.HOTLINE: ("市民来电反映：", "来电人反映，", "诉求人来电：", ""),
    Source.PLATFORM: ("平台转来：", "上级平台交办：", ""),
    Source.PHONE: ("居民来电，", "电话反映：", ""),
    Source.COUNTER: ("居民到窗口反映：", "来访人说，", ""),
    Source.WEB: ("", "您好，", "网友留言："),
    Source.QR: ("", "你好，", "扫码反映一下，"),
    Source.PATROL: ("巡查发现并听居民反映：", "走访时居民反映，", "网格巡查："),
}
CLOSERS = (
    "请尽快处理。", "希望有人来看看。", "麻烦给个回复。", "请相关部门管一管。", "已经反映过一次了。", "谢谢。",
    "希望能彻底解决。", "反映人希望得到电话答复。", "请核实处理。", "", "", "",
)  # fmt: skip
CONTACTS = (
    "已电话联系，约定当日到现场", "与诉求人通话，问清了具体位置", "电话里说明了处理流程，对方表示理解",
    "联系上本人，对方要求尽快处理", "上门见面了解情况", "电话沟通，补充了现场细节",
)  # fmt: skip
FAILED_CONTACTS = ("响铃无人接", "关机", "通话中，稍后再打", "挂断")
LOGS = (
    "已到现场查看，情况属实", "联系物业，约定明日上午处理", "已报专业单位，等待派人", "与相关住户沟通，对方答应配合",
    "现场拍照留存，待复查", "材料已到，安排施工", "第二次到现场，仍在处理",
)  # fmt: skip
ESCALATIONS = (
    "涉及多个小区，本网格协调不了", "物业不配合，请社区出面", "需要执法权限，请上级协调", "需要资金和工程，本级无力解决",
)  # fmt: skip
WRONG_UNITS = (
    "地址在路对面，不属于本网格",
    "属于相邻网格的楼栋",
    "权属在商业街管理处一侧，不是本网格",
    "核实后不在本辖区范围",
)
SEND_BACKS = (
    "答复过于笼统，请写明处理结果和时间",
    "请补充是否与诉求人沟通过",
    "现场情况没有说清，请核实后重报",
)
UNSOLVED = ("需待采购材料到货", "部分住户意见未统一", "需列入下一年度计划", "产权单位尚在排期")
COMPLAINED = (
    "问题还在，没有解决",
    "只是来看了看，没有处理",
    "处理完两天又这样了",
    "答复的和实际不一样",
    "时间太长了",
)
PRAISED = ("已经处理好了", "处理得挺快", "态度很好", "基本解决了", "没有意见", "")
WITHDRAWN = ("诉求人来电表示已自行解决，撤回诉求", "诉求人不再要求处理", "双方已和好，申请撤诉")
REJECTED = (
    "已进入诉讼程序，不属受理范围", "反映内容没有具体事项，多次询问未补充", "属于其他行政区管辖，已告知反映渠道",
)  # fmt: skip
RETURNED = ("地址不在本街道辖区", "属区级部门职责，街道无管理权限", "同一事项已由区主管部门办理")
SUPPLEMENTS = ("请补充具体楼号和联系方式", "请说明店铺名称和发生时间")
INSTRUCTIONS = (
    "请社区书记亲自到场，三日内报结果", "举一反三，同类小区一并排查", "请牵头部门拿出办法，不能只答复不解决", "请盯住，办好后报我",
)  # fmt: skip
MANNERS = {
    ResultKind.SOLVED: "目前问题已经解决。",
    ResultKind.PARTLY: "其余部分正在推进，有结果后再次告知您。",
    ResultKind.EXPLAINED: "有关政策和办理时间已向您说明。",
    ResultKind.NOT_ACCEPTED: "经核实，现场情况与反映内容不一致，已向您说明。",
}


@dataclass(frozen=True)
class Phrases:
    """What is said about one kind of matter."""

    subject: str
    texts: tuple[str, str, str]
    done: str


@dataclass(frozen=True)
class Scene:
    """Where a matter lies, in words."""

    where: str
    compound: str
    road: str


@lru_cache(maxsize=1)
def phrases() -> dict[str, Phrases]:
    """The invented phrases by code of the leaf."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Phrases(
                row["subject"], (row["first"], row["second"], row["third"]), row["done"]
            )
            for row in csv.DictReader(file)
        }


def complaint_text(chance: Random, code: str, source: str, scene: Scene) -> str:
    """A complaint in everyday words."""
    body = chance.choice(phrases()[code].texts).format(
        where=scene.where,
        compound=scene.compound,
        road=scene.road,
        shop=chance.choice(names.SHOPS),
        when=chance.choice(WHEN),
        days=chance.choice(DAYS),
        time=chance.choice(TIMES),
    )
    return chance.choice(OPENERS[Source(source)]) + body + chance.choice(CLOSERS)


def title(code: str, scene: Scene) -> str:
    """A headline: the place and the matter."""
    return f"{scene.compound}{phrases()[code].subject}"


def public_reply(chance: Random, code: str, kind: str, unit: str) -> str:
    """The answer a citizen reads."""
    greeting = chance.choice(
        ("您好，您反映的问题收悉。", "您好！接到您的诉求后，", "尊敬的居民您好，")
    )
    visit = chance.choice(
        (
            f"{unit}安排人员到现场核实，",
            f"{unit}工作人员第一时间到场查看，",
            f"{unit}会同有关单位进行了核查，",
        )
    )
    done = phrases()[code].done if kind in (ResultKind.SOLVED, ResultKind.PARTLY) else ""
    thanks = chance.choice(
        ("感谢您的监督和支持。", "如有新情况请随时联系我们。", "感谢您对社区工作的理解。")
    )
    middle = f"{done}。" if done else "与您作了沟通。"
    return f"{greeting}{visit}{middle}{MANNERS[ResultKind(kind)]}{thanks}"
