"""Numbers and names of people and firms: checked, brought into one form, made searchable."""

import re
from datetime import date
from enum import StrEnum

import phonenumbers
from django.utils import timezone
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat
from pypinyin import lazy_pinyin
from stdnum import numdb
from stdnum.cn import ric, uscc

from governance.errors import HouseError

DEMONSTRATION_AREA = "999999"
# 居住证 of residents from Hong Kong, Macau and Taiwan; the list of counties has no 830000.
RESIDENCE_PERMIT_AREAS = ("810000", "820000", "830000")
CREDIT_CODE_SIGNS = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
SEPARATORS = re.compile(r"[\s·.—－-]+")
MOBILE = re.compile(r"1[3-9]\d{9}")
EXTENSION = re.compile(r"(.+?)\s*(?:转|分机|[-—－]|ext\.?)\s*(\d{1,6})", re.IGNORECASE)

# Characters that are read differently as a surname than as a word.
READINGS = """
单 shan  仇 qiu  区 ou  解 xie  查 zha  曾 zeng  盖 ge  乐 yue  员 yun  贠 yun  朴 piao  秘 bi  繁 po
覃 qin  翟 zhai  种 chong  冼 xian  洗 xian  召 shao  折 she  缪 miao  隗 wei  句 gou  黑 he  祭 zhai
能 nai  粘 nian  薄 bo  卜 bu  么 yao  郇 xun  晟 cheng  任 ren  华 hua  燕 yan  应 ying  纪 ji  宁 ning
那 na  哈 ha  过 guo  车 che  撒 sa  柏 bai  万 wan  葛 ge  盛 sheng  石 shi  相 xiang  宿 su  都 du
乜 nie  仉 zhang  昝 zan  炅 gui  尉 wei  沈 shen  谌 chen  重 chong  降 jiang  隽 juan  长 zhang
占 zhan  牟 mou  臧 zang  阚 kan  费 fei  谷 gu  强 qiang  行 xing  南 nan  曲 qu  叶 ye  褚 chu
欧阳 ou_yang  尉迟 yu_chi  万俟 mo_qi  单于 chan_yu  长孙 zhang_sun  澹台 tan_tai  令狐 ling_hu
皇甫 huang_fu  鲜于 xian_yu  亓官 qi_guan  濮阳 pu_yang  宰父 zai_fu  谷梁 gu_liang  乐正 yue_zheng
呼延 hu_yan  申屠 shen_tu  闾丘 lv_qiu  夏侯 xia_hou  司马 si_ma  上官 shang_guan  诸葛 zhu_ge
东方 dong_fang  独孤 du_gu  南宫 nan_gong  慕容 mu_rong  宇文 yu_wen  司徒 si_tu  司空 si_kong
公孙 gong_sun  钟离 zhong_li  淳于 chun_yu  赫连 he_lian  轩辕 xuan_yuan  拓跋 tuo_ba
"""
_words = READINGS.split()
SURNAMES = dict(zip(_words[::2], _words[1::2], strict=True))


class Document(StrEnum):
    """Papers other than the resident identity card that prove who somebody is."""

    PASSPORT = "passport"
    HONG_KONG_MACAU_PERMIT = "hong_kong_macau_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    FOREIGN_PERMANENT_RESIDENCE = "foreign_permanent_residence"


DOCUMENT_FORMS = {
    Document.PASSPORT: r"[A-Z0-9]{5,12}",
    Document.HONG_KONG_MACAU_PERMIT: r"[HM]\d{8}(\d{2})?",
    Document.TAIWAN_PERMIT: r"\d{8}|\d{10}",
    Document.FOREIGN_PERMANENT_RESIDENCE: r"[A-Z]{3}\d{12}|9\d{16}[\dX]",
}


def check_id_number(text: str, *, demonstration: bool = False) -> str:
    """The identity number in its 18-sign form; an old number of 15 digits is converted.

    Raises HouseError saying which part is wrong. The unassigned area 999999 passes only with
    `demonstration`. Source: GB 11643, domain.md 6.1.
    """
    number = SEPARATORS.sub("", text).upper()
    if len(number) not in (15, 18):
        raise HouseError(
            _("身份证号应为 18 位（旧号 15 位），现在是 {count} 位。").format(count=len(number))
        )
    if not re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", number):
        raise HouseError(_("身份证号应全是数字，只有第 18 位可以是 X。"))
    if len(number) == 15:
        number = f"{number[:6]}19{number[6:]}"
        number += ric.calc_check_digit(number + "0")
    _refuse_bad_birthday(number)
    _refuse_unknown_area(number[:6], demonstration=demonstration)
    if number[-1] != ric.calc_check_digit(number):
        raise HouseError(_("身份证号的校验位不对，请对照证件逐位核对。"))
    return number


def birth_day(id_number: str) -> date:
    """The birthday inside a checked identity number."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def is_male(id_number: str) -> bool:
    """The sex inside a checked identity number: odd sequence numbers are men's."""
    return int(id_number[16]) % 2 == 1


def check_document(text: str, kind: Document | str) -> str:
    """Another document's number in capitals without spaces; HouseError when its form is wrong."""
    number = SEPARATORS.sub("", text).upper()
    if not re.fullmatch(DOCUMENT_FORMS[Document(kind)], number):
        raise HouseError(_("证件号码与所选的证件种类不符，请核对。"))
    return number


def check_uscc(text: str) -> str:
    """The unified social credit code in capitals; HouseError when it cannot be one.

    Accepts every registering authority, also the N of rural collectives, which the library
    refuses. Source: GB 32100, domain.md 6.2.
    """
    code = uscc.compact(text)
    if len(code) != 18:
        raise HouseError(
            _("统一社会信用代码应为 18 位，现在是 {count} 位。").format(count=len(code))
        )
    if not CREDIT_CODE_SIGNS.fullmatch(code):
        raise HouseError(_("统一社会信用代码只含数字和大写字母，且没有 I、O、S、V、Z。"))
    if code[-1] != uscc.calc_check_digit(code[:-1]):
        raise HouseError(_("统一社会信用代码的校验位不对，请逐位核对。"))
    return code


def check_phone(text: str) -> str:
    """A telephone number in one form: 13812345678, 0533-2345678, 0533-2345678-801, +85221234567.

    Raises HouseError saying what is missing.
    """
    if not text.strip():
        raise HouseError(_("请填写电话号码。"))
    number, extension = _parsed(text)
    if number.country_code != 86:
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    digits = phonenumbers.national_significant_number(number)
    if MOBILE.fullmatch(digits):
        return digits
    area = phonenumbers.length_of_geographical_area_code(number)
    if not area:
        return digits
    local = f"0{digits[:area]}-{digits[area:]}"
    return f"{local}-{extension}" if extension else local


def phone_form(text: str) -> str:
    """The one form of a number where a wrong one must not stop the deed (imports, a caller's word).

    What cannot be read stays as it was given, without spaces at its ends.
    """
    try:
        return check_phone(text)
    except HouseError:
        return text.strip()


def name_index(name: str) -> tuple[str, str]:
    """The name in pinyin, whole and as initials: 单小明 → ("shanxiaoming", "sxm").

    Surnames are read as surnames, which the pinyin library does not do by itself.
    """
    text = re.sub(r"[^\w\s]|_", "", name).strip()
    surname = next((text[:size] for size in (2, 1) if text[:size] in SURNAMES), "")
    given = text[len(surname) :]
    words = SURNAMES[surname].split("_") if surname else []
    words += [word for part in lazy_pinyin(given) for word in part.lower().split()]
    return "".join(words), "".join(word[0] for word in words)


def _refuse_bad_birthday(number: str) -> None:
    try:
        born_on = birth_day(number)
    except ValueError:
        raise HouseError(_("身份证号里的出生日期不存在，请核对第 7 至 14 位。")) from None
    if born_on > timezone.localdate():
        raise HouseError(_("身份证号里的出生日期还没有到，请核对第 7 至 14 位。"))


def _refuse_unknown_area(area: str, *, demonstration: bool) -> None:
    if area == DEMONSTRATION_AREA:
        if demonstration:
            return
        raise HouseError(_("999999 开头的是演示号码，只能用于演示环境。"))
    # A county that was renamed or dissolved long ago still stands on valid cards.
    found = {name for _digits, facts in numdb.get("cn/loc").info(area) for name in facts}
    if "county" not in found and area not in RESIDENCE_PERMIT_AREAS:
        raise HouseError(_("身份证号前 6 位不是行政区划代码，请核对。"))


def _parsed(text: str) -> tuple[PhoneNumber, str]:
    """The number and its extension; the text may hold either form."""
    readings = [(text, "")]
    if parted := EXTENSION.fullmatch(text.strip()):
        readings.append((parted[1], parted[2]))
    for main, extension in readings:
        try:
            number = phonenumbers.parse(main, "CN")
        except NumberParseException:
            continue
        digits = phonenumbers.national_significant_number(number)
        is_mobile = number.country_code == 86 and MOBILE.fullmatch(digits)
        if is_mobile or phonenumbers.is_valid_number(number):
            return number, extension
    raise HouseError(_why_no_phone(re.sub(r"\D", "", text)))


def _why_no_phone(digits: str) -> str:
    if re.match(r"1[3-9]", digits) and len(digits) > 8:
        return _("手机号应为 11 位，现在是 {count} 位。").format(count=len(digits))
    if len(digits) in (7, 8) and digits[0] in "2345678":
        return _("座机号请加上区号，例如 0533-2345678。")
    return _("电话号码不对，请填写 11 位手机号，或带区号的座机号。")
