"""Speech bubbles come out as lines; a picture is a sentence again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan_import.noise import SourceLine
from pipeline.plan_import.outline import Part
from pipeline.plan_import.pictures import split_pictures


def texts(*lines, kind="text"):
    return [Part(kind, line, (SourceLine(n, line),)) for n, line in enumerate(lines, start=1)]


def test_bubbles_are_split_where_their_sentences_end():
    parts = texts(
        "ほしい情報が受け取れる", "状況になっています", "いざというときに", "助け合えます"
    )
    pictures, rest = split_pictures(parts, detached=True)
    assert pictures == ["ほしい情報が受け取れる状況になっています", "いざというときに助け合えます"]
    assert rest == []


def test_a_detached_line_that_is_long_a_note_or_no_sentence_is_no_picture():
    long = "この章では、基本目標ごとに課題と方向性を示し、施策とその内容を順に述べていきます"
    pictures, rest = split_pictures(
        texts("あいさつの輪が広がっています", "※見込みです", long, "第四の輪"), detached=True
    )
    assert pictures == ["あいさつの輪が広がっています"]
    assert [part.text for part in rest] == ["※見込みです", long, "第四の輪"]


def test_below_their_heading_nouns_are_pictures_too():
    parts = texts("世代を超えて", "声をかけ合う町", "いざというとき助け合える町")
    pictures, rest = split_pictures(parts, detached=False)
    assert pictures == ["世代を超えて声をかけ合う町", "いざというとき助け合える町"]
    assert rest == []


def test_every_item_of_a_list_is_a_picture_of_its_own():
    parts = [*texts("声をかけ合う町", "助け合える町", kind="item"), *texts("図3 町の姿")]
    pictures, rest = split_pictures(parts, detached=False)
    assert pictures == ["声をかけ合う町", "助け合える町"]
    assert [part.text for part in rest] == ["図3 町の姿"]


@given(
    st.lists(st.sampled_from(["輪が", "広がっています", "助け合える", "町", "※注", "学びます。"])),
    st.booleans(),
)
def test_every_line_is_in_a_picture_or_left_over(lines, detached):
    pictures, rest = split_pictures(texts(*lines), detached=detached)
    found = sorted("".join([*pictures, *(part.text for part in rest)]))
    assert found == sorted("".join(lines))
