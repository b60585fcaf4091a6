"""A small plan of three goals, and short ways to read, learn and link, for tests of the goals.

Every sentence was made up for these tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.concepts import find_concepts
from pipeline.goals.examples import Example
from pipeline.goals.opinions import link_opinions
from pipeline.goals.space import Reading
from pipeline.plan import NO_GOAL
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.goals.mapper import GoalMapper
    from pipeline.goals.opinions import OpinionGoals
    from pipeline.lexicon import Lexicon

PLAN = """
id = "small"
title = "小さな計画"

[[goals]]
id = "1"
name = "つながりのあるまち"

[[goals.measures]]
id = "1-1"
name = "交流の場"

[[goals.measures]]
id = "1-2"
name = "防災"

[[goals]]
id = "2"
name = "支え合うまち"

[[goals.measures]]
id = "2-1"
name = "相談と介護"

[[goals]]
id = "3"
name = "情報の届くまち"
"""

GOALS = (NO_GOAL, "1", "2", "3")

EXAMPLES = (
    Example("近所の人と話す機会がない", "1", "", "1-1"),
    Example("気軽に集まれる居場所がほしい", "1", "", "1-1"),
    Example("お祭りでみんなが仲よくなれた", "1", "", "1-1"),
    Example("避難訓練を地域でやりたい", "1", "3", "1-2"),
    Example("介護のことを相談できる人がいない", "2", "", "2-1"),
    Example("母の介護で仕事をやめた", "2", "", "2-1"),
    Example("保育園に入れなくて困る", "2"),
    Example("障害のある人の働く場がない", "2", "1"),
    Example("広報の字が小さくて読めない", "3"),
    Example("市のホームページが見にくい", "3"),
    Example("お知らせが届くのが遅い", "3"),
    Example("バスの本数が少ない", NO_GOAL),
    Example("歩道が狭くて危ない", NO_GOAL),
    Example("駅前に店がほしい", NO_GOAL),
    Example("公園の草が伸びている", NO_GOAL),
)

# Plain sentences, and the goal of the plan that comes with Kadai; empty for none of them.
SENTENCES = {
    "となりに住む人の顔も知らず、あいさつもない": "1",
    "年配の方も学生も気軽に集まれる居場所がほしいです": "1",
    "地震のとき、避難所で助け合えるか心配だ": "1",
    "盆踊りが中止になってさびしい": "1",
    "回覧板を回すだけで顔を合わせることがない": "1",
    "世代をこえて交流できるイベントがあるとうれしい": "1",
    "子ども食堂のような場を増やしてほしい": "1",
    "ひとり暮らしのお年寄りを近所で見守りたい": "1",
    "町内会の役員をやる人がいない": "2",
    "ボランティアを始めたいがきっかけがない": "2",
    "活動している団体は会員の高齢化で続けられない": "2",
    "民生委員のなり手が足りない": "2",
    "若い人が地域の活動に参加してくれない": "2",
    "研修を受けて活動できる人を育ててほしい": "2",
    "市はもっと市民の声を聞いてほしい": "3",
    "行政とNPOが連携して取り組むべきだ": "3",
    "地域の課題を話し合う場をつくってほしい": "3",
    "アンケートをとっても結果が市政に生かされていない": "3",
    "母の介護と仕事の両立がつらい": "4",
    "保育園に入れず困っています": "4",
    "免許を返納したら通院の足がありません": "4",
    "どこに相談すればよいか窓口を一本化してほしい": "4",
    "車いすでは段差があって通れない": "4",
    "ヘルパーが来る回数を増やしてほしい": "4",
    "障がいのある子の預け先がない": "4",
    "生活が苦しく食べるものにも困っている": "4",
    "認知症の家族を抱えてどうしたらいいか分からない": "4",
    "買い物に行けない高齢者のために移動販売を": "4",
    "引きこもりの息子の将来が不安": "4",
    "広報が届くのが遅くて申し込みに間に合わない": "5",
    "ホームページが見づらい": "5",
    "防災無線が聞こえません": "5",
    "どんなサービスがあるのか知らせてほしい": "5",
    "スマホが使えない人にも情報が行き渡るように": "5",
    "外国語で書かれた案内がない": "5",
    "市のSNSをもっと更新してほしい": "5",
    "窓口の職員の態度が悪い": "6",
    "募金が何に使われているのか、会費の使い方を説明してほしい": "6",
    "個人情報の扱いが心配です": "6",
    "手続きのたびに待たされる": "6",
    "職員を減らさないでほしい": "6",
    "歩道がでこぼこで歩きにくい": "",
    "大きなショッピングモールがほしい": "",
    "公園にもっと遊具を置いてほしい": "",
    "自然が豊かで空気がおいしい": "",
    "除雪をもっと早くしてほしい": "",
    "街灯が少なく夜道が暗い": "",
    "駅前に店がなくなって寂しい": "",
    "電車の本数を増やしてほしい": "",
    "ごみの分別がややこしい": "",
    "空き家が増えて景観が悪い": "",
    "観光客を呼びこむ工夫を": "",
    "給料が安くて暮らしていけない": "",
    "図書館の開館時間を延ばして": "",
    "猫のふんに困っている": "",
    "このアンケートは長すぎる": "",
    "特になし": "",
    "": "",
}


def write_plan(folder: Path, examples: Iterable[Example] = (), rules: str = "") -> Path:
    """Write the small plan with what stands beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "small.toml"
    path.write_text(PLAN, "utf-8")
    rows = [",".join(own[:4]) for own in examples]
    if rows:
        text = "\n".join(["text,goal,goal_2,measure", *rows, ""])
        path.with_suffix(".examples.csv").write_text(text, "utf-8")
    if rules:
        path.with_suffix(".rules.toml").write_text(rules, "utf-8")
    return path


def read(text: str, lexicon: Lexicon) -> Reading:
    """Read a text in one, without rules."""
    tokens = default_tokenizer().tokenize(text)
    return Reading(tokens, tuple(find_concepts(tokens, lexicon.dictionary)), {})


def read_all(examples: Iterable[Example], lexicon: Lexicon) -> list[Reading]:
    """Read the texts of examples."""
    return [read(own.text, lexicon) for own in examples]


def opinions_of(texts: Iterable[str], start: int = 0) -> pd.DataFrame:
    """Texts as a table of opinions with an index of its own."""
    said = list(texts)
    ids = [f"P{number:03}" for number in range(len(said))]
    return pd.DataFrame(
        {"opinion_id": ids, "start": start, "text": said, "question": ""},
        index=range(100, 100 + len(said)),
    )


def link(mapper: GoalMapper, *texts: str, start: int = 0) -> OpinionGoals:
    """Goals of texts."""
    tokens = default_tokenizer().tokenize_all(texts)
    return link_opinions(opinions_of(texts, start), tokens, mapper)
