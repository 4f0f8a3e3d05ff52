//! Codes and names that meant another province within the time of a question: 24 was Bắc Giang and is Bắc Ninh.
//! The answer is about one of them, and names the others.

use chrono::NaiveDate;

use super::province::{Province, Provinces};
use crate::domain::language::Language;

/// A province that a code or name meant on some of the days asked for, beside the one that the answer is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherMeaning {
    /// The code, name or key as asked.
    pub asked: String,
    /// The province of the answer.
    pub meant: Province,
    /// The other province.
    pub other: Province,
}

impl OtherMeaning {
    /// The other provinces that a text meant from one day to another, in order of their keys. A province that goes on with another name or
    /// rank is no other.
    #[must_use]
    pub fn all(provinces: &Provinces, asked: &str, meant: &Province, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Vec<OtherMeaning> {
        let same = provinces.continued(provinces.latest(meant));
        let within = |unit: &Province| {
            to.is_none_or(|to| unit.valid_from <= to) && from.is_none_or(|from| unit.valid_to.is_none_or(|last| from <= last))
        };
        let others = provinces.named(asked).into_iter().filter(|unit| !same.contains(&unit.key) && within(unit));
        others.map(|other| OtherMeaning { asked: asked.trim().to_owned(), meant: meant.clone(), other: other.clone() }).collect()
    }

    /// The notice as a sentence.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let OtherMeaning { asked, meant, other } = self;
        match language {
            Language::Vietnamese => {
                let day = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
                let until = other.valid_to.map(|last| format!(" đến hết ngày {}", day(last))).unwrap_or_default();
                format!(
                    "Trong câu trả lời này, `{asked}` là {} (`{}`). Từ ngày {}{until}, `{asked}` là {} (`{}`); để hỏi về đơn vị đó, hãy dùng mã định danh của nó.",
                    meant.name,
                    meant.key,
                    day(other.valid_from),
                    other.name,
                    other.key
                )
            }
            Language::English => format!(
                "In this answer `{asked}` is {} (`{}`). {}, `{asked}` was {} (`{}`); use that key to ask for it.",
                meant.name_en,
                meant.key,
                capitalised(other.time().english()),
                other.name_en,
                other.key
            ),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}
