//! Derivation over breakdowns: the members of a complete breakdown add up to the total by definition.
//! A missing total is the sum of all parts; a missing part is the total minus the others. Differing sums are reported.

use super::derived::{DerivationKind, DerivedValue, Operand, reported_coverage};
use super::input::{Input, Inputs, stored_of};
use super::over_time::{self, add_up};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Aggregation, Indicator};
use crate::domain::catalogue::whole::{Whole, wholes};
use crate::domain::message::{Message, message};
use crate::domain::number::quantity::{Quantity, Sign};
use crate::domain::observation::figure::Figure;
use crate::domain::observation::history::Figures;
use crate::domain::reason::Reason;
use crate::domain::time::period::Period;

/// Derives the figure of a breakdown from the total and the other parts. With several dimensions, the first possible one is used.
///
/// # Errors
/// `low_coverage` if one of the operands is missing; `parts_contradict` if the result is below its possible values; and the errors of
/// [`over_time::derive`] for sums.
pub fn derive(indicator: &Indicator, breakdown: &Breakdown, period: Period, inputs: Inputs<'_>) -> Result<DerivedValue, Reason> {
    let mut refused = Reason::LowCoverage;
    for whole in wholes(indicator, breakdown) {
        match derive_within(indicator, breakdown, period, inputs, &whole) {
            Ok(derived) => return Ok(derived),
            Err(Reason::LowCoverage) => {}
            Err(reason) => refused = reason,
        }
    }
    Err(refused)
}

fn derive_within(
    indicator: &Indicator,
    breakdown: &Breakdown,
    period: Period,
    inputs: Inputs<'_>,
    whole: &Whole,
) -> Result<DerivedValue, Reason> {
    let terms: Vec<(Sign, Breakdown)> = if *breakdown == whole.total {
        whole.parts.iter().map(|part| (Sign::Plus, part.clone())).collect()
    } else {
        let others = whole.parts.iter().filter(|part| *part != breakdown).map(|part| (Sign::Minus, part.clone()));
        std::iter::once((Sign::Plus, whole.total.clone())).chain(others).collect()
    };
    let known_of = |part: &Breakdown| known_figure(indicator, period, &inputs.of(part));
    let formed: Option<Vec<(Sign, DerivedValue)>> = terms.iter().map(|(sign, part)| Some((*sign, known_of(part)?))).collect();
    let formed = formed.ok_or(Reason::LowCoverage)?;
    // Stocks of different days give no stock of any day.
    let mut days = formed.iter().map(|(_, derived)| derived.figure.day(period));
    let first = days.next();
    let state = indicator.time_aggregation == Aggregation::Last;
    if state && days.any(|day| Some(day) != first) {
        return Err(Reason::LowCoverage);
    }
    let sum = add_up(indicator, formed.iter().map(|(sign, derived)| (*sign, derived.figure)))?;
    let figure = Figure { as_of: first.filter(|day| state && *day != period.end()), ..sum };
    let coverage = formed.iter().map(|(_, derived)| derived.coverage).min_by_key(|coverage| coverage.have).ok_or(Reason::LowCoverage)?;
    let parts = formed
        .into_iter()
        .flat_map(|(outer, derived)| derived.parts.into_iter().map(move |part| Operand { sign: part.sign.within(outer), ..part }));
    Ok(DerivedValue { figure, parts: parts.collect(), along: DerivationKind::Parts(terms), coverage })
}

/// The figure of one operand without the other breakdowns: reported, or derived over time.
fn known_figure(indicator: &Indicator, period: Period, of_part: &[Input<'_>]) -> Option<DerivedValue> {
    let Some(reported) = stored_of(period, of_part) else {
        return over_time::derive(indicator, period, of_part).ok();
    };
    let figure = *reported.figure()?;
    let coverage = reported_coverage(period, &figure)?;
    Some(DerivedValue { figure, along: DerivationKind::Time, parts: vec![Operand::of(Sign::Plus, reported, figure)], coverage })
}

/// A total that differs from the sum of its reported parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The total and its parts.
    pub whole: Whole,
    /// The figures involved, as text.
    pub message: Message,
}

/// Finds the totals that differ from the sum of their parts, among the complete breakdowns around this one. The total and all parts
/// must be reported for the period.
#[must_use]
pub fn mismatches(indicator: &Indicator, breakdown: &Breakdown, period: Period, known: &Figures) -> Vec<Mismatch> {
    let reported = |part: &Breakdown| known.get(part)?.iter().find(|o| o.period == period)?.figure();
    let counted = indicator.is_count();
    let check = |whole: Whole| {
        let total = reported(&whole.total)?;
        let parts: Vec<&Figure> = whole.parts.iter().map(reported).collect::<Option<_>>()?;
        // Counted on different days they need not add up.
        if parts.iter().any(|part| part.day(period) != total.day(period)) {
            return None;
        }
        let (total, parts): (Quantity, Vec<Quantity>) = (total.quantity, parts.iter().map(|part| part.quantity).collect());
        let sum = Quantity::sum(parts.iter().map(|part| (Sign::Plus, *part))).ok()?;
        let rounding_error = parts.iter().chain([&total]).map(|quantity| quantity.half_unit(counted)).sum();
        if !total.contradicts(sum, rounding_error) {
            return None;
        }
        let term = |(name, part): (&Breakdown, &Quantity)| message!(en: "{name} {part}", vi: "{name} {part}"; part);
        let terms = Message::joined(&whole.parts.iter().zip(&parts).map(term).collect::<Vec<_>>(), " + ");
        let message = message!(
            en: "{terms} make {sum}, not the total {total} of {period}",
            vi: "{terms} cộng lại là {sum}, không bằng tổng số {total} của {period}"; terms, sum, total
        );
        Some(Mismatch { whole, message })
    };
    wholes(indicator, breakdown).filter_map(check).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalogue::indicator::{Dimension, Measure};
    use crate::domain::testing::{flow, indicator, reported, written};
    use crate::domain::time::period::Calendar;

    fn with_lines(indicator: Indicator) -> Indicator {
        let dimension = Dimension { values: Some(vec!["fixed".into(), "mobile".into()]), complete: true, labels: BTreeMap::new() };
        Indicator { breakdowns: BTreeMap::from([("line".into(), dimension)]), ..indicator }
    }

    fn subscribers() -> Indicator {
        with_lines(Indicator { time_aggregation: Aggregation::Last, ..indicator(Measure::Stock, 0) })
    }

    fn part(text: &str) -> Breakdown {
        if text == "total" { Breakdown::default() } else { Breakdown::default().with("line", text) }
    }

    /// Figures in test notation: `total 2024-05=30; fixed 2024-05=10`.
    fn figures(text: &str) -> Figures {
        let mut figures = Figures::new();
        for of_part in text.split("; ").filter(|of_part| !of_part.is_empty()) {
            let (name, known) = of_part.split_once(' ').unwrap();
            let mut known = reported(known, Calendar::Civil);
            for observation in &mut known {
                observation.series.breakdown = part(name);
            }
            figures.insert(part(name), known);
        }
        figures
    }

    fn civil(text: &str) -> Period {
        Period::parse(text, Calendar::Civil).unwrap()
    }

    #[test]
    fn totals_and_parts_are_formed_of_each_other() {
        for (indicator, known, asked, period, expected) in [
            (subscribers(), "fixed 2024-05=10; mobile 2024-05=20", "total", "2024-05", "30 A: line:fixed + line:mobile"),
            (subscribers(), "total 2024-05=30; mobile 2024-05=20", "fixed", "2024-05", "10 A: total − line:mobile"),
            (subscribers(), "fixed 2024-05=10 E; mobile 2024-05=20", "total", "2024-05", "30 E: line:fixed + line:mobile"),
            (subscribers(), "fixed 2024-05=>10; mobile 2024-05=20", "total", "2024-05", ">30 A: line:fixed + line:mobile"),
            (subscribers(), "total 2024-05=30; mobile 2024-05=>20", "fixed", "2024-05", "<10 A: total − line:mobile"),
            (subscribers(), "fixed 2024-05=10", "total", "2024-05", "low_coverage"),
            (subscribers(), "fixed 2024-05=nil; mobile 2024-05=20", "total", "2024-05", "low_coverage"),
            (subscribers(), "total 2024-05=10; mobile 2024-05=20", "fixed", "2024-05", "parts_contradict"),
            (subscribers(), "total 2024-05=>10; mobile 2024-05=>20", "fixed", "2024-05", "qualifier_inexact"),
            (subscribers(), "total 2024-05=~10; mobile 2024-05=20", "fixed", "2024-05", "qualifier_inexact"),
            (subscribers(), "fixed 2024-05=10; mobile 2024-06=20", "total", "2024-05", "low_coverage"),
            (subscribers(), "total 2024-05=30; fixed 2024-02=10", "mobile", "2024-H1", "low_coverage"),
            (subscribers(), "total 2024-05=30; fixed 2024-05=10", "mobile", "2024-H1", "20 A: total − line:fixed"),
            (
                with_lines(flow()),
                "fixed 2024-01=1, 2024-02=2, 2024-03=3; mobile 2024-Q1=4",
                "total",
                "2024-Q1",
                "10 A: line:fixed + line:mobile",
            ),
            (with_lines(flow()), "fixed 2024-01=1, 2024-03=3; mobile 2024-Q1=4", "total", "2024-Q1", "low_coverage"),
            (flow(), "fixed 2024-05=10; mobile 2024-05=20", "total", "2024-05", "low_coverage"),
        ] {
            let derived = derive(&indicator, &part(asked), civil(period), Inputs::stored(&figures(known)));
            let line =
                |derived: DerivedValue| format!("{} {}: {derived}", written(derived.figure.quantity), derived.figure.status.as_str());
            assert_eq!(derived.map_or_else(|reason| reason.as_str().into(), line), expected, "{asked} of {period} from {known}");
        }
    }

    #[test]
    fn parts_are_asked_where_time_does_not_reach() {
        let figure_of_june = |known: &str| {
            let formed = crate::domain::derivation::resolve::resolve(
                &subscribers(),
                &part("total"),
                civil("2024-H1"),
                Inputs::stored(&figures(known)),
            )
            .unwrap();
            format!("{} of {:?}", written(formed.figure.quantity), formed.coverage.map(|coverage| coverage.have))
        };
        assert_eq!(figure_of_june("total 2024-05=30; fixed 2024-06=11; mobile 2024-06=21"), "32 of Some(6)");
        assert_eq!(figure_of_june("total 2024-06=30; fixed 2024-05=11; mobile 2024-05=21"), "30 of Some(6)");
        assert_eq!(
            figure_of_june("total 2024-05=30; fixed 2024-05=11; mobile 2024-05=21"),
            "30 of Some(5)",
            "over time where both reach as far"
        );
    }

    #[test]
    fn parts_that_do_not_make_their_total_are_named_with_all_figures() {
        let amounts = with_lines(flow());
        for (indicator, known, expected) in [
            (
                subscribers(),
                "total 2024-05=1930000; fixed 2024-05=11754; mobile 2024-05=1918606",
                Some("line:fixed 11754 + line:mobile 1918606 make 1930360, not the total 1930000 of 2024-05"),
            ),
            (subscribers(), "total 2024-05=1930360; fixed 2024-05=11754; mobile 2024-05=1918606", None),
            (subscribers(), "total 2024-05=1930360; fixed 2024-05=>11000; mobile 2024-05=1918606", None),
            (
                subscribers(),
                "total 2024-05=1930360; fixed 2024-05=>12000; mobile 2024-05=1918606",
                Some("line:fixed > 12000 + line:mobile 1918606 make > 1930606, not the total 1930360 of 2024-05"),
            ),
            (subscribers(), "total 2024-05=30; fixed 2024-05=10", None),
            (amounts.clone(), "total 2024-05=30.4; fixed 2024-05=10.1; mobile 2024-05=20.2", None),
            (
                amounts,
                "total 2024-05=30.5; fixed 2024-05=10.1; mobile 2024-05=20.2",
                Some("line:fixed 10.1 + line:mobile 20.2 make 30.3, not the total 30.5 of 2024-05"),
            ),
        ] {
            for asked in ["total", "fixed", "mobile"] {
                let found = mismatches(&indicator, &part(asked), civil("2024-05"), &figures(known));
                let messages: Vec<&str> = found.iter().map(|mismatch| mismatch.message.english()).collect();
                assert_eq!(messages.first().copied(), expected, "{asked}, {known}");
                assert!(messages.len() <= 1, "{asked}, {known}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// For any reported subset of a total and its parts: a derived figure equals the true sum, and it exists exactly when all other
        /// operands are reported.
        #[test]
        fn parts_make_their_total_and_a_total_its_last_part(fixed in 0..1_000_000i64, mobile in 0..1_000_000i64, there in any::<[bool; 3]>()) {
            let truth = [("total", fixed + mobile), ("fixed", fixed), ("mobile", mobile)];
            let known: Vec<String> = truth.iter().zip(there).filter(|(_, there)| *there)
                .map(|((name, value), _)| format!("{name} 2024-05={value}")).collect();
            let known = figures(&known.join("; "));
            for (n, (name, value)) in truth.into_iter().enumerate() {
                let others = (0..3).filter(|other| *other != n).all(|other| there[other]);
                let derived = derive(&subscribers(), &part(name), civil("2024-05"), Inputs::stored(&known));
                prop_assert_eq!(derived.ok().map(|derived| written(derived.figure.quantity)), others.then(|| value.to_string()), "{}", name);
            }
            prop_assert_eq!(mismatches(&subscribers(), &part("total"), civil("2024-05"), &known), []);
        }
    }
}
