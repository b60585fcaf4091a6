"""Headers → names of columns, each of its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.documents.cells import column_letters
from pipeline.documents.table import fold

if TYPE_CHECKING:
    from collections.abc import Sequence


def name_columns(headers: Sequence[str], has_data: Sequence[bool]) -> list[str | None]:
    """Give every column a name of its own, from the cells of the header row alone.

    A header that repeats (「上記回答の理由」 under every question) is told apart
    by the question before it.

    Parameters
    ----------
    headers
        Header cells.
    has_data
        Whether any cell under the header is filled.

    Returns
    -------
    list of str or None
        ``header`` where it is unique or repeats in neighbouring columns only;
        ``前の見出し ― header`` where it repeats elsewhere;
        ``列AD（見出しなし）`` where it is empty over data; ``None`` where both are
        empty. Names that still coincide get ``（2）``, ``（3）`` and so on.

    Examples
    --------
    >>> name_columns(["問1", "理由", "問2", "理由", ""], [True] * 4 + [False])
    ['問1', '問1 ― 理由', '問2', '問2 ― 理由', None]
    """
    folded = [fold(header) for header in headers]
    count = Counter(folded)
    taken = {header for header in folded if header and count[header] == 1}
    first = {header: place for place, header in reversed(list(enumerate(folded)))}
    in_a_row = {
        header
        for header, times in count.items()
        if times > 1 and folded[first[header] : first[header] + times] == [header] * times
    }
    names: list[str | None] = []
    numbers: Counter[str] = Counter()
    before = ""
    for index, header in enumerate(folded):
        if not header:
            empty_name = f"列{column_letters(index)}（見出しなし）"
            names.append(_unused(empty_name, taken, numbers) if has_data[index] else None)
        elif count[header] == 1:
            before = header
            names.append(header)
        elif header in in_a_row:
            before = header
            names.append(_unused(header, taken, numbers))
        else:
            repeated = f"{before} ― {header}" if before else header
            names.append(_unused(repeated, taken, numbers))
        taken.add(names[-1] or "")
    return names


def _unused(name: str, taken: set[str], numbers: Counter[str]) -> str:
    candidate = name
    numbers[name] = numbers[name] or 1
    while candidate in taken:
        numbers[name] += 1
        candidate = f"{name}（{numbers[name]}）"
    return candidate
