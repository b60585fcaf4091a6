"""Short names for attributes: 「あなたの年齢は？」 → 年齢."""

from __future__ import annotations

import re
import unicodedata

_LIVE = r"(?:現在)?の?(?:お?住まい|お?住い|住んで(?:い)?る|居住(?:されて|して)?(?:い?る)?|居住)"
_DISTRICT = (
    rf"どの(?:地区|地域|町)に{_LIVE}"
    rf"|{_LIVE}(?:の|になって(?:い)?る)?(?:地区|地域|市町村?|市区町村|町|場所|ところ|エリア)?(?:名)?"
    r"|居住地(?:区|域)?|(?:地区|地域|町内|自治会|町会)名?|エリア|district|area"
)
_CANONICAL: tuple[tuple[str, str], ...] = (
    (r"性別|gender|sex", "性別"),
    (r"年代|世代|age ?group", "年代"),
    (r"年齢(?:層|区分|階級|階層)?|年令|age", "年齢"),
    (
        _DISTRICT,
        "地区",
    ),
    (rf"(?:{_LIVE}の)?(?:日常生活)?圏域名?", "圏域"),
    (rf"(?:{_LIVE}の)?中学校区", "中学校区"),
    (rf"(?:{_LIVE}の)?小学校区", "小学校区"),
    (rf"(?:{_LIVE}の)?(?:校区|学区)", "校区"),
    (r"(?:回答者|参加者)?(?:の)?(?:属性|区分)", "属性"),
    (r"職業|仕事|就業(?:状況|状態|形態)|occupation|job", "職業"),
    (r"職種", "職種"),
    (r"世帯(?:構成|類型|状況|の状況|の構成|の種類)?|同居(?:家族|者|の家族|の状況)?", "世帯"),
    (r"家族(?:構成|形態|の構成)", "家族構成"),
    (r"(?:世帯|家族|同居)人数|家族の?人数", "世帯人数"),
    (rf"居住(?:年数|期間|歴)|{_LIVE}(?:の|して)?(?:年数|期間)", "居住年数"),
    (r"学年|grade", "学年"),
    (r"(?:学校|学校名|在籍校|通っている学校)", "学校"),
    (r"立場|position", "立場"),
    (r"所属(?:団体|機関|先|部署)?|団体名?|勤務先", "所属"),
    (r"役職", "役職"),
    (r"住居形態|住まい(?:の)?(?:形態|種類)|住宅(?:の)?(?:形態|種類)", "住居形態"),
    (r"(?:婚姻|結婚)(?:状況|歴|の有無)?", "婚姻状況"),
    (r"(?:子ども|子供|子)の?(?:有無|人数|数)", "子どもの有無"),
    (r"国籍", "国籍"),
    (r"出身(?:地)?", "出身地"),
)
_NUMBERING = re.compile(
    r"^(?:【[^】]*】|\[[^\]]*\]|〔[^〕]*〕"
    r"|(?:問|設問|質問|Q|F)\s*\d+(?:[-–.の(]\d+\)?)*|\(?\d+\)?(?=[.:、 ]))"
    r"[\s.:、)_]*",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\s*(?:\[[^\]]*\]|［[^］]*］|\([^)]*\)|（[^）]*）|〔[^〕]*〕)")
_WHOSE = re.compile(
    r"^(?:(?:回答者|参加者|あなた|貴方|ご?自身|ご?本人)(?:様|さま|自身|ご自身)?+"
    r"(?:(?:のこと)?について|のこと(?= )|の|は|が)?+[、 ]?+)++"
)
_ASKING = re.compile(
    r"(?:(?:に?ついて|を|は|の中から|を?次の中から)?(?:教えて|おしえて|お?教え|お?選び|選んで|選択して"
    r"|お?答え|お?聞かせ|お?尋ね|うかがい|伺い|ご?記入|ご?回答|○を).*"
    r"|は?(?:何|どちら|どこ|どれ|いくつ)?(?:です|になります)?か?|は)?[?。:、,\s]*$"
)


def canonical_name(header: str) -> str | None:
    """Name a demographic attribute in short, or return ``None``.

    Parameters
    ----------
    header
        Header of a column. Only a header that asks for nothing else is
        recognised: 「【問1】お住まいの地域を教えてください。」 is, 「観光客が
        お住まいの地域に来ることで…」 is not.
    """
    text = core(header).lower()
    for pattern, name in _CANONICAL:
        if re.fullmatch(rf"(?:ご|お)?(?:{pattern})", text):
            return name
    return None


def core(header: str) -> str:
    """Strip a header of its number, its notes and the words that merely ask."""
    text = unicodedata.normalize("NFKC", header).strip()
    text = _NUMBERING.sub("", text)
    text = _NOTE.sub("", text).split("※")[0].strip()
    text = _WHOSE.sub("", text)
    return _ASKING.sub("", text, count=1).strip()


def without_notes(header: str) -> str:
    """Take bracketed notes such as 「［○は３つまで］」 out of a header."""
    return re.sub(r"\s+", " ", _NOTE.sub("", header)).strip() or header
