"""The record of decisions and a run folder, damaged in the ways that befall files."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline import tables
from pipeline.decisions import COLUMNS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

# The record


@dataclass(frozen=True)
class Rows:
    """A record by its rows, which may have several lines."""

    rows: list[bytes]
    starts: list[int]

    @classmethod
    def of(cls, content: bytes) -> Rows:
        reader = csv.reader(io.StringIO(content.decode(), newline=""))
        starts = [1]
        starts += [reader.line_num + 1 for _ in reader]
        lines = content.splitlines(keepends=True)
        rows = [b"".join(lines[one - 1 : other - 1]) for one, other in pairwise(starts)]
        return cls(rows, starts)

    @property
    def next(self) -> int:
        """Line of a row that is added."""
        return self.starts[-1]

    def changed(self, number: int, change: Callable[[bytes], bytes]) -> bytes:
        """Content with a row changed."""
        own = [*self.rows]
        own[number] = change(own[number])
        return b"".join(own)


Broken = tuple[bytes, int | None]
"""Content of a damaged record, and the row that has to be named."""


def cut_in_a_row(rng: random.Random, content: bytes) -> Broken:
    """The last row that is left has not all of its columns, or a quote is left open."""
    read = Rows.of(content)
    number = rng.randrange(1, len(read.rows))
    row = read.rows[number]
    last = row.rindex(b",")
    ends = [rng.randint(1, last)]
    if row[last + 1 : last + 2] == b'"':
        ends.append(rng.randint(last + 2, row.index(b"\n")))
    return b"".join(read.rows[:number]) + row[: rng.choice(ends)], read.starts[number]


def in_cp932(_: random.Random, content: bytes) -> Broken:
    return content.decode("utf-8-sig").encode("cp932", "replace"), None


def in_utf_16(_: random.Random, content: bytes) -> Broken:
    return content.decode("utf-8-sig").encode("utf-16"), None


def with_another_header(rng: random.Random, content: bytes) -> Broken:
    names = [*COLUMNS]
    odd = {
        "renamed": [*names[:3], "前の値", *names[4:]],
        "one less": names[:-1],
        "one more": [*names, "メモ"],
        "swapped": [names[1], names[0], *names[2:]],
        "semicolons": [";".join(names)],
        "none": [],
    }
    header = ",".join(odd[rng.choice(sorted(odd))]).encode()
    return Rows.of(content).changed(0, lambda _: header + b"\r\n" if header else b""), 1


def with_a_row_twice(rng: random.Random, content: bytes) -> Broken:
    read = Rows.of(content)
    return content + rng.choice(read.rows[1:]), read.next


def with_zeros_at_the_end(rng: random.Random, content: bytes) -> Broken:
    return content + bytes(rng.randint(1, 4096)), Rows.of(content).next


def with_zeros_in_a_row(rng: random.Random, content: bytes) -> Broken:
    """What a power cut leaves of a sector: some of a row, or of its last cell alone."""
    read = Rows.of(content)
    number = rng.randrange(1, len(read.rows))

    def change(own: bytes) -> bytes:
        first = rng.choice([0, own.rindex(b",") + 2])
        start = rng.randrange(first, len(own) - 4)
        end = min(len(own) - 3, start + rng.randint(1, 40))
        return own[:start] + bytes(end - start) + own[end:]

    changed = read.changed(number, change)
    return changed, changed.count(b"\n", 0, changed.index(b"\0")) + 1


def with_a_huge_cell(_: random.Random, content: bytes) -> Broken:
    row = b"D-1,I001,comment,," + b"x" * 1_100_000 + b",A,,,,\r\n"
    return content + row, Rows.of(content).next


def with_an_open_quote(rng: random.Random, content: bytes) -> Broken:
    read = Rows.of(content)
    number = rng.randrange(1, len(read.rows))
    return read.changed(number, lambda own: b'"' + own), read.starts[number]


def with_marks_of_a_merge(_: random.Random, content: bytes) -> Broken:
    return content + b"<<<<<<< HEAD\r\n", Rows.of(content).next


def with_a_wrong_value(rng: random.Random, content: bytes) -> Broken:
    odd = [
        b"D-1,O1-01,goal_id,,9,A,,,,", b"D-1,O1-01,colour,,red,A,,,,", b"D-1,I001,status,,OK,A,,,,",
        b"D-1,,goal_id,,1,A,,,,", b",O1-01,goal_id,,1,A,,,,", b"D-1,O1-01,goal_id,,1,,,,,",
        b"D-1,I001,goal_id,,1,A,,,,", b"D-1,A1,restore,,1,A,,,,", b"D-1,I001,merge_into,,I001,A,,,,",
    ]  # fmt: skip
    return content + rng.choice(odd) + b"\r\n", Rows.of(content).next


def emptied(_: random.Random, __: bytes) -> Broken:
    return b"", 1


# A run folder


def change_file(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def any_table(rng: random.Random, run: Path) -> Path:
    return run / "tables" / f"{rng.choice(sorted(tables.SCHEMAS))}.parquet"


def cut_a_table(rng: random.Random, run: Path) -> None:
    change_file(any_table(rng, run), lambda own: own[: rng.randrange(len(own))])


def lose_a_table(rng: random.Random, run: Path) -> None:
    any_table(rng, run).unlink()


def flip_a_bit_of_a_table(rng: random.Random, run: Path) -> None:
    def change(own: bytes) -> bytes:
        data = bytearray(own)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        return bytes(data)

    change_file(any_table(rng, run), change)


def swap_two_tables(rng: random.Random, run: Path) -> None:
    one, other = rng.sample(sorted((run / "tables").glob("*.parquet")), 2)
    one.write_bytes(other.read_bytes())


def lose_all_tables(_: random.Random, run: Path) -> None:
    shutil.rmtree(run / "tables")


def lose_the_manifest(_: random.Random, run: Path) -> None:
    (run / "manifest.json").unlink()


def cut_the_manifest(rng: random.Random, run: Path) -> None:
    change_file(run / "manifest.json", lambda own: own[: rng.randrange(len(own) - 3)])


def fill_the_manifest_with_odd_things(rng: random.Random, run: Path) -> None:
    odd = [b"null", b"[]", b"5", b'"x"', b"{}", bytes(500), b"[" * 100_000, b"\xff\xfe", b"NaN"]
    (run / "manifest.json").write_bytes(rng.choice(odd))


def change_a_section_of_the_manifest(rng: random.Random, run: Path) -> None:
    path = run / "manifest.json"
    values = json.loads(path.read_text("utf-8"))
    values["tables"] = rng.choice([None, [], "x", 5, {}, dict.fromkeys(values["tables"], "x")])
    path.write_text(json.dumps(values), "utf-8")


def lose_the_study(_: random.Random, run: Path) -> None:
    (run / "study.toml").unlink()


def cut_the_study(rng: random.Random, run: Path) -> None:
    change_file(run / "study.toml", lambda own: own[: rng.randint(3, len(own) // 2)] + b"[")


def fill_the_study_with_odd_things(rng: random.Random, run: Path) -> None:
    (run / "study.toml").write_bytes(rng.choice([bytes(300), b"\x93\xfa\x96{", b"[[sources]]"]))


def lose_the_plan(_: random.Random, run: Path) -> None:
    (run.parent / "small.toml").unlink()


def lose_everything(_: random.Random, run: Path) -> None:
    shutil.rmtree(run)
