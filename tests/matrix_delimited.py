"""What is odd about the text of a CSV file itself, and what has to come out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.matrix_tables import BUS, PARK, QUESTION, ROAD

if TYPE_CHECKING:
    from tests.matrix_tables import Expected

_HEAD: Final = f"番号,年齢,{QUESTION}"


@dataclass(frozen=True)
class DelimitedOddity:
    """Text with ``,`` where a separator stands; ``、`` in an answer is not one."""

    text: str
    answers: Expected

    def written(self, separator: str) -> str:
        """The file's text with another separator."""
        return self.text.replace(",", separator)

    def expected(self, separator: str) -> Expected:
        """What the answers are where the separator stands in them."""
        return tuple((own, text.replace(",", separator)) for own, text in self.answers)


_TWO: Final = (("1", BUS), ("2", ROAD))

DELIMITED_ODDITIES: Final[dict[str, DelimitedOddity]] = {
    "line feeds only": DelimitedOddity(f"{_HEAD}\n1,30代,{BUS}\n2,40代,{ROAD}\n", _TWO),
    "no line end at the end": DelimitedOddity(f"{_HEAD}\r\n1,30代,{BUS}\r\n2,40代,{ROAD}", _TWO),
    "mixed line ends": DelimitedOddity(f"{_HEAD}\n1,30代,{BUS}\r\n2,40代,{ROAD}\r", _TWO),
    "carriage returns only": DelimitedOddity(f"{_HEAD}\r1,30代,{BUS}\r2,40代,{ROAD}\r", _TWO),
    "blank lines": DelimitedOddity(f"\n\n{_HEAD}\n\n1,30代,{BUS}\n\n2,40代,{ROAD}\n\n\n", _TWO),
    "separators at the end": DelimitedOddity(f"{_HEAD},,\n1,30代,{BUS},,\n2,40代,{ROAD},,\n", _TWO),
    "everything quoted": DelimitedOddity(
        f'"番号","年齢","{QUESTION}"\n"1","30代","{BUS}"\n"2","40代","{ROAD}"\n', _TWO
    ),
    "quotes in a cell that is not quoted": DelimitedOddity(
        f'{_HEAD}\n1,30代,"安心"なまち\n2,40代,まちの"顔"\n',
        (("1", '"安心"なまち'), ("2", 'まちの"顔"')),
    ),
    "a separator in a cell that is not quoted": DelimitedOddity(
        f"{_HEAD}\n1,30代,バス,電車が少ない。\n2,40代,{ROAD}\n3,20代,{PARK}\n",
        (("1", "バス,電車が少ない。"), ("2", ROAD), ("3", PARK)),
    ),
    "a NUL in an answer": DelimitedOddity(
        f"{_HEAD}\n1,30代,道が\0狭い。\n2,40代,{ROAD}\n", (("1", "道が 狭い。"), ("2", ROAD))
    ),
    "a line feed in a quoted cell": DelimitedOddity(
        f'{_HEAD}\r\n1,30代,"一つ目\n二つ目"\r\n2,40代,"三つ目\r\n四つ目"\r\n',
        (("1", "一つ目\n二つ目"), ("2", "三つ目\n四つ目")),
    ),
    "rows that are too short": DelimitedOddity(
        f"{_HEAD}\n1,30代,{BUS}\n2\n3,20代\n4,40代,{ROAD}\n", (("1", BUS), ("4", ROAD))
    ),
    "only separators": DelimitedOddity(f"{_HEAD}\n,,\n1,30代,{BUS}\n,,\n2,40代,{ROAD}\n,,\n", _TWO),
    "a mark of the byte order inside": DelimitedOddity(
        f"{_HEAD}\n1,30代,道が\ufeff狭い。\n2,40代,{ROAD}\n",
        (("1", "道が\ufeff狭い。"), ("2", ROAD)),
    ),
    "sep= in the first line": DelimitedOddity(
        f"sep=,\n{_HEAD}\n1,30代,{BUS}\n2,40代,{ROAD}\n", _TWO
    ),
    "spaces around cells": DelimitedOddity(
        f"番号 , 年齢 , {QUESTION} \n1 , 30代 ,{BUS}\n2 , 40代 ,{ROAD}\n", _TWO
    ),
    "a very long line": DelimitedOddity(
        f"{_HEAD}\n1,30代,{'駅まで遠い。' * 20000}\n2,40代,{ROAD}\n",
        (("1", "駅まで遠い。" * 20000), ("2", ROAD)),
    ),
}
"""What is odd → the text and what it says."""
