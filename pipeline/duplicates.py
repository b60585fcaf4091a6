"""Opinions that say the same in the same words, counted once and shown with their number.

Two opinions are the same when their folded wordings are equal, when their
content words follow each other in the same order (「遊ぶ場所が少ない」「遊べる
場所少ない。」), or when they are long and nearly equal letter by letter (form
letters with small edits).
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import HashingVectorizer

from pipeline.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.tokens import Token

LONG_TEXT: Final = 40
"""Folded characters from which small edits are looked for."""

SAME_LETTERS: Final = 0.8
"""Jaccard similarity of letter 4-grams from which long texts are the same."""

_CHUNK: Final = 2000
_NO_WORDS: Final = ("補助記号", "記号", "空白", "感動詞")
# What may be there or not without another meaning. Every other particle and
# auxiliary stays: より, か, だけ, しか, れる, たい, た, べき and, above all, ない.
_LIGHT: Final = {
    "助詞-格助詞": frozenset("がをのにへで"),
    "助詞-係助詞": frozenset("はも"),
    "助詞-準体助詞": frozenset("の"),
    "助詞-接続助詞": frozenset(["から", "ので", "て", "し", "が", "けれど", "けど"]),
    "助詞-終助詞": frozenset(["ね", "よ", "わ", "さ", "な", "なあ", "の"]),
    "助動詞": frozenset(["です", "ます", "だ"]),
}
_DENIALS: Final = frozenset(["ない", "ず", "へん"])


def first_of_same(
    ids: Sequence[str], texts: Sequence[str], tokens: Sequence[Sequence[Token]]
) -> list[str]:
    """For every opinion the id of the one that stands for it; its own if it stands for itself.

    Parameters
    ----------
    ids, texts, tokens
        Of the same length, one entry an opinion.

    Returns
    -------
    list of str
        The opinion that stands for several is the one with the most frequent
        wording, then the shortest, then the smallest id: the order of the input
        does not matter.
    """
    folded = [fold(text) or text for text in texts]
    frequency = Counter(folded)
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, (key, words) in enumerate(zip(folded, tokens, strict=True)):
        groups[_wording(words) or (key,)].append(row)
    for kept, merged in _equal_letters_apart(folded, groups):
        groups[kept] += groups.pop(merged)

    stands_for = [""] * len(ids)
    for rows in groups.values():
        first = min(
            rows, key=lambda row: (-frequency[folded[row]], len(texts[row]), texts[row], ids[row])
        )
        for row in rows:
            stands_for[row] = ids[first]
    return stands_for


def _wording(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Words of an opinion in their order, without those that change nothing."""
    words: list[str] = []
    polite = [token for token in tokens if token.word != "ます"]  # いません as いない
    for before, token, after in zip([None, *polite], polite, [*polite[1:], None], strict=False):
        after_verb = before is not None and before.pos.startswith("動詞")
        if token.word in _DENIALS or (after_verb and token.surface == "ん"):
            words.append("ない")  # 分からない, 分からず, 分からん
        elif after_verb and token.word == "な" and token.pos == "助詞-終助詞":
            words.append("な")  # 「車を止めるな」
        elif not token.pos.startswith(_NO_WORDS) and token.word not in _light_words(token.pos):
            words.append(_told_apart(token, after))
    return tuple(words)


def _light_words(pos: str) -> frozenset[str]:
    return next((words for start, words in _LIGHT.items() if pos.startswith(start)), frozenset())


def _told_apart(token: Token, after: Token | None) -> str:
    """Normalized word; the written form where Sudachi folds two meanings into one."""
    if not token.pos.startswith("動詞"):
        return token.word
    if token.form.startswith("命令形"):
        return f"{token.word}!"  # 「仕事しろ」 is not 「仕事する」
    if after is not None and after.word in _DENIALS:
        return token.surface  # 「行けない」 is not 「行かない」
    return token.word


def _equal_letters_apart(
    folded: Sequence[str], groups: dict[tuple[str, ...], list[int]]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Pairs (kept group, group to merge into it) whose long texts are nearly equal."""
    longest_of = {
        key: max((folded[row] for row in rows), key=lambda t: (len(t), t))
        for key, rows in groups.items()
    }
    keys = sorted(key for key, text in longest_of.items() if len(text) >= LONG_TEXT)
    if len(keys) < 2:
        return []
    longest = [longest_of[key] for key in keys]
    vectorizer = HashingVectorizer(
        analyzer="char", ngram_range=(4, 4), norm=None, binary=True, alternate_sign=False,
        n_features=2**22, lowercase=False, dtype=np.float32,
    )  # fmt: skip
    shingles = csr_array(vectorizer.transform(longest))
    sizes = np.asarray(shingles.sum(axis=1)).ravel()
    near: dict[int, list[int]] = defaultdict(list)
    for start in range(0, len(keys), _CHUNK):
        block = shingles[start : start + _CHUNK]
        shared = (block @ shingles.T).tocoo()
        rows, columns = shared.coords
        union = sizes[rows + start] + sizes[columns] - shared.data
        alike = (shared.data / union >= SAME_LETTERS) & (rows + start < columns)
        for row, column in zip(
            (rows[alike] + start).tolist(), columns[alike].tolist(), strict=True
        ):
            near[row].append(column)
    merged: set[int] = set()
    merges = []
    # Each is compared with the one that it joins: likeness does not travel in chains.
    for row in sorted(near):
        if row in merged:
            continue
        for column in sorted(near[row]):
            if column not in merged and _same_words(keys[row], keys[column]):
                merged.add(column)
                merges.append((keys[row], keys[column]))
    return merges


def _same_words(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether one wording only says a little more: no word replaced, no negation, no number.

    「有料化に賛成です」 and 「有料化に反対です」 are nearly equal letter by letter.
    """
    changed: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        if kind == "replace":
            return False
        if kind != "equal":
            changed += [*left[a:b], *right[c:d]]
    return not any(word == "ない" or any(map(str.isnumeric, word)) for word in changed)
