//! Formed figures: the figure of a period, reported or derived, with where it comes from and what stands beside it.
//! A reported figure wins over a derived one; what disagrees with it is named, never hidden.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use chrono::NaiveDate;

use super::breakdown::Breakdown;
use super::decimal::Decimal;
use super::derivation::{coverage, derive};
use super::figure::Figure;
use super::indicator::{Aggregation, Indicator};
use super::observation::{Content, Observation};
use super::parts;
use super::period::{Period, Within};
use super::quantity::{Bound, Quantity, Sign};
use super::reason::Reason;

/// What is on record of one indicator and one province that can have to do with each other ([`Period::within`]), by part. Both
/// calendars live side by side: a figure is only ever formed from those of its own.
pub type Figures = HashMap<Breakdown, Vec<Observation>>;

/// All that is on record of one indicator and one province, kept apart year by year: a figure is formed from those of its year, so
/// that a long history costs no more than a short one.
#[derive(Debug, Default)]
pub struct History(HashMap<Within, Figures>);

impl History {
    /// Takes figures, in the order of their periods.
    #[must_use]
    pub fn new(observations: impl IntoIterator<Item = Observation>) -> History {
        let mut years: HashMap<Within, Figures> = HashMap::new();
        for observation in observations {
            let figures = years.entry(observation.period.within()).or_default();
            figures.entry(observation.series.breakdown.clone()).or_default().push(observation);
        }
        History(years)
    }

    /// What is on record that can have to do with a period.
    #[must_use]
    pub fn around(&self, period: Period) -> Option<&Figures> {
        self.0.get(&period.within())
    }

    /// The parts of which anything is on record.
    pub fn parts(&self) -> BTreeSet<&Breakdown> {
        self.0.values().flat_map(HashMap::keys).collect()
    }

    /// What is on record, in no order.
    pub fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.0.values().flat_map(HashMap::values).flatten()
    }

    /// What is on record of a part, by period and revision.
    #[must_use]
    pub fn of(&self, breakdown: &Breakdown) -> Vec<&Observation> {
        let mut found: Vec<&Observation> = self.0.values().filter_map(|figures| figures.get(breakdown)).flatten().collect();
        found.sort_by_key(|observation| (observation.period, observation.revision));
        found
    }

    /// The figure of a part and period, as [`form`] finds it.
    ///
    /// # Errors
    /// As [`form`].
    pub fn form(&self, indicator: &Indicator, breakdown: &Breakdown, period: Period) -> Result<Formed, Unformed> {
        let nothing = Figures::new();
        form(indicator, breakdown, period, self.around(period).unwrap_or(&nothing))
    }
}

/// How much of a period reported figures cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Months covered.
    pub have: u32,
    /// Months of the period.
    pub need: u32,
}

/// A reported figure that another is formed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Whether it is added or taken away.
    pub sign: Sign,
    /// The key of the unit that reported it.
    pub province: String,
    /// Which part of the indicator it is of.
    pub breakdown: Breakdown,
    /// The period it was reported for.
    pub period: Period,
    /// The figure.
    pub figure: Figure,
    /// The id of the observation.
    pub observation: String,
    /// The version of the definition it was reported under.
    pub definition_version: i32,
}

impl Part {
    pub(super) fn of(sign: Sign, observation: &Observation, figure: Figure) -> Part {
        Part {
            sign,
            province: observation.series.province.clone(),
            breakdown: observation.series.breakdown.clone(),
            period: observation.period,
            figure,
            observation: observation.id.clone(),
            definition_version: observation.definition_version,
        }
    }

    /// The day that the figure of a state is true of.
    pub(super) fn day(&self) -> NaiveDate {
        self.figure.as_of.unwrap_or(self.period.end())
    }
}

/// Along what a figure is formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Along {
    /// The months of the year.
    Time,
    /// The parts of the indicator: a total from all of them, or one from the total and the others.
    Parts(Vec<(Sign, Breakdown)>),
    /// The units that make up an area, by their keys.
    Areas(Vec<String>),
    /// The months of a year in which the territory changed: those of the units before it, and its own; each as people write it.
    Territory(Vec<(Sign, String)>),
}

/// A figure formed from reported ones.
#[derive(Debug, Clone)]
pub struct Derived {
    /// The figure, with the weakest status among its parts and no more certainty than they have.
    pub figure: Figure,
    /// Along what it is formed.
    pub along: Along,
    /// The reported figures it is formed from.
    pub parts: Vec<Part>,
    /// How much of the period that covers.
    pub coverage: Coverage,
}

/// How the figure is formed, as people write it: `sum of 2024-01…2024-06`, `2024-05-YTD − 2024-05`, `last of 2024-05`,
/// `line_type:fixed + line_type:mobile`, `total − line_type:fixed`, `bac-giang-2004 + bac-ninh-2004`, `sum of 34 provinces`.
impl fmt::Display for Derived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Along::Parts(terms) = &self.along {
            let name = |part: &Breakdown| if part.is_total() { "total".to_owned() } else { part.to_string() };
            return write_terms(f, terms.iter().map(|(sign, part)| (*sign, name(part))));
        }
        let ratio = self.figure.numerator.is_some();
        if let Along::Areas(keys) = &self.along {
            return match &keys[..] {
                [_, _, _, _, _, ..] => write!(f, "{} of {} provinces", if ratio { "ratio" } else { "sum" }, keys.len()),
                few => {
                    f.write_str(if ratio { "ratio of " } else { "" })?;
                    write_terms(f, few.iter().map(|key| (Sign::Plus, key)))
                }
            };
        }
        if ratio && self.parts.len() > 1 {
            f.write_str("ratio of ")?;
        }
        if let Along::Territory(terms) = &self.along {
            return match &terms[..] {
                [(_, only)] => write!(f, "last of {only}"),
                terms => write_terms(f, terms.iter().map(|(sign, term)| (*sign, term))),
            };
        }
        let alike = self.parts.windows(2).all(|pair| {
            let follows = pair[0].period.end().succ_opt() == Some(pair[1].period.start());
            follows && pair[0].period.frequency() == pair[1].period.frequency()
        });
        match &self.parts[..] {
            [only] => write!(f, "last of {}", only.period),
            [first, .., last] if self.parts.len() > 2 && alike && self.parts.iter().all(|part| part.sign == Sign::Plus) => {
                write!(f, "sum of {}…{}", first.period, last.period)
            }
            parts => write_terms(f, parts.iter().map(|part| (part.sign, part.period))),
        }
    }
}

fn write_terms(f: &mut fmt::Formatter<'_>, terms: impl Iterator<Item = (Sign, impl fmt::Display)>) -> fmt::Result {
    for (n, (sign, term)) in terms.enumerate() {
        let sign = match (n, sign) {
            (0, Sign::Plus) => "",
            (_, Sign::Plus) => " + ",
            (_, Sign::Minus) => " − ",
        };
        write!(f, "{sign}{term}")?;
    }
    Ok(())
}

/// Where a figure comes from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A report says so. Where the other figures on record say something else beyond rounding, they are beside it.
    Reported {
        /// The figure on record.
        observation: Box<Observation>,
        /// What it would be by the other figures.
        disagreement: Option<Box<Derived>>,
        /// Whether it is a year to date below an earlier one of the same year.
        falls: bool,
    },
    /// It is formed from reported figures.
    Derived(Derived),
}

/// The figure of a period, reported or formed.
#[derive(Debug, Clone)]
pub struct Formed {
    /// The figure.
    pub figure: Figure,
    /// Where it comes from.
    pub origin: Origin,
    /// How much of the period it covers; `None` for an interval.
    pub coverage: Option<Coverage>,
}

impl Formed {
    /// Whether less than the whole period is covered.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.coverage.is_some_and(|coverage| coverage.have < coverage.need)
    }

    /// Whether it is a year to date that falls.
    #[must_use]
    pub fn falls(&self) -> bool {
        matches!(self.origin, Origin::Reported { falls: true, .. })
    }

    /// The reported figure, if it is one.
    #[must_use]
    pub fn observation(&self) -> Option<&Observation> {
        match &self.origin {
            Origin::Reported { observation, .. } => Some(observation),
            Origin::Derived(_) => None,
        }
    }

    /// The versions of the definition that its parts were reported under.
    pub fn definition_versions(&self) -> impl Iterator<Item = i32> {
        let (reported, parts) = match &self.origin {
            Origin::Reported { observation, .. } => (Some(observation.definition_version), &[][..]),
            Origin::Derived(derived) => (None, &derived.parts[..]),
        };
        reported.into_iter().chain(parts.iter().map(|part| part.definition_version))
    }
}

impl Formed {
    /// The same, with what it would be by other figures beside it where the two differ beyond rounding.
    #[must_use]
    pub fn beside(mut self, indicator: &Indicator, period: Period, otherwise: Option<Formed>) -> Formed {
        if let Origin::Reported { disagreement, .. } = &mut self.origin
            && let Some(Formed { origin: Origin::Derived(derived), .. }) = otherwise
            && disagrees(indicator, period, &self.figure, &derived)
        {
            *disagreement = Some(Box::new(derived));
        }
        self
    }
}

/// The figure of a part and period from what is on record. A reported figure wins over a derived one; what no report has is
/// formed over time, and where that cannot be, or reaches less far into the period, from the other parts.
///
/// # Errors
/// As [`derive`]; `calendar_mismatch` where only the other calendar has a figure of that name; `nil_declared` where the report
/// says that there is nothing to report.
pub fn form(indicator: &Indicator, breakdown: &Breakdown, period: Period, known: &Figures) -> Result<Formed, Unformed> {
    let of_part = known.get(breakdown).map_or(&[][..], Vec::as_slice);
    let over_time = derive(indicator, period, of_part);
    let Some(observation) = of_part.iter().find(|o| o.period == period) else {
        let by_parts = || parts::derive(indicator, breakdown, period, known);
        let derived = farthest(over_time, by_parts).map_err(|unformed| unformed.in_calendar(indicator, period, of_part))?;
        return Ok(Formed { figure: derived.figure, coverage: Some(derived.coverage), origin: Origin::Derived(derived) });
    };
    let Some(figure) = observation.figure() else {
        let coverage = coverage(period, of_part);
        return Err(Unformed { coverage, declared_by: Some(observation.id.clone()), ..Unformed::because(Reason::NilDeclared) });
    };
    let otherwise = over_time.ok().into_iter().chain(parts::derive(indicator, breakdown, period, known).ok());
    let disagreement = otherwise.into_iter().find(|derived| disagrees(indicator, period, figure, derived)).map(Box::new);
    let falls = of_part.iter().any(|earlier| falls(indicator, observation, earlier));
    Ok(Formed {
        figure: *figure,
        coverage: reported_coverage(period, figure),
        origin: Origin::Reported { observation: Box::new(observation.clone()), disagreement, falls },
    })
}

/// What is formed over time, unless the parts reach farther into the period. Where neither can, the parts may know better why.
fn farthest(over_time: Result<Derived, Unformed>, by_parts: impl FnOnce() -> Result<Derived, Reason>) -> Result<Derived, Unformed> {
    match over_time {
        Ok(derived) if derived.coverage.have < derived.coverage.need => {
            Ok(by_parts().ok().filter(|other| other.coverage.have > derived.coverage.have).unwrap_or(derived))
        }
        Ok(derived) => Ok(derived),
        Err(unformed) => by_parts().map_err(|reason| {
            let missing = matches!(unformed.reason, Reason::LowCoverage | Reason::NotAdditive) && reason != Reason::LowCoverage;
            Unformed { reason: if missing { reason } else { unformed.reason }, ..unformed }
        }),
    }
}

/// What one revision says by itself, whatever else is on record.
///
/// # Errors
/// `nil_declared` and `withdrawn` where it says that there is no figure.
pub fn as_said(observation: &Observation) -> Result<Formed, Unformed> {
    let none = |reason: Reason| Unformed { declared_by: Some(observation.id.clone()), ..Unformed::because(reason) };
    let figure = match observation.content {
        Content::Figure(figure) => figure,
        Content::Nil => return Err(none(Reason::NilDeclared)),
        Content::Withdrawn => return Err(none(Reason::Withdrawn)),
    };
    let origin = Origin::Reported { observation: Box::new(observation.clone()), disagreement: None, falls: false };
    Ok(Formed { figure, coverage: reported_coverage(observation.period, &figure), origin })
}

/// A reported figure covers its period; a state counted earlier covers the months until then.
pub(super) fn reported_coverage(period: Period, figure: &Figure) -> Option<Coverage> {
    let need = period.months()?;
    let have = figure.as_of.map_or(Some(need), |day| period.months_by(day))?;
    Some(Coverage { have, need })
}

/// Whether a reported figure and a derived one differ by more than the rounding of all the printed numbers explains.
fn disagrees(indicator: &Indicator, period: Period, reported: &Figure, derived: &Derived) -> bool {
    let day = reported.as_of.unwrap_or(period.end());
    let same_day = || derived.parts.iter().all(|part| part.day() == day);
    // A state of another day is another state, not another figure of the same one.
    if indicator.time_aggregation == Aggregation::Last && !same_day() {
        return false;
    }
    let counted = indicator.is_count();
    let slack = derived.figure.quantity.half_unit(counted) + reported.quantity.half_unit(counted);
    reported.quantity.contradicts(derived.figure.quantity, slack)
}

/// Whether a year to date falls below an earlier one of the same year, where what adds up can only grow.
#[must_use]
pub fn falls(indicator: &Indicator, later: &Observation, earlier: &Observation) -> bool {
    let only_grows = indicator.time_aggregation == Aggregation::Sum && indicator.min.is_some_and(|min| !min.is_negative());
    // Years of the two calendars are never equal, so this stays within one.
    let follows = later.period.year() == earlier.period.year() && earlier.period.end() < later.period.end();
    if !only_grows || !follows || !later.period.runs_from_new_year() || !earlier.period.runs_from_new_year() {
        return false;
    }
    let Some((later, earlier)) = later.figure().zip(earlier.figure()) else { return false };
    let (later, earlier) = (later.quantity, earlier.quantity);
    let slack = later.half_unit(indicator.is_count()) + earlier.half_unit(indicator.is_count());
    let growth = Quantity::sum([(Sign::Plus, later), (Sign::Minus, earlier)]);
    growth.is_ok_and(|growth| growth.contradicts(Quantity::number(Decimal::ZERO, Bound::AtLeast), slack))
}

/// The reported figures that a figure is made of.
pub(super) fn parts_of(formed: &Formed) -> Vec<Part> {
    match &formed.origin {
        Origin::Reported { observation, .. } => vec![Part::of(Sign::Plus, observation, formed.figure)],
        Origin::Derived(derived) => derived.parts.clone(),
    }
}

/// Why a figure cannot be formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unformed {
    /// The reason, of the closed list of comparisons.
    pub reason: Reason,
    /// How much of the period is covered; `None` where the period has no months.
    pub coverage: Option<Coverage>,
    /// The id of the observation that declares that there is nothing to report.
    pub declared_by: Option<String>,
    /// The figures of the units that an area's figure could not be formed from.
    pub parts: Vec<Part>,
}

impl Unformed {
    /// Whether nothing at all is on record that the figure could be formed from.
    #[must_use]
    pub fn is_of_nothing(&self) -> bool {
        let nothing = self.coverage.is_none_or(|coverage| coverage.have == 0) && self.parts.is_empty();
        nothing && matches!(self.reason, Reason::LowCoverage | Reason::NotAdditive)
    }

    /// The reason, told of the figure itself: where nothing is on record, that it is missing.
    #[must_use]
    pub fn told(&self) -> Reason {
        if self.is_of_nothing() { Reason::CurrentMissing } else { self.reason }
    }

    /// Nothing but the reason.
    #[must_use]
    pub fn because(reason: Reason) -> Unformed {
        Unformed { reason, coverage: None, declared_by: None, parts: Vec::new() }
    }

    /// The same, where a figure of that name is known or can be formed for the days of the other calendar: those are other days.
    fn in_calendar(self, indicator: &Indicator, period: Period, of_part: &[Observation]) -> Unformed {
        let missing = matches!(self.reason, Reason::LowCoverage | Reason::NotAdditive);
        let other = period.in_other_calendar();
        let known = || of_part.iter().any(|o| o.figure().is_some() && o.period == other) || derive(indicator, other, of_part).is_ok();
        Unformed { reason: if missing && known() { Reason::CalendarMismatch } else { self.reason }, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::super::derivation::tests::{flow, reported};
    use super::super::period::Calendar;
    use super::super::quantity::tests::written;
    use super::*;

    #[test]
    fn a_reported_figure_wins_and_what_disagrees_stands_beside_it() {
        for (known, disagreement) in [
            ("2024-05=230 E, 2024-05-YTD=1205 E, 2024-04-YTD=980", Some("225 by 2024-05-YTD − 2024-04-YTD")),
            ("2024-05=230 E, 2024-05-YTD=1205 E, 2024-04-YTD=975", None),
            ("2024-05=230.4, 2024-05-YTD=1205, 2024-04-YTD=975", None),
            ("2024-05=232, 2024-05-YTD=1205, 2024-04-YTD=975", Some("230 by 2024-05-YTD − 2024-04-YTD")),
            ("2024-05=>229, 2024-05-YTD=1205, 2024-04-YTD=900", None),
            ("2024-05=230", None),
        ] {
            let known = Figures::from([(Breakdown::default(), reported(known, Calendar::Civil))]);
            let may = Period::parse("2024-05", Calendar::Civil).unwrap();
            let formed = form(&flow(), &Breakdown::default(), may, &known).unwrap();
            assert_eq!(Some(&formed.figure), known[&Breakdown::default()][0].figure());
            let Origin::Reported { disagreement: found, .. } = formed.origin else { panic!("reported wins") };
            assert_eq!(found.map(|d| format!("{} by {d}", written(d.figure.quantity))).as_deref(), disagreement, "{known:?}");
        }
    }

    #[test]
    fn derivations_are_written_as_people_write_them() {
        for (known, period, written) in [
            ("2024-05=230, 2024-05-YTD=1205", "2024-04-YTD", "2024-05-YTD − 2024-05"),
            ("2024-Q1=1, 2024-Q2=2", "2024-H1", "2024-Q1 + 2024-Q2"),
            ("2024-04=1, 2024-05=2, 2024-06=3", "2024-Q2", "sum of 2024-04…2024-06"),
            ("2024-9M=80, 2024-Q3=25, 2024-Q1=20", "2024-Q2", "2024-9M − 2024-Q1 − 2024-Q3"),
        ] {
            let derived = derive(&flow(), Period::parse(period, Calendar::Civil).unwrap(), &reported(known, Calendar::Civil)).unwrap();
            assert_eq!(derived.to_string(), written);
        }
    }
}
