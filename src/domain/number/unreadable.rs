//! The fault of a text that is no number: what stands in it, and where that belongs.
//! The notations are in `notation`.

use super::decimal::{Decimal, NumberLocale};
use super::notation::{Medium, Notation, Readings};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};
use crate::domain::text::fold;

/// Folded texts that people write where there is no number.
const WORDS_FOR_NOTHING: &[&str] = &[
    "x",
    "k",
    "ko",
    "khong",
    "khong co",
    "kps",
    "khong phat sinh",
    "chua co",
    "chua phat sinh",
    "khong co so lieu",
    "chua co so lieu",
    "n a",
    "na",
    "nan",
    "nil",
    "null",
    "none",
    "no data",
    "missing",
];

/// Characters that show nothing, or a blank, with their names in Unicode.
static INVISIBLE: &[(char, Message)] = &[
    ('\t', name("tab", "dấu tab")),
    ('\n', name("line break", "dấu xuống dòng")),
    ('\r', name("line break", "dấu xuống dòng")),
    ('\u{a0}', name("no-break space", "dấu cách không ngắt")),
    ('\u{ad}', name("soft hyphen", "dấu nối mềm")),
    ('\u{61c}', name("Arabic letter mark", "dấu chữ Ả Rập")),
    ('\u{180e}', name("Mongolian vowel separator", "dấu tách nguyên âm Mông Cổ")),
    ('\u{2000}', name("en quad", "dấu cách en")),
    ('\u{2001}', name("em quad", "dấu cách em")),
    ('\u{2002}', name("en space", "dấu cách en")),
    ('\u{2003}', name("em space", "dấu cách em")),
    ('\u{2004}', name("three-per-em space", "dấu cách một phần ba em")),
    ('\u{2005}', name("four-per-em space", "dấu cách một phần tư em")),
    ('\u{2006}', name("six-per-em space", "dấu cách một phần sáu em")),
    ('\u{2007}', name("figure space", "dấu cách bằng chữ số")),
    ('\u{2008}', name("punctuation space", "dấu cách bằng dấu chấm")),
    ('\u{2009}', name("thin space", "dấu cách mảnh")),
    ('\u{200a}', name("hair space", "dấu cách rất mảnh")),
    ('\u{200b}', name("zero width space", "dấu cách không bề rộng")),
    ('\u{200c}', name("zero width non-joiner", "dấu không nối không bề rộng")),
    ('\u{200d}', name("zero width joiner", "dấu nối không bề rộng")),
    ('\u{200e}', name("left-to-right mark", "dấu trái sang phải")),
    ('\u{200f}', name("right-to-left mark", "dấu phải sang trái")),
    ('\u{2028}', name("line separator", "dấu tách dòng")),
    ('\u{2029}', name("paragraph separator", "dấu tách đoạn")),
    ('\u{202a}', name("left-to-right embedding", "dấu lồng trái sang phải")),
    ('\u{202b}', name("right-to-left embedding", "dấu lồng phải sang trái")),
    ('\u{202c}', name("pop directional formatting", "dấu hết định hướng")),
    ('\u{202d}', name("left-to-right override", "dấu ép trái sang phải")),
    ('\u{202e}', name("right-to-left override", "dấu ép phải sang trái")),
    ('\u{202f}', name("narrow no-break space", "dấu cách hẹp không ngắt")),
    ('\u{205f}', name("medium mathematical space", "dấu cách toán học")),
    ('\u{2060}', name("word joiner", "dấu nối từ")),
    ('\u{2061}', name("function application", "dấu áp dụng hàm")),
    ('\u{2062}', name("invisible times", "dấu nhân ẩn")),
    ('\u{2063}', name("invisible separator", "dấu phân cách ẩn")),
    ('\u{2064}', name("invisible plus", "dấu cộng ẩn")),
    ('\u{2066}', name("left-to-right isolate", "dấu tách trái sang phải")),
    ('\u{2067}', name("right-to-left isolate", "dấu tách phải sang trái")),
    ('\u{2068}', name("first strong isolate", "dấu tách theo chữ đầu")),
    ('\u{2069}', name("pop directional isolate", "dấu hết tách hướng")),
    ('\u{3000}', name("ideographic space", "dấu cách chữ Hán")),
    ('\u{fe0e}', name("variation selector-15", "dấu chọn biến thể 15")),
    ('\u{fe0f}', name("variation selector-16", "dấu chọn biến thể 16")),
    ('\u{feff}', name("zero width no-break space (byte order mark)", "dấu thứ tự byte (BOM)")),
];

/// Marks that look like a minus sign and are none.
static DASHES: &[(char, Message)] = &[
    ('\u{2010}', name("hyphen", "gạch nối")),
    ('\u{2011}', name("non-breaking hyphen", "gạch nối không ngắt")),
    ('\u{2012}', name("figure dash", "gạch bằng chữ số")),
    ('\u{2013}', name("en dash", "gạch ngang en")),
    ('\u{2014}', name("em dash", "gạch ngang em")),
    ('\u{2015}', name("horizontal bar", "thanh ngang")),
    ('\u{fe63}', name("small hyphen-minus", "gạch nối nhỏ")),
    ('\u{ff0d}', name("full-width hyphen-minus", "gạch nối toàn chiều")),
];

/// The name of a character.
const fn name(english: &'static str, vietnamese: &'static str) -> Message {
    Message::fixed(english, vietnamese)
}

/// The fault of a text that cannot be read in the declared notation, or in any that may be read.
pub(super) fn fault(text: &str, notation: Notation, readings: &Readings) -> Fault {
    let why =
        [nothing, hidden, sign, exponent, range, words_around, digits, blanks].into_iter().find_map(|find| find(text, notation.medium));
    let why = why.unwrap_or_else(|| in_another_notation(notation, readings));
    Fault::new(Code::NotANumber, message!(en: "`{}` {why}", vi: "`{}` {why}"; why; shown(text)))
}

/// A text for a message: its first forty characters, invisible ones by their code point.
pub(super) fn shown(text: &str) -> String {
    let visible = |c: char| if name_of_invisible(c).is_some() { code_point(c) } else { c.to_string() };
    let shown: String = text.chars().take(40).map(visible).collect();
    if text.chars().nth(40).is_some() { shown + "…" } else { shown }
}

/// A mark for a missing figure.
fn nothing(text: &str, medium: Medium) -> Option<Message> {
    let folded = fold(text);
    let only_marks = folded.is_empty() && text.chars().all(|c| c.is_whitespace() || name_of_invisible(c).is_none());
    if !only_marks && !WORDS_FOR_NOTHING.contains(&folded.as_str()) {
        return None;
    }
    let way_out = match medium {
        Medium::Figures => message!(
            en: "leave the field out; `nil` says that there is nothing to report",
            vi: "bỏ trống trường này; `nil` nghĩa là không phát sinh"
        ),
        Medium::Targets | Medium::Definition => message!(en: "leave the field out", vi: "bỏ trống trường này"),
        Medium::Cell | Medium::UnconfirmedForm => message!(
            en: "leave the cell empty, or mark `Không phát sinh` if there is nothing to report",
            vi: "để trống ô, hoặc đánh dấu `Không phát sinh` nếu không phát sinh"
        ),
    };
    Some(message!(en: "is no number: {way_out}", vi: "không phải là số: {way_out}"; way_out))
}

/// Characters that show nothing at all.
fn hidden(text: &str, _medium: Medium) -> Option<Message> {
    let hidden = named(text, |c| name_of_invisible(c).filter(|_| !c.is_whitespace()));
    hidden.map(|hidden| {
        message!(
            en: "holds characters that cannot be seen, {hidden}: delete them, or type the number again",
            vi: "có ký tự không nhìn thấy, {hidden}: xóa các ký tự đó hoặc gõ lại số"; hidden
        )
    })
}

/// Digits other than 0 to 9.
fn digits(text: &str, _medium: Medium) -> Option<Message> {
    let digits = named(text, |c| match c {
        '\u{ff10}'..='\u{ff19}' => Some(name("full-width digit", "chữ số toàn chiều")),
        c if c.is_numeric() && !c.is_ascii() => Some(name("digit of another kind", "chữ số kiểu khác")),
        _ => None,
    });
    digits.map(|digits| {
        message!(
            en: "has other digits than 0 to 9, {digits}: type the number with the digits 0 to 9",
            vi: "có chữ số khác 0 đến 9, {digits}: gõ lại số bằng các chữ số 0 đến 9"; digits
        )
    })
}

/// Blanks around a number or where no group of thousands begins.
fn blanks(text: &str, _medium: Medium) -> Option<Message> {
    let of_number = |c: char| c.is_ascii_digit() || c.is_whitespace() || ['.', ',', '-', '\u{2212}'].contains(&c);
    let text = if text.chars().all(of_number) { text } else { "" };
    let blanks = named(text, |c| if c == ' ' { Some(name("space", "dấu cách")) } else { name_of_invisible(c) });
    blanks.map(|blanks| {
        message!(
            en: "has blanks where a number has none, {blanks}: delete them",
            vi: "có dấu cách ở chỗ không được có, {blanks}: xóa các dấu cách đó"; blanks
        )
    })
}

/// The characters that have a name, each once, with their code points.
fn named(text: &str, name: impl Fn(char) -> Option<Message>) -> Option<Message> {
    let mut found: Vec<Message> = Vec::new();
    for (c, name) in text.chars().filter_map(|c| Some((c, name(c)?))) {
        let named = message!(en: "{} {name}", vi: "{} {name}"; name; code_point(c));
        if found.len() < 5 && !found.contains(&named) {
            found.push(named);
        }
    }
    (!found.is_empty()).then(|| Message::joined(&found, ", "))
}

/// A dash or a plus sign before the number.
fn sign(text: &str, _medium: Medium) -> Option<Message> {
    let first = text.chars().next()?;
    if first == '+' {
        return Some(message!(
            en: "begins with a plus sign: write the number without it",
            vi: "bắt đầu bằng dấu cộng: viết số không có dấu cộng"
        ));
    }
    let (_, name) = DASHES.iter().find(|(dash, _)| *dash == first)?;
    Some(message!(
        en: "begins with {} {name}, which is no minus sign: a number below zero begins with `-`",
        vi: "bắt đầu bằng {} {name}, không phải dấu trừ: số âm bắt đầu bằng `-`"; name; code_point(first)
    ))
}

/// A power of ten, as spreadsheets show long numbers.
fn exponent(text: &str, _medium: Medium) -> Option<Message> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let power = exponent.trim_start_matches(['+', '-']);
    let is_power = !power.is_empty() && power.bytes().all(|byte| byte.is_ascii_digit());
    (is_power && is_number(mantissa)).then(|| {
        message!(
            en: "is shortened to a power of ten: write all digits of the number",
            vi: "viết rút gọn theo lũy thừa của 10: viết đủ các chữ số"
        )
    })
}

/// Two numbers with a dash or a word between them.
fn range(text: &str, medium: Medium) -> Option<Message> {
    let ends = |between: &str| text.split_once(between).filter(|(low, high)| is_number(low.trim()) && is_number(high.trim()));
    ["-", "–", "—", "đến", "tới", "to", "~", "÷"].into_iter().find_map(ends)?;
    Some(match medium {
        Medium::Figures => message!(
            en: "is a range: send `low` and `high`, and `range` in `bound`",
            vi: "là một khoảng: gửi `low` và `high`, và `bound` là `range`"
        ),
        Medium::Targets => message!(en: "is a range: send `low` and `high`", vi: "là một khoảng: gửi `low` và `high`"),
        Medium::Definition => message!(en: "is two numbers where one is needed", vi: "là hai số, trong khi chỉ cần một số"),
        Medium::Cell | Medium::UnconfirmedForm => {
            message!(
                en: "is a range: write its ends in the columns `Từ` and `Đến`, and `range` in the column `Giới hạn`",
                vi: "là một khoảng: ghi hai đầu vào các cột `Từ` và `Đến`, và ghi `range` vào cột `Giới hạn`"
            )
        }
    })
}

/// Words, units or marks around a number.
fn words_around(text: &str, medium: Medium) -> Option<Message> {
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    let first = if text[..first].ends_with(['-', '\u{2212}']) { text[..first].char_indices().next_back()?.0 } else { first };
    let (before, number, after) = (text[..first].trim(), &text[first..=last], text[last + 1..].trim());
    if !is_number(number) || before.is_empty() && after.is_empty() || text[..first].ends_with(['.', ',']) {
        return None;
    }
    if !before.is_empty() {
        let place = match medium {
            Medium::Figures => message!(en: "`bound` says above, below or about", vi: "`bound` cho biết trên, dưới hay khoảng"),
            Medium::Targets => message!(en: "`kind` says at least or at most", vi: "`kind` cho biết ít nhất hay nhiều nhất"),
            Medium::Definition => message!(en: "send the number alone", vi: "chỉ gửi số"),
            Medium::Cell | Medium::UnconfirmedForm => message!(
                en: "the column `Giới hạn` says above, below or about",
                vi: "cột `Giới hạn` cho biết trên, dưới hay khoảng"
            ),
        };
        return Some(message!(
            en: "has `{}` before the number: write the number alone; {place}",
            vi: "có `{}` đứng trước số: chỉ viết số; {place}"; place; shown(before)
        ));
    }
    if after.starts_with(['.', ',']) {
        return None;
    }
    let place = match medium {
        Medium::Figures | Medium::Targets => message!(
            en: "it is in the unit of the indicator, and `unit_mult` says another power of ten",
            vi: "số theo đơn vị tính của chỉ tiêu, `unit_mult` cho biết bội số khác"
        ),
        Medium::Definition => message!(en: "it has the unit of its indicator", vi: "số theo đơn vị tính của chỉ tiêu"),
        Medium::Cell | Medium::UnconfirmedForm => {
            message!(
                en: "it is in the unit of the indicator (`Đơn vị tính`), and the column `Bội số` says another power of ten",
                vi: "số theo đơn vị tính của chỉ tiêu (`Đơn vị tính`), cột `Bội số` cho biết bội số khác"
            )
        }
    };
    Some(message!(
        en: "has `{}` behind the number: write the number alone; {place}",
        vi: "có `{}` đứng sau số: chỉ viết số; {place}"; place; shown(after)
    ))
}

/// A number in a notation that is not read, or none at all.
fn in_another_notation(notation: Notation, readings: &Readings) -> Message {
    let (rule, english_only) = match notation.declared {
        Some(NumberLocale::Plain) => (
            message!(
                en: "is no number in plain notation, which is declared: 1596 and 77.15",
                vi: "không phải là số viết kiểu máy tính như đã nêu: 1596 và 77.15"
            ),
            false,
        ),
        Some(NumberLocale::Vi) => (
            message!(
                en: "is no number in Vietnamese notation, which is declared: 1.596 and 77,15",
                vi: "không phải là số viết kiểu Việt Nam như đã nêu: 1.596 và 77,15"
            ),
            false,
        ),
        None if readings.english.is_some() => (
            message!(
                en: "groups thousands with commas as in English, which is not read",
                vi: "tách hàng nghìn bằng dấu phẩy theo kiểu Anh; cách viết này không được nhận"
            ),
            true,
        ),
        None => (
            message!(
                en: "is no number such as 1596 or 77.15, or 1.596.000 or 77,15 in Vietnamese notation",
                vi: "không phải là số như 1596 hoặc 77.15, hoặc 1.596.000 hoặc 77,15 theo cách viết Việt Nam"
            ),
            false,
        ),
    };
    let written = |value: Decimal| match notation.declared {
        Some(NumberLocale::Vi) => value.to_string().replace('.', ","),
        Some(NumberLocale::Plain) | None => value.to_string(),
    };
    let values: Vec<String> = readings.values().into_iter().map(|(value, _)| written(value)).collect();
    if (notation.declared.is_some() || english_only) && !values.is_empty() {
        let values = Message::one_of(&values);
        return message!(en: "{rule}; if it means {values}, write that", vi: "{rule}; nếu là {values} thì viết như vậy"; rule, values);
    }
    rule
}

/// Whether some notation reads a text.
fn is_number(text: &str) -> bool {
    let Readings { plain, vietnamese, english } = Readings::of(text);
    plain.or(vietnamese).or(english).is_some()
}

fn name_of_invisible(c: char) -> Option<Message> {
    let named = INVISIBLE.iter().find(|(invisible, _)| *invisible == c).map(|(_, name)| name.clone());
    named.or_else(|| c.is_control().then(|| name("control character", "ký tự điều khiển")))
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
