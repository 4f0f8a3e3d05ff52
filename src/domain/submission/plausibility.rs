//! Plausibility: a figure compared with earlier years of its series. A figure far from them may be true or a typing error.
//! Rules between figures are in `validation`.

use std::collections::{BTreeMap, HashMap};

use super::warning::{RowWarning, Warning};
use crate::domain::message::message;
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::figure::Figure;
use crate::domain::observation::observation::Observation;
use crate::domain::time::period::Period;

/// Number of earlier years that are considered.
pub const YEARS: i32 = 8;

/// Minimum number of earlier figures for the outlier test.
const ENOUGH: usize = 8;

/// The exact figures of series, from earlier years and from the batch.
#[derive(Debug, Clone, Default)]
pub struct HistoricalValues(HashMap<SeriesKey, BTreeMap<Period, Decimal>>);

impl HistoricalValues {
    /// Adds the exact ones of these figures. A later figure replaces an earlier one of the same series and period.
    pub fn add<'o>(&mut self, observations: impl IntoIterator<Item = &'o Observation>) {
        // An interval is not comparable with other periods.
        for observation in observations.into_iter().filter(|observation| observation.period.months().is_some()) {
            let of_series = self.0.entry(observation.series.clone()).or_default();
            match observation.figure().and_then(Figure::exact) {
                Some(value) => of_series.insert(observation.period, value),
                None => of_series.remove(&observation.period),
            };
        }
    }

    /// Detects an unusual new figure from the figures before it. A renamed unit includes the figures under its old name.
    #[must_use]
    pub fn detect_outliers(&self, new: &Observation, indicator: &Indicator, catalogue: &Catalogue) -> Vec<RowWarning> {
        let Some(value) = new.figure().and_then(Figure::exact) else { return Vec::new() };
        let units = catalogue.provinces.get(&new.series.province).map(|unit| catalogue.provinces.continued(unit)).unwrap_or_default();
        let series = units.into_iter().map(|province| SeriesKey { province, ..new.series.clone() });
        let figures = series.filter_map(|series| self.0.get(&series)).flatten();
        let before = |(period, _): &(&Period, &Decimal)| alike(**period, new.period) && period.end() < new.period.start();
        let known: Vec<(Period, Decimal)> = figures.filter(before).map(|(period, value)| (*period, *value)).collect();
        let last_year = new.period.same_period_last_year();
        let base = known.iter().find(|(period, _)| *period == last_year).map(|(_, value)| *value);
        let jump = base.and_then(|base| jump(indicator, last_year, base, value));
        jump.into_iter().chain(outlier(&known, value)).collect()
    }
}

/// Whether two periods have the same length and calendar, so that their figures are comparable.
fn alike(one: Period, other: Period) -> bool {
    one.calendar() == other.calendar() && one.months().is_some() && one.months() == other.months()
}

/// A change on last year above the limit of the indicator: in percent, for a rate in percentage points.
fn jump(indicator: &Indicator, last_year: Period, base: Decimal, value: Decimal) -> Option<RowWarning> {
    let limit = indicator.yoy_limit?;
    let change = value.minus(base)?;
    let (size, unit) = match indicator.measure {
        Measure::Rate => (change, message!(en: "points", vi: "điểm %")),
        _ => (change.percent_of(base, 1).filter(|_| base.is_positive())?, message!(en: "%", vi: "%")),
    };
    (size.abs() > limit).then(|| RowWarning {
        code: Warning::YearOnYearJump,
        message: message!(
            en: "{value} is {size} {unit} from the {base} of {last_year}, and more than {limit} {unit} are not usual",
            vi: "{value} chênh {size} {unit} so với {base} của {last_year}, mà chênh quá {limit} {unit} là bất thường"; value, size, unit, base, limit
        ),
    })
}

/// An outlier by the modified z-score (Iglewicz and Hoaglin 1993): 0.6745 × distance from the median ÷ median of all distances exceeds
/// 3.5. If half of the figures are equal, the score does not exist.
fn outlier(known: &[(Period, Decimal)], value: Decimal) -> Option<RowWarning> {
    if known.len() < ENOUGH {
        return None;
    }
    let middle = median(known.iter().map(|(_, value)| *value).collect())?;
    let spread = median(known.iter().map(|(_, value)| (*value - middle).abs()).collect())?;
    let distance = (value - middle).abs();
    let far = Decimal::new(6745, 4).checked_mul(distance)? > Decimal::new(35, 1).checked_mul(spread)?;
    let (middle, count) = (middle.normalized(), known.len());
    (far && !spread.is_zero()).then(|| RowWarning {
        code: Warning::Outlier,
        message: message!(
            en: "{value} is far from {middle}, the median of the {count} figures before",
            vi: "{value} khác xa {middle}, trung vị của {count} số liệu trước đó"; value, middle
        ),
    })
}

/// The median: the middle number, or the mean of the two in the middle.
fn median(mut numbers: Vec<Decimal>) -> Option<Decimal> {
    numbers.sort_unstable();
    let half = numbers.len() / 2;
    let upper = *numbers.get(half)?;
    if numbers.len() % 2 == 1 {
        return Some(upper);
    }
    numbers[half - 1].checked_add(upper)?.checked_div(Decimal::from(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::indicator;
    use crate::domain::time::period::Calendar;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse_json(text).unwrap()
    }

    #[test]
    fn a_jump_is_a_change_beyond_the_limit_of_the_indicator() {
        use Measure::{Flow, Rate, Stock};
        let last_year = Period::parse("2023-05", Calendar::Civil).unwrap();
        for (measure, limit, base, value, jumps, why) in [
            (Flow, "20", "100", "120", false, "as much as the limit"),
            (Flow, "20", "100", "120.1", true, "a little more"),
            (Flow, "20", "100", "79.9", true, "as far down"),
            (Flow, "", "100", "1000", false, "without a limit nothing is a jump"),
            (Flow, "20", "0", "1000", false, "of nothing there is no percentage"),
            (Stock, "50", "1000", "1596", true, "a stock by percent too"),
            (Rate, "5", "74.75", "77.15", false, "a rate by points"),
            (Rate, "2", "74.75", "77.15", true, "by more of them"),
        ] {
            let mut indicator = indicator(measure, 1);
            indicator.yoy_limit = (!limit.is_empty()).then(|| decimal(limit));
            assert_eq!(jump(&indicator, last_year, decimal(base), decimal(value)).is_some(), jumps, "{why}");
        }
    }

    #[test]
    fn an_outlier_is_far_from_what_the_series_was() {
        for (known, value, odd, why) in [
            ("10 11 9 10 12 8 10", "1000", false, "seven figures do not tell what is usual"),
            // Median 10, distances 0 1 1 0 2 2 0 1 with median 1, so 3.5 / 0.6745 = 5.19 is the largest accepted distance.
            ("10 11 9 10 12 8 10 11", "15.1", false, "within"),
            ("10 11 9 10 12 8 10 11", "15.2", true, "beyond"),
            ("10 11 9 10 12 8 10 11", "4.8", true, "as far below"),
            ("10 11 9 10 12 8 10 11", "100", true, "a zero too many"),
            ("10 10 10 10 10 10 10 90", "1000", false, "without a spread nothing is far"),
            ("1 2 3 4 5 6 7 8", "4.5", false, "the median itself"),
        ] {
            let period = Period::parse("2023-05", Calendar::Civil).unwrap();
            let known: Vec<(Period, Decimal)> = known.split(' ').map(|text| (period, decimal(text))).collect();
            assert_eq!(outlier(&known, decimal(value)).is_some(), odd, "{value} after {known:?}: {why}");
        }
    }
}
