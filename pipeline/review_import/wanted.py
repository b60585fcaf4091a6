"""Cells → what their writer wants: a value for a field of an opinion, issue or piece."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.decisions import (
    CHECKED,
    PIECE_FIELDS,
    RESTORED,
    WITHDRAWN,
    bare,
    is_issue,
    is_piece,
)
from pipeline.plan import NO_GOAL
from pipeline.privacy import (
    find_personal,
)
from pipeline.privacy.declared import (
    PUBLIC,
    parse_public,
    write_public,
)
from pipeline.review.columns import SEEN_RESPONSE, WITHDRAW
from pipeline.review.privacy_cell import hidden_words, privacy_cell
from pipeline.review.seen import SEEN_OF_ISSUE, SEEN_OF_OPINION
from pipeline.review.values import (
    LONGEST_CHOICE,
    RESTORE_CHOICE,
    SPLIT_CHOICE,
    WITHDRAW_CHOICE,
    UnreadableError,
    fold_cell,
    goal_value,
    is_choice,
    issue_value,
    kind_value,
    measure_value,
    move_value,
    new_title,
    response_value,
    status_value,
    title_value,
)
from pipeline.review_import.personal import hidden_strings, public_strings
from pipeline.review_import.reading import Entry, Place, Problem, seen_response
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.review_import.state import RunState


NEW: Final = "新:"
"""What the value of a move to a new issue begins with, before it has a number."""

_BETWEEN: Final = "\n"


class Wanted(NamedTuple):
    """What one cell asks for, in the numbers of the run.

    Attributes
    ----------
    seen
        Value that stands in the run.
    reviewer
        Who wrote it.
    text
        Voice that it is about; for an issue filled in later.
    """

    place: Place
    target: str
    field: str
    seen: str
    value: str
    reviewer: str
    text: str


def understand(
    entries: Sequence[Entry], state: RunState, reviewer: str, *, same_run: bool
) -> tuple[list[Wanted], list[Problem]]:
    """Read what cells ask for.

    Parameters
    ----------
    same_run
        The workbook is of this very run; else what its writer saw is compared with what
        stands now.
    """
    wanted: list[Wanted] = []
    problems: list[Problem] = []
    unread: set[tuple[str, str]] = set()
    for entry in entries:
        try:
            own = _wanted(entry, state, reviewer, same_run=same_run)
            if not same_run and any(one.value != one.seen for one in own):
                _compare(entry, state)
            wanted += own
        except UnreadableError as error:
            problems.append(Problem(entry.place, str(error)))
            unread.add((entry.target, entry.field))
    wanted = _written_first(wanted, entries)
    # A measure cannot be held against a goal that could not be read.
    readable = [own for own in wanted if (own.target, "goal_id") not in unread]
    public = frozenset(
        word for own in wanted if own.field == PUBLIC for word in parse_public(own.value)
    )
    told = [*_told_again(entries), *_masked_again(entries, state, public)]
    return wanted, [*problems, *_clashes(readable, state), *told]


def _masked_again(
    entries: Iterable[Entry], state: RunState, public: frozenset[str]
) -> Iterator[Problem]:
    """Comments and titles that name somebody whose name is masked in the run."""
    for own in entries:
        if own.field not in {"title", "comment"} and not own.text.startswith("新"):
            continue
        spans = find_personal(own.text, state.public | public)
        if any(state.is_masked(own.text[one.start : one.end]) for one in spans):
            yield Problem(
                own.place,
                "この結果で伏せている名前や住所が、ここに書かれています。書かずに通じる言葉にしてください",
            )


def _told_again(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Comments and titles that say what another cell of the workbook hides."""
    words = {word for own in entries if own.field == "personal" for word in hidden_words(own.text)}
    for own in entries:
        free = own.field in {"title", "comment"} or own.text.startswith("新")
        if own.field != "personal" and free and any(word in own.text for word in words):
            yield Problem(own.place, "「個人情報」で伏せる言葉が、ここに書かれています")


def _written_first(wanted: Sequence[Wanted], entries: Sequence[Entry]) -> list[Wanted]:
    """Leave out the title that a split gives where its row says another one."""
    written = {entry.target for entry in entries if entry.field == "title"}
    split = {entry.place for entry in entries if entry.field == "split"}
    return [
        own
        for own in wanted
        if not (own.field == "title" and own.place in split and own.target in written)
    ]


def _wanted(entry: Entry, state: RunState, reviewer: str, *, same_run: bool) -> list[Wanted]:
    if entry.field == WITHDRAW:
        return [_taken_back(entry, state, reviewer)]
    target, own = entry.target, entry.field
    if is_piece(target):
        if target not in state.pieces and state.is_back(target):
            return []  # it was brought back meanwhile
        if target not in state.pieces:
            raise UnreadableError(f"対象外の部分（{target}）は、この結果にありません")
        value = _piece_value(entry)
        text = str(state.pieces[target]["text"])
        return [Wanted(entry.place, target, own, "", value, reviewer, text)]
    known = state.issues if is_issue(target) else state.opinions
    if target not in known:
        called = "課題" if is_issue(target) else "意見"
        raise UnreadableError(f"{called}番号「{target}」は、この結果にありません")
    if own == "split":
        return _split(entry, state, reviewer)
    if own == "personal":
        return list(_privacy(entry, state, reviewer, same_run=same_run))
    text = "" if is_issue(target) else str(state.opinions[target]["text"])
    seen = state.value(target, own)
    value = _value(entry, state)
    if value == seen and own == "comment":
        return []
    return [Wanted(entry.place, target, own, seen, value, reviewer, text)]


def _privacy(entry: Entry, state: RunState, reviewer: str, *, same_run: bool) -> Iterator[Wanted]:
    """What a cell of the column 個人情報 asks for: up to three decisions."""
    cell = privacy_cell(entry.text)
    values: dict[str, str] = {}
    if cell.hide or cell.hide_all:
        values["personal"] = hidden_strings(entry.target, cell, state)
    if cell.public:
        before = parse_public(state.value(entry.target, PUBLIC))
        values[PUBLIC] = write_public([*before, *public_strings(entry.target, cell, state)])
    if cell.checked:
        if not same_run and not _is_shown(entry, state):
            raise UnreadableError(
                "別の実行のブックで、いまとは意見の伏せ字が違います。"
                "いまの結果のブックで、もう一度「確認」してください"
            )
        values[CHECKED] = CHECKED
    text = str(state.opinions[entry.target]["text"])
    for field, value in values.items():
        seen = state.value(entry.target, field)
        if value != seen:
            yield Wanted(entry.place, entry.target, field, seen, value, reviewer, text)


def _is_shown(entry: Entry, state: RunState) -> bool:
    """Whether the reviewer had before him or her what the run shows."""
    return bare(entry.words) == bare(clean(str(state.opinions[entry.target]["text"])))


def _piece_value(entry: Entry) -> str:
    if entry.field not in PIECE_FIELDS:
        raise UnreadableError("対象外の部分には使えない列です")
    if entry.field == "comment":
        return entry.text
    is_choice(entry.text, RESTORE_CHOICE)
    return RESTORED


def _value(entry: Entry, state: RunState) -> str:
    text = entry.text
    readers: dict[str, Callable[[], str]] = {
        "goal_id": lambda: goal_value(text, state.plan),
        "goal_id_2": lambda: goal_value(text, state.plan).replace(NO_GOAL, ""),
        "measure_id": lambda: measure_value(text, state.plan),
        "kind": lambda: kind_value(text),
        "status": lambda: status_value(text),
        "response": lambda: response_value(text),
        "issue_id": lambda: _move(text, state),
        "merge_into": lambda: _merge(entry, state),
        "title": lambda: title_value(text),
    }
    return readers.get(entry.field, lambda: text)()


def _move(text: str, state: RunState) -> str:
    title = new_title(text)
    return f"{NEW}{title}" if title is not None else move_value(text, state.titles)


def _merge(entry: Entry, state: RunState) -> str:
    into = issue_value(entry.text, state.titles)
    if into == entry.target:
        raise UnreadableError("自分自身には統合できません。残すほうの課題を選んでください")
    return into


def _split(entry: Entry, state: RunState, reviewer: str) -> list[Wanted]:
    """Every topic of an issue but its most frequent one becomes an issue of its own."""
    is_choice(entry.text, SPLIT_CHOICE)
    issue, place = entry.target, entry.place
    inside = sorted(own for own, row in state.opinions.items() if row["issue_id"] == issue)
    counts = Counter(state.topics[own] for own in inside if own in state.topics)
    if len(counts) < 2:
        raise UnreadableError("この課題の話題は1つなので、話題ごとには分けられません")
    main = min(counts, key=lambda own: (-counts[own], own))
    title = state.value(issue, "title")
    named = [] if title == main else [Wanted(place, issue, "title", title, main, reviewer, "")]
    parts = _BETWEEN.join([NEW, *sorted(own for own in counts if own != main)])
    seen = state.value(issue, "split")
    return [*named, Wanted(place, issue, "split", seen, parts, reviewer, "")]


def headings_to_split(value: str) -> list[str]:
    """Topics that become issues of their own, from the value of a cell that splits."""
    return value.split(_BETWEEN)[1:]


def _taken_back(entry: Entry, state: RunState, reviewer: str) -> Wanted:
    is_choice(entry.text, WITHDRAW_CHOICE)
    row = state.decisions.get(entry.target)
    if row is None:
        raise UnreadableError(f"判断番号「{entry.target}」は、この結果にありません")
    return Wanted(
        entry.place,
        str(row["target_id"]),
        str(row["field"]),
        str(row["value"]),
        WITHDRAWN,
        reviewer,
        str(row["text"]),
    )


def _compare(entry: Entry, state: RunState) -> None:
    """Whether a row of another run's workbook still is what its writer saw."""
    target = entry.target
    if entry.field == WITHDRAW or is_piece(target):
        return
    known = state.issues if is_issue(target) else state.opinions
    row = known.get(target)
    if row is None:
        return  # told as an unknown number
    names = SEEN_OF_ISSUE if is_issue(target) else SEEN_OF_OPINION
    if len(entry.seen) < len(names):
        raise UnreadableError(
            "別の実行のブックで、「控え」の列がないため、見たときの値が分かりません。"
            "いまの結果のブックに書き直してください"
        )
    if entry.field in {"issue_id", "merge_into"}:
        _compare_title(entry, state)
    if is_issue(target):
        voices = [own for own in entry.seen[len(names) :] if not own.startswith(SEEN_RESPONSE)]
        here = [own for own in voices if state.opinions.get(own, {}).get("issue_id") == target]
        if 2 * len(here) < len(voices):
            raise UnreadableError(
                "この番号の課題は、ブックを作ったときと中身が違います。いまの結果で見直してください"
            )
    then = _seen_then(entry, names)
    if then is not None and then != str(row[entry.field]):
        raise UnreadableError(
            f"見たときの値（{then or 'なし'}）が、いまの値（{row[entry.field] or 'なし'}）と違います"
        )


def _seen_then(entry: Entry, names: Sequence[str]) -> str | None:
    """What stood there when the workbook was made; ``None`` where that is not kept."""
    if entry.field in names:
        return entry.seen[names.index(entry.field)]
    if entry.field == "response":
        return seen_response(entry.seen[len(names) :])
    return None


def _compare_title(entry: Entry, state: RunState) -> None:
    """Whether the issue that a cell names still has the title that it had in the list."""
    number, _, title = fold_cell(entry.text).partition(" ")
    now = state.titles.get(number.upper(), "")
    if title and now and not fold_cell(now).startswith(title[:LONGEST_CHOICE]):
        raise UnreadableError(
            f"課題 {number} は、いまの結果では「{now}」です。いまの結果で見直してください"
        )


def _clashes(wanted: Iterable[Wanted], state: RunState) -> list[Problem]:
    """Goals and measures of one row that do not fit each other."""
    goal_of = {measure.id: goal.id for goal in state.plan.goals for measure in goal.measures}
    rows: dict[str, dict[str, Wanted]] = {}
    for own in wanted:
        if not is_piece(own.target) and own.value != WITHDRAWN:
            rows.setdefault(own.target, {})[own.field] = own
    problems = []
    for target, cells in rows.items():
        chosen = cells.get("goal_id")
        goal = chosen.value if chosen else state.value(target, "goal_id")
        measure, second = cells.get("measure_id"), cells.get("goal_id_2")
        if measure and measure.value and goal_of[measure.value] != goal:
            shown = "なし" if goal == NO_GOAL else goal
            problems.append(
                Problem(
                    measure.place,
                    f"施策 {measure.value} は目標{goal_of[measure.value]}の施策です。"
                    f"この行の目標（{shown}）と合わせてください",
                )
            )
        if second and second.value and goal in {second.value, NO_GOAL}:
            why = "2つ目の目標は、1つ目の目標と違うものを選んでください"
            if goal == NO_GOAL:
                why = (
                    "1つ目の目標が「なし」なので、2つ目は付けられません。"
                    "先に「目標（修正）」を選んでください"
                )
            problems.append(Problem(second.place, why))
    return problems
