"""The command line in Japanese: help, and what is wrong with a call. Nothing heavy is imported."""

from __future__ import annotations

import inspect
import re
import unicodedata
from typing import TYPE_CHECKING, Final

import click

from pipeline.errors import UsageError
from pipeline.textlayout import labelled, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What a Japanese keyboard or a word processor makes of two hyphens.
_LIKE_OPTION: Final = re.compile(r"[-－ー―—–‐−]{1,2}(?P<name>[A-Za-zＡ-Ｚａ-ｚ][^\s=＝]*)")


_INDENT: Final = "  "
_WIDEST_NAME: Final = 26
"""Columns that the names of options and commands take at most beside their text."""


help_option = click.help_option("-h", "--help", help="この説明を表示して終わります。")
"""The option that shows a command's help, in Japanese."""


class Japanese:
    """A command's help in Japanese: headings, and lines as wide as their letters are."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="使い方: ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 — as click calls it
        """Write what the command does."""
        text = inspect.cleandoc(self.help or "")  # type: ignore[attr-defined]
        for paragraph in text.split("\n\n"):
            # Lines of the source are no lines of a text; Japanese has no space between words.
            line = re.sub(r"(?<=[!-~])\n(?=[!-~])", " ", paragraph).replace("\n", "")
            formatter.write_paragraph()
            for own in wrap(line, formatter.width - len(_INDENT)):
                formatter.write(f"{_INDENT}{own.strip()}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and the commands of a group."""
        records = [
            param.get_help_record(ctx)
            for param in self.get_params(ctx)  # type: ignore[attr-defined]
            if isinstance(param, click.Option)
        ]
        # click says in English what has to be given.
        options = [
            (name, text.replace("  [required]", "（必須）"))
            for name, text in (record for record in records if record is not None)
        ]
        if options:
            with formatter.section("オプション"):
                _write_list(options, formatter)
        if isinstance(self, click.Group):
            with formatter.section("コマンド"):
                _write_list(
                    [
                        (name, command.get_short_help_str(80))
                        for name, command in self.commands.items()
                    ],
                    formatter,
                )


def _write_list(rows: Sequence[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    """Write names, and beside each its text; a long name has its text below it."""
    beside = [wide for name, _ in rows if (wide := width_of(name)) <= _WIDEST_NAME]
    room = max(beside, default=0) + len(_INDENT)
    for name, text in rows:
        short = width_of(name) <= _WIDEST_NAME
        lines = labelled(name if short else "", text, room, formatter.width, _INDENT)
        for line in lines if short else [f"{_INDENT}{name}", *lines]:
            formatter.write(f"{line}\n")


class Count(click.IntRange):
    """A whole number; the bounds are told in the option's own words."""

    def _describe_range(self) -> str:
        return ""


class Command(Japanese, click.Command):
    """One command."""


class Group(Japanese, click.Group):
    """All commands."""

    command_class = Command


def check_halfwidth(arguments: Sequence[str], group: click.Group) -> None:
    """Say so where an option of these commands is typed in full-width letters or dashes.

    Raises
    ------
    UsageError
        One is; it would be taken for a file or a word.
    """
    known = set(_options(group))
    for argument in arguments:
        match = _LIKE_OPTION.match(argument)
        if match is None or argument.isascii():
            continue
        name = re.sub("[ー―—–‐−]", "-", unicodedata.normalize("NFKC", match["name"]))
        meant = f"--{name}"
        if meant in known and not argument.startswith(meant):
            raise UsageError(
                f"「{argument}」は、記号か文字が全角です。",
                remedy=f"半角で {meant} と打ってください。- は2つです。",
            )


def _options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        yield from parameter.opts
    if isinstance(command, click.Group):
        for own in command.commands.values():
            yield from _options(own)


def command_group(name: str, about: str) -> Group:
    """A group of commands; called alone, it shows what there is."""

    @click.pass_context
    def show(context: click.Context) -> None:
        if context.invoked_subcommand is None:
            click.echo(context.get_help())

    made = Group(
        name,
        callback=show,
        help=about,
        add_help_option=False,
        options_metavar="[オプション]",
        subcommand_metavar="コマンド …",
        invoke_without_command=True,
    )
    return help_option(made)


def explain_usage(error: click.UsageError) -> str:
    """Say in Japanese what click found wrong with the command line."""
    command = f"{error.ctx.command_path} --help" if error.ctx else "kadai --help"
    if isinstance(error, click.NoSuchOption):
        problem = f"「{error.option_name}」というオプションはありません。"
    elif isinstance(error, click.MissingParameter) and isinstance(error.param, click.Option):
        name = error.param.opts[0]
        problem = f"{name} を指定してください。{name}: {error.param.help}"
    elif isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(error.ctx) if error.param and error.ctx else "引数"
        problem = f"「{name}」を指定してください。"
    elif isinstance(error, click.BadOptionUsage):
        problem = f"{error.option_name} のあとに値を書いてください。"
    elif isinstance(error, click.BadParameter):
        name = error.param.opts[0] if error.param and error.param.opts else "引数"
        problem = f"{name} の値が正しくありません。"
        if error.param and getattr(error.param, "help", None):
            problem += f" {name}: {error.param.help}"
    elif "No such command" in error.message:
        known = error.ctx.command if error.ctx else None
        names = "、".join(known.commands) if isinstance(known, click.Group) else ""
        problem = f"コマンドの名前が正しくありません（使えるもの: {names}）。"
    else:
        problem = f"指定のしかたが正しくありません（{error.message}）。"
    return f"{problem}\n対処: 使い方は {command} で見られます。"
