//! Comparisons: a figure with the same period last year, by the rule of its measure, and the comparability of the two.
//! A number that cannot be computed is absent and has a reason: it is never 0 and never an estimate.

use std::collections::BTreeSet;

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::derivation::derived::{Coverage, ResolvedValue, Unavailable};
use crate::domain::derivation::territory::Territory;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity, Sign};
use crate::domain::observation::figure::Figure;
use crate::domain::reason::{Comparable, Reason};
use crate::domain::time::period::Period;
use crate::domain::time::tet;

/// The comparison of a figure with an earlier one: the same period last year, or the previous period.
///
/// The numbers are exact if both figures are. For bounds and ranges they are bounds and ranges too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Difference in the unit of the indicator; for flows, stocks and averages.
    pub change: Option<Quantity>,
    /// Relative change in percent.
    pub change_pct: Option<Quantity>,
    /// Index, earlier figure = 100.
    pub index_pct: Option<Quantity>,
    /// Difference in percentage points; for rates.
    pub change_pp: Option<Quantity>,
    /// Whether the two figures may be compared.
    pub comparable: Comparable,
    /// The reasons that limit or prevent the comparison.
    pub reasons: Vec<Reason>,
}

impl Comparison {
    /// Compares a figure with an earlier one.
    ///
    /// Flows, stocks and averages have a change in their unit, rates in percentage points. The relative change and the index are given
    /// for all measures; for a rate they are additional to the percentage points. `circumstances` are further reasons that do not come
    /// from the two figures themselves: coverage, territory, definition.
    #[must_use]
    pub fn of(indicator: &Indicator, current: Option<&Figure>, baseline: Option<&Figure>, circumstances: &[Reason]) -> Comparison {
        let mut reasons = Vec::new();
        reasons.extend(current.is_none().then_some(Reason::CurrentMissing));
        reasons.extend(baseline.is_none().then_some(Reason::BaseMissing));
        reasons.extend(circumstances);
        let (Some(current), Some(baseline)) = (current, baseline) else {
            distinct(&mut reasons);
            return Comparison::none(reasons);
        };
        reasons.extend((current.status != baseline.status).then_some(Reason::StatusMismatch));
        // Rounded once, at the end: a rate of 10 of 12 is compared as 10/12, not as 83.33.
        let quotient = quotient_of_ratios(current, baseline);
        let (current, baseline) = (current.unrounded(), baseline.unrounded());
        let exact = current.exact().is_some() && baseline.exact().is_some();
        reasons.extend((!exact).then_some(Reason::QualifierInexact));

        let decimals = indicator.percent_decimals();
        let difference = Quantity::sum([(Sign::Plus, current), (Sign::Minus, baseline)]);
        let in_percent = |of: Decimal, by: Decimal| {
            let percent = of.percent_of(by, decimals).ok_or(Reason::OutOfRange)?;
            Ok::<_, Reason>(Quantity::number(percent, Bound::Equal))
        };
        let index = quotient.map_or_else(|| index(indicator, current, baseline), |(of, by)| in_percent(of, by));
        let change_pct = match (&index, quotient) {
            (Ok(_), Some((of, by))) => of.minus(by).ok_or(Reason::OutOfRange).and_then(|change| in_percent(change, by)),
            // Both numbers are rounded once, from the original figures.
            (Ok(_), None) if exact => difference.and_then(|difference| difference.percent_of(baseline, decimals)),
            (Ok(index), None) if index.bound() == Bound::About => about_change(current, baseline, decimals),
            (Ok(index), None) => Quantity::sum([(Sign::Plus, *index), (Sign::Minus, Quantity::number(Decimal::HUNDRED, Bound::Equal))]),
            (Err(reason), _) => Err(*reason),
        };
        let failures = [difference.err(), index.err(), change_pct.err()];
        reasons.extend(failures.into_iter().flatten());
        distinct(&mut reasons);

        let rate = indicator.measure == Measure::Rate;
        let (difference, change_pct, index_pct) = (difference.ok(), change_pct.ok(), index.ok());
        Comparison {
            change: difference.filter(|_| !rate),
            change_pp: difference.filter(|_| rate).and_then(|points| points.rounded(decimals)),
            change_pct,
            index_pct,
            comparable: match (difference.or(index_pct), reasons.is_empty()) {
                (None, _) => Comparable::No,
                (Some(_), true) => Comparable::Yes,
                (Some(_), false) => Comparable::Limited,
            },
            reasons,
        }
    }

    /// Compares the figure of a period with an earlier one. Each is reported, derived, or unavailable with a reason. `of_periods` are
    /// the reasons that lie in the two periods: territory, Tết.
    #[must_use]
    pub fn between(
        catalogue: &Catalogue,
        indicator: &Indicator,
        of_periods: &[Reason],
        current: &Result<ResolvedValue, Unavailable>,
        baseline: &Result<ResolvedValue, Unavailable>,
    ) -> Comparison {
        let both = [current, baseline];
        let formed = || both.into_iter().filter_map(|side| side.as_ref().ok());
        let missing = [(current, Reason::CurrentMissing), (baseline, Reason::BaseMissing)].into_iter();
        let missing = missing.filter_map(|(side, missing)| Some(side.as_ref().err()?.reasons_as(missing)));
        let mut circumstances: Vec<Reason> = missing.flatten().collect();
        circumstances.extend(formed().any(ResolvedValue::is_partial).then_some(Reason::LowCoverage));
        let coverages: Vec<Coverage> = formed().filter_map(|side| side.coverage).collect();
        circumstances.extend(coverages.windows(2).any(|pair| pair[0] != pair[1]).then_some(Reason::PartialPeriod));
        circumstances.extend(formed().any(ResolvedValue::falls).then_some(Reason::PartsContradict));
        circumstances.extend(of_periods);
        circumstances.extend(definition_changed(catalogue, indicator, formed()).then_some(Reason::DefinitionChanged));
        let figure = |side: &'_ Result<ResolvedValue, Unavailable>| side.as_ref().ok().map(|formed| formed.figure);
        Comparison::of(indicator, figure(current).as_ref(), figure(baseline).as_ref(), &circumstances)
    }

    fn none(reasons: Vec<Reason>) -> Comparison {
        Comparison { change: None, change_pct: None, index_pct: None, change_pp: None, comparable: Comparable::No, reasons }
    }
}

/// A comparison with an earlier figure of the same series.
#[derive(Debug)]
pub struct Compared {
    /// The earlier period.
    pub period: Period,
    /// The earlier figure, reported or derived; or the reason why it is missing.
    pub baseline: Result<ResolvedValue, Unavailable>,
    /// The result of the comparison.
    pub result: Comparison,
}

/// A series whose figures are compared with earlier ones of its own.
#[derive(Debug, Clone, Copy)]
pub struct ComparedSeries<'a> {
    /// The catalogue, for the versions of definitions.
    pub catalogue: &'a Catalogue,
    /// The indicator.
    pub indicator: &'a Indicator,
    /// The breakdown.
    pub breakdown: &'a Breakdown,
    /// The figures of the territory.
    pub known: &'a Territory,
}

impl ComparedSeries<'_> {
    /// Compares the figure of a period with the same period last year.
    ///
    /// Where Tết moved, a flow, an average and a rate formed of flows are not fairly compared: `holiday_moved`. A state is.
    #[must_use]
    pub fn with_last_year(&self, period: Period, current: &Result<ResolvedValue, Unavailable>) -> Compared {
        self.with(period.same_period_last_year(), current, !self.indicator.is_state() && tet::moved(period))
    }

    /// Compares the figure of a period with the previous month, quarter, half-year or year; `None` for other kinds of periods.
    #[must_use]
    pub fn with_previous(&self, period: Period, current: &Result<ResolvedValue, Unavailable>) -> Option<Compared> {
        Some(self.with(period.previous()?, current, false))
    }

    fn with(&self, earlier: Period, current: &Result<ResolvedValue, Unavailable>, holiday_moved: bool) -> Compared {
        let baseline = self.known.baseline(self.indicator, self.breakdown, earlier);
        let territory_changed = self.known.changed(self.indicator, earlier, [current, &baseline]);
        // Tết says nothing about a figure that is missing.
        let holiday_moved = holiday_moved && current.is_ok() && baseline.is_ok();
        let of_periods = [(territory_changed, Reason::TerritoryChanged), (holiday_moved, Reason::HolidayMoved)];
        let of_periods: Vec<Reason> = of_periods.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect();
        let result = Comparison::between(self.catalogue, self.indicator, &of_periods, current, &baseline);
        Compared { period: earlier, baseline, result }
    }
}

/// Whether some of the figures have another definition than the others.
pub(super) fn definition_changed<'v>(
    catalogue: &Catalogue,
    indicator: &Indicator,
    values: impl Iterator<Item = &'v ResolvedValue>,
) -> bool {
    let versions: BTreeSet<i32> = values.flat_map(ResolvedValue::definition_versions).collect();
    versions.iter().zip(versions.iter().skip(1)).any(|(one, next)| catalogue.definition_differs(&indicator.code, *one, *next))
}

/// Index, earlier figure = 100. For bounds and ranges only if the indicator cannot be negative: otherwise the ends would change places.
fn index(indicator: &Indicator, current: Quantity, baseline: Quantity) -> Result<Quantity, Reason> {
    let exact = current.exact().is_some() && baseline.exact().is_some();
    let never_negative = indicator.least().is_some_and(|least| !least.is_negative());
    match baseline.exact() {
        Some(zero) if zero.is_zero() => Err(Reason::BaseZero),
        Some(negative) if negative.is_negative() => Err(Reason::BaseNegative),
        _ if exact || never_negative => current.percent_of(baseline, indicator.percent_decimals()),
        _ => Err(Reason::QualifierInexact),
    }
}

/// The quotient of two rates with numerators and denominators, as one exact fraction: a rate such as one third would otherwise be
/// rounded twice. `None` for other figures, for a zero base, and if the result cannot be held exactly.
fn quotient_of_ratios(current: &Figure, baseline: &Figure) -> Option<(Decimal, Decimal)> {
    let ((n, d), (base_n, base_d)) = current.ratio().zip(baseline.ratio())?;
    n.times(base_d).zip(base_n.times(d)).filter(|(_, by)| by.is_positive())
}

/// The relative change of approximate numbers, marked as approximate.
fn about_change(current: Quantity, baseline: Quantity, decimals: u32) -> Result<Quantity, Reason> {
    let (current, baseline) = current.value().zip(baseline.value()).ok_or(Reason::QualifierInexact)?;
    let change = current.minus(baseline).and_then(|change| change.percent_of(baseline, decimals));
    change.map(|change| Quantity::number(change, Bound::About)).ok_or(Reason::OutOfRange)
}

/// Removes duplicate reasons and keeps the order.
fn distinct(reasons: &mut Vec<Reason>) {
    let mut said = Vec::new();
    reasons.retain(|reason| {
        let first = !said.contains(reason);
        said.push(*reason);
        first
    });
}

#[cfg(test)]
mod tests {
    use crate::domain::catalogue::indicator::Aggregation;
    use crate::domain::derivation::input::Input;
    use crate::domain::derivation::over_time::derive;
    use crate::domain::derivation::resolve::value_of_revision;
    use crate::domain::testing::{figure, flow, indicator, observation, reported, written};
    use crate::domain::time::period::Calendar;

    use super::*;

    #[test]
    fn comparisons_worked_by_hand() {
        use Measure::{Average, Flow, Rate, Stock};
        // measure, decimals, current, last year → change, change %, index, points, comparable, reasons
        #[rustfmt::skip]
        let table = [
            (Flow,    1, "1135 E", "1100",    ["35", "3.2", "103.2", ""],      "limited", "status_mismatch"),
            (Flow,    1, "1135 E", "1200",    ["-65", "-5.4", "94.6", ""],     "limited", "status_mismatch"),
            (Flow,    1, "1135",   "1100",    ["35", "3.2", "103.2", ""],      "yes",     ""),
            (Flow,    0, "150",    "100",     ["50", "50", "150", ""],         "yes",     ""),
            (Flow,    0, "0",      "4",       ["-4", "-100", "0", ""],         "yes",     ""),
            (Flow,    0, "4",      "0",       ["4", "", "", ""],               "limited", "base_zero"),
            (Flow,    0, "0",      "0",       ["0", "", "", ""],               "limited", "base_zero"),
            (Flow,    1, "5",      "-10",     ["15", "", "", ""],              "limited", "base_negative"),
            (Stock,   0, "1596",   "1500",    ["96", "6.4", "106.4", ""],      "yes",     ""),
            (Stock,   0, "1930360 E", "1900000 P", ["30360", "1.6", "101.6", ""], "limited", "status_mismatch"),
            (Rate,    2, "77.15",  "74.75",   ["", "3.21", "103.21", "2.4"],   "yes",     ""),
            (Rate,    2, "34.11",  "40",      ["", "-14.73", "85.28", "-5.89"], "yes",    ""),
            (Rate,    2, "12.5",   "0",       ["", "", "", "12.5"],            "limited", "base_zero"),
            (Average, 1, "20.5",   "20",      ["0.5", "2.5", "102.5", ""],     "yes",     ""),
            (Flow,    1, ">29.6",  "25",      [">4.6", "", "", ""],            "limited", "qualifier_inexact"),
            (Stock,   0, ">30",    "25",      [">5", ">20", ">120", ""],       "limited", "qualifier_inexact"),
            (Stock,   0, "20-23",  "20",      ["0-3", "0-15", "100-115", ""],  "limited", "qualifier_inexact"),
            (Stock,   0, ">30",    ">25",     ["", "", "", ""],                "no",      "qualifier_inexact"),
            (Rate,    2, ">77",    "74.75",   ["", "", "", ">2.25"],           "limited", "qualifier_inexact"),
            (Flow,    1, "30",     "~25 P",   ["~5", "", "", ""],              "limited", "status_mismatch qualifier_inexact"),
            (Flow,    1, "1135",   "",        ["", "", "", ""],                "no",      "base_missing"),
            (Flow,    1, "",       "1100",    ["", "", "", ""],                "no",      "current_missing"),
            (Flow,    1, "",       "",        ["", "", "", ""],                "no",      "current_missing base_missing"),
            (Flow,    1, "0.1",    "0.2",     ["-0.1", "-50", "50", ""],       "yes",     ""),
            (Flow,    1, "999999999999999999", "0.000000000000000001", ["", "", "", ""], "no", "out_of_range"),
        ];
        for (measure, decimals, current, baseline, numbers, comparable, reasons) in table {
            let read = |text: &str| (!text.is_empty()).then(|| figure(text));
            let (now, before) = (read(current), read(baseline));
            let compared = Comparison::of(&indicator(measure, decimals), now.as_ref(), before.as_ref(), &[]);

            let row = format!("{measure:?} {current} against {baseline}");
            let shown = |number: Option<Quantity>| number.map(written).unwrap_or_default();
            assert_eq!([compared.change, compared.change_pct, compared.index_pct, compared.change_pp].map(shown), numbers, "{row}");
            assert_eq!(compared.comparable.as_str(), comparable, "{row}");
            let words: Vec<&str> = compared.reasons.iter().map(|r| r.as_str()).collect();
            assert_eq!(words.join(" "), reasons, "{row}");
        }
    }

    #[test]
    fn a_missing_figure_has_one_reason_wherever_it_is_missing() {
        let average = indicator(Measure::Average, 1);
        let rate = Indicator { time_aggregation: Aggregation::Ratio, ..indicator(Measure::Rate, 2) };
        // indicator, what is stored, period → its own reason; as the current figure; as last year's
        #[rustfmt::skip]
        let table = [
            (flow(), "",                                   "2024-Q2", "current_missing",  "current_missing",                  "base_missing"),
            (average.clone(), "",                          "2024-Q2", "current_missing",  "current_missing",                  "base_missing"),
            (rate.clone(), "",                             "2024-Q2", "current_missing",  "current_missing",                  "base_missing"),
            (flow(), "2024-04=1, 2024-05=2",               "2024-Q2", "low_coverage",     "current_missing low_coverage",     "base_missing low_coverage"),
            (average, "2024-05=20",                        "2024-Q2", "not_additive",     "current_missing not_additive",     "base_missing not_additive"),
            (rate, "2024-04=40, 2024-05=42, 2024-06=41",   "2024-Q2", "not_additive",     "current_missing not_additive",     "base_missing not_additive"),
            (flow(), "2024-04-YTD=980, 2024-05-YTD=900",   "2024-05", "parts_contradict", "current_missing parts_contradict", "base_missing parts_contradict"),
        ];
        for (indicator, stored, period, own, as_current, as_baseline) in table {
            let row = format!("{:?} {period} of {stored:?}", indicator.measure);
            let reported = reported(stored, Calendar::Civil);
            let inputs: Vec<Input<'_>> = reported.iter().map(Input::Stored).collect();
            let missing = derive(&indicator, Period::parse(period, Calendar::Civil).unwrap(), &inputs);
            let missing: Result<ResolvedValue, Unavailable> = Err(missing.unwrap_err());
            let known = value_of_revision(&observation("2024-05", Calendar::Civil, "7"));
            let reasons = |current, baseline| {
                let compared = Comparison::between(&Catalogue::default(), &indicator, &[], current, baseline);
                compared.reasons.iter().map(|reason| reason.as_str()).collect::<Vec<_>>().join(" ")
            };

            let alone = missing.as_ref().unwrap_err();
            assert_eq!(alone.effective_reason().as_str(), own, "{row}");
            assert_eq!(alone.reasons().iter().map(|reason| reason.as_str()).collect::<Vec<_>>().join(" "), as_current, "{row}");
            assert_eq!(reasons(&missing, &known), as_current, "{row}");
            assert_eq!(reasons(&known, &missing), as_baseline, "{row}");
        }
    }

    #[test]
    fn circumstances_limit_a_comparison() {
        let (current, baseline) = (figure("110"), figure("100"));
        for reason in [Reason::DefinitionChanged, Reason::TerritoryChanged, Reason::HolidayMoved, Reason::LowCoverage] {
            let compared = Comparison::of(&indicator(Measure::Flow, 0), Some(&current), Some(&baseline), &[reason]);
            assert_eq!((compared.comparable, compared.reasons), (Comparable::Limited, vec![reason]));
        }
    }
}
