//! Units of a series: levels, or changes on a year ago.
//! The changes themselves are computed in `compare`.

use super::compare::Comparison;
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::fault::{Code, Fault, code_list};
use crate::domain::message::message;
use crate::domain::number::quantity::Quantity;
use crate::domain::reason::Reason;

code_list! {
    /// The units of the points of a series, with the names of FRED.
    pub enum Units {
        /// The level, as reported.
        Level = "lin",
        /// Change on a year ago, in the unit of the indicator.
        Change = "ch1",
        /// Percent change on a year ago.
        PercentChange = "pc1",
        /// Same period last year = 100.
        Index = "idx1",
        /// Percentage points on a year ago; rates only.
        Points = "pp1",
    }
}

impl Units {
    /// Checks that a series of this indicator can be given in these units.
    ///
    /// # Errors
    /// `units_not_applicable`: percentage points are only for rates, and the change of a rate is in percentage points.
    pub fn check(self, indicator: &Indicator) -> Result<(), Fault> {
        let rate = indicator.measure == Measure::Rate;
        let (applies, instead) = match self {
            Units::Points => (rate, Units::Change),
            Units::Change => (!rate, Units::Points),
            Units::Level | Units::PercentChange | Units::Index => (true, self),
        };
        if applies {
            return Ok(());
        }
        let message = message!(
            en: "`{}` is a {}: use `{}`",
            vi: "`{}` là chỉ tiêu loại {}: hãy dùng `{}`", indicator.code, indicator.measure.as_str(), instead.as_str()
        );
        Err(Fault::new(Code::UnitsNotApplicable, message).allowing([instead.as_str()]))
    }

    /// The number of a comparison in these units, and its reasons. A level is not a comparison.
    #[must_use]
    pub fn pick(self, comparison: Comparison) -> (Option<Quantity>, Vec<Reason>) {
        let value = match self {
            Units::Level => None,
            Units::Change => comparison.change,
            Units::PercentChange => comparison.change_pct,
            Units::Index => comparison.index_pct,
            Units::Points => comparison.change_pp,
        };
        (value, comparison.reasons)
    }
}
