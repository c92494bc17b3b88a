"""I5: every open case lies with somebody who can act, or stands in the list "nobody can act"."""

from collections.abc import Iterator, Sequence

from complaints.choices import Stage
from complaints.invariants.finding import Finding
from complaints.invariants.paging import Suspect, look_through
from complaints.models import Complaint
from complaints.workflow import AT_WORK
from governance.choices import Word
from governance.models.reach import chain
from governance.selectors import serving_paths

# What climbed to the street waits in its dispatch queue (`docs/decisions/0007`).
WORDS_OF_STAGE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(AT_WORK, (Word.HANDLE, Word.DISPATCH)),
    Stage.PENDING_REVIEW: (Word.REVIEW,),
    Stage.PENDING_CALLBACK: (Word.CALLBACK,),
}
OTHERWISE = (Word.DISPATCH,)


def somebody_can_act(finding: Finding) -> None:
    """I5: each open case has a living holder, and somebody there or above may take its next step."""
    listed = serving_paths(Word.HANDLE, Word.DISPATCH)
    serving = {words: serving_paths(*words) for words in {OTHERWISE, *WORDS_OF_STAGE.values()}}
    stranded: list[int] = []

    def look(ids: Sequence[int]) -> Iterator[Suspect]:
        rows = Complaint.objects.filter(pk__in=ids, is_open=True)
        for pk, stage, path, true_path, ended_on in rows.values_list(
            "pk", "stage", "holder_path", "holder__path", "holder__ended_on"
        ):
            if path not in listed:  # stands in the list that the office sees
                stranded.append(pk)
                if true_path is None or true_path != path:
                    yield pk, "没有办理单位或路径不符 no holder, or an untrue path"
            elif true_path != path:
                yield pk, "办理单位的路径不符 the path of its holder is untrue"
            elif ended_on is not None:
                yield pk, "办理单位已撤销 its holder is closed"
            elif serving[WORDS_OF_STAGE.get(stage, OTHERWISE)].isdisjoint(chain(path)):
                yield pk, f"{stage} 无人可办 nobody may act in this stage"

    look_through(finding, Complaint.objects.filter(is_open=True), look)
    if count := len(set(stranded)):
        finding.note(f"“无人可办”清单中有 {count} 件。 {count} in the list “nobody can act”.")
