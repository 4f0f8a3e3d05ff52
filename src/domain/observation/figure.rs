//! Figures: a quantity, how final it is, and the ratio behind a rate.
//! Which figures an indicator can have is in `figure_check`.

use chrono::NaiveDate;

use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity};
use crate::domain::time::period::Period;

code_list! {
    /// How final a figure is, as SDMX codes it (Luật Thống kê Art. 3).
    pub enum Status {
        /// Ước tính: an estimate, the period still runs or has just ended.
        Estimated = "E",
        /// Sơ bộ: complete but unconfirmed.
        Preliminary = "P",
        /// Chính thức: official.
        Official = "A",
    }
}

/// A figure: a quantity, and for a rate what it was formed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// The number in the unit and multiplier of the indicator, with the digits it was sent with.
    pub quantity: Quantity,
    /// The numerator of a rate.
    pub numerator: Option<Decimal>,
    /// The denominator of a rate.
    pub denominator: Option<Decimal>,
    /// How final it is.
    pub status: Status,
    /// The day that a state (stock, or rate that stands at a moment) was counted on, where the report says so.
    pub as_of: Option<NaiveDate>,
}

impl Figure {
    /// The number, where it is the number itself and not a bound or a range.
    #[must_use]
    pub fn exact(&self) -> Option<Decimal> {
        self.quantity.exact()
    }

    /// The day that the figure of a state is true of, in a period.
    pub(crate) fn day(&self, period: Period) -> NaiveDate {
        self.as_of.unwrap_or(period.end())
    }

    /// The numerator and denominator that an exact rate is made of.
    #[must_use]
    pub(crate) fn ratio(&self) -> Option<(Decimal, Decimal)> {
        // A slip that was kept as it was sent is no part of anything exact.
        let sound = self.exact().is_some() && !self.disagrees_with_its_parts();
        self.numerator.zip(self.denominator).filter(|_| sound)
    }

    /// The number to compare by: a rate as its numerator and denominator make it, to twenty decimals, before it was rounded.
    #[must_use]
    pub(crate) fn unrounded(&self) -> Quantity {
        let ratio = self.ratio().and_then(|(numerator, denominator)| numerator.unrounded_percent_of(denominator));
        ratio.map_or(self.quantity, |ratio| Quantity::number(ratio.to_twenty_decimals(), Bound::Equal))
    }

    /// Whether a rate is another one than its numerator and denominator make: a slip that was accepted as it was sent.
    #[must_use]
    pub fn disagrees_with_its_parts(&self) -> bool {
        let Some((numerator, denominator)) = self.numerator.zip(self.denominator) else { return false };
        numerator.unrounded_percent_of(denominator).is_some_and(|computed| !self.quantity.agrees_with(computed))
    }
}
