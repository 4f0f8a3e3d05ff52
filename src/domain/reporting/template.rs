//! Templates: the form for an organisation, a province and a period, with one row per owed figure.
//! The file format is in `formats`; the caller loads the figures.

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::Province;
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::submission::workflow::State;
use crate::domain::time::period::Period;

/// A form to fill in.
#[derive(Debug)]
pub struct Template {
    /// The identifier of the responsible organisation.
    pub organisation: String,
    /// The province of the figures.
    pub province: Province,
    /// The requested period, in the calendar of all rows.
    pub period: Period,
    /// A row for each figure, in the order of the catalogue.
    pub rows: Vec<Row>,
}

/// One owed figure.
#[derive(Debug)]
pub struct Row {
    /// The indicator.
    pub indicator: Indicator,
    /// The breakdown. Only the total is obligatory; its breakdowns are optional.
    pub breakdown: Breakdown,
    /// The period of the figure: the requested one, or another one with the same end.
    pub period: Period,
    /// The figure of the same period last year, reported or derived; or the reason for its absence.
    pub last_year: Result<ResolvedValue, Unavailable>,
    /// Whether that figure is of another territory.
    pub territory_changed: bool,
    /// The figure of the period itself, as known so far.
    pub current: Result<ResolvedValue, Unavailable>,
    /// The state of a pending submission for this indicator and period; only on the row of the total.
    pub under_way: Option<State>,
}

/// The rows of the owed figures: by field and code of the indicator, shorter periods before longer ones with the same end, the total
/// before its breakdowns. A period with obligations under two names (January, and the year to January) has one row.
#[must_use]
pub fn rows<'i>(owed: impl IntoIterator<Item = (&'i Indicator, Period)>) -> Vec<(&'i Indicator, Breakdown, Period)> {
    let mut owed: Vec<(&Indicator, Period)> = owed.into_iter().collect();
    owed.sort_by_cached_key(|(indicator, period)| {
        let shortest_first = std::cmp::Reverse(period.start());
        (indicator.field.clone(), indicator.code.clone(), shortest_first, period.to_string())
    });
    owed.dedup_by(|(indicator, period), (earlier, before)| indicator.code == earlier.code && period == before);
    let parts = |(indicator, period)| parts(indicator).into_iter().map(move |part| (indicator, part, period));
    owed.into_iter().flat_map(parts).collect()
}

/// The total, and the listed members of each dimension. A form has no rows for combinations of several dimensions.
fn parts(indicator: &Indicator) -> Vec<Breakdown> {
    let total = Breakdown::default();
    let members = indicator.breakdowns.iter().flat_map(|(dimension, of)| {
        let listed = of.values.iter().flatten();
        listed.map(|member| total.with(dimension, member))
    });
    std::iter::once(total.clone()).chain(members).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::catalogue::indicator::{Dimension, Measure};
    use crate::domain::testing::indicator;
    use crate::domain::time::period::Calendar;

    fn of(field: &str, code: &str, dimensions: &[(&str, Option<&[&str]>)]) -> Indicator {
        let dimension = |values: Option<&[&str]>| {
            let values = values.map(|values| values.iter().map(|&value| value.to_owned()).collect());
            Dimension { values, complete: false, labels: BTreeMap::new() }
        };
        let breakdowns = dimensions.iter().map(|(name, values)| ((*name).to_owned(), dimension(*values))).collect();
        Indicator { field: field.into(), code: code.into(), breakdowns, ..indicator(Measure::Flow, 0) }
    }

    /// The rows as lines: `code breakdown period`.
    fn lines(owed: &[(&Indicator, &str)]) -> Vec<String> {
        let period = |text: &str| Period::parse(text, Calendar::Civil).unwrap();
        let rows = rows(owed.iter().map(|(indicator, text)| (*indicator, period(text))));
        rows.iter().map(|(indicator, part, period)| format!("{} [{part}] {period}", indicator.code)).collect()
    }

    #[test]
    fn rows_stand_in_the_order_of_the_catalogue_with_their_periods_and_parts() {
        let revenue = of("post", "revenue", &[]);
        let phones = of("post", "phones", &[("line_type", Some(&["mobile", "fixed"])), ("event", None)]);
        let fines = of("inspection", "fines", &[]);

        let found = lines(&[(&revenue, "2026-10-YTD"), (&phones, "2026-10"), (&revenue, "2026-10"), (&fines, "2026-10")]);

        assert_eq!(
            found,
            [
                "fines [] 2026-10",
                "phones [] 2026-10",
                "phones [line_type:mobile] 2026-10",
                "phones [line_type:fixed] 2026-10",
                "revenue [] 2026-10",
                "revenue [] 2026-10-YTD",
            ],
            "fields by name, members as the catalogue lists them, and none of a dimension that lists none"
        );
    }

    #[test]
    fn what_is_owed_under_two_names_has_one_row() {
        let (revenue, fines) = (of("post", "revenue", &[]), of("inspection", "fines", &[]));

        assert_eq!(
            lines(&[(&revenue, "2026-01-YTD"), (&revenue, "2026-01"), (&fines, "2026-01")]),
            ["fines [] 2026-01", "revenue [] 2026-01"],
            "January to date is January, of each indicator"
        );
        assert_eq!(lines(&[(&revenue, "2026-H1"), (&revenue, "2026-06-YTD"), (&revenue, "2026-06")]).len(), 2);
    }
}
