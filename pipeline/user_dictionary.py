"""Dictionaries of the project: words that Sudachi does not know, and words to merge.

``user.csv`` becomes a binary form that Sudachi opens, built once per machine;
``synonyms.csv`` is read as it is.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

import sudachipy
from sudachipy.sudachipy import build_user_dic

from pipeline.errors import InputError, Location
from pipeline.resources import cache_folder, cache_folders, is_own, make_own_folder
from pipeline.tomlfile import Problem
from pipeline.wordlists import check_words, parse_words, read_words

USER_COLUMNS: Final = ("見出し", "読み", "正規形", "種類")
SYNONYM_COLUMNS: Final = ("語", "まとめ先")

LONGEST_WORD: Final = 60
"""Letters of an entry; longer ones are sentences, which Sudachi would have to take whole."""

# Sudachi's lexicon is CSV with escapes of its own.
# What cannot be seen stands in no text, and half a letter cannot be written.
_NO_LETTER: Final = re.compile(
    r'[,"\\\x00-\x1f\x7f\x85\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufffd\ufeff]|^#'
)

# What a planner writes in 種類 → Sudachi's part of speech and connection id of a
# plain noun or proper noun in the core dictionary.
KINDS: Final = {
    "名詞": ("名詞,普通名詞,一般,*,*,*", 5146),
    "事業名": ("名詞,固有名詞,一般,*,*,*", 4786),
    "組織名": ("名詞,固有名詞,一般,*,*,*", 4786),
    "地名": ("名詞,固有名詞,地名,一般,*,*", 4785),
}


def read_user_words(path: Path) -> list[tuple[str, str, str, str]]:
    """Rows of the user dictionary: 見出し, 読み, 正規形, 種類.

    Raises
    ------
    InputError
        A line has the wrong number of columns, an unknown 種類, a 読み that is not
        katakana, or a 見出し that stands there already; every such line is named.
    """
    name = "ユーザー辞書"
    rows, problems = parse_words(read_words(path, name), USER_COLUMNS)
    seen: dict[str, int] = {}
    for number, cells in rows:
        surface = cells[0]
        if problem := word_problem(*cells):
            problems.append(Problem(number, problem))
        elif surface in seen:
            problems.append(
                Problem(number, f"見出し「{surface}」は{seen[surface]}行目にもあります")
            )
        seen.setdefault(surface, number)
    check_words(problems, path.name, name)
    return [(own[0], own[1], own[2], own[3]) for _, own in rows]


def word_problem(surface: str, reading: str, normalized: str, kind: str) -> str:
    """What is wrong with an entry of the user dictionary by itself; empty for nothing."""
    if not surface or not normalized:
        return "見出しと正規形は空にできません"
    if problem := _letter_problem("見出しと正規形", surface, normalized):
        return problem
    if kind not in KINDS:
        return f"種類「{kind}」は使えません（使えるもの: {'、'.join(KINDS)}）"
    if not reading or not all("ァ" <= letter <= "ヺ" or letter == "ー" for letter in reading):
        return f"読み「{reading}」がカタカナではありません"
    return ""


def read_synonyms(path: Path) -> dict[str, str]:
    """Normalized form → the form that it is merged into.

    Raises
    ------
    InputError
        A line has the wrong number of columns, or a word is merged twice or in a
        chain; every such line is named.
    """
    name = "同義語の表"
    rows, problems = parse_words(read_words(path, name), SYNONYM_COLUMNS)
    synonyms: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, (word, target) in rows:
        if problem := synonym_problem(word, target):
            problems.append(Problem(number, problem))
        elif word in synonyms:
            problems.append(Problem(number, f"「{word}」は{lines[word]}行目にもあります"))
        else:
            synonyms[word], lines[word] = target, number
    for word, target in synonyms.items():
        if target in synonyms:
            problems.append(
                Problem(
                    lines[word],
                    f"「{word}」のまとめ先「{target}」が、{lines[target]}行目でさらに"
                    f"「{synonyms[target]}」へまとめられています。まとめ先には最後の語を書きます",
                )
            )
    check_words(problems, path.name, name)
    return synonyms


def synonym_problem(word: str, target: str) -> str:
    """What is wrong with a pair by itself; empty for nothing."""
    if not word or not target:
        return "語とまとめ先は空にできません"
    if word == target:
        return f"「{word}」は、自分自身をまとめ先にしています"
    return _letter_problem("語とまとめ先", word, target)


def _letter_problem(name: str, *words: str) -> str:
    for own in words:
        if found := _NO_LETTER.search(own):
            mark = found[0] if found[0].isprintable() else "見えない文字（改行など）"
            return f"{name}に「{mark}」は使えません"
        if len(own) > LONGEST_WORD:
            return f"{name}は{LONGEST_WORD}字までです"
    return ""


def built_dictionary(user_csv: Path) -> Path | None:
    """Sudachi's binary form of the user dictionary, built once per machine.

    The binary is bound to the exact system dictionary and differs in bytes from
    build to build, so it is a cache under a key of its inputs, never an output.
    """
    words = read_user_words(user_csv)
    if not words:
        return None  # Sudachi panics on an empty dictionary.
    lexicon = "".join(_sudachi_line(*word) for word in words)
    versions = f"{version('sudachipy')} {version('sudachidict-core')}"
    key = hashlib.sha256(f"{versions}\n{lexicon}".encode()).hexdigest()[:24]
    for folder in cache_folders():
        target = folder / f"user-{key}.dic"
        try:
            # In a shared folder, somebody else's dictionary could stand under this name.
            make_own_folder(folder)
            if not is_own(target):
                _build(lexicon, target)
        except OSError:
            continue
        return target
    raise InputError(
        "ユーザー辞書を置く場所に書き込めません。",
        at=Location(file=str(cache_folder())),
        remedy="環境変数 KADAI_CACHE に書き込めるフォルダーを指定してください。",
    )


def _build(lexicon: str, target: Path) -> None:
    system = Path(str(sudachipy._find_dict_path("core")))  # noqa: SLF001 — no public way in 0.7.0
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        source, built = Path(scratch) / "user.csv", Path(scratch) / "user.dic"
        source.write_text(lexicon, encoding="utf-8")
        build_user_dic(system=system, lex=[source], output=built, description="kadai")
        # Two processes may build at once; the last one wins with an equal dictionary.
        built.replace(target)


def _sudachi_line(surface: str, reading: str, normalized: str, kind: str) -> str:
    pos, connection = KINDS[kind]
    # Sudachi matches the lower-case, width-normalized form of a text.
    key = surface.casefold()
    # Long compounds must win against the sum of their parts.
    cost = 3000 if len(surface) <= 3 else -1000
    fields = [key, connection, connection, cost, surface, pos, reading, normalized]
    return ",".join(str(field) for field in fields) + ",*,A,*,*,*,*\n"
