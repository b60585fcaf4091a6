"""Dictionaries of the project: words that Sudachi does not know, and words to merge.

``user.csv`` becomes a binary form that Sudachi opens, built once per machine;
``synonyms.csv`` is read as it is.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sudachipy
from sudachipy.sudachipy import build_user_dic

from pipeline.errors import InputError, Location
from pipeline.resources import cache_folder, cache_folders, is_own, make_own_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

USER_COLUMNS: Final = ("見出し", "読み", "正規形", "種類")

# What a planner writes in 種類 → Sudachi's part of speech and connection id of a
# plain noun or proper noun in the core dictionary.
_KINDS: Final = {
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
        katakana, or a 見出し that stands there already; the line is named.
    """
    rows = _read_csv(path, USER_COLUMNS)
    seen: dict[str, int] = {}
    for number, (surface, reading, normalized, kind) in rows:
        problem = ""
        if not surface or not normalized:
            problem = "見出しと正規形は空にできません。"
        elif kind not in _KINDS:
            problem = f"種類「{kind}」は使えません（使えるもの: {'、'.join(_KINDS)}）。"
        elif not reading or not all("ァ" <= letter <= "ヺ" or letter == "ー" for letter in reading):
            problem = f"読み「{reading}」がカタカナではありません。"
        elif surface in seen:
            problem = f"見出し「{surface}」は{seen[surface]}行目にもあります。"
        if problem:
            raise InputError(
                problem,
                at=Location(file=path.name, row=number),
                remedy="user.csv のこの行を直してください。",
            )
        seen[surface] = number
    return [(row[0], row[1], row[2], row[3]) for _, row in rows]


def read_synonyms(path: Path) -> dict[str, str]:
    """Normalized form → the form that it is merged into.

    Raises
    ------
    InputError
        A line has the wrong number of columns, or a word is merged twice or in a
        chain; the line is named.
    """
    rows = _read_csv(path, ("語", "まとめ先"))
    synonyms: dict[str, str] = {}
    for number, (word, target) in rows:
        if not word or not target or word == target or word in synonyms:
            raise InputError(
                f"「{word}」の行が空か、重複しているか、自分自身をまとめ先にしています。",
                at=Location(file=path.name, row=number),
                remedy="synonyms.csv のこの行を直してください。",
            )
        synonyms[word] = target
    for number, (word, target) in rows:
        if target in synonyms:
            raise InputError(
                f"「{word}」のまとめ先「{target}」が、さらに「{synonyms[target]}」へまとめられています。",
                at=Location(file=path.name, row=number),
                remedy="まとめ先には最後の語を書いてください。",
            )
    return synonyms


def _read_csv(path: Path, columns: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Data rows with their line numbers; blank lines and lines with ``#`` are comments."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "辞書ファイルを読めません。",
            at=Location(file=path.name),
            remedy="文字コード UTF-8 の CSV として保存されているか確かめてください。",
        ) from error
    reader = csv.reader(io.StringIO(text))
    rows = []
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if len(cells) != len(columns):
            raise InputError(
                f"列が{len(cells)}個あります（{'、'.join(columns)} の{len(columns)}列が必要です）。",
                at=Location(file=path.name, row=reader.line_num),
                remedy="この行の列の数を直してください。",
            )
        rows.append((reader.line_num, cells))
    if not rows or rows[0][1] != list(columns):
        raise InputError(
            f"1行目の見出しが「{','.join(columns)}」ではありません。",
            at=Location(file=path.name, row=rows[0][0] if rows else 1),
            remedy="見出しの行を戻してください。",
        )
    return rows[1:]


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
    pos, connection = _KINDS[kind]
    # Sudachi matches the lower-case, width-normalized form of a text.
    key = surface.casefold()
    # Long compounds must win against the sum of their parts.
    cost = 3000 if len(surface) <= 3 else -1000
    fields = [key, connection, connection, cost, surface, pos, reading, normalized]
    return ",".join(str(field) for field in fields) + ",*,A,*,*,*,*\n"
