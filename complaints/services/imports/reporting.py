"""Reporting: what an import did, in sentences for the clerk."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from complaints.choices import CITY_SOURCES, Stage


def sentences(result: Mapping[str, Any], source: str, *, has_replies: bool) -> list[str]:
    """The counts of a finished import in words; only what there is to say."""
    if not any(result[name] for name in ("new", "unchanged", "updated", "refused", "repeated")):
        return [_("文件里只有表头，没有一行工单；请确认导出时选对了时间范围。")]
    said = []
    if result["dry_run"]:
        said.append(_("这是试导入，没有写入任何数据；正式导入时将会："))
    said.append(
        _(
            "新增 %(new)s 件，已有且未变 %(unchanged)s 件，来源有更新 %(updated)s 件"
            "（%(updated_cells)s 处），未导入 %(refused)s 行。"
        )
        % result
    )
    if result["repeated"]:
        said.append(_("文件内完全重复 %(repeated)s 行，只取第一行。") % result)
    if result["place_unknown"] or result["category_unknown"]:
        accepted = source in CITY_SOURCES
        stage = Stage.PENDING_DISPATCH if accepted else Stage.PENDING_ACCEPTANCE
        said.append(
            _(
                "其中地点待定 %(place_unknown)s 件、分类待定 %(category_unknown)s 件，"
                "在“%(stage)s”中等候，附有提示。"
            )
            % {**result, "stage": stage.label}
        )
    if has_replies:
        said.append(_("“处理结果”一列随来源原文保存，不作为本系统的答复。"))
    if result["ignored"]:
        said.append(_("没有使用的列：%(names)s。") % {"names": "、".join(result["ignored"])})
    return said
