//! Rankings: the rank of each figure, best first. A bound or a range has a rank only if it is certain.
//! The figures are derived by the caller.

use super::compare::definition_changed;
use crate::domain::catalogue::indicator::{Direction, Indicator};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::derivation::derived::ResolvedValue;
use crate::domain::number::quantity::Quantity;
use crate::domain::reason::Reason;

/// The possible ranks of a figure; it is one rank if `best` equals `worst`. Equal figures share a rank, and the next rank follows after
/// all of them (1, 2, 2, 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// The rank if the true values of all bounds and ranges favour this figure.
    pub best: usize,
    /// The rank if none of them does.
    pub worst: usize,
    /// The rank from the end, in its favour: 1 for the last figure and for all that share the last rank.
    pub from_end: usize,
}

impl Rank {
    /// The rank, if only one is possible.
    #[must_use]
    pub fn certain(self) -> Option<usize> {
        (self.best == self.worst).then_some(self.best)
    }

    /// Whether the figure is, or may be, among the first `top` or the last `bottom`. Without both limits, every figure is.
    #[must_use]
    pub fn is_among(self, top: Option<usize>, bottom: Option<usize>) -> bool {
        let first = top.is_some_and(|top| self.best <= top);
        let last = bottom.is_some_and(|bottom| self.from_end <= bottom);
        first || last || top.is_none() && bottom.is_none()
    }
}

/// The rank of each figure: highest first, or lowest first if lower is better. "About 30" counts as 30.
#[must_use]
pub fn places(direction: Direction, figures: &[Quantity]) -> Vec<Rank> {
    let better = |one: Quantity, other: Quantity| if direction == Direction::Down { (other, one) } else { (one, other) };
    let place = |(n, figure): (usize, &Quantity)| {
        let mut place = Rank { best: 1, worst: 1, from_end: 1 };
        for (_, other) in figures.iter().enumerate().filter(|(other, _)| *other != n) {
            let (higher, lower) = better(*other, *figure);
            place.best += usize::from(higher.is_above(lower));
            place.worst += usize::from(higher.may_be_above(lower));
            let (higher, lower) = better(*figure, *other);
            place.from_end += usize::from(higher.is_above(lower));
        }
        place
    };
    figures.iter().enumerate().map(place).collect()
}

/// Reasons against comparing the figures of provinces with one another: missing provinces (`complete` is false), different coverage of
/// the period, different status, different definitions, inexact figures.
#[must_use]
pub fn reasons_against(catalogue: &Catalogue, indicator: &Indicator, ranked: &[&ResolvedValue], complete: bool) -> Vec<Reason> {
    let values = || ranked.iter().copied();
    let differ = |different: fn(&ResolvedValue, &ResolvedValue) -> bool| ranked.windows(2).any(|pair| different(pair[0], pair[1]));
    let reasons = [
        (!complete || values().any(ResolvedValue::is_partial), Reason::LowCoverage),
        (differ(|one, other| one.coverage != other.coverage), Reason::PartialPeriod),
        (differ(|one, other| one.figure.status != other.figure.status), Reason::StatusMismatch),
        (definition_changed(catalogue, indicator, values()), Reason::DefinitionChanged),
        (values().any(|value| value.figure.exact().is_none()), Reason::QualifierInexact),
    ];
    reasons.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::number::decimal::Decimal;
    use crate::domain::number::quantity::Bound;
    use crate::domain::testing::quantity;

    /// The ranks as a line: `1`, or `1-3` if several are possible.
    fn line(direction: Direction, figures: &str) -> String {
        let figures: Vec<Quantity> = figures.split(' ').map(quantity).collect();
        let shown = |place: Rank| place.certain().map_or_else(|| format!("{}-{}", place.best, place.worst), |place| place.to_string());
        places(direction, &figures).into_iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn places_worked_by_hand() {
        use Direction::{Down, Neutral, Up};
        for (direction, figures, expected, why) in [
            (Up, "30 20 10", "1 2 3", "the highest first"),
            (Down, "30 20 10", "3 2 1", "the lowest first"),
            (Neutral, "30 20 10", "1 2 3", "the highest first, without being better"),
            (Up, "30 20 20 10", "1 2 2 4", "a shared place, and the next after both"),
            (Up, "20 20.0 20", "1 1 1", "the same however it is printed"),
            (Up, ">30 20 10", "1 2 3", "above all others, however far"),
            (Up, ">15 20 10", "1-2 1-2 3", "above 10 for certain, and 20 there is no telling"),
            (Up, ">20 20", "1 2", "above it"),
            (Up, ">=20 20", "1 1-2", "it or above: never behind"),
            (Up, "<20 20", "2 1", "just below"),
            (Up, "20-30 25 30 31", "2-4 3-4 2 1", "within the range, and never above its end"),
            (Up, "~25 20 30", "2 3 1", "about 25 counts as 25"),
            (Up, ">10 >20", "1-2 1-2", "neither is certain"),
            (Down, "<5 4 6", "1-2 1-2 3", "below 6 for certain"),
            (Up, "7", "1", "alone"),
        ] {
            assert_eq!(line(direction, figures), expected, "{direction:?} {figures}: {why}");
        }
    }

    #[test]
    fn the_first_and_the_last_are_with_those_that_share_their_place() {
        let among = |top, bottom| {
            let figures: Vec<Quantity> = "50 40 40 30 20 20".split(' ').map(quantity).collect();
            let found = places(Direction::Up, &figures).into_iter().enumerate();
            found.filter(|(_, place)| place.is_among(top, bottom)).map(|(n, _)| n).collect::<Vec<_>>()
        };
        assert_eq!(among(None, None), [0, 1, 2, 3, 4, 5]);
        assert_eq!(among(Some(1), None), [0]);
        assert_eq!(among(Some(2), None), [0, 1, 2], "two share the second place");
        assert_eq!(among(None, Some(1)), [4, 5], "two share the last place");
        assert_eq!(among(Some(1), Some(3)), [0, 3, 4, 5]);
    }

    proptest! {
        /// For any true values that the bounds allow, the true rank lies between `best` and `worst`.
        #[test]
        fn places_hold_whatever_is_true(truths in prop::collection::vec((0i64..50, 0u8..4, 0i64..5), 1..20)) {
            let decimal = |number: i64| Decimal::parse_json(&number.to_string()).unwrap();
            let said = |(truth, how, by): &(i64, u8, i64)| match how {
                0 => Quantity::number(decimal(*truth), Bound::Equal),
                1 => Quantity::number(decimal(truth - by), Bound::AtLeast),
                2 => Quantity::number(decimal(truth + by + 1), Bound::Below),
                _ => Quantity::range(decimal(truth - by), decimal(truth + 1)),
            };
            let figures: Vec<Quantity> = truths.iter().map(said).collect();
            for (place, (truth, ..)) in places(Direction::Up, &figures).into_iter().zip(&truths) {
                let true_place = 1 + truths.iter().filter(|(other, ..)| other > truth).count();
                prop_assert!(place.best <= true_place && true_place <= place.worst, "{place:?} {true_place}");
            }
        }
    }
}
