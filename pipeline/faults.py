"""What the machine does to a program: signals, closed pipes, drives that are gone."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import threading
from collections import namedtuple
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SIGNALS: Final = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""A computer that shuts down, a window that is closed, Ctrl+Break on Windows."""

_REASONS: Final = {
    errno.ENOSPC: "ディスクに空きがありません",
    errno.EDQUOT: "使えるディスクの量を超えました",
    errno.EACCES: "開く権限がないか、ほかのプログラムが使っています",
    errno.EPERM: "権限がありません",
    errno.EROFS: "書き込めない場所です",
    errno.ENOENT: "見つかりません",
    errno.ENOTDIR: "フォルダーではありません",
    errno.EISDIR: "フォルダーです",
    errno.ENAMETOOLONG: "名前が長すぎます",
    errno.EIO: "読み書きの途中で装置が応じなくなりました",
    errno.ENOTCONN: "ネットワークのドライブにつながっていません",
    errno.ESTALE: "ネットワークのドライブにつながっていません",
    errno.ENETUNREACH: "ネットワークのドライブにつながっていません",
    errno.EHOSTUNREACH: "ネットワークのドライブにつながっていません",
    errno.ETIMEDOUT: "ネットワークのドライブが応じません",
    errno.ELOOP: "リンクが輪になっています",
    errno.EMFILE: "開いているファイルが多すぎます",
}


@contextlib.contextmanager
def stopping_in_order() -> Iterator[None]:
    """Take a request to end for Ctrl+C, so that nothing half-made is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals belong to the main thread
        return
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {}
    try:
        for number in numbers:
            # One that is ignored (nohup) or that somebody else handles stays as it is.
            if signal.getsignal(number) == signal.SIG_DFL:
                before[number] = signal.signal(number, _interrupt)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_request_to_end(error: BaseException) -> bool:
    """Whether an error is Ctrl+C, or what a library made of it that was just being loaded."""
    if isinstance(error, ImportError | SystemError):
        cause = error.__cause__ or error.__context__
        return cause is not None and is_request_to_end(cause)
    return isinstance(error, KeyboardInterrupt)


def forget_interrupt() -> None:
    """Let Python forget a Ctrl+C that was explained, so that our exit code counts.

    Where it struck while a class was made from text, as dataclasses are, CPython ends by the
    signal though somebody has handled it, unless it has evaluated another text since. A named
    tuple is made from one.
    """
    namedtuple("Nothing", ())  # noqa: PYI024 - for what making it does


def explain_os_error(error: OSError) -> str:
    """Message for an error of the system that no stage explained."""
    reason = _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
    named = error.filename
    place = f"場所: ファイル「{os.fsdecode(named)}」\n" if isinstance(named, str | bytes) else ""
    return (
        f"ファイルを読み書きできません（{reason}）。\n{place}"
        "対処: フォルダーやドライブにつながっているか、開く権限とディスクの空きがあるかを"
        "確かめ、もう一度実行してください。途中の結果は残していません。"
    )


def silence_if_closed(stream: TextIO | None) -> None:
    """Write what waits in a stream; where nobody takes it, send it nowhere.

    Otherwise Python tries again at its very end, and complains.
    """
    if stream is None:  # a program without a window
        return
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
