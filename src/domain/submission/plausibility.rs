//! Plausibility: the change of a figure on last year, beside the changes of the years before. A change far from them may be true or a
//! typing error. Rules between figures are in `validation`.

use std::collections::{BTreeMap, HashMap};

use super::warning::{RowWarning, Warning};
use crate::domain::catalogue::indicator::{Aggregation, Indicator, Measure};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::message::{Message, message};
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::figure::Figure;
use crate::domain::observation::observation::Observation;
use crate::domain::time::period::Period;
use crate::domain::time::tet;

/// Number of earlier years that are considered.
pub const YEARS: i32 = 8;

/// Minimum number of earlier changes that say what is usual. Before that, any change by more than a factor of 3 (a rate: 30 points) is
/// far.
const ENOUGH: usize = 2;

/// A count that changes by fewer than these things is never odd: small counts vary by chance. In things, whatever the unit of the indicator.
const FEW: Decimal = Decimal::TEN;

/// Least distance from the usual change that is far, in tenths of the logarithm: a factor of 1.65. Official series seldom
/// move by more when a census or another method comes between.
const LEAST: i64 = 5;

/// The same for the two months of Tết together: a slip in one of them moves their sum by half as much.
const LEAST_OF_TWO_MONTHS: i64 = 3;

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

    /// Detects an unusual new figure by its change on the same period last year. A renamed unit includes the figures under its old name;
    /// a unit that was formed since last year has none to change from.
    #[must_use]
    pub fn detect_outliers(&self, new: &Observation, indicator: &Indicator, catalogue: &Catalogue) -> Vec<RowWarning> {
        let Some(value) = new.figure().and_then(Figure::exact) else { return Vec::new() };
        let units = catalogue.provinces.get(&new.series.province).map(|unit| catalogue.provinces.continued(unit)).unwrap_or_default();
        let series = units.into_iter().map(|province| SeriesKey { province, ..new.series.clone() });
        let figures = series.filter_map(|series| self.0.get(&series)).flatten();
        // A month that is sent again is judged with its later month of Tết.
        let together = tet::months_of_tet(new.period).unwrap_or([new.period; 2]);
        let before = |(period, _): &(&Period, &Decimal)| {
            alike(**period, new.period) && (period.end() < new.period.start() || together.contains(*period))
        };
        let mut known: BTreeMap<Period, Decimal> = figures.filter(before).map(|(period, value)| (*period, *value)).collect();
        known.insert(new.period, value);
        let Some(change) = Change::of(indicator, new.period, &known) else { return Vec::new() };
        let mut earlier = Vec::new();
        let mut period = new.period;
        for _ in 1..YEARS {
            period = period.same_period_last_year();
            earlier.extend(Change::of(indicator, period, &known));
        }
        change.jump(indicator).into_iter().chain(change.outlier(&earlier)).collect()
    }
}

/// Whether two periods have the same length and calendar, so that their figures are comparable.
fn alike(one: Period, other: Period) -> bool {
    one.calendar() == other.calendar() && one.months().is_some() && one.months() == other.months()
}

/// A figure and that of the same period last year. Where Tết moved, those of its two months together.
#[derive(Debug, Clone, Copy)]
struct Change {
    last_year: Period,
    /// The two months of Tết that are taken together.
    months: Option<[Period; 2]>,
    base: Decimal,
    value: Decimal,
    /// The size: the logarithm of the growth, for a rate the difference in percentage points.
    size: Decimal,
    rate: bool,
}

impl Change {
    /// The change of a period, if both figures are known and their change has a meaning: there is no growth from or to zero, nor of
    /// negative figures. Of months in which Tết moved, only the sum of its two months changes comparably.
    fn of(indicator: &Indicator, period: Period, known: &BTreeMap<Period, Decimal>) -> Option<Change> {
        let last_year = period.same_period_last_year();
        let months = if !indicator.is_state() && tet::moved(period) {
            let adds_up = indicator.time_aggregation == Aggregation::Sum;
            Some(tet::months_of_tet(period).filter(|months| adds_up && months.contains(&period))?)
        } else {
            None
        };
        let sum = |[one, other]: [Period; 2]| known.get(&one)?.checked_add(*known.get(&other)?);
        let (base, value) = match months {
            Some(months) => (sum(months.map(Period::same_period_last_year))?, sum(months)?),
            None => (*known.get(&last_year)?, *known.get(&period)?),
        };
        let rate = indicator.measure == Measure::Rate;
        let difference = value.minus(base)?;
        if !rate && indicator.is_count() && difference.abs().times_power_of_ten(indicator.unit_mult)? < FEW {
            return None;
        }
        let size = if rate {
            difference
        } else {
            Some((base, value)).filter(|(base, value)| base.is_positive() && value.is_positive())?;
            value.ln()?.checked_sub(base.ln()?)?
        };
        Some(Change { last_year, months, base, value, size, rate })
    }

    /// The period of last year's figure, and for two months of Tết a note behind this year's.
    fn periods(&self) -> (Message, Option<Message>) {
        let of_two = |[one, other]: [Period; 2]| message!(en: "{one} and {other}", vi: "{one} và {other}");
        if let Some(months) = self.months {
            let now = of_two(months);
            let note = message!(en: " ({now}, the months of Tết together)", vi: " ({now}, cộng hai tháng có Tết)"; now);
            return (of_two(months.map(Period::same_period_last_year)), Some(note));
        }
        let last_year = self.last_year.to_string();
        (message!(en: "{last_year}", vi: "{last_year}"), None)
    }

    /// A change above the limit of the indicator: in percent of the smaller figure, so that 200 is a factor of 3 up or down; for a rate in
    /// percentage points.
    fn jump(&self, indicator: &Indicator) -> Option<RowWarning> {
        let limit = indicator.yoy_limit?;
        let Change { base, value, .. } = *self;
        let (last_year, together) = self.periods();
        let change = value.minus(base)?;
        let difference = change.abs();
        let size = if self.rate { difference } else { difference.percent_of(base.min(value), 1)? };
        (size > limit).then(|| RowWarning {
            code: Warning::YearOnYearJump,
            message: if self.rate {
                message!(
                    en: "{value} is {change} points from the {base} of {last_year}, and more than {limit} points are not usual",
                    vi: "{value} chênh {change} điểm phần trăm so với {base} của kỳ {last_year}; chênh quá {limit} điểm là bất thường";
                    value, change, base, limit, last_year
                )
            } else {
                message!(
                    en: "{value}{together} and the {base} of {last_year} differ by {size} % of the smaller, and more than {limit} % is \
                         not usual",
                    vi: "{value}{together} và {base} của kỳ {last_year} chênh nhau {size} % so với số nhỏ hơn; chênh quá {limit} % là \
                         bất thường";
                    value, base, size, limit, together, last_year
                )
            },
        })
    }

    /// A change that is far from the median of the changes before: by more than 3.5 times their median absolute deviation, scaled to a
    /// standard deviation (× 1.4826; Iglewicz and Hoaglin 1993), and by more than [`LEAST`], for a rate 10 points.
    /// However much a series varies, by more than 2 in the logarithm (a factor of 7.4), so that a digit too many is found.
    fn outlier(&self, earlier: &[Change]) -> Option<RowWarning> {
        let sizes: Vec<Decimal> = earlier.iter().map(|change| change.size).collect();
        let (middle, allowed) = if sizes.len() < ENOUGH {
            (Decimal::ZERO, if self.rate { Decimal::from(30) } else { Decimal::from(3).ln()? })
        } else {
            let middle = median(sizes.clone())?;
            let deviation = median(sizes.iter().map(|size| Some(size.checked_sub(middle)?.abs())).collect::<Option<_>>()?)?;
            let (least, most) = match (self.rate, self.months) {
                (true, _) => (Decimal::TEN, Decimal::HUNDRED),
                (false, None) => (Decimal::new(LEAST, 1), Decimal::from(2)),
                (false, Some(_)) => (Decimal::new(LEAST_OF_TWO_MONTHS, 1), Decimal::from(2)),
            };
            (middle, Decimal::new(51_891, 4).checked_mul(deviation)?.clamp(least, most))
        };
        let Change { base, value, .. } = *self;
        let (last_year, together) = self.periods();
        (self.size.checked_sub(middle)?.abs() > allowed).then(|| RowWarning {
            code: Warning::Outlier,
            message: if sizes.len() < ENOUGH {
                message!(
                    en: "{value}{together} is very far from the {base} of {last_year}",
                    vi: "{value}{together} khác rất xa {base} của kỳ {last_year}"; value, base, together, last_year
                )
            } else {
                let years = sizes.len();
                message!(
                    en: "{value}{together} after the {base} of {last_year} is far from the changes of the {years} years before",
                    vi: "{value}{together} so với {base} của kỳ {last_year} khác xa mức thay đổi của {years} năm trước đó";
                    value, base, together, last_year
                )
            },
        })
    }
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
mod study;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{flow, indicator};
    use crate::domain::time::period::Calendar;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse_json(text).unwrap()
    }

    /// The codes of what is odd about the last of some figures of May, one a year until 2024; `-` for none.
    fn odd(indicator: &Indicator, figures: &str) -> String {
        let figures: Vec<&str> = figures.split(' ').collect();
        let years = (2025 - i32::try_from(figures.len()).unwrap())..;
        let month = |year: i32| Period::parse(&format!("{year}-05"), Calendar::Civil).unwrap();
        let known = years.zip(&figures).filter(|(_, text)| **text != "-").map(|(year, text)| (month(year), decimal(text))).collect();
        let Some(change) = Change::of(indicator, month(2024), &known) else { return String::new() };
        let earlier: Vec<Change> = (2017..2024).filter_map(|year| Change::of(indicator, month(year), &known)).collect();
        let found = change.jump(indicator).into_iter().chain(change.outlier(&earlier));
        found.map(|warning| warning.code.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_jump_is_a_change_beyond_the_limit_of_the_indicator() {
        use Measure::{Average, Flow, Rate, Stock};
        for (measure, limit, figures, jumps, why) in [
            (Flow, "20", "100 120", false, "as much as the limit"),
            (Flow, "20", "100 120.1", true, "a little more"),
            (Flow, "20", "120 100", false, "as far down: a fifth of the smaller"),
            (Flow, "20", "120.1 100", true, "a little more"),
            (Flow, "200", "100 300", false, "three times as much"),
            (Flow, "200", "100 301", true, "more"),
            (Flow, "200", "300 100", false, "a third"),
            (Flow, "200", "301 100", true, "less"),
            (Flow, "", "100 120", false, "without a limit nothing is a jump"),
            (Flow, "20", "0 1000", false, "of nothing there is no percentage"),
            (Flow, "20", "1000 0", false, "nor of what comes to nothing"),
            (Flow, "20", "-5 1000", false, "nor of less than nothing"),
            (Average, "50", "1000 1596", true, "an average by percent too"),
            (Stock, "50", "1000 1596", true, "a stock too"),
            (Rate, "5", "74.75 77.15", false, "a rate by points"),
            (Rate, "2", "74.75 77.15", true, "by more of them"),
            (Rate, "2", "0 77.15", true, "points there are from nothing too"),
        ] {
            let mut indicator = indicator(measure, 1);
            indicator.yoy_limit = (!limit.is_empty()).then(|| decimal(limit));
            assert_eq!(odd(&indicator, figures).contains("yoy_jump"), jumps, "{measure:?} {limit} {figures}: {why}");
        }
    }

    #[test]
    fn an_outlier_is_far_from_the_changes_before() {
        use Measure::{Flow, Rate};
        for (measure, decimals, figures, expected, why) in [
            (Flow, 1, "100", false, "the first figure"),
            (Flow, 1, "100 299", false, "the first change, by less than a factor of 3"),
            (Flow, 1, "100 301", true, "by more"),
            (Flow, 1, "100 33", true, "as much down"),
            (Flow, 1, "100 110 360", true, "the second change, by more than 3"),
            (Flow, 1, "100 110 121 133", false, "a tenth more every year"),
            (Flow, 1, "100 110 121 219", false, "a factor of 1.64 beyond the tenth more: 1.1 × 1.64"),
            (Flow, 1, "100 110 121 220", true, "a factor of 1.65 beyond it"),
            (Flow, 1, "100 110 121 81", false, "as far below"),
            (Flow, 1, "100 110 121 80", true, "farther"),
            (Flow, 1, "100 110 121 1331", true, "a digit too many"),
            (Flow, 1, "100 110 121 13.3", true, "a digit too few"),
            (Flow, 1, "100 200 100 200 100 200", false, "a series that doubles every other year does so again"),
            (Flow, 1, "100 200 100 200 100 2000", true, "and not twentyfold"),
            (Flow, 1, "1000 1200 - 1500", false, "without last year's figure there is no change"),
            (Flow, 1, "5 0 900", false, "nothing grows from zero"),
            (Flow, 1, "500 510 0", false, "nor to zero"),
            (Flow, 0, "1 9", false, "a small count varies by chance"),
            (Flow, 0, "1 11", true, "ten more is no chance"),
            (Rate, 2, "50 79", false, "a rate by points: less than 30 at first"),
            (Rate, 2, "50 81", true, "more"),
            (Rate, 2, "50 52 54 65", false, "then within 10 points of the usual 2"),
            (Rate, 2, "50 52 54 67", true, "beyond"),
            (Rate, 2, "0 0 0 0.5", false, "points there are from zero"),
            (Rate, 2, "77.15 77.2 77.4 7.75", true, "a digit too few"),
        ] {
            assert_eq!(!odd(&indicator(measure, decimals), figures).is_empty(), expected, "{measure:?} {figures}: {why}");
        }
    }

    #[test]
    fn where_tet_moved_the_two_months_are_judged_together() {
        let month = |code: &str| Period::parse(code, Calendar::Civil).unwrap();
        // Tết was in January 2023, in February 2024 and in January 2025.
        let known = |figures: &str| -> BTreeMap<Period, Decimal> {
            let one = |text: &str| text.split_once('=').map(|(code, value)| (month(code), decimal(value))).unwrap();
            figures.split(' ').map(one).collect()
        };
        let sales = known("2024-01=160 2024-02=40 2025-01=40 2025-02=150");
        let flow = flow();
        let change = |indicator: &Indicator, code: &str, known: &BTreeMap<Period, Decimal>| {
            Change::of(indicator, month(code), known).map(|change| format!("{} {}", change.base, change.value))
        };
        assert_eq!(change(&flow, "2025-02", &sales).as_deref(), Some("200 190"), "200 in both months, then 190");
        assert_eq!(change(&flow, "2025-01", &known("2024-01=160 2024-02=40 2025-01=40")), None, "January alone says nothing");
        assert_eq!(change(&flow, "2024-05", &known("2023-05=10 2024-05=30")).as_deref(), Some("10 30"), "no Tết in May");
        let told = |figures: &str| {
            let known = known(figures);
            let earlier: Vec<Change> = ["2023-02", "2024-02"].iter().filter_map(|code| Change::of(&flow, month(code), &known)).collect();
            let found = Change::of(&flow, month("2025-02"), &known).and_then(|change| change.outlier(&earlier));
            found.map(|warning| warning.message.english().to_owned())
        };
        let before = "2022-01=100 2022-02=100 2023-01=80 2023-02=120 2024-01=120 2024-02=80";
        assert_eq!(told(&format!("{before} 2025-01=90 2025-02=115")), None);
        assert_eq!(
            told(&format!("{before} 2025-01=90 2025-02=11.5")).as_deref(),
            Some(
                "101.5 (2025-01 and 2025-02, the months of Tết together) after the 200 of 2024-01 and 2024-02 is far from the changes of \
                 the 2 years before"
            ),
            "a digit too few in one of them"
        );
        let average = indicator(Measure::Average, 1);
        assert_eq!(change(&average, "2025-02", &sales), None, "averages are not added");
        let stock = indicator(Measure::Stock, 1);
        assert_eq!(change(&stock, "2025-02", &sales).as_deref(), Some("40 150"), "what stands at the end of a month does not move");
    }
}
