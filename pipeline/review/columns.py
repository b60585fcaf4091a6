"""Columns of the reviewers' workbook: their names, widths and what each one means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipeline.tablecolumns import TABLES
from pipeline.wording import CONFIDENCE_HIGH, CONFIDENCE_MIDDLE

if TYPE_CHECKING:
    from collections.abc import Mapping

Cell = str | int | float
Kind = Literal["text", "count", "share", "confidence"]


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    width
        In characters of half width, as Excel counts.
    choices
        List that a yellow cell offers, see :func:`pipeline.review.sheets.choices`;
        empty: free text.
    field
        What a yellow cell decides, one of :data:`pipeline.decisions.FIELDS`; empty: the
        column is the machine's.
    free
        Something that is not in the list may be written, too.
    hidden
        For the program, not for people.
    jumps
        A click leads to the first opinion of the issue.
    needs
        What a run must have for this column to be there, :data:`COMMENTS` or
        :data:`ADDRESSED`; empty: it is always there.
    meaning
        One line for the 手順 sheet.
    """

    name: str
    width: float
    meaning: str
    kind: Kind = "text"
    field: str = ""
    choices: str = ""
    free: bool = False
    hidden: bool = False
    jumps: bool = False
    needs: str = ""

    @property
    def editable(self) -> bool:
        """Yellow: begins empty and is a person's to fill."""
        return bool(self.field)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows hold a cell for every column, ``""`` for an empty one.

    Attributes
    ----------
    frozen
        Columns that stay in sight when one moves to the right.
    lines
        Most lines of text that a row shows before it is cut off on the screen.
    printed
        Columns that are printed, from the left; 0: all. More would be too small to read.
    jumps
        Issue → row of its first opinion on the sheet of opinions, counted from 1.
    note
        Line above the names of the columns, of a sheet that does not list all there is.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    frozen: int
    lines: int
    printed: int = 0
    jumps: Mapping[str, int] = field(default_factory=dict)
    note: str = ""

    @property
    def head(self) -> int:
        """Row with the names of the columns, counted from 0."""
        return 1 if self.note else 0


COMMENTS = "comments"
"""The run has public comments."""

ADDRESSED = "addressed"
"""Writers say which part of the plan they address."""

ISSUE_SHEET = "課題"
OPINION_SHEET = "意見"
GOAL_SHEET = "目標別"
MEASURE_SHEET = "施策"
ASIDE_SHEET = "対象外"
CARRIED_SHEET = "引き継ぎ"
GUIDE_SHEET = "手順"

MASKED = "伏せた所"
"""Column that says what is masked in an opinion."""

ISSUE_ID = "課題番号"
OPINION_ID = "意見番号"
ANSWER_ID = "回答番号"
DECISION_ID = "判断番号"
START, END = "開始", "終了"

RUN_LABEL = "実行番号"
"""What stands beside the run id on the first sheet, where it is read again."""

SEEN = "控え"
"""Hidden column: what stood there when the workbook was made."""

SEEN_RESPONSE = "response="
"""What the response (対応区分) begins with in the hidden column."""

WITHDRAW = "withdraw"
"""Field of the cells that take an earlier decision back; no field of the record."""

_OF_ISSUE = {name: own.meaning for name, own in TABLES["issues"].columns.items()}
"""What columns mean that are the same in the workbook and in the table."""

_SEEN = Column(SEEN, 8, "このブックを作ったときの値。消さないでください", hidden=True)
_CONFIDENCE = Column(
    "確信度",
    12,
    "「目標（機械）」が正しい見込み。「なし」の行では、なしで正しい見込み。"
    f"{CONFIDENCE_HIGH}以上は高い、{CONFIDENCE_MIDDLE}未満は低い",
    "confidence",
)
_GOAL = Column(
    "目標（機械）", 18, "機械が結びつけた基本目標。「なし」は、当てはまる目標がないという案"
)
_EVIDENCE = Column(
    "根拠",
    44,
    "手がかりの語と理由（規則・話題・判断・例文・計画の言葉）。「→」は、次に近い目標とその手がかり",
)
_DECIDED = Column(
    "これまでの判断",
    20,
    "人が決めたことと、決めた人。空は、まだ誰も決めていない。目標を直すと施策は付け直し",
)
_GOAL_EDIT = Column(
    "目標（修正）", 18, "目標を直すとき、一覧から選ぶ", field="goal_id", choices="goals"
)
_SECOND_EDIT = Column(
    "2つ目の目標（修正）",
    16,
    "2つの目標にかかわるとき、2つ目を一覧から選ぶ。「なし」で2つ目を消す",
    field="goal_id_2",
    choices="goals",
)
_SECOND = Column("2つ目の目標（機械）", 14, "機械の案では2つ目に近い目標")
_MEASURE = Column("施策（機械）", 16, "機械が結びつけた施策")
_MEASURE_EDIT = Column(
    "施策（修正）", 18, "施策を直すとき、一覧から選ぶ", field="measure_id", choices="measures"
)
_RESPONSE_OF_ISSUE = Column(
    "対応区分",
    12,
    "パブリックコメントへの答え方を、一覧から選ぶ。この課題の、パブリックコメントの意見すべてにかかる",
    field="response",
    choices="responses",
    needs=COMMENTS,
)
_RESPONSE = Column(
    "対応区分",
    12,
    "パブリックコメントへの答え方を、一覧から選ぶ。空なら課題の対応区分のとおり。同じ文面にもかかる",
    field="response",
    choices="responses",
    needs=COMMENTS,
)
_COMMENT = Column(
    "コメント", 22, "気づいたこと。同じ行で何かを直したときは、その理由にもなる", field="comment"
)

ISSUE_COLUMNS = (
    Column(
        "確認の順",
        6,
        "1から見ると役に立つ順。異なる文面の数×機械の自信のなさ×まとまりの不安定さ。"
        "判断の済んだ課題は最後",
        "count",
    ),
    Column(ISSUE_ID, 7, "課題の番号。押すと、その課題の意見へ移る。変えないでください", jumps=True),
    Column("題", 24, "いまの題。人が直した題のときは、機械の題を（）に示す"),
    Column("代表的な声", 46, "その課題をよく表す意見、三つまで（書かれたとおり）"),
    Column("意見数", 7, _OF_ISSUE["n_opinions"], "count"),
    _GOAL,
    _CONFIDENCE,
    _DECIDED,
    Column(
        "判定",
        8,
        "採用・保留・却下から選ぶ。空で、「これまでの判断」にも判定がなければ、まだ見ていない課題",
        field="status",
        choices="decisions",
    ),
    _GOAL_EDIT,
    Column("題（修正）", 20, "題を直すとき、新しい題を書く", field="title"),
    Column(
        "統合先",
        20,
        "ほかの課題と一つにするとき、残すほうの課題を一覧から選ぶ",
        field="merge_into",
        choices="issues",
    ),
    Column(
        "分ける",
        12,
        "いくつもの話題が合わさった課題を、話題ごとの課題に分けるとき選ぶ。いちばん多い話題が残る",
        field="split",
        choices="split",
    ),
    _RESPONSE_OF_ISSUE,
    _COMMENT,
    _MEASURE,
    _MEASURE_EDIT,
    _SECOND,
    _SECOND_EDIT,
    Column("意見ごとの目標", 18, "この課題の意見を一件ずつ見たときの、目標ごとの件数"),
    _EVIDENCE,
    Column("語", 18, "その課題によく出る語"),
    Column("課題群", 12, "近い課題を集めたものの名前"),
    Column("見出し", 14, "概念辞書の見出し。空は、辞書にない話題か、人が作った課題"),
    Column("実意見数（重複を除く）", 9, _OF_ISSUE["n_distinct"], "count"),
    Column("回答者数", 7, _OF_ISSUE["n_respondents"], "count"),
    Column("まとまり", 7, _OF_ISSUE["cohesion"], "share"),
    Column("安定度", 8, "安定・やや不安定・不安定（8割の意見で20回まとめ直したとき）"),
    _SEEN,
)

OPINION_COLUMNS = (
    Column(
        "確認の順",
        6,
        "全体で1から見ると役に立つ順。同じ文面の数×機械の自信のなさ。同じ文面は同じ番号",
        "count",
    ),
    Column(OPINION_ID, 12, "意見の番号。変えないでください"),
    Column(ISSUE_ID, 7, "意見が入った課題。空は、どの課題にも入らなかった意見"),
    Column("課題", 18, "その課題の題"),
    Column("意見", 52, "書かれたとおりの意見（［氏名］や［電話番号］は伏せたところ）"),
    Column(
        "該当箇所",
        16,
        "回答や調査ファイルに書かれた、計画のどこへの意見か。機械の案とは別。空は、書かれていないか読めないもの",
        needs=ADDRESSED,
    ),
    _GOAL,
    _CONFIDENCE,
    _DECIDED,
    _GOAL_EDIT,
    Column(
        "課題（移動先）",
        20,
        "ほかの課題へ移すとき、一覧から選ぶ。新しい課題を作るときは「新：」に続けて題を書く",
        field="issue_id",
        choices="moves",
        free=True,
    ),
    Column(
        "話題",
        16,
        "概念辞書での話題。いくつもの話題が合わさった課題を分けるとき、絞り込みに使える",
    ),
    Column("種類", 7, "問題・要望・よい点・その他"),
    Column("種類（修正）", 8, "種類を直すとき、一覧から選ぶ", field="kind", choices="kinds"),
    Column(
        MASKED,
        12,
        "機械か人が伏せたものの種類と数。空は、何も伏せていない意見",
    ),
    Column(
        "個人情報",
        18,
        "伏せる言葉をそのまま書く（いくつかあれば「、」で区切る）。全文は一覧から選ぶ。"
        "伏せなくてよい言葉は「公開：田中児童公園」のように書く。伏せ字がこれでよければ「確認」",
        field="personal",
        choices="personal",
        free=True,
    ),
    _RESPONSE,
    _COMMENT,
    _MEASURE,
    _MEASURE_EDIT,
    _SECOND,
    _SECOND_EDIT,
    _EVIDENCE,
    Column("同じ文面", 6, "同じ文面と数えた意見の数（自分を含む）", "count"),
    Column("情報源", 12, "どこで集めた声か"),
    Column("問い", 16, "答えた設問やテーマ"),
    _SEEN,
)

GOAL_COLUMNS = (
    Column("目標", 34, "計画の基本目標。最後の行は、どの目標でもないもの"),
    Column("意見数", 9, "その目標の意見の数", "count"),
    Column("割合", 8, "すべての意見に占める割合（0〜1）", "share"),
    Column("実意見数（重複を除く）", 10, _OF_ISSUE["n_distinct"], "count"),
    Column("回答者数", 9, _OF_ISSUE["n_respondents"], "count"),
    Column("確信度が低い意見", 10, "機械の自信がなく、人も決めていない意見の数", "count"),
    Column("確認済みの意見", 10, "人がその意見か、その課題について何かを決めた意見の数", "count"),
    Column("確認済みの割合", 9, "意見数に占める割合（0〜1）", "share"),
    Column("課題数", 8, "その目標の課題の数", "count"),
    Column("採用", 7, "判定が採用の課題の数", "count"),
    Column("保留", 7, "判定が保留の課題の数", "count"),
    Column("却下", 7, "判定が却下の課題の数", "count"),
    Column("まだ", 7, "まだ判定のない課題の数", "count"),
)

MEASURE_COLUMNS = (
    Column("目標", 24, "計画の基本目標"),
    Column("施策番号", 9, "計画の施策の番号"),
    Column("施策", 30, "計画の施策の名前"),
    Column("意見数", 8, "その施策に結びついた意見の数", "count"),
    Column("実意見数（重複を除く）", 9, _OF_ISSUE["n_distinct"], "count"),
    Column("課題数", 8, "その施策に結びついた課題の数", "count"),
    Column("回答者数", 8, _OF_ISSUE["n_respondents"], "count"),
    Column("SDGs（計画）", 28, "計画に書かれている SDGs の番号と名前。空は、記載なし"),
    Column(
        "SDGs（提案）",
        58,
        "施策の言葉から機械が見当を付けたもの。計画の記載ではない。（）内は手がかりの語。"
        "確かめた番号は計画ファイルの sdgs に書く",
    ),
)

SET_ASIDE_COLUMNS = (
    Column(ANSWER_ID, 12, "回答の番号。変えないでください"),
    Column(START, 8, "回答の何文字目からか（0から数える）。変えないでください", "count"),
    Column(END, 8, "回答の何文字目までか。変えないでください", "count"),
    Column("文", 70, "外した部分（［氏名］や［電話番号］は伏せたところ）"),
    Column("理由", 30, "取り上げなかった理由"),
    Column(
        "戻す", 10, "意見として取り上げるとき、「戻す」を選ぶ", field="restore", choices="restore"
    ),
    _COMMENT,
    Column("段階", 16, "どの段階で外したか"),
    Column("情報源", 16, "どこで集めた声か"),
    Column("問い", 28, "答えた設問やテーマ"),
)

CARRIED_COLUMNS = (
    Column(
        "状態", 14, "使っている・引き継げなかった・使っていない。後の判断に変わったものは載せない"
    ),
    Column("わけ", 40, "引き継げなかったわけ、使っていないわけ"),
    Column("対象", 10, "意見・課題・対象外の部分の番号（いまの番号。なければ判断したときの番号）"),
    Column("言葉", 46, "その課題の題か、その意見"),
    Column("項目", 14, "何を決めたか"),
    Column("前", 22, "決める前"),
    Column("後", 22, "決めたこと"),
    Column("判断した人", 14, "決めた人"),
    Column("日時", 18, "決めた日時"),
    Column("理由", 24, "決めた理由"),
    Column(
        "取り消し",
        10,
        "判断を取り消して機械の案にもどすとき、「取り消す」を選ぶ",
        field=WITHDRAW,
        choices="withdraw",
    ),
    Column(DECISION_ID, 20, "判断の番号。変えないでください"),
    Column("実行", 14, "判断したときの実行番号"),
)
