"""``kadai compare`` as a planner types it, and a run that names the one before it."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook

from pipeline import tables
from pipeline.cli import main
from pipeline.errors import NotReproducedError
from pipeline.manifest import PREVIOUS, load_manifest
from pipeline.verify import verify
from pipeline.wording import GONE, NEW, SHRUNK

BUS = ("バスの本数が少なくて困る", "バスが一日に三本しかない", "バス停が遠くて乗れない")
SNOW = ("雪かきができない", "除雪が遅くて歩けない", "雪かきを手伝ってほしい")
PARK = ("公園の遊具が古い", "公園に木陰がほしい", "公園で遊べる場所を増やしてほしい")


def write(path, *topics, n=36):
    texts = [f"{topic[i % 3]}。{i}年目です" for topic in topics for i in range(n)]
    rows = [[str(i), text] for i, text in enumerate(texts, start=1)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["回答番号", "ご意見"], *rows])
    return path


@pytest.fixture(scope="module")
def waves(tmp_path_factory):
    """Two waves of answers, the older one run; the newer one was made with it as predecessor."""
    folder = tmp_path_factory.mktemp("waves")
    old, new = write(folder / "前回.csv", BUS, SNOW), write(folder / "今回.csv", BUS, PARK)
    assert main(["run", str(old), "--output", str(folder / "old")]) == 0
    call = ["run", str(new), "--output", str(folder / "new"), "--previous", str(folder / "old")]
    assert main(call) == 0
    return folder


class _Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.names = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.names += list(values)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        if tag not in {"meta", "br", "hr"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_one_command_makes_runs_of_answers_and_compares_them(waves, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    call = ["compare", str(waves / "前回.csv"), str(waves / "今回.csv")]
    assert main([*call, "--report", "変化.html", "--output", "変化.csv"]) == 0
    shown = capsys.readouterr()
    assert "前回 → 今回" in shown.out
    assert "[2/2] 実行します: 今回.csv" in shown.err
    assert "補正p値" in shown.out
    assert "市民全体の割合ではありません" in shown.out
    kinds = {line.split("  ")[0] for line in shown.out.split("\n")}
    assert NEW in kinds
    assert kinds & {GONE, SHRUNK}
    rows = list(csv.DictReader((tmp_path / "変化.csv").read_text("utf-8-sig").splitlines()))
    assert "公園" in next(row["課題"] for row in rows if row["変化"] == NEW)
    assert main([*call, "--output", "変化.xlsx"]) == 0
    assert "同じ結果がもうあるので" in capsys.readouterr().err
    assert load_workbook(tmp_path / "変化.xlsx").active.max_row == len(rows) + 1


def test_the_page_is_well_formed_and_lets_nothing_in(waves, tmp_path):
    target = tmp_path / "c.html"
    call = ["compare", str(waves / "old"), str(waves / "new"), str(waves / "old")]
    assert main([*call, "--report", str(target)]) == 0
    text = target.read_text("utf-8")
    tags = _Tags(text)
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert all(link.startswith("#") and link[1:] in tags.ids for link in tags.links)
    assert "style" not in tags.names
    assert not [name for name in tags.names if name.startswith("on")]
    assert "default-src 'none'" in html.unescape(text)
    assert any(voice in text for voice in (*SNOW, *PARK))
    assert not re.search(r"\bnan\b|None", text.partition("</style>")[2])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["compare"], 2, "指定してください"),
        (["compare", "old"], 2, "古い順に2つ以上"),
        (["compare", "old", "無い"], 3, "見つかりません"),
        (["compare", "old", "old"], 2, "同じ結果です"),
        (["compare", "old", "."], 3, "Kadai の結果ではありません"),
        (["compare", "old", "new", "--output", "a.txt"], 2, ".csv か .xlsx"),
        (["compare", "old", "new", "--report", "前回.csv"], 2, ".html"),
    ],
)
def test_what_cannot_be_compared_is_told(waves, monkeypatch, capsys, arguments, code, words):
    monkeypatch.chdir(waves)
    assert main(arguments) == code
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("previous", "words"),
    [
        ("無い", "「無い」が見つかりません"),
        (".", "結果のフォルダーではありません"),
        ("前回.csv", "結果のフォルダーではありません"),
        ("b.json", "「b.json」を使えません"),
        ("broken", "「broken」を使えません"),
    ],
)
@pytest.mark.parametrize("by_key", [False, True], ids=["option", "key"])
def test_a_run_before_that_cannot_be_read_is_told_before_anything_is_read(
    waves, monkeypatch, capsys, previous, words, by_key
):
    monkeypatch.chdir(waves)
    (waves / "b.json").write_text("{}")
    (waves / "broken").mkdir(exist_ok=True)
    (waves / "broken" / "manifest.json").write_text("{}")
    call = ["run", "今回.csv", "--output", "neu", "--previous", previous]
    if by_key:
        text = (waves / "old" / "study.toml").read_text("utf-8")
        study = waves / "old" / "前回あり.toml"
        study.write_text(f'previous = "../{previous}"\n{text}', "utf-8")
        call = ["run", str(study), "--output", "neu"]
    assert main(call) == 3
    shown = capsys.readouterr()
    told = shown.err.splitlines()
    assert told[0].startswith(
        f"エラー: {'調査ファイルの previous' if by_key else '--previous'} で指定した前回の結果"
    )
    assert words in told[0]
    assert told[-1].startswith("対処: ")
    assert shown.out == ""
    assert not (waves / "neu").exists()


def test_a_file_that_is_there_is_not_overwritten(waves, tmp_path, capsys):
    target = tmp_path / "c.html"
    target.write_text("大事")
    call = ["compare", str(waves / "old"), str(waves / "new"), "--report", str(target)]
    assert main(call) == 2
    assert "上書きしません" in capsys.readouterr().err
    assert target.read_text() == "大事"


def test_a_run_keeps_what_it_knows_of_the_one_before_and_shows_it(waves):
    run = waves / "new"
    table = tables.load_table("comparison", run / "tables")
    assert NEW in set(table["change"])
    assert (table["unit"] == "人").all()
    kept = load_manifest(run)["previous"]
    assert kept["file"] == PREVIOUS
    assert kept["run_id"] == load_manifest(waves / "old")["run_id"]
    report = (run / "report.html").read_text("utf-8")
    assert 'id="comparison"' in report
    assert not any(one in (run / PREVIOUS).read_text("utf-8") for one in (*BUS, *SNOW))
    assert 'id="comparison"' not in (waves / "old" / "report.html").read_text("utf-8")
    assert tables.load_table("comparison", waves / "old" / "tables").empty
    assert "previous" not in json.loads((waves / "old" / "manifest.json").read_text("utf-8"))


def test_a_run_is_verified_when_the_one_before_is_gone(waves, tmp_path):
    shutil.copytree(waves, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / "old")
    run = tmp_path / "copy" / "new"
    assert any("1バイトも違わない" in line for line in verify(run))
    kept = run / PREVIOUS
    kept.write_bytes(kept.read_bytes().replace(b'"n_answers":72', b'"n_answers":73'))
    with pytest.raises(NotReproducedError, match="前回の結果の要約"):
        verify(run)
    kept.unlink()
    with pytest.raises(NotReproducedError, match="結果のフォルダーにない"):
        verify(run)
