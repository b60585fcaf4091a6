"""``kadai plan …``: commands around the plan file. Only click is imported here."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.runs import named_run
from pipeline.help import command_group, help_option

plan = command_group("plan", "計画ファイルを作り、調べます。")


@plan.command("import", add_help_option=False, options_metavar="[オプション]")
@click.argument("file", metavar="ファイル")
@click.option(
    "--id", "plan_id", default="", metavar="ID", help="計画の番号。省くとファイルの名前です。"
)
@click.option("--title", default="", metavar="題", help="計画の題。省くと本文から見つけます。")
@click.option(
    "--output",
    metavar="計画.toml",
    help="計画ファイルの名前。省くと、読めたものの数だけを表示します。",
)
@help_option
def import_command(file: str, plan_id: str, title: str, output: str | None) -> None:
    """計画書の PDF かテキストから、計画ファイルを作ります。

    基本目標の書かれた章（.pdf .txt .md）を指定します。基本目標・課題と方向性・施策・内容・
    取り組み・○年の姿を見分け、重なった文字や途中で切れた行を直します。計画に入れられなかった
    行と、確かめてほしいことは、すべて表示し、計画ファイルにも注記として残します。
    SDGs の番号は提案だけをし、書き込みません。
    """
    from pipeline.newfile import check_new, save_new
    from pipeline.plan_import.chapter import dump_imported, import_plan, render_unplaced
    from pipeline.sdgs import describe, load_sdgs, suggest_sdgs
    from pipeline.tokens import default_tokenizer

    target = Path(output) if output else None
    if target is not None:
        check_new(target, (".toml",))
    imported = import_plan(Path(file), plan_id, title)
    for line in render_unplaced(imported, brief=target is not None):
        click.echo(line)
    for doubt in imported.doubts:
        click.echo(f"？ {doubt}")
    click.echo(imported.summary())
    if target is not None:
        found = suggest_sdgs(imported.plan, load_sdgs(), default_tokenizer().tokenize)
        notes = {measure: describe(own) for measure, own in found.items()}
        save_new(target, dump_imported(imported, notes).encode())
        click.echo(f"計画ファイルを書きました: {output}")


@plan.command("sdgs", add_help_option=False, options_metavar="[オプション]")
@click.argument("name", metavar="計画")
@help_option
def sdgs_command(name: str) -> None:
    """施策ごとに、関係のありそうな SDGs を提案します。

    計画の名前（nishitokyo-4 など）か計画ファイル（.toml）を指定します。施策の名前・内容・
    取り組みの言葉による提案です。確かめてから、計画ファイルの sdgs に書いてください。
    """
    from pipeline.plan import find_plan, load_plan
    from pipeline.sdgs import load_sdgs, render_sdgs, suggest_sdgs
    from pipeline.tokens import default_tokenizer

    read = load_plan(find_plan(name, Path.cwd()))
    found = suggest_sdgs(read, load_sdgs(), default_tokenizer().tokenize)
    for line in render_sdgs(read, found):
        click.echo(line)
    click.echo("「提案」は言葉による見当です。確かめてから、計画ファイルの sdgs に書いてください。")


@plan.command("check", add_help_option=False, options_metavar="[オプション]")
@click.argument("name", metavar="計画")
@click.option(
    "--run",
    type=named_run,
    metavar="結果のフォルダー",
    help="規則の言葉を、この結果の意見の中で探します。省くと例文の中で探します。",
)
@click.option("--all", "everything", is_flag=True, help="長い一覧も、省かずに全部表示します。")
@help_option
def check_command(name: str, run: Path | None, *, everything: bool) -> None:
    """計画・規則・例文を読み、見直すとよいところを表示します。

    計画の名前（nishitokyo-4 など）か計画ファイル（.toml）を指定します。規則や例文の足りない
    ところ、ぶつかる規則、使われない言葉、広く当たりすぎる言葉、例文と食いちがう規則などを
    並べます。ファイルは変えません。書き方の誤りがあれば、行を示して止まります。
    """
    from pipeline.plan import find_plan
    from pipeline.plan_check.check import check_plan
    from pipeline.plan_check.report import render
    from pipeline.tokens import default_tokenizer

    path = find_plan(name, Path.cwd())
    made = check_plan(path, default_tokenizer(), run)
    for line in render(made, everything=everything):
        click.echo(line)
