"""A small made-up city for tests of what people read: plan, study, tables, manifest.

Nothing here was written by a resident. Everything follows from a seed.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline import tables as table_shapes
from pipeline.actions import tabulate_actions
from pipeline.layout import lay_out
from pipeline.measures import tabulate_measures
from pipeline.plan import Goal, Measure, Plan
from pipeline.sdgs import Sdg, SdgSuggestion
from pipeline.study import Study, parse_study
from pipeline.tablecolumns import COUNT, SHARE, TABLES, TEXT
from pipeline.treatments import tabulate_treatments
from pipeline.wording import ADOPTED, HELD, REJECTED, stability_word

RAW_MARK = "原文にだけある電話042-000-0000"
"""Stands in every raw text and must stand in no output."""

HOSTILE = (
    "<script>alert('声')</script><img src=x onerror=alert(1)>",
    "]]></style></body><!-- & &amp; {{ 7*7 }} {% raw %}",
    "道路が\u202e暗くて危ない",
    "長" * 10_000,
    "=cmd|' /C calc'!A0",
    "+81 の電話が通じない",
    "-1点。窓口が遠い",
    "@SUM(A1:A9) と書いてみた",
    "\t先頭がタブの意見",
    "https://example.invalid/ を見てほしい",
    "制御文字\x0bの意見",
)
"""Opinions that must show as nothing but text, everywhere."""

_KINDS = ("survey", "district_meeting", "professional_meeting", "public_comment")
_QUESTIONS = {
    "survey": ("問12 地域で困っていること", "問20 自由記述"),
    "district_meeting": ("テーマ1 身近な困りごと",),
    "professional_meeting": ("",),
    "public_comment": ("素案への意見",),
}


@dataclass(frozen=True)
class Topic:
    """What one made-up issue is about."""

    title: str
    words: str
    group: str
    goal_id: str
    measure_id: str
    voices: tuple[str, ...]
    weight: int


TOPICS = (
    Topic("近所づきあい・町内会の役", "町内会、役員、近所、回覧板", "地域", "1", "1-1",
          ("町内会の役員のなり手がいない。", "近所の顔が分からず不安です",
           "回覧板が負担になっている", "若い世代も入りやすい町内会にしてほしい"), 9),
    Topic("集まれる場所・居場所", "居場所、集まる、公民館", "地域", "1", "1-2",
          ("だれでもふらっと寄れる居場所がほしい。", "公民館が予約でいっぱいで使えない"), 6),
    Topic("ボランティアの担い手", "ボランティア、担い手、若者", "地域", "2", "2-1",
          ("ボランティアの担い手が高齢になっている", "活動したいが、どこに聞けばよいか分からない",
           "学生のボランティアを増やしてほしい"), 7),
    Topic("相談窓口の分かりにくさ", "相談、窓口、たらい回し", "相談", "3", "3-1",
          ("どこに相談すればよいか分からない。", "窓口をたらい回しにされた",
           "休日も相談できるようにしてほしい", "相談員さんが親身に聞いてくれて助かった"), 11),
    Topic("介護する家族の負担", "介護、家族、休む", "高齢", "3", "3-2",
          ("介護で仕事を休みがちになる", "介護する家族が休める仕組みがほしい"), 6),
    Topic("子どもの見守り・通学路", "通学路、見守り、子ども", "子ども", "4", "4-1",
          ("通学路の見守りの人が減った", "子どもが安心して遊べるようにしてほしい"), 8),
    Topic("災害のときの助け合い", "災害、避難所、助け合い", "防災", "5", "5-1",
          ("避難所まで一人で行けない人がいる。", "要支援者の名簿が生かされていない",
           "災害のときに声をかけ合える関係がほしい"), 8),
    Topic("福祉の情報が届かない", "情報、広報、スマホ", "相談", "6", "6-1",
          ("広報を読まない人に情報が届かない", "スマホが使えないので申し込めない"), 5),
    Topic("道路・歩道の段差", "道路、歩道、段差", "暮らし", "", "",
          ("歩道の段差で車いすが通れない", "道路の穴を早く直してほしい。",
           "街灯が少なくて暗い"), 14),
    Topic("バスの便数", "バス、便数、交通", "暮らし", "", "",
          ("バスの便数を増やしてほしい", "駅まで歩けない。バスがない"), 12),
    Topic("買い物できる店", "スーパー、買い物、店", "暮らし", "", "",
          ("近くのスーパーが閉店して困っている", "移動販売が来てくれるとありがたい"), 8),
    Topic("雪かきの手伝い", "雪かき、雪", "季節", "", "", ("高齢で雪かきができない",), 3),
)  # fmt: skip
"""Issues of the made-up city; the last ones stand under no goal."""

MADE_TOPIC = Topic("街灯を増やしてほしい", "街灯、暗い", "暮らし", "", "", (), 0)
"""The issue that people made."""

ASIDE = (
    ("opinions", "意見がない（「特になし」など）", "特になし"),
    ("opinions", "意見がない（「特になし」など）", "ありません"),
    ("opinions", "文字がない", ""),
    ("opinions", "短すぎて内容が分からない", "うーん"),
)


SDGS = (
    Sdg(number=3, name="すべての人に健康と福祉を", gist="健やかに"),
    Sdg(number=11, name="住み続けられるまちづくりを", gist="まちを"),
    Sdg(number=17, name="パートナーシップで目標を達成しよう", gist="ともに"),
)

STATED_SDGS = {"1-2": (3, 11), "3-1": (3,)}
"""What the made-up plan says of SDGs; all else is suggested."""

DECIDED_ISSUE, DECIDED_OPINION = "I005", "O00000"
"""What reviewers decided: the issue from goal 1 to 3, the opinion from none to goal 2."""

RENAMED_ISSUE, MACHINE_TITLE = "I002", "公民館が予約でいっぱい <機械>"
"""A person gave it the title of its topic; what the machine had called it."""

STATUSES = {DECIDED_ISSUE: ADOPTED, "I007": HELD, "I008": REJECTED}
"""What reviewers made of issues; all others are not judged yet."""

ADOPTED_ISSUE, HELD_ISSUE, REJECTED_ISSUE = STATUSES
REJECTED_BECAUSE = "広報課の仕事なので、この計画では取り上げない & 広報課へ伝えた"
HELD_BECAUSE = "防災計画との分担を確かめてから決める"

MERGED_ISSUE, MERGED_TITLE, MERGED_INTO = "I013", "回覧板の負担", "I001"
"""An issue of the machine that is a part of another one now: opinions with 回覧板."""

MADE_ISSUE, MADE_FROM = "I014", "I009"
"""An issue that people made of opinions of another one: those with 街灯."""

HIDDEN_IN, HIDDEN_NAME = "I004", "港野はな子"
"""An issue, and what a person hid in one of its opinions; it stands in the raw text alone."""

RESTORED_OPINION = "O90000"
"""A person brought it back from what was set aside."""

KIND_COMMENT = "事実を述べているだけなので、種類を直した"
"""Beside the one opinion whose kind a person changed."""

GONE = "この意見が、いまの回答にありません"
NO_SUCH_ISSUE = "統合先の課題 I099 が、この結果にありません"
"""Why two decisions could not be carried on; a third one no longer fits."""

NO_LONGER_FITS = "いまの目標や課題に合わないので、使っていません"

TAUGHT_ISSUE = "I009"
"""Two of its opinions were moved by the decision on the opinion."""

SPLIT_ISSUES = ("I006", "I009")
"""Issues whose opinions are divided, one under a goal and one under none."""


def make_plan() -> Plan:
    """Plan of the made-up city: six goals; measure 6-2 is one that nobody speaks to."""
    names = (
        ("つながりのある地域をつくる", "〜顔の見えるまち〜", ("交流の機会づくり", "居場所づくり")),
        ("地域を支える人を育てる", "〜担い手が育つまち〜", ("ボランティアの育成", "福祉教育")),
        ("困りごとを受けとめる", "〜断らない相談〜", ("総合相談", "家族介護者の支援")),
        ("子どもと若者を見守る", "〜育ち合うまち〜", ("見守り活動", "子どもの居場所")),
        ("災害に備え助け合う", "〜いのちを守るまち〜", ("避難の支援", "防災の学び")),
        ("福祉の情報を届ける", "〜だれにも届く〜", ("広報の工夫", "職員の研修")),
    )
    return Plan(
        id="minatono-1",
        title="みなと野市地域福祉活動計画（架空）",
        period="令和6年度～令和10年度",
        goals=tuple(
            Goal(
                id=str(number),
                name=name,
                slogan=slogan,
                summary=f"{name}ために、住民と団体がともに取り組むことをまとめた目標です。",
                measures=tuple(
                    Measure(
                        id=f"{number}-{place}",
                        name=measure,
                        sdgs=STATED_SDGS.get(f"{number}-{place}", ()),
                    )
                    for place, measure in enumerate(measures, start=1)
                ),
            )
            for number, (name, slogan, measures) in enumerate(names, start=1)
        ),
    )


def make_study(title: str = "令和5年度 みなと野市の声 <架空>") -> Study:
    """Study with one source of every kind."""
    sources = [{"file": f"{kind}.csv", "kind": kind} for kind in _KINDS]
    return parse_study({"title": title, "plan": "plan.toml", "sources": sources}, "study.toml")


def make_tables(n_opinions: int = 200, seed: int = 1) -> dict[str, pd.DataFrame]:
    """Valid tables of a run.

    Parameters
    ----------
    n_opinions
        Opinions beside the hostile ones.
    seed
        Of the random choices.
    """
    chance = random.Random(seed)
    answers, opinions, links = [], [], []
    first: dict[str, str] = {}
    texts = list(HOSTILE)
    for number in range(n_opinions + len(HOSTILE)):
        place = chance.choices(range(len(TOPICS)), [topic.weight for topic in TOPICS])[0]
        about = TOPICS[place]
        kind = chance.choices(_KINDS, (12, 4, 2, 2))[0]
        hostile = number >= n_opinions
        text = texts[number - n_opinions] if hostile else chance.choice(about.voices)
        if not hostile and chance.random() < 0.6:
            text = f"{chance.randrange(1, 80)}年住んでいますが、{text}"
        alone = chance.random() < 0.08 or (hostile and number % 3 == 0)
        goal_id = chance.choice("123456") if chance.random() < 0.08 else about.goal_id
        measure_id = about.measure_id if goal_id == about.goal_id else ""
        confidence = round(chance.uniform(0.2, 0.99), 3)
        answer_id, opinion_id = f"A{number:05d}", f"O{number:05d}"
        issue_id = "" if alone else f"I{place + 1:03d}"
        respondent = "" if kind == "district_meeting" and number % 2 else f"S-{number * 3 // 4}"
        answers.append(
            _answer(answer_id, kind, chance.choice(_QUESTIONS[kind]), respondent, text)
            | {"attr_年代": chance.choice(("30代", "50代", "70代以上"))}
        )
        duplicate_of = first.get(text, "")
        first.setdefault(text, opinion_id)
        opinions.append(
            {
                "opinion_id": opinion_id, "answer_id": answer_id, "start": 0, "end": len(text),
                "text": text, "kind": chance.choice(("problem", "request", "praise", "other")),
                "duplicate_of": duplicate_of, "issue_id": issue_id, "machine_issue_id": issue_id,
                "issue_strength": round(chance.uniform(0.2, 0.9), 4), "goal_id": goal_id,
                "machine_goal_id": goal_id, "goal_score": confidence,
                "goal_confidence": confidence, "goal_id_2": "", "measure_id": measure_id,
                "assigned_by": "machine" if goal_id else "", "withheld_goal_id": "",
                "machine_goal_id_2": "", "machine_measure_id": measure_id, "hidden": 0,
                "restored": 0, "comment": "",
            }
        )  # fmt: skip
        if opinion_id == DECIDED_OPINION:
            opinions[-1] |= {"machine_goal_id": "", "goal_id": "2", "measure_id": "",
                             "assigned_by": "山田"}  # fmt: skip
        if issue_id == DECIDED_ISSUE:
            opinions[-1] |= {"machine_goal_id": "1", "goal_id": "3", "measure_id": "3-2",
                             "machine_measure_id": "1-1", "assigned_by": "策定委員会"}  # fmt: skip
        if goal_id:
            links.append(_link(opinion_id, goal_id, measure_id, about.words.split("、")[:2]))
    asides = []
    for number, (stage, reason, text) in enumerate(ASIDE * 4):
        answer_id = f"B{number:05d}"
        answers.append(_answer(answer_id, "survey", "問20 自由記述", f"S-x{number}", text))
        asides.append({"answer_id": answer_id, "start": 0, "end": len(text), "stage": stage,
                       "reason": reason, "text": text})  # fmt: skip
    # A piece of an answer whose other pieces were carried on.
    asides.append({"answer_id": "A00000", "start": 0, "end": 2, "stage": "opinions",
                   "reason": "あいさつ", "text": "いつもお世話になっております"})  # fmt: skip
    answer, restored = _restored(opinions[0])
    answers.append(answer)
    opinions.append(restored)
    _decide_opinions(opinions, answers)
    rows = pd.DataFrame(opinions).assign(response="", addressed_id="")
    respondents = {row["answer_id"]: row["respondent_id"] for row in answers}
    issues = _issues(rows.assign(respondent=rows["answer_id"].map(respondents)))
    for topic in TOPICS:
        issue_id = f"I{TOPICS.index(topic) + 1:03d}"
        if topic.goal_id and issue_id in set(issues["issue_id"]):
            words = topic.words.split("、")
            links.append(_link(issue_id, topic.goal_id, topic.measure_id, words, n=4))
    for issue_id in SPLIT_ISSUES:
        links += [
            _link(issue_id, goal_id, "", [word], n=3)
            for goal_id, word in (("1", "隣どうし"), ("5", "名簿"))
        ]
    taught = rows.loc[rows["issue_id"] == TAUGHT_ISSUE, "opinion_id"].tolist()[:2]
    made = {
        "answers": pd.DataFrame(answers).fillna(""),
        "opinions": rows,
        "issues": issues,
        "machine_issues": _machine_issues(rows),
        "groups": _groups(issues),
        "concepts": table_shapes.empty("concepts"),
        "suggested_concepts": table_shapes.empty("suggested_concepts"),
        "goal_links": pd.DataFrame(links),
        **_pictures(rows, seed),
        **_coverage(rows.assign(respondent_id=rows["answer_id"].map(respondents)), issues),
        "measures": tabulate_measures(
            make_plan(),
            SDGS,
            _suggestions(),
            rows.assign(respondent_id=rows["answer_id"].map(respondents)),
            issues,
        ),
        "lessons": pd.DataFrame(
            [
                {
                    "opinion_id": own,
                    "goal_id_before": "",
                    "goal_id_after": "2",
                    "decision_id": "D002",
                    "effect": 0.4,
                }
                for own in taught
            ]
        ),
        "applied_decisions": pd.DataFrame(_decisions(rows)),
        "comparison": table_shapes.empty("comparison"),
        "set_aside": pd.DataFrame(asides),
    }
    # What this city has nothing of is there and empty.
    made = {name: made.get(name, table_shapes.empty(name)) for name in table_shapes.SCHEMAS}
    return {name: shaped(name, table) for name, table in made.items()}


def shaped(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Table in its declared shape; columns that it says nothing of are empty."""
    nothing = {TEXT: "", COUNT: 0, SHARE: math.nan}
    rest = {
        column: nothing[own.type]
        for column, own in TABLES[name].columns.items()
        if column not in table.columns
    }
    return table_shapes.conform(name, table.assign(**rest))


def make_manifest(tables: dict[str, pd.DataFrame]) -> dict[str, object]:
    """Manifest whose figures are those of the tables."""
    n_distinct = int((tables["opinions"]["duplicate_of"] == "").sum())
    n_with = tables["opinions"]["answer_id"].nunique()
    return {
        "kadai_version": "0.1.0",
        "study": {"title": "架空", "plan": "plan.toml"},
        "inputs": [
            {"file": f"{kind}.csv", "sha256": f"{number:x}" * 64, "bytes": 12_345 * number}
            for number, kind in enumerate(_KINDS, start=1)
        ],
        "dictionaries": [{"file": "concepts.toml", "sha256": "ab" * 32}],
        "parameters": {"issues": None, "max_issues": 70},
        "versions": {"python": "3.11", "sudachipy": "0.7.0", "sudachidict_core": "20261015"},
        "tables": {f"{name}.csv": {"sha256": "cd" * 32, "rows": len(table)}
                   for name, table in tables.items()},
        "ledger": {
            "answers": len(tables["answers"]),
            "answers_with_opinions": n_with,
            "answers_set_aside": len(tables["answers"]) - n_with,
            "opinions": len(tables["opinions"]),
            "distinct_opinions": n_distinct,
            "set_aside_pieces": len(tables["set_aside"]),
        },
        "run_id": "abc123def0",
        "method": {"n_fit": n_distinct, "n_groups": len(TOPICS), "threshold": 0.35},
    }  # fmt: skip


def _answer(
    answer_id: str, kind: str, question: str, respondent: str, text: str
) -> dict[str, object]:
    return {
        "answer_id": answer_id, "source_id": f"S{_KINDS.index(kind) + 1}", "source_kind": kind,
        "file": f"{kind}.csv", "locator": f"行{answer_id[1:]}", "question": question,
        "respondent_id": respondent, "raw_text": f"{text}{RAW_MARK}",
    }  # fmt: skip


def _link(
    target_id: str, goal_id: str, measure_id: str, words: list[str], n: int = 0
) -> dict[str, object]:
    """Evidence of an issue has ``n`` and no places, that of an opinion places."""
    evidence = [
        {"word": word, "start": None if n else 10 * place, "weight": 1.0 / place,
         "end": None if n else 10 * place + len(word),
         "source": "rule" if place % 2 else "example",
         "rule": f"{word}のこと" if place % 2 else "例文の言葉との近さ"}
        | ({"n": n} if n else {})
        for place, word in enumerate(words, start=1)
    ]  # fmt: skip
    return {"target_id": target_id, "goal_id": goal_id, "measure_id": measure_id, "score": 0.5,
            "evidence": json.dumps(evidence, ensure_ascii=False)}  # fmt: skip


def _coverage(opinions: pd.DataFrame, issues: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Proposals for a plan without action lines."""
    links = table_shapes.empty("action_links")
    return {
        "action_links": links,
        "actions": tabulate_actions(make_plan(), links, opinions),
        "treatments": tabulate_treatments(make_plan(), issues, opinions, links),
    }


def _suggestions() -> dict[str, tuple[SdgSuggestion, ...]]:
    """Suggested: 11 beside what the plan states, 3 as it states, 17 where it states nothing."""
    return {
        "1-2": (SdgSuggestion("1-2", 11, ("居場所",), 3), SdgSuggestion("1-2", 17, ("協働",), 2)),
        "3-2": (SdgSuggestion("3-2", 3, ("介護者", "家族"), 6),),
    }


def _restored(like: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """An answer that was set aside and brought back, and its opinion."""
    answer_id, text = "A90000", "バスが来ない"
    opinion = like | {
        "opinion_id": RESTORED_OPINION, "answer_id": answer_id, "end": len(text), "text": text,
        "kind": "problem", "duplicate_of": "", "issue_id": "I010", "machine_issue_id": "I010",
        "goal_id": "", "machine_goal_id": "", "measure_id": "", "machine_measure_id": "",
        "assigned_by": "", "restored": 1,
    }  # fmt: skip
    return _answer(answer_id, "survey", "問20 自由記述", "S-y0", text), opinion


def _decide_opinions(opinions: list[dict[str, object]], answers: list[dict[str, object]]) -> None:
    """What people made of opinions by themselves, and which ones they looked at."""
    said = Counter(str(own["text"]) for own in opinions)
    looked_at = {DECIDED_OPINION, RESTORED_OPINION}
    stays = {own["text"] for own in opinions if own["goal_id"]}  # all of a wording move or none
    for own in opinions:
        own["machine_kind"] = own["kind"]
        if own["issue_id"] == MERGED_INTO and "回覧板" in str(own["text"]):
            own["machine_issue_id"] = MERGED_ISSUE
        elif (
            own["issue_id"] == MADE_FROM and "街灯" in str(own["text"]) and own["text"] not in stays
        ):
            own["issue_id"] = MADE_ISSUE
            looked_at.add(str(own["opinion_id"]))
    for own in opinions:
        if own["issue_id"] == "I003" and said[str(own["text"])] == 1:
            own["kind"] = "other" if own["machine_kind"] == "problem" else "problem"
            own["comment"] = KIND_COMMENT
            looked_at.add(str(own["opinion_id"]))
            break
    for own in opinions:
        if own["issue_id"] == HIDDEN_IN and said[str(own["text"])] == 1:
            answer = next(row for row in answers if row["answer_id"] == own["answer_id"])
            answer["raw_text"] = f"{HIDDEN_NAME}です。{answer['raw_text']}"
            own["end"] = len(f"{HIDDEN_NAME}です。{own['text']}")
            own["text"] = f"［個人情報］です。{own['text']}"
            own["hidden"] = 1
            looked_at.add(str(own["opinion_id"]))
            break
    for own in opinions:
        by_issue = own["issue_id"] in _reviewed_issues()
        own["reviewed"] = int(by_issue or own["opinion_id"] in looked_at)


def _reviewed_issues() -> dict[str, str]:
    """Issue → who decided last about it."""
    judged = dict.fromkeys(STATUSES, "策定委員会")
    return {RENAMED_ISSUE: "山田", MADE_ISSUE: "田中"} | judged


def _machine_issues(opinions: pd.DataFrame) -> pd.DataFrame:
    titles = {f"I{place:03d}": topic.title for place, topic in enumerate(TOPICS, start=1)}
    titles |= {RENAMED_ISSUE: MACHINE_TITLE, MERGED_ISSUE: MERGED_TITLE}
    outcomes = {MERGED_ISSUE: "merged", MERGED_INTO: "changed", MADE_FROM: "changed"}
    made = opinions[opinions["machine_issue_id"] != ""].groupby("machine_issue_id")
    return pd.DataFrame(
        [
            {
                "issue_id": issue_id, "title": titles[str(issue_id)], "words": "町内会",
                "n_opinions": len(own), "n_distinct": own["text"].nunique(),
                "outcome": outcomes.get(str(issue_id), "kept"),
                "headings": "",
                "merged_into": MERGED_INTO if issue_id == MERGED_ISSUE else "",
            }
            for issue_id, own in made
        ]
    )  # fmt: skip


_DAY_ONE, _DAY_TWO = "2026-04-01T10:00:00+09:00", "2026-04-08T13:30:00+09:00"


def _decisions(opinions: pd.DataFrame) -> list[dict[str, object]]:
    """What reviewers decided, in the order in which they did; the last ones do not hold."""
    texts = opinions.set_index("opinion_id")["text"].to_dict()

    def voices(issue_id: str) -> str:
        own = opinions.loc[opinions["issue_id"] == issue_id, "text"]
        return "\n".join(own[own.str.len() < 100].drop_duplicates()[:2])

    made: list[dict[str, object]] = []

    def decide(
        target: str, field: str, seen: str, value: str, reviewer: str,
        reason: str = "", at: str = _DAY_ONE, stands: int = 1, why_not: str = "",
        applied_to: str | None = None, text: str | None = None,
    ) -> None:  # fmt: skip
        shown = texts.get(target, voices(target)) if text is None else text
        made.append(
            {
                "decision_id": f"D{len(made) + 1:03d}", "target_id": target, "field": field,
                "value_seen": seen, "value": value, "reviewer": reviewer, "decided_at": at,
                "reason": reason, "run_id": "abc123def0", "text": shown,
                "applied_to": target if applied_to is None else applied_to, "stands": stands,
                "why_not": why_not,
            }
        )  # fmt: skip

    decide(DECIDED_ISSUE, "goal_id", "1", "4", "策定委員会", stands=0)
    decide(DECIDED_OPINION, "goal_id", "0", "2", "山田")
    decide(DECIDED_ISSUE, "goal_id", "1", "3", "策定委員会", "相談の話だから")
    decide(MERGED_INTO, "members", "", "K3F9AAAA K3F9BBBB", "前回の結果", at="")
    title = TOPICS[int(RENAMED_ISSUE[1:]) - 1].title
    decide(RENAMED_ISSUE, "title", MACHINE_TITLE, title, "山田", "<b>内容</b>に合わせた")
    for issue_id, status in STATUSES.items():
        decide(issue_id, "status", "", status, "策定委員会", at=_DAY_TWO)
    for issue_id, comment in ((REJECTED_ISSUE, REJECTED_BECAUSE), (HELD_ISSUE, HELD_BECAUSE)):
        decide(issue_id, "comment", "", comment, "策定委員会", at=_DAY_TWO)
    decide(MERGED_ISSUE, "merge_into", "", MERGED_INTO, "田中", "同じ役の話", text="回覧板が負担")
    decide(MADE_ISSUE, "title", "", MADE_TOPIC.title, "田中")
    moved = opinions[opinions["issue_id"] == MADE_ISSUE]
    for opinion_id in moved.drop_duplicates("text")["opinion_id"]:
        decide(opinion_id, "issue_id", MADE_FROM, MADE_ISSUE, "田中")
    changed = opinions[opinions["kind"] != opinions["machine_kind"]]
    for row in changed.to_dict("records"):
        decide(row["opinion_id"], "kind", row["machine_kind"], row["kind"], "山田")
        decide(row["opinion_id"], "comment", "", row["comment"], "山田")
    for opinion_id in opinions.loc[opinions["hidden"] == 1, "opinion_id"]:
        decide(opinion_id, "personal", "", "0-5;K3F9AAAA", "山田")
    back = texts[RESTORED_OPINION]
    decide("A90000@0-6", "restore", "", "1", "山田", applied_to=RESTORED_OPINION, text=back)
    decide("I010", "status", "", ADOPTED, "山田", stands=0)
    decide("I010", "status", ADOPTED, "machine", "策定委員会", at=_DAY_TWO, stands=0)
    decide(
        "OGONE", "goal_id", "1", "5", "山田", "災害の話", stands=0, why_not=GONE, applied_to="",
        text="去年の意見 <今年はない>",
    )  # fmt: skip
    decide("I012", "merge_into", "", "I099", "田中", stands=0, why_not=NO_SUCH_ISSUE, applied_to="")
    decide("I003", "measure_id", "2-1", "6-1", "田中", stands=0, why_not=NO_LONGER_FITS)
    return made


def _issues(opinions: pd.DataFrame) -> pd.DataFrame:
    groups = sorted({topic.group for topic in TOPICS})
    rows = []
    for issue_id, own in opinions[opinions["issue_id"] != ""].groupby("issue_id"):
        place = int(str(issue_id)[1:]) - 1
        made = issue_id == MADE_ISSUE
        topic = MADE_TOPIC if made else TOPICS[place]
        stability = math.nan if made else 0.55 + place / 30
        distinct = own.drop_duplicates("text").sort_values(
            ["issue_strength", "opinion_id"], ascending=[False, True]
        )
        ids = distinct[distinct["text"].str.len() < 100]["opinion_id"].tolist()
        counts = Counter(own["goal_id"])
        spread = sorted(counts, key=lambda goal: (-counts[goal], goal))
        decided = issue_id == DECIDED_ISSUE
        rows.append(
            {
                "issue_id": issue_id, "group_id": f"G{groups.index(topic.group) + 1:02d}",
                "title": topic.title, "words": topic.words, "n_opinions": len(own),
                "n_distinct": len(distinct),
                "n_respondents": own.loc[own["respondent"] != "", "respondent"].nunique(),
                "stability": stability, "cohesion": 0.35 + place / 40,
                "representative_opinion_ids": " ".join(ids[:5]), "goal_id": topic.goal_id,
                "machine_goal_id": "1" if decided else topic.goal_id,
                "goal_confidence": 0.25 + 0.09 * place if topic.goal_id else 0.9 - 0.05 * place,
                "goal_id_2": "6" if place % 4 == 1 and topic.goal_id else "",
                "measure_id": topic.measure_id,
                "assigned_by": "策定委員会" if decided else "machine" if topic.goal_id else "",
                "goal_share": counts[topic.goal_id] / len(own) if topic.goal_id else 0.0,
                "goal_counts": " ".join(f"{goal or '0'}:{counts[goal]}" for goal in spread),
                "to_split": int(issue_id in SPLIT_ISSUES),
                # The last issues come from the data, as what no dictionary knows.
                "headings": topic.words.split("、")[0] if place < 10 else "",
                "stability_word": stability_word(stability),
                "machine_title": "" if made else
                MACHINE_TITLE if issue_id == RENAMED_ISSUE else topic.title,
                "machine_goal_id_2": "6" if place % 4 == 1 and topic.goal_id else "",
                "machine_measure_id": "1-1" if decided else topic.measure_id,
                "status": STATUSES.get(str(issue_id), ""),
                "reviewed_by": _reviewed_issues().get(str(issue_id), ""),
                "n_reviewed": own["reviewed"].sum(),
                "response": "", "comment": {REJECTED_ISSUE: REJECTED_BECAUSE, HELD_ISSUE: HELD_BECAUSE}.get(
                    str(issue_id), ""
                ),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _pictures(opinions: pd.DataFrame, seed: int) -> dict[str, pd.DataFrame]:
    """Map and network: vectors by chance, words that nobody counted."""
    first = opinions.drop_duplicates("text")
    vectors = np.abs(np.random.default_rng(seed).normal(size=(len(first), 8)))
    vectors /= np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    drawn = lay_out(opinions, vectors, first["issue_id"].tolist())
    used = {"バス": 40, "便数": 25, "道路": 22, "段差": 20, "町内会": 18, "役員": 12, "<b>声": 9}
    counted = {"pos": "名詞", "n_distinct": 5, "n_respondents": 4}
    words = [counted | {"word": own, "shown": own, "n_opinions": n} for own, n in used.items()]
    pairs = [("バス", "便数", 0.4), ("段差", "道路", 0.3), ("役員", "町内会", 0.2),
             ("バス", "道路", 0.1), ("<b>声", "役員", 0.05)]  # fmt: skip
    both = {"n_opinions": 6, "n_distinct": 5, "n_respondents": 4, "npmi": 0.5}
    links = [both | {"word_1": one, "word_2": two, "jaccard": jac} for one, two, jac in pairs]
    return {
        "layout": drawn.layout,
        "near_issues": drawn.near,
        "words": pd.DataFrame(words),
        "word_links": pd.DataFrame(links),
    }


def _groups(issues: pd.DataFrame) -> pd.DataFrame:
    names = sorted({topic.group for topic in TOPICS})
    rows = []
    for group_id, own in issues.groupby("group_id"):
        rows.append(
            {
                "group_id": group_id, "title": names[int(str(group_id)[1:]) - 1],
                "words": "、".join(own["words"]).split("、")[0], "n_issues": len(own),
                "n_opinions": own["n_opinions"].sum(), "n_respondents": own["n_respondents"].sum(),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
