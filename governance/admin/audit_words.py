"""The words of the audit: what was done and what it was done to, as the reader calls it."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Deeds of the floors above are named here too: the audit is read on the ground floor.
DEEDS: dict[str, Any] = {
    "add_building": gettext_lazy("新增楼栋"),
    "add_compound": gettext_lazy("新增小区"),
    "add_default_rules": gettext_lazy("载入新增的默认规则"),
    "add_dwellings": gettext_lazy("新增房屋"),
    "add_headersynonym": gettext_lazy("记住表头"),
    "bulk_register_groups": gettext_lazy("批量登记群众队伍"),
    "change_headersynonym": gettext_lazy("更改表头含义"),
    "cover": gettext_lazy("调整网格覆盖"),
    "dissolve_group": gettext_lazy("解散群众队伍"),
    "download_refused_rows": gettext_lazy("下载未导入的行"),
    "draw_boundary": gettext_lazy("绘制边界"),
    "end_leave": gettext_lazy("结束请假"),
    "invent_complaints": gettext_lazy("生成演示诉求"),
    "invent_photos": gettext_lazy("生成演示照片"),
    "link_party_household": gettext_lazy("关联党员户"),
    "make_place_code": gettext_lazy("生成二维码"),
    "make_place_codes": gettext_lazy("批量生成二维码"),
    "move_in": gettext_lazy("登记入住"),
    "move_in_many": gettext_lazy("批量登记入住"),
    "move_out": gettext_lazy("登记搬离"),
    "open_grid": gettext_lazy("设立网格"),
    "prepare_publication": gettext_lazy("起草公开文稿"),
    "print_grid_board": gettext_lazy("打印网格公示牌"),
    "register_group": gettext_lazy("登记群众队伍"),
    "release_publication": gettext_lazy("公开办理结果"),
    "remove_photo": gettext_lazy("删去照片"),
    "rename_compound": gettext_lazy("更改小区名称"),
    "renew_place_code": gettext_lazy("更换二维码"),
    "renew_resident_link": gettext_lazy("更换居民查询链接"),
    "return_publication": gettext_lazy("退回公开文稿"),
    "revise_publication": gettext_lazy("修改公开文稿"),
    "revoke_resident_link": gettext_lazy("停用居民查询链接"),
    "set_head": gettext_lazy("变更户主"),
    "start_demonstration": gettext_lazy("生成演示数据"),
    "take_leave": gettext_lazy("登记请假"),
    "withdraw_publication": gettext_lazy("撤回公开内容"),
}
# Said of a row that has no deed of its own.
PLAIN_DEEDS = {
    "add": gettext_lazy("新增%(what)s"),
    "change": gettext_lazy("修改%(what)s"),
    "delete": gettext_lazy("删除%(what)s"),
    "close": gettext_lazy("停用%(what)s"),
    "reveal": gettext_lazy("查看%(what)s"),
    "start": gettext_lazy("开始%(what)s"),
}
SUBJECTS: dict[str, Any] = {
    "household": gettext_lazy("住户"),
    "communitygroup": gettext_lazy("群众队伍"),
    "placecode": gettext_lazy("二维码"),
    "headersynonym": gettext_lazy("表头同义词"),
}


def deed_words(verb: str) -> str:
    """What was done; a row without a deed of its own is named by its table."""
    if verb in DEEDS:
        return str(DEEDS[verb])
    plain, _line, name = verb.partition("_")
    if plain in PLAIN_DEEDS and (table := table_words(name)):
        return str(PLAIN_DEEDS[plain]) % {"what": table}
    return verb


def subject_words(kind: str) -> str:
    """What it was done to."""
    return str(SUBJECTS[kind]) if kind in SUBJECTS else table_words(kind) or kind or _("无")


def table_words(name: str) -> str:
    """The name of the rows of a table, "" when there is none of that name."""
    for model in apps.get_models():
        if model._meta.model_name == name.replace("_", ""):
            return str(model._meta.verbose_name)
    return ""
