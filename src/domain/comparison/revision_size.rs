//! The size of a revision: the change from the figure before it.
//! Comparisons of periods are in `compare`.

use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::figure::Figure;
use crate::domain::observation::observation::Content;

/// The change that a revision made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// The difference in the unit of the indicator; in percentage points for a rate. `None` if one of the two is not an exact number.
    pub change: Option<Decimal>,
    /// The difference in percent of the earlier figure. Not for rates, and not if the earlier figure is zero or negative.
    pub change_pct: Option<Decimal>,
}

impl Size {
    /// Computes the size of a revision from the content before and after.
    #[must_use]
    pub fn of(indicator: &Indicator, before: Option<&Content>, after: &Content) -> Size {
        let exact = |content: &Content| content.figure().and_then(Figure::exact);
        let Some((before, after)) = before.and_then(exact).zip(exact(after)) else { return Size::default() };
        let change = after.minus(before);
        let by_percent = indicator.measure != Measure::Rate && before > Decimal::ZERO;
        let change_pct = change.filter(|_| by_percent).and_then(|change| change.percent_of(before, indicator.percent_decimals()));
        Size { change, change_pct }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::content;

    use crate::domain::testing::indicator;

    #[test]
    fn the_size_of_a_revision_follows_the_measure() {
        use Measure::{Flow, Rate};
        for (measure, before, after, change, change_pct) in [
            (Flow, "1100 E", "1135", "35", "3.2"),
            (Flow, "5", "0", "-5", "-100"),
            (Flow, "0", "5", "5", ""),
            (Rate, "74.75", "77.15", "2.4", ""),
            (Flow, ">5", "6", "", ""),
            (Flow, "5", "20-23", "", ""),
            (Flow, "5", "withdrawn", "", ""),
            (Flow, "nil", "5", "", ""),
        ] {
            let size = Size::of(&indicator(measure, 1), Some(&content(before)), &content(after));
            let shown = |number: Option<Decimal>| number.map(|number| number.to_string()).unwrap_or_default();
            assert_eq!((shown(size.change).as_str(), shown(size.change_pct).as_str()), (change, change_pct), "{before} to {after}");
        }
        assert_eq!(Size::of(&indicator(Flow, 1), None, &content("5")), Size::default(), "the first revision changes nothing");
    }
}
