"""Default rows of the complaints floor: categories, limits, rules, headings; loaded, then edited."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from complaints.models import (
    AssistRule,
    CallScript,
    CaseRules,
    Category,
    HeaderSynonym,
    LevelBox,
    ReplyTemplate,
    RequestReason,
    RequestRule,
    SendBackReason,
    UrgencyLimit,
)
from complaints.rules import rules_changed
from complaints.services.entrance_defaults import load_entrance
from complaints.services.oversight_defaults import load_oversight

FOLDER = Path(__file__).resolve().parent.parent / "defaults"
NAME_BREAK = " · "


@transaction.atomic
def load_defaults() -> dict[str, int]:
    """Add the default rows of `domain.md` 5.3, 6.5 and 7 that are missing; say how many of each.

    Common rows only (no subdistrict). A row that exists is never touched, so that what an office
    edited stays; running it again adds nothing. Where each number comes from: `docs/defaults.md`.
    """
    added = {
        "categories": load_categories(),
        "urgency_limits": _load_urgency_limits(),
        "level_boxes": _load_level_boxes(),
        **load_oversight(),
        "case_rules": _load_case_rules(),
        "request_rules": _load_request_rules(),
        "request_reasons": _load_request_reasons(),
        "assist_rules": _load_assist_rules(),
        "header_synonyms": _load_header_synonyms(),
        **load_entrance(),
        "reply_templates": _load_reply_templates(),
        "call_scripts": _load_call_scripts(),
        "send_back_reasons": _load_send_back_reasons(),
    }
    if any(added.values()):
        rules_changed()
    return added


@transaction.atomic
def load_categories() -> int:
    """Add the missing nodes of the default category tree, branches first; says how many leaves."""
    rows = list(_rows("complaint_categories.csv"))
    known = dict(Category.objects.filter(subdistrict=None).values_list("code", "id"))
    for depth in (1, 2):
        nodes = {row["code"][: 2 * depth]: _names(row, depth) for row in rows}
        missing = [
            Category(
                code=code,
                name=names[-1],
                full_name=NAME_BREAK.join(names),
                parent_id=known.get(code[:-2]),
                is_leaf=False,
            )
            for code, names in nodes.items()
            if code not in known
        ]
        known |= {node.code: node.pk for node in Category.objects.bulk_create(missing)}
    leaves = [_leaf(row, known[row["code"][:4]]) for row in rows if row["code"] not in known]
    Category.objects.bulk_create(leaves)
    return len(leaves)


def _names(row: dict[str, str], depth: int) -> list[str]:
    return [row["level1"], row["level2"], row["level3"]][:depth]


def _leaf(row: dict[str, str], parent_id: int) -> Category:
    return Category(
        code=row["code"],
        name=row["level3"],
        full_name=NAME_BREAK.join(_names(row, 3)),
        parent_id=parent_id,
        urgency=row["urgency"],
        limit_amount=int(row["limit_amount"]),
        limit_unit=row["limit_unit"],
        solving_level=int(row["solving_level"]),
        first_action_amount=_number(row["first_action_amount"]),
        first_action_unit=row["first_action_unit"],
        needs_photo=row["needs_photo"] == "1",
        needs_callback=row["needs_callback"] == "1",
        default_handler=row["default_handler"],
        filing_rule=row["filing_rule"],
        closing_rule=row["closing_rule"],
        keywords=row["keywords"],
        four_isation=row["four_isation"],
        gbt39666_top=row["gbt39666_top"],
        season_from=row["season_from"],
        season_to=row["season_to"],
        is_confidential=row["is_confidential"] == "1",
        basis=row["basis"],
    )


def _load_urgency_limits() -> int:
    known = UrgencyLimit.objects.filter(subdistrict=None).values_list("urgency", flat=True)
    return _add(
        UrgencyLimit(
            urgency=row["urgency"],
            sign_amount=int(row["sign_amount"]),
            sign_unit=row["sign_unit"],
            contact_amount=int(row["contact_amount"]),
            contact_unit=row["contact_unit"],
            on_site_amount=_number(row["on_site_amount"]),
            on_site_unit=row["on_site_unit"],
            progress_amount=_number(row["progress_amount"]),
            progress_unit=row["progress_unit"],
        )
        for row in _missing("urgency_limits.csv", "urgency", known)
    )


def _load_level_boxes() -> int:
    known = LevelBox.objects.filter(subdistrict=None).values_list("level", flat=True)
    return _add(
        LevelBox(
            level=int(row["level"]),
            amount=_number(row["amount"]),
            unit=row["unit"],
            climbs_by_itself=row["climbs_by_itself"] == "1",
        )
        for row in _missing("level_boxes.csv", "level", map(str, known))
    )


def _load_case_rules() -> int:
    if CaseRules.objects.filter(subdistrict=None).exists():
        return 0
    (row,) = _rows("case_rules.csv")
    cut_off = row.pop("cut_off")
    CaseRules.objects.create(cut_off=cut_off, **{name: int(value) for name, value in row.items()})
    return 1


def _load_request_rules() -> int:
    known = RequestRule.objects.filter(subdistrict=None).values_list("kind", flat=True)
    return _add(
        RequestRule(
            kind=row["kind"],
            decider=row["decider"],
            ask_within=_number(row["ask_within"]),
            ask_within_unit=row["ask_within_unit"],
            most_count=_number(row["most_count"]),
            most_amount=_number(row["most_amount"]),
            amount_unit=row["amount_unit"],
            check_days=_number(row["check_days"]),
            needs_evidence=row["needs_evidence"] == "1",
            leaves_rates=row["leaves_rates"] == "1",
        )
        for row in _missing("request_rules.csv", "kind", known)
    )


def _load_assist_rules() -> int:
    known = AssistRule.objects.filter(subdistrict=None).values_list("kind", flat=True)
    return _add(
        AssistRule(
            kind=row["kind"],
            answer_amount=int(row["answer_amount"]),
            answer_unit=row["answer_unit"],
            respond_amount=_number(row["respond_amount"]),
            respond_unit=row["respond_unit"],
            arrive_amount=_number(row["arrive_amount"]),
            arrive_unit=row["arrive_unit"],
        )
        for row in _missing("assist_rules.csv", "kind", known)
    )


def _load_request_reasons() -> int:
    known = RequestReason.objects.filter(subdistrict=None).values_list("code", flat=True)
    return _add(
        RequestReason(kind=row["kind"], code=row["code"], label=row["label"])
        for row in _missing("request_reasons.csv", "code", known)
    )


def _load_header_synonyms() -> int:
    known = HeaderSynonym.objects.values_list("heading", flat=True)
    return _add(
        HeaderSynonym(field=row["field"], heading=row["heading"])
        for row in _missing("header_synonyms.csv", "heading", known)
    )


def _load_reply_templates() -> int:
    # Like the scripts: what an office has emptied or rewritten stays so.
    if ReplyTemplate.objects.filter(subdistrict=None).exists():
        return 0
    kinds = dict(Category.objects.filter(subdistrict=None).values_list("code", "id"))
    return _add(
        ReplyTemplate(
            category_id=kinds.get(row["category"]),
            result_kind=row["result_kind"],
            label=row["label"],
            text=row["text"],
            position=number,
        )
        for number, row in enumerate(_rows("reply_templates.csv"), start=1)
        if not row["category"] or row["category"] in kinds
    )


def _load_call_scripts() -> int:
    # Several scripts may stand for one kind of matter; the first load gives one to each.
    if CallScript.objects.filter(subdistrict=None).exists():
        return 0
    kinds = dict(Category.objects.filter(subdistrict=None).values_list("code", "id"))
    return _add(
        CallScript(category_id=kinds.get(row["category"]), text=row["text"])
        for row in _rows("call_scripts.csv")
        if not row["category"] or row["category"] in kinds
    )


def _load_send_back_reasons() -> int:
    known = SendBackReason.objects.filter(subdistrict=None).values_list("code", flat=True)
    return _add(
        SendBackReason(
            code=row["code"], label=row["label"], text=row["text"], position=int(row["position"])
        )
        for row in _missing("send_back_reasons.csv", "code", known)
    )


def _rows(name: str) -> Iterable[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _missing(name: str, key: str, known: Iterable[str]) -> list[dict[str, str]]:
    there = set(known)
    return [row for row in _rows(name) if row[key] not in there]


def _add(rows: Iterable[Any]) -> int:
    new = list(rows)
    if new:
        type(new[0]).objects.bulk_create(new)
    return len(new)


def _number(text: str) -> int | None:
    return int(text) if text else None
