"""Which part of the plan a writer says that a comment is about (該当箇所).

A public comment often names the goal or measure that it speaks to. What is named is read
with tolerance for how people write, and never guessed: a text that names none, or two that
differ, names nothing. It stands beside the machine's link and does not take its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.plan import Plan
    from pipeline.study import Study

SHORTEST_NAME: Final = 4
"""Characters from which a goal's or measure's name is looked for inside a longer text."""

SHORTEST_BEGINNING: Final = 2
"""Characters of a name's beginning that may stand behind a bare number."""

_ROMAN: Final = {ord(sign): str(n) for n, sign in enumerate("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ", start=1)}
_KANJI: Final = "〇一二三四五六七八九"
_KANJI_NUMBER: Final = re.compile(rf"(?<=目標|施策)\s*([{_KANJI}])(?![{_KANJI}十つ])")
_HYPHEN: Final = re.compile(r"(?<=[0-9])\s*[ー−‐‑–—―-]\s*(?=[0-9])")
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")

_NUMBER: Final = r"[0-9]+(?:[-.の][0-9]+)*"
_MORE: Final = rf"(?:\s*(?:[、,・/&と~〜]|及び|および|から)\s*(?:{_NUMBER}))*"
_CALLED: Final = re.compile(
    rf"(?<!数値)(?P<word>目標|施策)\s*[:：]?\s*[(「]?\s*(?P<numbers>{_NUMBER}{_MORE})"
)
_BARE: Final = re.compile(
    r"(?<![0-9.第pP-])(?<![pP]\s)(?<![pP]\.\s)(?P<id>[0-9]+(?:-[0-9]+)+)"
    r"(?![0-9-]|\s*(?:[章節項頁行条号年月日pP]|ページ))"
)
# 「資料2-1」, 「問2-1」, 「図 3-1」, 「1-1丁目」, 「2-1 18時」, 「4-1の表」, 「4.2%」: numbers of something else.
_OF_ANOTHER: Final = re.compile(r"(?:資料|表|図|別紙|別添|参考|様式|問|番地)\s*$")
_OTHERWISE: Final = re.compile(r"\s*(?:丁目|番地?|時|%|の[図表]|[0-9]+\s*時)")

_ALONE: Final = re.compile(rf"[(\[「]?(?P<id>{_NUMBER})(?![0-9])(?P<rest>.*)", re.DOTALL)


class Unread(NamedTuple):
    """Words that name no part of the plan, and how many answers have them."""

    source_id: str
    words: str
    n_answers: int


class AddressReader:
    """What a text names of one plan.

    Attributes
    ----------
    ids
        Goals and measures in the plan's order.

    Examples
    --------
    >>> from pathlib import Path
    >>> from pipeline.plan import find_plan, load_plan
    >>> reader = AddressReader(load_plan(find_plan("nishitokyo-4", Path())))
    >>> [reader.read(own) for own in ("第8章 基本目標３", "４－２", "基本目標1と2", "全体")]
    ['3', '4-2', '', '']
    """

    def __init__(self, plan: Plan) -> None:
        self._goal_of: dict[str, str] = {}
        # Somebody who names a line of the action plan means what it stands under.
        self._by_number: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = {}
        for goal in plan.goals:
            self._goal_of[goal.id] = goal.id
            self._by_name.setdefault(_letters(goal.name), set()).add(goal.id)
            under = {goal.id: goal.id} | {own.id: goal.id for own in goal.other_actions}
            for measure in goal.measures:
                self._goal_of[measure.id] = goal.id
                self._by_name.setdefault(_letters(measure.name), set()).add(measure.id)
                under |= {measure.id: measure.id}
                under |= {own.id: measure.id for own in measure.actions}
            self._by_number |= {_plain(number): own for number, own in under.items()}
        self.ids = tuple(self._goal_of)

    def exact(self, text: str) -> str:
        """Id of the goal or measure whose number a text is; empty for any other text."""
        plain = _plain(text)
        return next((own for own in self.ids if _plain(own) == plain), "")

    def read(self, text: str) -> str:
        """Id of the goal or measure that a text names; empty for none and for two that differ."""
        if own := self.exact(text):
            return own
        plain = _plain(text)
        named = set(self._numbers(plain))
        if "" in named:
            return ""
        for ids in self._names(plain):
            # Two things of one name are told apart by the number beside it.
            named |= {own for own in ids if named & {own, self._goal_of[own]}} or ids
        goals = {self._goal_of[own] for own in named if self._goal_of[own] != own}
        left = named - goals  # a goal is named with its measure, not beside it
        return left.pop() if len(left) == 1 else ""

    def _numbers(self, plain: str) -> Iterator[str]:
        """Ids behind the numbers of a text; empty for one that the plan does not have."""
        called = [
            (found["word"], number.replace(".", "-").replace("の", "-"))
            for found in _CALLED.finditer(plain)
            for number in re.findall(_NUMBER, found["numbers"])
        ]
        goals = [number for word, number in called if word == "目標"]
        for word, number in called:
            inside = f"{goals[0]}-{number}" if len(set(goals)) == 1 else ""
            if word == "施策" and "-" not in number:  # 「基本目標4 施策2」: counted inside the goal
                yield self._by_number.get(inside, "")
            else:
                yield self._by_number.get(number, "")
        bare = (
            self._by_number.get(found["id"], "")
            for found in _BARE.finditer(plain)
            if not _OF_ANOTHER.search(plain[: found.start()])
            and not _OTHERWISE.match(plain[found.end() :])
        )
        yield from (own for own in bare if own)  # any other may be a page or a date
        alone = _ALONE.match(plain)
        number = alone["id"].replace(".", "-").replace("の", "-") if alone else ""
        if alone and (own := self._by_number.get(number)) and self._is_named(own, alone["rest"]):
            yield own

    def _is_named(self, own: str, rest: str) -> bool:
        """Whether what stands behind a bare number is nothing, or how its name begins."""
        letters = _letters(rest)
        if not letters:
            return _OTHERWISE.match(rest) is None
        return len(letters) >= SHORTEST_BEGINNING and any(
            own in ids and name.startswith(letters) for name, ids in self._by_name.items()
        )

    def _names(self, plain: str) -> Iterator[set[str]]:
        """Ids of the names that stand in a text, without those inside a longer one."""
        letters = _letters(plain)
        found = [
            (place.start(), place.end(), ids)
            for name, ids in self._by_name.items()
            if name == letters or len(name) >= SHORTEST_NAME
            for place in re.finditer(re.escape(name), letters)
        ]
        for start, end, ids in found:
            around = [own for own in found if own[0] <= start and end <= own[1]]
            if all(other - one == end - start for one, other, _ in around):
                yield ids


def check_addresses(study: Study, plan: Plan) -> None:
    """Refuse a study whose sources address what the plan does not have.

    Raises
    ------
    InputError
        Naming every such source, and what the plan has.
    """
    reader = AddressReader(plan)
    wrong = [
        f'  - sources の {source.id}（{source.file}）: addresses = "{source.addresses}"'
        for source in study.sources
        if source.addresses is not None and not reader.exact(source.addresses)
    ]
    if wrong:
        raise InputError(
            "調査ファイルの addresses に書かれた番号が、計画にありません。\n" + "\n".join(wrong),
            remedy=f"計画「{plan.id}」の基本目標か施策の番号を書いてください"
            f"（使えるもの: {'、'.join(reader.ids)}）。",
        )


def read_addresses(words: Mapping[str, str], plan: Plan) -> dict[str, str]:
    """Answer → goal or measure that its words name, where they name one.

    Parameters
    ----------
    words
        Answer → what its writer, or the study, says of it.
    """
    reader = AddressReader(plan)
    known = {text: reader.read(text) for text in dict.fromkeys(words.values())}
    return {answer: own for answer, text in words.items() if (own := known[text])}


def unread_addresses(
    words: Mapping[str, str], sources: Mapping[str, str], plan: Plan
) -> list[Unread]:
    """Words that name nothing, by source, the most frequent first.

    Parameters
    ----------
    words, sources
        Answer → what is said of it, and its source.
    """
    understood = read_addresses(words, plan)
    counts = Counter(
        (sources[answer], " ".join(text.split()))
        for answer, text in words.items()
        if answer not in understood
    )
    ranked = sorted(counts, key=lambda own: (own[0], -counts[own], own[1]))
    return [Unread(source, text, counts[source, text]) for source, text in ranked]


def _plain(text: str) -> str:
    """Text with numbers and hyphens written in one way."""
    folded = unicodedata.normalize("NFKC", text.translate(_ROMAN)).strip()
    folded = _KANJI_NUMBER.sub(lambda found: str(_KANJI.index(found[1])), folded)
    return _HYPHEN.sub("-", folded)


def _letters(text: str) -> str:
    """Letters and digits of a text, as names are compared."""
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text)).casefold()
