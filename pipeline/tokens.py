"""Opinions to tokens: SudachiPy with the project's user dictionary and synonyms.

Texts are split in mode A, Sudachi's shortest units, and every token carries its
normalized form: 「遊べる」「あそぶ」 are 遊ぶ, 「子ども」 is 子供. Offsets are
those of the text that was given, because Sudachi normalizes inside and counts
outside.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import tempfile
import unicodedata
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import sudachipy
from sudachipy import Dictionary, SplitMode
from sudachipy.sudachipy import build_user_dic

from pipeline.errors import InputError, Location
from pipeline.normalize import mend_characters
from pipeline.resources import (
    cache_folder,
    cache_folders,
    dictionaries_folder,
    is_own,
    make_own_folder,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_INPUT: Final = 12_000
"""Characters given to Sudachi at once; its own limit is 49,149 bytes."""

_LONGEST_NORMALIZED: Final = 65_535
"""Bytes that Sudachi holds after its own normalization: ㍿ becomes 株式会社."""

_ALWAYS_FITS: Final = 1_000
"""Characters that cannot outgrow the limit: one character becomes at most 33 bytes."""

USER_COLUMNS: Final = ("見出し", "読み", "正規形", "種類")

# What a planner writes in 種類 → Sudachi's part of speech and connection id of a
# plain noun or proper noun in the core dictionary.
_KINDS: Final = {
    "名詞": ("名詞,普通名詞,一般,*,*,*", 5146),
    "事業名": ("名詞,固有名詞,一般,*,*,*", 4786),
    "組織名": ("名詞,固有名詞,一般,*,*,*", 4786),
    "地名": ("名詞,固有名詞,地名,一般,*,*", 4785),
}


class Token(NamedTuple):
    """One word of a text.

    Attributes
    ----------
    surface
        The characters as written.
    word
        Normalized form, synonyms merged.
    pos
        Part of speech, levels joined by ``-``: ``名詞-普通名詞-一般``.
    form
        Inflected form (``連用形-一般``), empty for words that do not inflect.
    start, end
        Characters into the text.
    """

    surface: str
    word: str
    pos: str
    form: str
    start: int
    end: int


class Tokenizer:
    """SudachiPy, opened once; not to be shared between threads or processes.

    Parameters
    ----------
    user_csv, synonyms_csv
        The project's own files by default.
    """

    def __init__(self, user_csv: Path | None = None, synonyms_csv: Path | None = None) -> None:
        folder = dictionaries_folder()
        user_dictionary = _built(user_csv or folder / "user.csv")
        config = sudachipy.Config(
            system="core", user=[str(user_dictionary)] if user_dictionary else []
        )
        # pos and normalized form are all that is asked for: half the time of all fields.
        self._tokenizer = Dictionary(config=config).tokenizer(
            mode=SplitMode.A, fields={"pos", "normalized_form"}
        )
        self._synonyms = read_synonyms(synonyms_csv or folder / "synonyms.csv")
        self._pos: dict[int, tuple[str, str]] = {}

    def tokenize(self, text: str) -> tuple[Token, ...]:
        """Tokens of one text, in order; white space is no token."""
        mended = mend_characters(text)
        tokens: list[Token] = []
        for offset, piece in _pieces(mended):
            for morpheme in self._tokenizer.tokenize(piece):
                pos, form = self._part_of_speech(morpheme)
                if pos == "空白":
                    continue
                word = morpheme.normalized_form()
                start, end = offset + morpheme.begin(), offset + morpheme.end()
                word = self._synonyms.get(word, word)
                tokens.append(Token(mended[start:end], word, pos, form, start, end))
        return tuple(tokens)

    def tokenize_all(self, texts: Iterable[str]) -> list[tuple[Token, ...]]:
        """Tokens of many texts; each distinct text is analysed once."""
        known: dict[str, tuple[Token, ...]] = {}
        result = []
        for text in texts:
            if text not in known:
                known[text] = self.tokenize(text)
            result.append(known[text])
        return result

    def _part_of_speech(self, morpheme: sudachipy.Morpheme) -> tuple[str, str]:
        number = morpheme.part_of_speech_id()
        if number not in self._pos:
            levels = morpheme.part_of_speech()
            pos = "-".join(level for level in levels[:4] if level != "*")
            self._pos[number] = (pos, "" if levels[5] == "*" else levels[5])
        return self._pos[number]


@functools.lru_cache(maxsize=1)
def default_tokenizer() -> Tokenizer:
    """Tokenizer with the dictionaries that come with Kadai, opened on first use."""
    return Tokenizer()


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


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Text in pieces that Sudachi takes, with their offsets; cut after a sentence if it can be."""
    start = 0
    while start < len(text):
        end = min(start + LONGEST_INPUT, len(text))
        while (
            end - start > _ALWAYS_FITS
            and len(unicodedata.normalize("NFKC", text[start:end]).encode()) > _LONGEST_NORMALIZED
        ):
            end = start + (end - start) // 2
        if end < len(text):
            sentence = max(text.rfind(mark, start, end) for mark in "。\n") + 1
            end = sentence if sentence > start else end
        yield start, text[start:end]
        start = end


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


def _built(user_csv: Path) -> Path | None:
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
