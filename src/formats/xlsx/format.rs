//! Number formats: what a cell shows of its number (ECMA-376 part 1 §18.8.30 and §18.8.31).
//! A format may round. A cell that shows another number, a date or a text in place of its number has no value that all readers agree on.

mod tokens;

use self::tokens::{Condition, DIGITS_BESIDE, Token, UNKNOWN, split};
use super::number::Digits;
use crate::domain::catalogue::unit::is_currency_sign;
use crate::domain::message::Message;
use crate::domain::text::{contains_words, fold};
use crate::formats::cell::{DatePart, Shown};
use crate::formats::fields::wording;

/// Limit of bytes in a format: Excel takes 255 characters.
const LONGEST_CODE: usize = 1_024;

static PERCENTAGE: Message = Message::fixed(
    "the cell has the format of a percentage, by which 77.15% is kept as 0.7715: give the column the format of a number and write 77.15",
    "ô có định dạng phần trăm nên 77.15% được lưu là 0.7715: đặt định dạng cột là số và viết 77.15",
);
static SCALED: Message = Message::fixed(
    "the format of the cell shows its number divided by a thousand or more: give it the format General, and write the number in the unit of the row",
    "định dạng của ô hiện số đã chia cho một nghìn hoặc hơn: đặt định dạng General và viết số theo đơn vị tính của hàng",
);
static FRACTION: Message = Message::fixed(
    "the format of the cell shows its number as a fraction: give it the format General",
    "định dạng của ô hiện số dưới dạng phân số: đặt định dạng General",
);
static SIGN: Message = Message::fixed(
    "the format of the cell hides or changes the sign of its number: give it the format General, and check the number",
    "định dạng của ô ẩn hoặc đổi dấu của số: đặt định dạng General và kiểm tra lại số",
);
static NOTHING: Message = Message::fixed(
    "the format of the cell shows nothing in place of its number: give it the format General, and check whether a number is meant",
    "định dạng của ô không hiện số: đặt định dạng General và kiểm tra xem có đúng là có số không",
);
static TEXT_INSTEAD: Message = Message::fixed(
    "the format of the cell shows a text in place of its number: give it the format General, and check whether a number is meant",
    "định dạng của ô hiện văn bản thay cho số: đặt định dạng General và kiểm tra xem có đúng là có số không",
);
static TEXT_BESIDE: Message = Message::fixed(
    "the format of the cell shows another text than it holds: give it the format General, and check the text",
    "định dạng của ô hiện văn bản khác với nội dung ô: đặt định dạng General và kiểm tra lại văn bản",
);
static BOUND: Message = Message::fixed(
    "the format of the cell says that its number is not exact: give it the format General, and fill in the column `Giới hạn`",
    "định dạng của ô cho thấy số không chính xác: đặt định dạng General và điền cột `Giới hạn`",
);
static STATUS: Message = Message::fixed(
    "the format of the cell says that its number is not final: give it the format General, and fill in the column `Trạng thái`",
    "định dạng của ô cho biết số chưa chính thức: đặt định dạng General và điền cột `Trạng thái`",
);
static NO_DATE: Message = Message::fixed(
    "the format of the cell shows neither a day, a month with its year, nor a year: give it the format dd/mm/yyyy, mm/yyyy or yyyy; \
                       for a number give it the format General",
    "định dạng của ô không hiện ngày, tháng kèm năm hay năm: đặt định dạng dd/mm/yyyy, mm/yyyy hoặc yyyy; nếu là số thì đặt định dạng General",
);

/// A number format with its sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// The sections for numbers, in order.
    numbers: Vec<Section>,
    /// Why a text is not shown as it is.
    text: Result<(), &'static Message>,
}

/// What a cell shows of its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Showing {
    /// The number, perhaps rounded or with a text beside it.
    Number(Option<Shown>),
    /// A part of the date with this day number.
    Date(DatePart),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Section {
    condition: Option<Condition>,
    content: Result<Content, &'static Message>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    /// Digits with texts before and after them.
    Number {
        before: String,
        after: String,
        digits: Layout,
    },
    Date(DatePart),
}

/// How digits are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// As many as there are.
    General,
    /// Rounded to decimals; `zero` if at least one digit always shows.
    Fixed { decimals: i32, zero: bool },
    /// With an exponent, which is a multiple of `step`.
    Scientific { decimals: i32, step: i32 },
}

/// Whether a section shows the minus of a negative number, or has to have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Minus {
    /// The program puts it before the section.
    Added,
    /// The section has its own.
    Own,
}

impl Format {
    /// The format General.
    pub fn general() -> Format {
        Format::of_code("General")
    }

    /// A format that cannot be read.
    pub fn unknown() -> Format {
        Format { numbers: vec![Section { condition: None, content: Err(&UNKNOWN) }], text: Ok(()) }
    }

    /// The built-in formats, which are in no file. Those of East Asia and Thailand depend on the language of the program.
    pub fn built_in(id: u32) -> Format {
        Format::of_code(match id {
            0 | 49 => "General",
            1 | 59 => "0",
            2 | 60 => "0.00",
            3 | 61 => "#,##0",
            4 | 62 => "#,##0.00",
            5 | 6 => "#,##0\" đ\";-#,##0\" đ\"",
            7 | 8 => "#,##0.00\" đ\";-#,##0.00\" đ\"",
            9 | 67 => "0%",
            10 | 68 => "0.00%",
            11 => "0.00E+00",
            12 | 69 => "# ?/?",
            13 | 70 => "# ??/??",
            14 => "dd/mm/yyyy",
            15 => "d-mmm-yy",
            16 => "d-mmm",
            17 => "mmm-yy",
            18 | 19 => "h:mm AM/PM",
            20 | 21 => "h:mm",
            22 => "dd/mm/yyyy h:mm",
            37 | 38 => "#,##0 ;(#,##0)",
            39 | 40 => "#,##0.00;(#,##0.00)",
            41 | 42 => "_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)",
            43 | 44 => "_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)",
            45 | 46 => "mm:ss",
            47 => "mmss.0",
            48 => "##0.0E+0",
            _ => return Format::unknown(),
        })
    }

    /// Reads the code of a format.
    pub fn of_code(code: &str) -> Format {
        if code.len() > LONGEST_CODE {
            return Format::unknown();
        }
        let mut sections = split(code);
        let of_text = |tokens: &[Token]| tokens.contains(&Token::Text);
        let for_text = match sections.len() {
            5.. => return Format::unknown(),
            4 => sections.pop(),
            2 | 3 => sections.pop_if(|last| of_text(last)),
            // Numbers in cells with the format of text show as they are.
            _ => sections.first().filter(|only| of_text(only)).cloned(),
        };
        let text = for_text.map_or(Ok(()), |tokens| check_text(&tokens));
        Format { numbers: sections.iter().map(|tokens| Section::of(tokens)).collect(), text }
    }

    /// What a cell shows of a number.
    ///
    /// # Errors
    /// Why it shows something else: a message.
    pub fn show(&self, number: &Digits) -> Result<Showing, &'static Message> {
        let mut showing = None;
        for (section, minus) in self.that_apply(number) {
            let shown = section.show(number, minus)?;
            match &showing {
                None => showing = Some(shown),
                Some(other) if *other == shown => {}
                // Two programs would show two things.
                Some(_) => return Err(&UNKNOWN),
            }
        }
        showing.ok_or(&NOTHING)
    }

    /// Whether a text is shown as it is.
    ///
    /// # Errors
    /// Why it is not: a message.
    pub fn show_text(&self) -> Result<(), &'static Message> {
        self.text
    }

    /// The sections that can apply to a number. Without conditions it is one: by its sign. With conditions it is the first that holds;
    /// programs differ about sections without a condition beside others with one, so all of these up to it apply.
    fn that_apply(&self, number: &Digits) -> Vec<(&Section, Minus)> {
        if self.numbers.iter().all(|section| section.condition.is_none()) {
            let (at, minus) = match (&self.numbers[..], number.is_negative(), number.is_zero()) {
                ([_], ..) => (0, Minus::Added),
                (_, true, _) => (1, Minus::Own),
                ([_, _, _], _, true) => (2, Minus::Own),
                _ => (0, Minus::Own),
            };
            return self.numbers.get(at).map(|section| (section, minus)).into_iter().collect();
        }
        let mut found = Vec::new();
        let mut only_negative = false;
        for section in &self.numbers {
            match &section.condition {
                None => found.push((section, if only_negative { Minus::Own } else { Minus::Added })),
                Some(condition) if condition.holds(number) => {
                    found.push((section, if condition.only_negative() { Minus::Own } else { Minus::Added }));
                    break;
                }
                // After `[>0]` and `[>=0]` come negative numbers only.
                Some(condition) => only_negative |= condition.limit.is_zero() && condition.greater && !condition.less,
            }
        }
        found
    }
}

impl Section {
    fn show(&self, number: &Digits, sign: Minus) -> Result<Showing, &'static Message> {
        let (before, after, digits) = match self.content.as_ref().map_err(|why| *why)? {
            Content::Date(part) => return Ok(Showing::Date(*part)),
            Content::Number { before, after, digits } => (before, after, *digits),
        };
        let needed = number.is_negative() && sign == Minus::Own;
        let plus = number.is_negative() && [before, after].iter().any(|text| text.trim().starts_with('+') || text.trim().ends_with('+'));
        if needed != minus(before, after)? || plus {
            return Err(&SIGN);
        }
        let rounded = match digits {
            Layout::General => number.clone(),
            Layout::Fixed { decimals, zero } => {
                let rounded = number.rounded(decimals);
                if rounded.is_zero() && !zero {
                    return Err(&NOTHING);
                }
                rounded
            }
            Layout::Scientific { decimals, step } => {
                let exponent = (number.magnitude() - 1).div_euclid(step) * step;
                number.rounded(decimals - exponent)
            }
        };
        let shown = Shown {
            number: Some(rounded).filter(|rounded| rounded != number).map(|rounded| rounded.to_string()),
            unit: unit(before, after),
        };
        Ok(Showing::Number(Some(shown).filter(|shown| *shown != Shown::default())))
    }

    fn of(tokens: &[Token]) -> Section {
        let condition =
            tokens.iter().find_map(|token| if let Token::Condition(condition) = token { Some(condition.clone()) } else { None });
        Section { condition, content: content(tokens) }
    }
}

/// What a section for numbers shows.
fn content(tokens: &[Token]) -> Result<Content, &'static Message> {
    let tokens: Vec<&Token> = tokens.iter().filter(|token| !matches!(token, Token::Condition(_))).collect();
    if let Some(why) = tokens.iter().find_map(|token| if let Token::Refused(why) = token { Some(*why) } else { None }) {
        return Err(why);
    }
    if tokens.contains(&&Token::Percent) {
        return Err(&PERCENTAGE);
    }
    let is = |wanted: fn(&Token) -> bool| tokens.iter().any(|token| wanted(token));
    if is(|token| matches!(token, Token::Date(..))) {
        return date(&tokens).map(Content::Date);
    }
    if is(|token| matches!(token, Token::Slash)) {
        return Err(&FRACTION);
    }
    let whole = is(|token| matches!(token, Token::General | Token::Text));
    if whole && is(|token| matches!(token, Token::Digit(_) | Token::Point | Token::Comma | Token::Exponent)) {
        return Err(&UNKNOWN);
    }
    let of_number = |token: &&Token| !matches!(token, Token::Literal(_));
    let Some(first) = tokens.iter().position(of_number) else {
        let blank = tokens.iter().all(|token| matches!(token, Token::Literal(sign) if sign.is_whitespace()));
        return Err(if blank { &NOTHING } else { &TEXT_INSTEAD });
    };
    let last = tokens.iter().rposition(of_number).unwrap_or(first);
    let text =
        |tokens: &[&Token]| tokens.iter().filter_map(|token| if let Token::Literal(sign) = token { Some(*sign) } else { None }).collect();
    let (before, after): (String, String) = (text(&tokens[..first]), text(&tokens[last + 1..]));
    check_beside(&before, &after)?;
    let digits = if whole { if first == last { Layout::General } else { return Err(&UNKNOWN) } } else { layout(&tokens[first..=last])? };
    Ok(Content::Number { before, after, digits })
}

/// The layout of digits, from the first to the last token that is not a text beside them.
fn layout(tokens: &[&Token]) -> Result<Layout, &'static Message> {
    let mut mantissa = tokens;
    let mut scientific = false;
    if let Some(at) = tokens.iter().position(|token| **token == Token::Exponent) {
        let exponent = &tokens[at + 1..];
        if exponent.is_empty() || !exponent.iter().all(|token| matches!(token, Token::Digit(_))) {
            return Err(&UNKNOWN);
        }
        (mantissa, scientific) = (&tokens[..at], true);
    }
    let point = mantissa.iter().position(|token| **token == Token::Point);
    let (whole, fraction) = mantissa.split_at(point.unwrap_or(mantissa.len()));
    let fraction = fraction.get(1..).unwrap_or_default();
    if fraction.iter().any(|token| **token == Token::Point) {
        return Err(&DIGITS_BESIDE);
    }
    let digits = |tokens: &[&Token]| tokens.iter().filter(|token| matches!(token, Token::Digit(_))).count();
    if digits(whole) + digits(fraction) == 0 {
        return Err(&TEXT_INSTEAD);
    }
    // A comma after the last digit of a part divides by a thousand; one before the first digit is none that Excel writes.
    let after_the_digits = |part: &[&Token]| matches!(part.last(), Some(Token::Comma));
    if after_the_digits(whole) || fraction.iter().any(|token| **token == Token::Comma) {
        return Err(&SCALED);
    }
    if matches!(whole.first(), Some(Token::Comma)) {
        return Err(&DIGITS_BESIDE);
    }
    check_between(whole, true)?;
    check_between(fraction, false)?;
    let decimals = i32::try_from(digits(fraction)).map_err(|_| &UNKNOWN)?;
    if scientific {
        let step = i32::try_from(digits(whole).max(1)).map_err(|_| &UNKNOWN)?;
        return Ok(Layout::Scientific { decimals, step });
    }
    Ok(Layout::Fixed { decimals, zero: mantissa.iter().any(|token| **token == Token::Digit('0')) })
}

/// Checks the texts between digits: only blanks that make groups of three.
fn check_between(part: &[&Token], whole: bool) -> Result<(), &'static Message> {
    let mut groups = vec![0];
    for token in part {
        match token {
            Token::Digit(_) => *groups.last_mut().expect("one at least") += 1,
            Token::Comma => {}
            Token::Literal(sign) if sign.is_whitespace() => groups.push(0),
            _ => return Err(&DIGITS_BESIDE),
        }
    }
    let inner = if whole { &groups[1..] } else { &groups[..groups.len() - 1] };
    if inner.iter().all(|group| *group == 3) { Ok(()) } else { Err(&DIGITS_BESIDE) }
}

/// Checks the texts beside a number: nothing that makes it another number.
fn check_beside(before: &str, after: &str) -> Result<(), &'static Message> {
    const PERCENT_SIGNS: &str = "%‰‱％﹪٪";
    const BOUNDS: &str = "<>≤≥≦≧≈~∼±≠≲≳";
    const BOUNDS_AFTER: [&str; 2] = ["tro len", "tro xuong"];
    let beside = [before, after].join("\u{0}");
    if beside.contains(|sign| PERCENT_SIGNS.contains(sign)) {
        return Err(&PERCENTAGE);
    }
    if beside.contains(|sign| BOUNDS.contains(sign)) {
        return Err(&BOUND);
    }
    let texts = [fold(before), fold(after)];
    let says = |word: &str| texts.iter().any(|text| contains_words(text, word));
    if wording::says_inexact(says) || BOUNDS_AFTER.into_iter().any(says) || after.contains('+') {
        return Err(&BOUND);
    }
    if wording::says_not_official(says) {
        return Err(&STATUS);
    }
    // `m2` and `m³` are units; no other digit may stand beside the number, and no sign that turns its digits round.
    let turns =
        |sign: char| sign.is_control() || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut previous = '\u{0}';
    for sign in before.chars().chain([' ']).chain(after.chars()) {
        let power = matches!(previous, 'm' | 'M') && matches!(sign, '2' | '3' | '²' | '³');
        if turns(sign) || sign.is_numeric() && !power {
            return Err(&DIGITS_BESIDE);
        }
        previous = sign;
    }
    if before.trim_end().ends_with(['.', ',']) || after.starts_with(['.', ',']) {
        return Err(&DIGITS_BESIDE);
    }
    Ok(())
}

const MINUS: [char; 6] = ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}'];

/// Whether the texts beside a number are a minus, or brackets that stand for one.
///
/// # Errors
/// Half a pair of brackets, or several minus signs: a message.
fn minus(before: &str, after: &str) -> Result<bool, &'static Message> {
    let (before, after) = (before.trim(), after.trim());
    let at_an_end = |text: &str| text.starts_with(MINUS) || text.ends_with(MINUS);
    let lines = if at_an_end(before) || at_an_end(after) { [before, after].concat().matches(MINUS).count() } else { 0 };
    let opened = before.starts_with('(') || before.ends_with('(');
    let closed = (after.starts_with(')') || after.ends_with(')')) && !after.contains('(');
    match (lines, opened, closed) {
        (0, false, false) => Ok(false),
        (1, false, false) | (0, true, true) => Ok(true),
        _ => Err(&SIGN),
    }
}

/// The text beside a number, without its signs.
fn unit(before: &str, after: &str) -> Option<String> {
    let bare = |text: &str| text.trim_matches(|sign: char| !sign.is_alphanumeric() && !is_currency_sign(sign)).to_owned();
    let texts = [bare(before), bare(after)];
    let texts: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    Some(texts.join(" ")).filter(|text| !text.is_empty())
}

/// The part of a date that a section shows.
fn date(tokens: &[&Token]) -> Result<DatePart, &'static Message> {
    const WORDS: [&str; 6] = ["thang", "nam", "ngay", "t", "de", ""];
    let (mut years, mut months, mut days, mut times) = (0, 0, 0, 0);
    let mut words = String::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Date('y', count) => years = years.max(*count),
            // `m` beside hours or seconds is minutes.
            Token::Date('m', 1..=2) if is_minute(tokens, at) => times += 1,
            Token::Date('m', 1..=4) => months += 1,
            Token::Date('d', 1..=2) => days += 1,
            // A weekday says nothing that the day does not.
            Token::Date('d', 3..=4) => {}
            Token::Date('h' | 's' | 'a', _) => times += 1,
            Token::Literal(sign) => {
                if sign.is_numeric() {
                    return Err(&NO_DATE);
                }
                words.push(if "年月日".contains(*sign) { ' ' } else { *sign });
            }
            // Tenths of a second.
            Token::Point | Token::Digit('0') if times > 0 => {}
            Token::Point | Token::Comma => words.push(' '),
            _ => return Err(&NO_DATE),
        }
    }
    if !fold(&words).split(' ').all(|word| WORDS.contains(&word)) {
        return Err(&NO_DATE);
    }
    match (years, months, days, times) {
        (1.., 1.., 1.., _) => Ok(DatePart::Day),
        (1.., 1.., 0, 0) if !tokens.iter().any(|token| matches!(token, Token::Date('d', _))) => Ok(DatePart::Month),
        (3.., 0, 0, 0) if !tokens.iter().any(|token| matches!(token, Token::Date('d', _))) => Ok(DatePart::Year),
        _ => Err(&NO_DATE),
    }
}

fn is_minute(tokens: &[&Token], at: usize) -> bool {
    let letter = |token: &&&Token| if let Token::Date(letter, _) = token { Some(*letter) } else { None };
    let before = tokens[..at].iter().rev().find_map(|token| letter(&token));
    let after = tokens[at + 1..].iter().find_map(|token| letter(&token));
    before == Some('h') || after == Some('s')
}

/// Checks a section for texts: it shows the text once, and nothing beside it.
fn check_text(tokens: &[Token]) -> Result<(), &'static Message> {
    let texts = tokens.iter().filter(|token| **token == Token::Text).count();
    let blank = |token: &Token| matches!(token, Token::Literal(sign) if sign.is_whitespace());
    let general = matches!(tokens, [Token::General]);
    if general || texts == 1 && tokens.iter().all(|token| *token == Token::Text || blank(token)) { Ok(()) } else { Err(&TEXT_BESIDE) }
}

#[cfg(test)]
mod tests;
