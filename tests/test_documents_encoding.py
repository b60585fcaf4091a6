"""Bytes of text files become text, whatever a Japanese office saved them in."""

from __future__ import annotations

import pytest

from pipeline.documents.encoding import decode
from pipeline.errors import InputError

TEXT = "意見①：㈱みどりの髙橋さんへ、バスを増やして～\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8（BOM付き）"),
        ("utf-16", "UTF-16"),
        ("cp932", "CP932（Shift_JIS）"),
    ],
)
def test_text_with_machine_dependent_characters_is_read(codec: str, name: str) -> None:
    assert decode(TEXT.encode(codec), "a.csv") == (TEXT, name)


@pytest.mark.parametrize(
    ("codec", "name"), [("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP（JIS）")]
)
def test_old_encodings_of_unix_and_mail_are_read(codec: str, name: str) -> None:
    text = "市民の声：道が暗くて怖い。街灯を増やしてほしい。\n"
    assert decode(text.encode(codec), "a.txt") == (text, name)


def test_a_study_may_name_the_encoding() -> None:
    assert decode("声".encode("euc_jp"), "a.csv", "euc-jp") == ("声", "euc-jp")


@pytest.mark.parametrize("encoding", ["klingon", "ascii"])
def test_a_wrong_encoding_is_refused_with_a_remedy(encoding: str) -> None:
    with pytest.raises(InputError) as caught:
        decode("1行目\n2行目".encode(), "a.csv", encoding)
    assert "a.csv" in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "data", [b"", b" \r\n", b"PK\x03\x04....", b"\xff\x00\x81\x00\x80\xff\xff"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data, "a.csv")


def test_a_stray_nul_is_a_space() -> None:
    text = "番号,意見\n1,坂が多い\x00\n"
    assert decode(text.encode(), "a.csv") == (text.replace("\x00", " "), "UTF-8")
    assert decode(text.encode("cp932"), "a.csv", "cp932")[0].endswith("多い \n")
    with pytest.raises(InputError):
        decode("id,text\n1,abc\n".encode("utf-16-le"), "a.csv")
