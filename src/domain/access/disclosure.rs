//! Statistical disclosure control: figures of few people, rounded to fives.
//! Who sees them so is in `remit`.

use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity};
use crate::domain::observation::figure::Figure;
use crate::domain::observation::observation::{Content, Observation};

/// The rounding step of disclosure control: five units for counts, five percentage points for rates.
const STEP: i64 = 5;

/// A revision rounded for disclosure control, without the wording of the report, which contains the exact number.
pub(super) fn round_for_disclosure(observation: Observation, catalogue: &Catalogue) -> Observation {
    let content = match (observation.content, catalogue.current(&observation.series.indicator)) {
        (Content::Figure(figure), Some(found)) => Content::Figure(round_figure(figure, found.indicator)),
        (content, _) => content,
    };
    let mut citation = observation.citation;
    citation.wording = None;
    Observation { content, citation, reason: None, ..observation }
}

fn round_figure(figure: Figure, indicator: &Indicator) -> Figure {
    // Amounts and counts by the thousand are of many.
    let of_many = matches!(indicator.measure, Measure::Flow | Measure::Stock) && indicator.unit_mult != 0;
    if of_many || indicator.measure == Measure::Average {
        return figure;
    }
    let quantity = round_to_fives(figure.quantity, indicator.is_count(), indicator.max).within(indicator.min, indicator.max);
    Figure { quantity, numerator: None, denominator: None, ..figure }
}

/// Rounds a number to its group of five: for a count 1 to 4, 5 to 9 and so on, with zero alone; for a rate 0 to 5 and so on. A bound
/// stays a bound, but a wider one.
fn round_to_fives(quantity: Quantity, counts: bool, max: Option<Decimal>) -> Quantity {
    let step = Decimal::from(STEP);
    // Where the greatest value begins a five of its own, it is one with the five before: it would be alone in it.
    let alone = max.filter(|max| max.floored_to(step) == *max);
    let down = |number: Decimal| {
        let five = number.floored_to(step);
        if alone.is_some_and(|max| five >= max) { five - step } else { five }
    };
    let ends = quantity.interval().map(|ends| (ends.low, ends.high)).or_else(|| quantity.value().map(|value| (value, value)));
    let Some((from, to)) = ends else { return quantity };
    // A count with a fraction can lie between two groups of whole numbers.
    let counts = counts && from.is_whole() && to.is_whole();
    let one = Decimal::ONE;
    let low = |number: Decimal| if counts && number.is_positive() { down(number).max(one) } else { down(number) };
    let high = |number: Decimal| {
        let last = down(number) + step;
        if counts && alone.is_none_or(|max| last < max) { last - one } else { last }
    };
    if counts && to.is_zero() && from.is_zero() {
        return quantity;
    }
    match quantity.bound() {
        Bound::Above | Bound::AtLeast | Bound::AboutAbove => Quantity::number(low(from), Bound::AtLeast),
        Bound::Below | Bound::AtMost | Bound::AboutBelow => Quantity::number(high(to), Bound::AtMost),
        Bound::Equal | Bound::About | Bound::Range => Quantity::range(low(from), high(to)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::testing::{quantity, written};

    #[test]
    fn counts_and_rates_in_fives() {
        for (reported, counts, max, seen, why) in [
            ("0", true, false, "0", "nobody is nobody"),
            ("1", true, false, "1-4", "a single one, and never zero"),
            ("4", true, false, "1-4", "the last of the few"),
            ("5", true, false, "5-9", "the first of the next"),
            ("20-23", true, false, "20-24", "a range"),
            ("3-12", true, false, "1-14", "a range over several fives"),
            (">7", true, false, ">=5", "trên 7 says that it is not 6"),
            ("<7", true, false, "<=9", "dưới 7 says that it is not 8"),
            ("~3", true, false, "1-4", "khoảng 3"),
            ("0", false, false, "0-5", "a rate of zero tells the numerator, wherever somebody knows the denominator"),
            ("33.3", false, false, "30-35", "one of three"),
            ("35", false, false, "35-40", "where one ends the next begins"),
            ("4.5", true, false, "0-5", "a half is between the fives of whole numbers"),
            ("100", false, true, "95-100", "all of them: no more is told than of nearly all"),
            ("97", false, true, "95-100", "nearly all"),
            ("100", true, true, "95-100", "the most there can be"),
            ("96", true, true, "95-100", "nearly"),
            ("94", true, true, "90-94", "further off"),
        ] {
            assert_eq!(
                written(round_to_fives(quantity(reported), counts, max.then(|| Decimal::from_scaled(100, 0).unwrap()))),
                seen,
                "{reported}: {why}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn all_counts_of_the_same_five_look_alike_and_each_is_among_them(count in 0_i64..1_000_000) {
            let five = |count: i64| round_to_fives(Quantity::number(Decimal::from_scaled(count, 0).unwrap(), Bound::Equal), true, None);
            let first = (count - count % 5).max(i64::from(count > 0));

            let seen = five(count);

            prop_assert_eq!(seen, five(first));
            if let Some(ends) = seen.interval() {
                let [low, high] = [ends.low, ends.high].map(|end| end.to_scaled().0);
                prop_assert!(low <= count && count <= high && low > 0);
            }
        }
    }
}
