//! Goals: what is to be reached (at least, at most, exactly, within a band), where the way begins and how it is laid out.
//! A year's plan may be even, follow last year's months, or name its milestones; a national one may hold for every province.

use chrono::NaiveDate;

use crate::domain::catalogue::indicator::{Aggregation, Direction, Indicator, Measure};
use crate::domain::fault::{Code, Fault, code_list};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Interval, Quantity};
use crate::domain::observation::figure::{check_value, in_unit_of};
use crate::domain::time::period::Period;
use crate::domain::time::period_code::PeriodCode;

code_list! {
    /// What it means to reach a target.
    pub enum TargetKind {
        /// The figure is the target or more.
        AtLeast = "at_least",
        /// The figure is the target or less.
        AtMost = "at_most",
        /// The figure is the target.
        Exactly = "exactly",
        /// The figure lies between two numbers, ends included.
        Band = "band",
    }
}

code_list! {
    /// How much of the way is to be behind one by when.
    pub enum Phasing {
        /// Every month alike.
        Even = "even",
        /// As much of it as last year's figure to date was of last year's whole; of what adds up over time.
        LastYear = "last_year",
        /// By milestones, and evenly from one to the next.
        Milestones = "milestones",
    }
}

/// What is to be reached, in the unit of the indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetCondition {
    /// This number or more.
    AtLeast(Decimal),
    /// This number or less.
    AtMost(Decimal),
    /// This number.
    Exactly(Decimal),
    /// Between two numbers, ends included.
    Band(Interval),
}

impl TargetCondition {
    /// What reaching it means.
    #[must_use]
    pub fn kind(self) -> TargetKind {
        match self {
            TargetCondition::AtLeast(_) => TargetKind::AtLeast,
            TargetCondition::AtMost(_) => TargetKind::AtMost,
            TargetCondition::Exactly(_) => TargetKind::Exactly,
            TargetCondition::Band(_) => TargetKind::Band,
        }
    }

    /// The number; `None` for a band.
    #[must_use]
    pub fn value(self) -> Option<Decimal> {
        match self {
            TargetCondition::AtLeast(value) | TargetCondition::AtMost(value) | TargetCondition::Exactly(value) => Some(value),
            TargetCondition::Band(_) => None,
        }
    }

    /// The two numbers of a band.
    #[must_use]
    pub fn band(self) -> Option<Interval> {
        if let TargetCondition::Band(band) = self { Some(band) } else { None }
    }

    /// The number to get to from another: of a band its nearer end, and where one is in it already, where one is.
    #[must_use]
    pub fn nearest(self, from: Decimal) -> Decimal {
        match self {
            TargetCondition::AtLeast(value) | TargetCondition::AtMost(value) | TargetCondition::Exactly(value) => value,
            TargetCondition::Band(band) => from.clamp(band.low, band.high),
        }
    }

    /// Both ends of what is to be reached: of a number itself, twice.
    #[must_use]
    pub fn ends(self) -> (Decimal, Decimal) {
        self.band().map_or_else(|| (self.nearest(Decimal::ZERO), self.nearest(Decimal::ZERO)), |band| (band.low, band.high))
    }

    /// Whether there is a too little as well as a too much.
    pub(crate) fn ends_both_ways(self) -> bool {
        matches!(self, TargetCondition::Exactly(_) | TargetCondition::Band(_))
    }

    /// Whether a figure reaches it; `None` where a bound or a range leaves that open.
    #[must_use]
    pub fn holds(self, figure: Quantity) -> Option<bool> {
        let apart = |number: Decimal, bound: Bound| figure.contradicts(Quantity::number(number, bound), Decimal::ZERO);
        // Reached is what can be nowhere outside, missed what can be nowhere inside.
        let (low, high) = self.ends();
        let (floor, ceiling) = match self {
            TargetCondition::AtLeast(_) => (true, false),
            TargetCondition::AtMost(_) => (false, true),
            TargetCondition::Exactly(_) | TargetCondition::Band(_) => (true, true),
        };
        let missed = floor && apart(low, Bound::AtLeast) || ceiling && apart(high, Bound::AtMost);
        let reached = (!floor || apart(low, Bound::Below)) && (!ceiling || apart(high, Bound::Above));
        (missed || reached).then_some(reached)
    }
}

/// Where the way to a target begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baseline {
    /// The period at whose end it begins.
    pub period: Period,
    /// The figure then, in the unit of the indicator.
    pub value: Decimal,
}

/// A figure to be reached on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestone {
    /// The period by whose end it is to be reached.
    pub by: Period,
    /// What there is to be by then, in the unit of the indicator: of what adds up, since the beginning of the year.
    pub value: Decimal,
}

/// What a series should reach, and by which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetTerms {
    /// What is to be reached.
    pub reach: TargetCondition,
    /// Where the way begins, where the decision says so.
    pub baseline: Option<Baseline>,
    /// How the way is laid out.
    pub phasing: Phasing,
    /// The milestones, in order; none unless it is laid out by them.
    pub milestones: Vec<Milestone>,
    /// Whether every province is to reach it, not only the country.
    pub each_province: bool,
}

impl TargetTerms {
    /// What several goals ask for together; `None` where they are of different kinds, or their ways differ.
    #[must_use]
    pub fn sum(goals: &[&TargetTerms]) -> Option<TargetTerms> {
        let (first, others) = goals.split_first()?;
        let mut sum = (*first).clone();
        for goal in others {
            sum = sum.plus(goal)?;
        }
        Some(sum)
    }

    fn plus(self, other: &TargetTerms) -> Option<TargetTerms> {
        let reach = match (self.reach, other.reach) {
            (TargetCondition::AtLeast(one), TargetCondition::AtLeast(two)) => TargetCondition::AtLeast(one.plus(two)?),
            (TargetCondition::AtMost(one), TargetCondition::AtMost(two)) => TargetCondition::AtMost(one.plus(two)?),
            (TargetCondition::Exactly(one), TargetCondition::Exactly(two)) => TargetCondition::Exactly(one.plus(two)?),
            (TargetCondition::Band(one), TargetCondition::Band(two)) => {
                TargetCondition::Band(Interval { low: one.low.plus(two.low)?, high: one.high.plus(two.high)? })
            }
            _ => return None,
        };
        let baseline = match (self.baseline, other.baseline) {
            (None, None) => None,
            (Some(one), Some(two)) if one.period == two.period => Some(Baseline { value: one.value.plus(two.value)?, ..one }),
            _ => return None,
        };
        let alike = self.phasing == other.phasing
            && self.each_province == other.each_province
            && self.milestones.iter().map(|one| one.by).eq(other.milestones.iter().map(|two| two.by));
        let pairs = self.milestones.iter().zip(&other.milestones);
        let milestones =
            pairs.map(|(one, two)| Some(Milestone { by: one.by, value: one.value.plus(two.value)? })).collect::<Option<_>>()?;
        alike.then_some(TargetTerms { reach, baseline, milestones, ..self })
    }

    /// A number to be reached evenly.
    #[must_use]
    pub fn plain(reach: TargetCondition) -> TargetTerms {
        TargetTerms { reach, baseline: None, phasing: Phasing::Even, milestones: Vec::new(), each_province: false }
    }
}

/// The most milestones that a target has.
pub const MOST_MILESTONES: usize = 60;

/// A goal as it was sent.
#[derive(Debug, Default)]
pub struct SentTerms {
    /// What reaching it means; when absent a band where it has ends, else by the indicator's direction.
    pub kind: Option<TargetKind>,
    /// The number.
    pub value: Option<Decimal>,
    /// The lower end of a band.
    pub low: Option<Decimal>,
    /// The upper end of a band.
    pub high: Option<Decimal>,
    /// The power of ten the numbers were written in; the indicator's where not said.
    pub unit_mult: Option<i32>,
    /// Where the way begins.
    pub baseline: Option<(PeriodCode, Decimal)>,
    /// How the way is laid out; evenly when absent, by milestones where there are any.
    pub phasing: Option<Phasing>,
    /// What is to be reached by when.
    pub milestones: Vec<(PeriodCode, Decimal)>,
    /// Whether it holds for every province.
    pub each_province: bool,
}

type Broken = Vec<(&'static str, Fault)>;

impl SentTerms {
    /// The goal in the indicator's terms, for a period and, where `of_country`, for the whole country.
    ///
    /// # Errors
    /// Every rule that it breaks, with the field that breaks it.
    pub fn check(self, indicator: &Indicator, period: Period, of_country: bool) -> Result<TargetTerms, Broken> {
        let mut faults = Vec::new();
        let reach = self.check_reach(indicator, &mut faults);
        let baseline = self.check_baseline(indicator, period, &mut faults);
        let phasing = self.phasing.unwrap_or(if self.milestones.is_empty() { Phasing::Even } else { Phasing::Milestones });
        let from = match (self.baseline, baseline) {
            (None, _) => Some(period.start()),
            // Where a baseline is wrong, the milestones are not.
            (Some(_), baseline) => baseline.map(|baseline| baseline.period.end()),
        };
        let milestones = self.check_milestones(indicator, period, from, &mut faults);
        let fault = |message: &str| Fault::new(Code::InvalidPhasing, message);
        match phasing {
            Phasing::Milestones if self.milestones.is_empty() => {
                faults.push(("milestones", fault("phasing by milestones needs its `milestones`")));
            }
            Phasing::Even | Phasing::LastYear if !self.milestones.is_empty() => {
                let message = format!("milestones go with `phasing` `milestones`, not `{}`", phasing.as_str());
                faults.push(("milestones", fault(&message)));
            }
            Phasing::Even | Phasing::LastYear | Phasing::Milestones => {}
        }
        if phasing == Phasing::LastYear && indicator.measure != Measure::Flow {
            let message = "only what adds up over the year follows the months of last year";
            faults.push(("phasing", fault(message).allowing([Phasing::Even.as_str(), Phasing::Milestones.as_str()])));
        }
        if phasing != Phasing::Even && period.months().is_none() {
            faults.push(("phasing", fault("an interval has no months to lay the way out by").allowing([Phasing::Even.as_str()])));
        }
        if self.each_province && !of_country {
            let message = "only a target of the whole country (`VN`) can hold for each province";
            faults.push(("each_province", Fault::new(Code::InvalidValue, message)));
        }
        if self.each_province && indicator.area_aggregation == Aggregation::Sum {
            let message =
                format!("`{}` adds up over provinces: no number is at once what the country and what each is to reach", indicator.code);
            faults.push(("each_province", Fault::new(Code::InvalidValue, message)));
        }
        match reach {
            Some(reach) if faults.is_empty() => Ok(TargetTerms { reach, baseline, phasing, milestones, each_province: self.each_province }),
            _ => Err(faults),
        }
    }

    fn check_reach(&self, indicator: &Indicator, faults: &mut Broken) -> Option<TargetCondition> {
        let kind = self.kind.unwrap_or(match indicator.direction {
            _ if self.value.is_none() && (self.low.is_some() || self.high.is_some()) => TargetKind::Band,
            Direction::Down => TargetKind::AtMost,
            Direction::Up | Direction::Neutral => TargetKind::AtLeast,
        });
        let band = kind == TargetKind::Band;
        let mut ends = Vec::new();
        for (field, number, belongs) in [("value", self.value, !band), ("low", self.low, band), ("high", self.high, band)] {
            match number {
                Some(_) if !belongs => {
                    let message = if band { "a band has `low` and `high` and no `value`" } else { "only a band has `low` and `high`" };
                    faults.push((field, Fault::new(Code::InvalidRange, message)));
                }
                Some(number) => ends.extend(self.in_unit(field, number, indicator, faults)),
                // What was needed and not sent was said when it was read.
                None => {}
            }
        }
        match (kind, &ends[..]) {
            (TargetKind::AtLeast, [value]) => Some(TargetCondition::AtLeast(*value)),
            (TargetKind::AtMost, [value]) => Some(TargetCondition::AtMost(*value)),
            (TargetKind::Exactly, [value]) => Some(TargetCondition::Exactly(*value)),
            (TargetKind::Band, [low, high]) if low < high => Some(TargetCondition::Band(Interval { low: *low, high: *high })),
            (TargetKind::Band, [low, high]) => {
                let message = format!("{low} to {high} is no band: the lower end comes first, and one number is `exactly`");
                faults.push(("low", Fault::new(Code::InvalidRange, message)));
                None
            }
            _ => None,
        }
    }

    fn check_baseline(&self, indicator: &Indicator, period: Period, faults: &mut Broken) -> Option<Baseline> {
        let (written, value) = self.baseline?;
        let of = written.in_calendar(period.calendar()).canonical();
        let leads_there = of.months().is_some() && of.end() < period.start() && period.months().is_some();
        if !leads_there {
            let message =
                format!("a baseline is of a named period that ends before the months of {period} begin; {of} ends on {}", of.end());
            faults.push(("baseline", Fault::new(Code::InvalidPhasing, message)));
        }
        let value = self.in_unit("baseline", value, indicator, faults).filter(|_| leads_there)?;
        Some(Baseline { period: of, value })
    }

    fn check_milestones(&self, indicator: &Indicator, period: Period, from: Option<NaiveDate>, faults: &mut Broken) -> Vec<Milestone> {
        if self.milestones.len() > MOST_MILESTONES {
            let message = format!("a target has at most {MOST_MILESTONES} milestones, this one {}", self.milestones.len());
            faults.push(("milestones", Fault::new(Code::InvalidPhasing, message)));
        }
        let mut milestones: Vec<Milestone> = Vec::new();
        for (written, value) in self.milestones.iter().take(MOST_MILESTONES) {
            let by = written.in_calendar(period.calendar()).canonical();
            if by.months().is_none() || from.is_some_and(|from| by.end() <= from) || by.end() >= period.end() {
                let after = from.map_or(String::new(), |from| format!(" after {from}"));
                let message = format!(
                    "milestones are by the end of named periods{after} and before {}; {by} ends on {} (a `baseline` lets the way begin earlier)",
                    period.end(),
                    by.end()
                );
                faults.push(("milestones", Fault::new(Code::InvalidPhasing, message)));
            }
            if milestones.iter().any(|earlier| earlier.by.end() == by.end()) {
                let message = format!("two milestones are by the end of {by}");
                faults.push(("milestones", Fault::new(Code::InvalidPhasing, message)));
            }
            if let Some(value) = self.in_unit("milestones", *value, indicator, faults) {
                milestones.push(Milestone { by, value });
            }
        }
        milestones.sort_by_key(|milestone| milestone.by.end());
        milestones
    }

    /// A number in the indicator's unit that the indicator can have; what is wrong with it is noted.
    fn in_unit(&self, field: &'static str, number: Decimal, indicator: &Indicator, faults: &mut Broken) -> Option<Decimal> {
        let number = in_unit_of(indicator, number, self.unit_mult).map_err(|fault| faults.push((field, fault))).ok()?;
        faults.extend(check_value(number, indicator).map(|fault| (field, fault)));
        Some(number)
    }
}

#[cfg(test)]
mod tests {

    use crate::domain::testing::quantity;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse_json(text).unwrap()
    }

    #[test]
    fn a_bound_reaches_a_goal_where_nothing_else_can_be_true() {
        let band = TargetCondition::Band(Interval { low: decimal("20"), high: decimal("30") });
        let (least, most, exactly) =
            (TargetCondition::AtLeast(decimal("20")), TargetCondition::AtMost(decimal("20")), TargetCondition::Exactly(decimal("20")));
        for (reach, figure, held, why) in [
            (least, "20", Some(true), "the number itself"),
            (least, "19.9", Some(false), "less"),
            (least, ">20", Some(true), "above it"),
            (least, ">19", None, "19.5 would not, 21 would"),
            (least, "<20", Some(false), "below it"),
            (least, "20-23", Some(true), "from it on"),
            (least, "~25", None, "about right is never certain"),
            (most, "20", Some(true), "the number itself"),
            (most, ">20", Some(false), "above it"),
            (most, "<20", Some(true), "below it"),
            (most, "18-23", None, "some of it"),
            (exactly, "20", Some(true), "to the digit"),
            (exactly, "21", Some(false), "another number"),
            (exactly, ">20", Some(false), "another number, whichever"),
            (exactly, "18-23", None, "it might be"),
            (band, "20", Some(true), "ends included"),
            (band, "30.1", Some(false), "above it"),
            (band, "22-25", Some(true), "within"),
            (band, "<20", Some(false), "below it"),
            (band, ">20", None, "there is no telling how far"),
        ] {
            assert_eq!(reach.holds(quantity(figure)), held, "{reach:?} by {figure}: {why}");
        }
    }

    #[test]
    fn the_way_to_a_band_leads_to_its_nearer_end() {
        let band = TargetCondition::Band(Interval { low: decimal("20"), high: decimal("30") });
        for (from, to) in [("5", "20"), ("20", "20"), ("25", "25"), ("40", "30")] {
            assert_eq!(band.nearest(decimal(from)), decimal(to));
        }
    }
}
