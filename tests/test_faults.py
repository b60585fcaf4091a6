"""Drives that go, disks that fill, windows that are closed: one message in Japanese, no ruins."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import docx
import pytest
import xlsxwriter

from pipeline import documents, faults
from pipeline.cli import main
from pipeline.documents import excel, pdf, wordfile
from pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERS: Final = "番号,ご意見\n1,道が暗い\n2,街灯がほしい\n3,バスが少ない\n"
posix = pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")

ERRORS: Final[dict[str, tuple[BaseException, int, str]]] = {
    "no permission": (PermissionError(errno.EACCES, "denied"), 3, "開けません"),
    "open in Excel": (PermissionError(errno.EACCES, "sharing violation", "a"), 3, "開けません"),
    "drive is gone": (OSError(errno.EIO, "Input/output error"), 3, "開けません"),
    "not connected": (OSError(errno.ENOTCONN, "not connected"), 3, "開けません"),
    "vanished": (FileNotFoundError(errno.ENOENT, "gone"), 3, "ファイル"),
    "out of memory": (MemoryError(), 1, "メモリー"),
    "interrupt": (KeyboardInterrupt(), 1, "中断"),
}


def csv_file(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text(ANSWERS, "utf-8")
    return path


def text_file(folder: Path) -> Path:
    path = folder / "a.txt"
    path.write_text("道が暗い。\n", "utf-8")
    return path


def xlsx_file(folder: Path) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(ANSWERS.splitlines()):
            for place, cell in enumerate(line.split(",")):
                sheet.write_string(number, place, cell)
    return path


def docx_file(folder: Path) -> Path:
    path = folder / "a.docx"
    document = docx.Document()
    document.add_paragraph("道が暗い。")
    document.save(str(path))
    return path


def pdf_file(folder: Path) -> Path:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    path = folder / "a.pdf"
    page = canvas.Canvas(str(path))
    page.drawString(99, 700, "The road is dark at night.")
    page.save()
    return path


READERS: Final[dict[str, tuple[Callable[[Path], Path], object, str]]] = {
    "csv": (csv_file, Path, "read_bytes"),
    "txt": (text_file, Path, "read_bytes"),
    "xlsx, looked at": (xlsx_file, excel, "check_archive"),
    "xlsx, read": (xlsx_file, excel.CalamineWorkbook, "from_path"),
    "docx, looked at": (docx_file, wordfile, "check_archive"),
    "docx, read": (docx_file, docx, "Document"),
    "pdf": (pdf_file, pdf.pdfplumber, "open"),
}


def told(text: str) -> list[str]:
    return re.findall(r"^エラー: .*", text, re.MULTILINE)


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("reader", READERS)
def test_a_fault_while_reading_is_told_once(
    reader: str, error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    make, where, name = READERS[reader]
    path = make(tmp_path)
    raised, code, said = ERRORS[error]

    whole = Path.read_bytes

    def strike(*own: Any, **_: object) -> bytes:
        if name == "read_bytes" and own[0] != path:
            return whole(own[0])  # a dictionary
        raise raised

    documents._read.cache_clear()
    with monkeypatch.context() as patch:
        if where is excel.CalamineWorkbook:
            patch.setattr(excel, "CalamineWorkbook", type("Broken", (), {name: strike}))
        else:
            patch.setattr(where, name, strike)
        ended = main(["check", str(path)])
    shown = capsys.readouterr().err
    assert ended == code, shown
    assert len(told(shown)) == 1
    assert "Traceback" not in shown
    assert said in shown or "読めません" in shown
    assert code != 3 or "対処: " in shown


def test_a_request_to_end_while_a_library_is_loaded_is_no_accident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def strike(*_: object, **__: object) -> Path:
        raise ImportError("initialization failed") from KeyboardInterrupt()

    monkeypatch.setattr("pipeline.running.run_study", strike)
    assert main(["run", str(csv_file(tmp_path)), "--output", str(tmp_path / "run")]) == 1
    assert told(capsys.readouterr().err) == ["エラー: 中断しました。途中の結果は残していません。"]
    assert not faults.is_request_to_end(ImportError("no such module"))


def test_an_interrupt_that_was_explained_does_not_decide_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "struck.py").write_text(
        "import sys\n"
        "from pipeline.faults import forget_interrupt\n"
        "try:\n"
        "    exec('raise KeyboardInterrupt')\n"
        "except KeyboardInterrupt:\n"
        "    forget_interrupt()\n"
        "sys.exit(1)\n",
        "utf-8",
    )
    paths = os.pathsep.join([str(tmp_path), str(Path(faults.__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-m", "struck"], check=False, env={**os.environ, "PYTHONPATH": paths}
    )
    assert done.returncode == 1


@pytest.mark.parametrize("number", sorted(faults._REASONS))
def test_an_error_of_the_system_is_explained_in_japanese(number: int) -> None:
    shown = faults.explain_os_error(OSError(number, os.strerror(number), "回答.csv"))
    assert "回答.csv" in shown
    assert "対処: " in shown
    assert os.strerror(number) not in shown


def test_a_name_that_is_too_long_is_told(capsys: Any) -> None:
    assert main(["check", "あ" * 5000 + ".csv"]) == 3
    assert len(told(capsys.readouterr().err)) == 1


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = csv_file(tmp_path)
    first = documents.read(path)
    path.write_text(ANSWERS + "4,坂が急だ\n", "utf-8")
    assert len(documents.read(path).grids[0].rows) == len(first.grids[0].rows) + 1
    path.unlink()
    with pytest.raises(InputError, match="ファイルがありません"):
        documents.read(path)


def kadai(*arguments: str, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=Path(faults.__file__).parents[1],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        **more,
    )


def wait_until_it_listens(process: subprocess.Popen[str]) -> None:
    """Wait for a busy machine until the program takes a request to end for Ctrl+C."""
    status = Path(f"/proc/{process.pid}/status")
    for _ in range(600):
        if not status.exists():
            return
        caught = re.search(r"^SigCgt:\s*(\w+)", status.read_text(), re.MULTILINE)
        if caught and int(caught[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.1)


@posix
def test_a_reader_that_closes_the_pipe_is_no_accident(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = kadai("check", str(csv_file(tmp_path)), stdout=writing)
    os.close(writing)
    shown = process.communicate(timeout=120)[1]
    assert process.returncode == 1
    assert told(shown) == ["エラー: 表示先が閉じられたので、途中で表示をやめました。"]
    assert "Exception ignored" not in shown


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_the_output_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        process = kadai("check", str(csv_file(tmp_path)), stdout=full)
        shown = process.communicate(timeout=120)[1]
    assert process.returncode == 3
    assert len(told(shown)) == 1
    assert "ディスクに空きがありません" in shown
    assert "Exception ignored" not in shown


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_run_that_is_told_to_end_leaves_nothing_behind(number: int, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "番号,ご意見\n" + "".join(f"{n},道{n}が暗い。バス{n}が少ない\n" for n in range(3000)),
        "utf-8",
    )
    place = tmp_path / "outputs"
    # Whoever runs the tests may have told them to ignore it (nohup); a child would do the same.
    before = signal.signal(number, signal.SIG_DFL)
    try:
        process = kadai(
            *("run", str(tmp_path / "a.csv"), "--output", str(place / "run")),
            stdout=subprocess.DEVNULL,
        )
    finally:
        signal.signal(number, before)
    wait_until_it_listens(process)
    time.sleep(1)  # on its way, wherever it is
    process.send_signal(number)
    shown = process.communicate(timeout=120)[1]
    assert process.returncode == 1, shown
    assert told(shown) == ["エラー: 中断しました。途中の結果は残していません。"]
    assert "Traceback" not in shown
    assert not place.exists() or list(place.iterdir()) == []
