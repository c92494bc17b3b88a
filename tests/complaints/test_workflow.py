"""The table of moves, walked over all stages and verbs."""

import pytest

from complaints.choices import OPEN_STAGES, Stage
from complaints.history import VERBS
from complaints.workflow import MOVES
from governance.choices import Word
from governance.errors import WrongMove
from governance.workflow import next_stage

PAIRS = [(verb, stage) for verb in MOVES for stage in Stage.values]


@pytest.mark.parametrize(("verb", "stage"), PAIRS)
def test_a_verb_leads_where_the_table_says_and_nowhere_else(verb: str, stage: str) -> None:
    move = MOVES[verb]
    if stage in move.before:
        assert next_stage(MOVES, verb, stage, note="理由") == (move.after or stage)
        return
    with pytest.raises(WrongMove) as refusal:
        next_stage(MOVES, verb, stage, note="理由")
    assert "刷新" in refusal.value.message


@pytest.mark.parametrize("verb", [verb for verb, move in MOVES.items() if move.needs_note])
def test_a_verb_that_asks_for_a_reason_is_refused_without_one(verb: str) -> None:
    stage = MOVES[verb].before[0]
    with pytest.raises(WrongMove, match="说明"):
        next_stage(MOVES, verb, stage, note="  ")
    next_stage(MOVES, verb, stage, note="理由")


def test_an_unknown_verb_is_refused() -> None:
    with pytest.raises(WrongMove):
        next_stage(MOVES, "abracadabra", Stage.HANDLING)


def test_every_right_in_the_table_is_a_word_of_the_house() -> None:
    assert {move.word for move in MOVES.values() if move.word} <= set(Word.values)


def test_every_verb_has_a_name_on_the_screen() -> None:
    assert set(MOVES) <= set(VERBS)


def test_an_archived_case_does_not_move_again() -> None:
    leaving = [verb for verb, move in MOVES.items() if Stage.ARCHIVED in move.before and move.after]
    assert leaving == []


def test_every_stage_but_the_draft_can_be_reached() -> None:
    reached = {move.after for move in MOVES.values() if move.after}
    assert reached | {Stage.DRAFT} == set(Stage.values)


def test_every_open_stage_has_a_way_out() -> None:
    for stage in OPEN_STAGES:
        ways = [verb for verb, move in MOVES.items() if stage in move.before and move.after]
        assert ways, stage
