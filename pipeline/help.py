"""The command line in Japanese: help, and what is wrong with a call. Only click is imported."""

from __future__ import annotations

import click


class Japanese:
    """Headings of a command's help in Japanese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and the commands of a group."""
        records = [
            param.get_help_record(ctx)
            for param in self.get_params(ctx)  # type: ignore[attr-defined]
            if isinstance(param, click.Option)
        ]
        # click says in English what has to be given.
        options = [
            (name, text.replace("[required]", "（必須）"))
            for name, text in (record for record in records if record is not None)
        ]
        if options:
            with formatter.section("オプション"):
                formatter.write_dl(options)
        if isinstance(self, click.Group):
            with formatter.section("コマンド"):
                formatter.write_dl(
                    [
                        (name, command.get_short_help_str(80))
                        for name, command in self.commands.items()
                    ]
                )


class Count(click.IntRange):
    """A whole number; the bounds are told in the option's own words."""

    def _describe_range(self) -> str:
        return ""


class Command(Japanese, click.Command):
    """One command."""


class Group(Japanese, click.Group):
    """All commands."""

    command_class = Command


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
