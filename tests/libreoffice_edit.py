"""Edit a workbook through LibreOffice, as a person at an office PC would: run by a Python with UNO.

    python3 libreoffice_edit.py review.xlsx edited.xlsx edits.json

``edits.json`` is a list of ``[sheet, key column, key, column, text]``. The file is opened,
the cells are typed into and the workbook is saved as ``.xlsx`` by LibreOffice itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTER = "Calc MS Excel 2007 XML"


def connect(pipe: str):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(240):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.25)
    raise SystemExit("LibreOffice did not answer")


def option(name: str, value: object) -> PropertyValue:
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


def edit(book, edits: list[list[str]]) -> None:
    tables = {}
    for sheet_name, key_column, key, column, text in edits:
        sheet = book.Sheets.getByName(sheet_name)
        if sheet_name not in tables:
            cursor = sheet.createCursor()
            cursor.gotoEndOfUsedArea(False)
            area = sheet.getCellRangeByPosition(
                0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow
            )
            tables[sheet_name] = area.getDataArray()
        rows = tables[sheet_name]
        head = list(rows[0])
        place = head.index(key_column)
        (row,) = (number for number, own in enumerate(rows) if number and own[place] == key)
        sheet.getCellByPosition(head.index(column), row).setString(text)


def main() -> None:
    source, target, edits = (Path(name).absolute() for name in sys.argv[1:4])
    pipe = f"kadai{time.time_ns()}"
    with tempfile.TemporaryDirectory() as profile:
        office = subprocess.Popen(
            [
                "soffice", "--headless", "--norestore", "--nolockcheck", "--nodefault",
                f"-env:UserInstallation=file://{profile}", f"--accept=pipe,name={pipe};urp;",
            ]
        )  # fmt: skip
        try:
            context = connect(pipe)
            desktop = context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )
            book = desktop.loadComponentFromURL(
                source.as_uri(), "_blank", 0, (option("Hidden", True),)
            )
            edit(book, json.loads(edits.read_text("utf-8")))
            book.storeToURL(target.as_uri(), (option("FilterName", FILTER),))
            book.close(True)
        finally:
            office.terminate()
            office.wait(30)


if __name__ == "__main__":
    main()
