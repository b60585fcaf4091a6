"""Every column of a table is taken for what it is, with a reason and a doubt."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.documents import read
from pipeline.documents.columns import guess_columns
from pipeline.documents.demographics import canonical_name, without_notes
from pipeline.documents.headers import read_table
from pipeline.documents.model import Grid

if TYPE_CHECKING:
    from pipeline.documents.columnguess import ColumnGuess
    from pipeline.documents.table import Table

DATA = Path(__file__).parents[2] / "shared" / "data"

OPINIONS = [
    "坂が多くて買い物が大変です", "バスの本数を増やしてほしい", "特になし", "夜道が暗いので街灯がほしい",
    "町内会の役員が決まらない", "子どもの遊び場が少ない", "ない", "相談窓口がどこか分からない",
    "病院が遠くて困っている", "空き家が増えて心配です", "防災訓練に出る人が少ない", "静かで住みやすい",
]  # fmt: skip


def guesses(header: list[str], rows: list[list[str]]) -> dict[str, ColumnGuess]:
    grid = Grid("a.csv", None, tuple(map(tuple, [header, *rows])), tuple(range(1, len(rows) + 2)))
    return {guess.column.name: guess for guess in guess_columns(read_table(grid))}


def survey(n_rows: int) -> dict[str, ColumnGuess]:
    """A fictitious survey as forms export it."""
    picked = random.Random(7)
    services = ["バス", "電車", "自家用車", "自転車"]
    rows = [
        [
            str(number % 40 + 1),
            f"X{number:05}",
            f"2023/10/{number % 28 + 1} 10:00",
            picked.choice(["20代", "40代", "60代"]),
            picked.choice(["住み続けたい", "一度、市を出て、戻りたい", "移りたい"]),
            f"{picked.choice(OPINIONS)}{number if number % 3 else ''}",
            str(picked.randrange(11)),
            ", ".join(picked.sample(services, picked.randint(1, 3))),
            "舟" if number == 3 else "馬" if number == 5 else "",
            f"{picked.choice(OPINIONS)}{number % 50}",
            f"お名前{number}",
            "",
        ]
        for number in range(n_rows)
    ]
    header = [
        "回答番号", "受付番号", "タイムスタンプ", "問1 あなたの年代は？", "問2 今後も住みたいですか［1つに○］",
        "上記の理由をお書きください", "問3 幸福度（0～10）", "問4 使う乗り物（いくつでも）", "問4 その他",
        "問5 まちの課題を自由にお書きください", "お名前", "備考欄",
    ]  # fmt: skip
    return guesses(header, rows)


def test_a_survey_is_understood() -> None:
    found = survey(120)
    assert [guess.role for guess in found.values()] == [
        "other", "respondent", "timestamp", "attribute", "attribute", "text",
        "attribute", "multiple_choice", "text", "text", "other", "empty",
    ]  # fmt: skip
    assert found["問1 あなたの年代は？"].attribute == "年代"
    assert found["問2 今後も住みたいですか［1つに○］"].attribute == "問2 今後も住みたいですか"
    assert all(guess.reason.endswith("。") for guess in found.values())


def test_free_text_is_paired_with_the_closed_question_that_it_explains() -> None:
    found = survey(120)
    assert found["上記の理由をお書きください"].pair == "問2 今後も住みたいですか［1つに○］"
    assert found["問4 その他"].pair == "問4 使う乗り物（いくつでも）"
    assert found["問4 使う乗り物（いくつでも）"].attribute == "問4 使う乗り物"


def test_a_file_of_four_rows_is_understood() -> None:
    rows = [[str(n), age, area, text] for n, age, area, text in (
        (1, "30代", "東", "坂が多い"), (2, "60代", "西", "店が遠くて困ります"),
        (3, "40代", "東", "特になし"), (4, "30代", "北", "街灯がほしい"),
    )]  # fmt: skip
    found = guesses(["No", "年代", "お住まいの地区", "ご意見"], rows)
    assert [guess.role for guess in found.values()] == [
        "respondent", "attribute", "attribute", "text",
    ]  # fmt: skip
    assert [guess.attribute for guess in found.values()] == [None, "年代", "地区", None]


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [[f"R{n}", OPINIONS[n % 12] + "！" * (n // 12), "男女"[n % 2]] for n in range(60)]
    header = ["ID", "困りごとはありますか", "性別"]
    expected = guesses(header, rows)
    random.Random(3).shuffle(rows)
    assert guesses(header, rows) == expected


def test_codes_of_a_hand_made_tally_are_attributes() -> None:
    rows = [[str(n), str(n % 2 + 1), str(n % 5 + 1), OPINIONS[n % 12] + str(n)] for n in range(40)]
    found = guesses(["票番号", "F1 性別", "問7", "自由記述"], rows)
    assert [guess.role for guess in found.values()] == [
        "respondent", "attribute", "attribute", "text",
    ]  # fmt: skip


def test_one_answer_a_row_with_a_repeated_number_is_one_respondent() -> None:
    rows = [
        [f"K{n // 3}", "男女"[n // 3 % 2], f"問{n % 3}", OPINIONS[n % 12] + str(n)]
        for n in range(30)
    ]
    found = guesses(["回答者ID", "性別", "設問", "回答"], rows)
    assert found["回答者ID"].role == "respondent"
    assert found["回答者ID"].doubt


def test_a_number_that_restarts_does_not_tell_respondents_apart() -> None:
    rows = [[str(n % 15), "男女"[n // 15], OPINIONS[n % 12] + str(n)] for n in range(30)]
    found = guesses(["回答番号", "性別", "ご意見"], rows)
    assert found["回答番号"].role == "other"
    assert found["回答番号"].doubt


def test_free_text_stays_free_text_however_often_answers_repeat() -> None:
    """Large files repeat themselves; a column that asks for free words is read all the same."""
    said = ["坂が多い、店が遠い", "坂が多い、夜が暗い", "夜が暗い、店が遠い", "特になし"]
    rows = [[f"R{n}", said[n % 4]] for n in range(400)]
    found = guesses(["回答番号", "市への意見を自由に書いてください"], rows)
    assert found["市への意見を自由に書いてください"].role == "text"
    assert found["市への意見を自由に書いてください"].doubt


def test_what_the_city_answers_is_no_opinion() -> None:
    rows = [
        [str(n), OPINIONS[n % 12] + str(n), f"{n}番のご意見を参考に検討します。"] for n in range(12)
    ]
    found = guesses(["No", "ご意見の内容", "市の考え方"], rows)
    assert [guess.role for guess in found.values()] == ["respondent", "text", "other"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("あなたの年齢は？", "年齢"),
        ("【問１】あなたのお住まいの地域を教えてください。", "地区"),
        ("あなたが住んでる地区は？ [下の一覧をご覧ください]", "地区"),
        ("F2_年代", "年代"),
        ("問3　お住まいの地区はどちらですか。（○は１つ）", "地区"),
        ("Q1. ご職業は何ですか？", "職業"),
        ("日常生活圏域", "圏域"),
        ("あなたご自身について 年代", "年代"),
        ("ご自身のこと 職業", "職業"),
        ("世帯主について 年齢", None),
        ("【問２】観光客がお住まいの地域に来ることをどう思いますか？", None),
        ("今後も住み続けたいですか", None),
    ],
)
def test_only_headers_that_ask_for_an_attribute_get_its_short_name(
    header: str, name: str | None
) -> None:
    assert canonical_name(header) == name


def test_notes_in_brackets_are_no_part_of_an_attribute_name() -> None:
    assert without_notes("【問9】何を使いますか [（○は３つまで）]") == "【問9】何を使いますか"


def real(path: str) -> tuple[Table, dict[str, ColumnGuess]]:
    file = DATA / path
    if not file.exists():
        pytest.skip(f"実データ {path} がないため")
    table = read_table(read(file).grids[0])
    return table, {guess.column.name: guess for guess in guess_columns(table)}


def places(found: dict[str, ColumnGuess], role: str) -> list[int]:
    return [guess.column.index for guess in found.values() if guess.role == role]


@pytest.mark.parametrize(
    ("path", "texts", "respondent", "attributes"),
    [
        ("sabae/vision2023_all.csv", [7, 8, 9, 11, 12, 14, 16, 17, 18], 1, ["属性", "性別", "年齢", "地区"]),
        ("sabae/vision2023_adults.csv", [6, 7, 8, 10, 11, 13, 15, 16, 17], 1, ["性別", "年齢", "地区"]),
        ("sabae/vision2023_adults.xlsx", [12, 13, 14, 16, 17, 19, 21, 22, 23], 1, ["性別", "年齢", "地区"]),
        ("sabae/vision2023_highschool.xlsx", [11, 12, 14, 15, 17, 19, 20, 21], 1, ["性別", "地区"]),
        ("meetings/minutes_tokyo_welfare_committee.csv", [1], 2, []),
        ("meetings/shintokyo2050_miro_stickynotes.csv", [1], 0, []),
        ("goals/gold_dev.csv", [1], 0, []),
        ("benchmarks/sabae_issues_dev.csv", [1], 0, []),
        ("benchmarks/env_pubcomment2025_official_groups.csv", [1], 0, []),
        ("benchmarks/ntcir14_assembly_utterances_14topics.csv", [1], 0, []),
        ("benchmarks/otaru_ibaraki_items_plan_goals.csv", [1], None, []),
        ("benchmarks/ai_pubcomment_near_duplicates.csv", [1], None, []),
    ],
)  # fmt: skip
def test_real_files_are_understood(
    path: str, texts: list[int], respondent: int | None, attributes: list[str]
) -> None:
    _, found = real(path)
    assert places(found, "text") == texts
    assert places(found, "respondent") == ([] if respondent is None else [respondent])
    named = [guess.attribute for guess in found.values() if guess.attribute]
    assert named[: len(attributes)] == attributes
    assert len(named) == len(set(named))


@pytest.mark.parametrize("wave", ["2024-01", "2024-08", "2025-01", "2025-08"])
def test_every_wave_of_a_real_survey_pairs_reasons_with_their_questions(wave: str) -> None:
    table, found = real(f"fukui/{wave}.csv")
    texts = [guess for guess in found.values() if guess.role == "text"]
    assert [guess.column.index for guess in texts] == [2, 4, 6, 8, 10, 12, 14, 16, 18, 22, 24, 26]
    by_index = {column.index: column.name for column in table.columns}
    assert all(guess.pair == by_index[guess.column.index - 1] for guess in texts)
    assert all(found[guess.pair].attribute for guess in texts if guess.pair)
    assert len(table.columns) == 29


OPTIONS = ["防災", "子育て", "高齢者の見守り", "交通", "健康づくり"]


def several(number: int, separator: str) -> str:
    return separator.join((OPTIONS[number % 5], OPTIONS[(2 * number + 1) % 5]))


def test_an_export_of_google_forms_is_understood() -> None:
    rows = [
        [
            f"2024/05/{n + 1:02} 10:00:00 午後 GMT+9", f"a{n}@example.jp", f"架空 {n}",
            f"0{n % 10}0-0000-00{n:02}", ["東", "西", "南"][n % 3],
            several(n, ", ") + (f", 公園のトイレが古くて使いにくい{n}" if n % 7 == 0 else ""),
            f"{OPINIONS[n % 12]}{n}",
        ]
        for n in range(28)
    ]  # fmt: skip
    header = [
        "タイムスタンプ", "メールアドレス", "お名前（任意）", "お電話番号・ご住所", "お住まいの地区",
        "関心のあること（あてはまるものすべて）", "困っていること\n（自由にお書きください）",
    ]  # fmt: skip
    found = list(guesses(header, rows).values())
    assert [guess.role for guess in found] == [
        "timestamp", "other", "other", "other", "attribute", "multiple_choice", "text",
    ]  # fmt: skip
    assert [guess.personal for guess in found] == [False, True, True, True, False, False, False]
    assert found[5].doubt
    assert "選択肢にない言葉と見られる値が4件" in found[5].reason


def test_an_export_of_microsoft_forms_is_understood() -> None:
    rows = [
        [str(n + 1), f"5/{n + 1}/24 10:00:00", f"5/{n + 1}/24 10:05:00", "anonymous", "",
         ["20代", "30代"][n % 2], several(n, ";") + ";", f"{OPINIONS[n % 12]}{n}"]
        for n in range(28)
    ]  # fmt: skip
    header = ["ID", "開始時刻", "完了時刻", "メール", "名前", "年齢", "利用したいもの", "ご意見"]
    assert [guess.role for guess in guesses(header, rows).values()] == [
        "respondent", "timestamp", "timestamp", "other", "empty", "attribute",
        "multiple_choice", "text",
    ]  # fmt: skip


def test_marks_under_other_are_a_choice_and_its_words_are_text() -> None:
    rows = [
        [f"R{n:06}", f"2024-05-{n + 1:02} 10:00", "架空 花子", "○" if n % 2 else "",
         "○" if n % 8 == 0 else "", f"雪かきが大変{n}" if n % 8 == 0 else ""]
        for n in range(28)
    ]  # fmt: skip
    header = [
        "受付番号",
        "受付日時",
        "申込者氏名",
        "困りごと[通院]",
        "困りごと[その他]",
        "その他の内容",
    ]
    assert [guess.role for guess in guesses(header, rows).values()] == [
        "respondent", "timestamp", "other", "multiple_choice", "multiple_choice", "text",
    ]  # fmt: skip


def test_telephone_numbers_never_tell_respondents_apart() -> None:
    rows = [[f"090-1234-{n:04}", f"{OPINIONS[n % 12]}{n}"] for n in range(28)]
    contact, text = guesses(["日中つながる先", "内容"], rows).values()
    assert (contact.role, contact.personal, text.role) == ("other", True, "text")
    assert "連絡先" in contact.reason


@pytest.mark.parametrize(
    "header",
    [
        "お名前・ご連絡先",
        "メールアドレス（任意）",
        "申込者氏名",
        "作成者",
        "User name",
        "電話番号とメールアドレス",
    ],
)
def test_headers_that_ask_who_somebody_is_are_personal(header: str) -> None:
    guess = guesses([header, "意見"], [["あ", "坂"]])[header]
    assert guess.personal


def test_errors_of_formulas_are_no_values() -> None:
    rows = [[str(n), "#N/A" if n % 2 else "30代", f"{OPINIONS[n % 12]}{n}"] for n in range(28)]
    age = guesses(["番号", "年代", "意見"], rows)["年代"]
    assert age.attribute == "年代"


def test_sentences_under_no_header_are_read_with_a_doubt() -> None:
    rows = [[str(n), f"{OPINIONS[n % 12]}{n}", f"{OPINIONS[n % 7]}。" if n % 5 == 0 else ""]
            for n in range(28)]  # fmt: skip
    found = guesses(["番号", "意見", ""], rows)["列C（見出しなし）"]
    assert (found.role, found.doubt) == ("text", True)


def test_numbers_that_excel_made_dates_of_still_tell_respondents_apart() -> None:
    rows = [[f"2024-{n % 12 + 1:02}-{n + 1:02}", f"{OPINIONS[n % 12]}{n}"] for n in range(28)]
    number = guesses(["受付番号", "意見"], rows)["受付番号"]
    assert (number.role, number.doubt) == ("respondent", True)
    assert "日付" in number.reason


def test_sentences_that_repeat_are_taken_for_options_with_a_doubt() -> None:
    said = [f"{OPINIONS[n % 2]}、{n // 4}丁目では{OPINIONS[n % 5]}" for n in range(60)]
    rows = [[str(n), said[n % 20], f"{OPINIONS[n % 12]}{n}"] for n in range(60)]
    found = guesses(["番号", "地域で困っていることはありますか", "ご意見"], rows)
    question = found["地域で困っていることはありますか"]
    assert (question.role, question.doubt) == ("attribute", True)
    assert "自由記述かもしれません" in question.reason


def test_a_list_of_codes_is_taken_for_text_with_a_doubt() -> None:
    content = guesses(["コード", "内容"], [["1", "30代"], ["2", "40代"]])["内容"]
    assert (content.role, content.doubt) == ("text", True)
