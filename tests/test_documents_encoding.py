"""Bytes of text files become text, whatever a Japanese office saved them in."""

from __future__ import annotations

import pytest

from pipeline.documents import encoding
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


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["id,text\n1,abc\n", "番号,意見\r\n1,坂が多い①\r\n"])
def test_utf_16_without_its_mark_is_read(codec: str, text: str) -> None:
    assert decode(text.encode(codec), "a.csv")[0] == text


def test_euc_jp_of_windows_is_read() -> None:
    # 0xADA1 is ① and 0xFCE2 髙 in the sets that Windows has beside the standard.
    data = "意見".encode("euc_jp") + b"\xad\xa1\xfc\xe2\x8e\xb1" + "が多い\n".encode("euc_jp")
    assert decode(data, "a.csv") == ("意見①髙ｱが多い\n", "EUC-JP")


def test_iso_2022_jp_of_mail_is_read() -> None:
    data = b"\x1b$B-!|b\x1b(I1\x1b$B\x24\x22\x1b(B,x\n"
    assert decode(data, "a.csv") == ("①髙ｱあ,x\n", "ISO-2022-JP（JIS）")


@pytest.mark.parametrize(("codec", "name"), [("utf-8", "UTF-8"), ("cp932", "CP932")])
def test_a_few_broken_bytes_are_refused_with_their_row(codec: str, name: str) -> None:
    lines = ["番号,意見", "1,坂が多いので困っています", "2,バスを増やしてほしいです", ""]
    data = "\r\n".join(lines).encode(codec).replace("バス".encode(codec), b"\xff\xff")
    with pytest.raises(InputError, match=name) as caught:
        decode(data, "a.csv")
    assert caught.value.at is not None
    assert caught.value.at.row == 3
    assert "メモ帳" in caught.value.remedy


def test_shift_jis_means_what_windows_means() -> None:
    assert decode("①髙".encode("cp932"), "a.csv", "shift_jis")[0] == "①髙"


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp"])
def test_a_stray_nul_hides_no_encoding(codec: str) -> None:
    text = "番号,意見\n1,坂が多い\x00ので歩くのが大変です\n"
    data = (text + "2,道が暗くて怖いです\n" * 10).encode(codec)
    assert decode(data, "a.csv")[0].startswith(text.replace("\x00", " "))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_a_character_may_lie_over_the_edge_of_a_block(
    codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "道が暗い😀\n" * 20
    for size in range(1, 9):
        monkeypatch.setattr(encoding, "_BLOCK", size)
        assert decode(text.encode(codec), "a.csv")[0] == text


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_broken_character_is_named_by_its_row_far_into_a_file(
    mark: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "_BLOCK", 16)
    data = mark + "道が暗い。\n".encode() * 30 + b"\xff" + "道が暗い。\n".encode() * 30
    with pytest.raises(InputError) as caught:
        decode(data, "a.csv")
    assert caught.value.at is not None
    assert caught.value.at.row == 31
