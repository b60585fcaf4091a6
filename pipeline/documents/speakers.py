"""Who speaks: 「田中委員：…」, 「○会長（山田太郎君）　…」, 「【Ａ委員】…」."""

from __future__ import annotations

import re

from pipeline.documents.names import LABELS, SURNAMES

_OFFICE = (
    r"(?:副?委員長?|副?会長|副?議長|部会長|座長|局長|部長|課長|係長|次長|主幹|主査|主事|所長|館長|園長|校長|理事長?|評議員"
    r"|民生委員|事務局|司会者?|進行役?|ファシリテーター|市長|町長|村長|区長|知事|教育長|副市長|証人|参考人|議員|相談員"
    r"|さん|氏|君|先生|参加者(?=[A-ZＡ-Ｚ0-9０-９]))"
)
_TITLE = (
    rf"(?:{_OFFICE}|様|参加者|出席者|住民|市民|町民|区民|発言者|質問者"
    r"|回答者|利用者|当事者|保護者|家族|部員|職員|班|グループ)"
)
_LETTER = r"[A-ZＡ-Ｚ0-9０-９①-⑳]{0,2}"
_NAME = r"[^\s　：:。、，「」『』（）()【】\[\]・○●■□◆]"
_TITLED = rf"{_NAME}{{0,12}}?{_TITLE}{_LETTER}"
_OFFICIAL = rf"{_NAME}{{0,12}}?{_OFFICE}{_LETTER}"
_IN_BRACKETS = r"(?:[（(][^）)]{1,20}[）)])?"
_CIRCLES = r"[○◯〇●◎◆◇△▲■□]"
_MARKS = r"[○◯〇●◎◆◇△▲■□・]"

_COLON = re.compile(
    rf"^{_MARKS}?[\s　]*(?P<speaker>{_NAME}{{1,16}}{_IN_BRACKETS})[\s　]*[：:][\s　]*(?P<text>.*)$",
    re.DOTALL,
)
_MARKED = re.compile(
    rf"^{_CIRCLES}[\s　]*(?P<speaker>{_OFFICIAL}{_IN_BRACKETS})(?:[\s　]+(?P<text>.+))?$", re.DOTALL
)
_BRACKETED = re.compile(
    rf"^{_MARKS}?[\s　]*[【\[（(［〔](?P<speaker>{_TITLED})[】\]）)］〕][\s　：:]*(?P<text>.*)$",
    re.DOTALL,
)
_QUOTED = re.compile(rf"^(?P<speaker>{_OFFICIAL})(?=「)(?P<text>「.+)$", re.DOTALL)
_SPACED = re.compile(
    rf"^(?P<speaker>{_NAME}{{1,8}}(?:委員長?|会長|事務局|議長|座長)|事務局"
    rf"|(?:参加者|出席者|発言者|住民|市民|町民|村民|区民){_LETTER}(?<=[A-ZＡ-Ｚ0-9０-９①-⑳])"
    r"|司会者?|進行役?|ファシリテーター)　+(?P<text>\S.*)$",
    re.DOTALL,
)

_HEAD = 400  # characters; a name stands before the words
_ANYONE = re.compile(
    r"^(?:(?:地域|一般|地元)の?)?(?:参加者|出席者|住民|市民|町民|区民|村民|発言者|質問者|回答者|利用者|当事者|保護者"
    r"|家族|部員|職員|委員|会員|議員|男性|女性|傍聴者?|来場者|班|グループ)(?:さん|の方|様|たち|一同)?$"
)
_HAS_TITLE = re.compile(rf"{_TITLE}{_LETTER}{_IN_BRACKETS}$")
_LETTER_NAME = re.compile(r"^(?:[A-ZＡ-Ｚ][0-9０-９]{0,2}|[一-龠]{1,3}[A-ZＡ-Ｚ])$")
_KANJI_NAME = re.compile(r"^[一-龠々ヶ]{1,5}$")
_PLACE = re.compile(
    r"(?:[駅町市区村県橋川線寺園店校院館街会課部室所場道団隊員]|地区|地域|公園|通り)$"
)
# 「通院：バスが少ない」 looks just like 「田中：バスが少ない」: only a list tells them apart.


def split_speaker(text: str) -> tuple[str, str]:
    """Split a turn of speech into the speaker and what was said.

    Parameters
    ----------
    text
        One line or paragraph without surrounding white space.

    Returns
    -------
    speaker, text
        Both are slices of ``text``. Without a speaker: ``("", text)``. A name
        alone on its line gives an empty text.

    Examples
    --------
    >>> split_speaker("○田中委員　バスが少ない。")
    ('田中委員', 'バスが少ない。')
    >>> split_speaker("課題：バスが少ない。")
    ('', '課題：バスが少ない。')
    """
    head, rest = text[:_HEAD], text[_HEAD:]
    for pattern in (_MARKED, _BRACKETED, _QUOTED, _SPACED):
        if found := pattern.match(head):
            return found["speaker"], ((found["text"] or "") + rest).strip()
    found = _COLON.match(head)
    if found and _names_a_person(found["speaker"]) and not found["text"].startswith("//"):
        return found["speaker"], (found["text"] + rest).strip()
    return "", text


def is_anyone(speaker: str) -> bool:
    """Whether a speaker is somebody unknown: 参加者, 住民; not 参加者Ａ, 住民1."""
    return bool(_ANYONE.match(speaker.strip()))


def _names_a_person(name: str) -> bool:
    if name in LABELS:
        return False
    return bool(_HAS_TITLE.search(name) or _LETTER_NAME.match(name)) or _is_surname(name)


def _is_surname(name: str) -> bool:
    """Whether a word is a frequent surname, alone or with a given name."""
    if not _KANJI_NAME.match(name) or _PLACE.search(name):
        return name in SURNAMES
    lengths = (length for length in (2, 3) if length < len(name) <= length + 3)
    return name in SURNAMES or any(name[:length] in SURNAMES for length in lengths)
