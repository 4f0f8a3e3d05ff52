//! Figures: a quantity, its status, and the check of possible values.
//! Periods and series of figures are in `observation`.

use chrono::NaiveDate;

use crate::domain::fault::code_list;
use crate::domain::language::Language;
use crate::domain::message::Bilingual;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity};
use crate::domain::time::period::Period;

code_list! {
    /// The observation status, with the SDMX codes (Luật Thống kê Art. 3).
    pub enum Status {
        /// Ước tính: an estimate. The period still runs or has just ended.
        Estimated = "E",
        /// Sơ bộ: complete but unconfirmed.
        Preliminary = "P",
        /// Chính thức: official.
        Official = "A",
    }
}

/// As in forms: `ước tính`, `sơ bộ`, `chính thức`; the code in English.
impl Bilingual for Status {
    fn in_language(&self, language: Language) -> String {
        let word = match (language, self) {
            (Language::English, status) => status.as_str(),
            (Language::Vietnamese, Status::Estimated) => "ước tính",
            (Language::Vietnamese, Status::Preliminary) => "sơ bộ",
            (Language::Vietnamese, Status::Official) => "chính thức",
        };
        word.to_owned()
    }
}

/// A figure: a quantity and, for a rate, its numerator and denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Figure {
    /// The number in the unit and multiplier of the indicator, with its submitted digits.
    pub quantity: Quantity,
    /// The numerator of a rate.
    pub numerator: Option<Decimal>,
    /// The denominator of a rate.
    pub denominator: Option<Decimal>,
    /// The observation status.
    pub status: Status,
    /// The reference day of a stock or of a rate at a moment, if the report states it.
    pub as_of: Option<NaiveDate>,
}

impl Figure {
    /// The number, if it is exact and not a bound or a range.
    #[must_use]
    pub fn exact(&self) -> Option<Decimal> {
        self.quantity.exact()
    }

    /// The day that the figure of a state is true of, in a period.
    pub(crate) fn day(&self, period: Period) -> NaiveDate {
        self.as_of.unwrap_or(period.end())
    }

    /// The numerator and denominator of an exact rate.
    #[must_use]
    pub(crate) fn ratio(&self) -> Option<(Decimal, Decimal)> {
        // A rate that contradicts its numerator and denominator was kept as submitted. It is not used in exact results.
        let sound = self.exact().is_some() && !self.disagrees_with_its_parts();
        self.numerator.zip(self.denominator).filter(|_| sound)
    }

    /// The number for comparisons. For a rate: numerator ÷ denominator to twenty decimals, before rounding.
    #[must_use]
    pub(crate) fn unrounded(&self) -> Quantity {
        let ratio = self.ratio().and_then(|(numerator, denominator)| numerator.unrounded_percent_of(denominator));
        ratio.map_or(self.quantity, |ratio| Quantity::number(ratio.to_twenty_decimals(), Bound::Equal))
    }

    /// Whether a rate contradicts its numerator and denominator: an error that was accepted as submitted.
    #[must_use]
    pub fn disagrees_with_its_parts(&self) -> bool {
        let Some((numerator, denominator)) = self.numerator.zip(self.denominator) else { return false };
        numerator.unrounded_percent_of(denominator).is_some_and(|computed| !self.quantity.agrees_with(computed))
    }
}
