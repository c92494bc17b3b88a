"""Move and next_stage: the one mechanism behind every workflow table of the house."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from governance.errors import WrongMove


@dataclass(frozen=True)
class Move:
    """One row of a workflow table: from which stages, to which stage, by whose right.

    `after` is None when the stage stays as it is; `word` is the right needed (`Word`), None when
    only the house itself or a signed link takes the move; `needs_note` asks for a written reason.
    """

    before: tuple[str, ...]
    after: str | None
    word: str | None
    needs_note: bool = False


def next_stage(moves: Mapping[str, Move], verb: str, stage: str, *, note: str = "") -> str:
    """The stage that `verb` leads to from `stage`.

    Raises WrongMove when the table has no such move, or when the move asks for a note and none
    was given. The sentence is Chinese; the caller may show it as it is.
    """
    move = moves.get(verb)
    if move is None or stage not in move.before:
        raise WrongMove(_("当前状态不能进行这一步，页面可能已过期，请刷新后再试。"))
    if move.needs_note and not note.strip():
        raise WrongMove(_("请填写说明：这一步需要写明理由。"))
    return stage if move.after is None else move.after
