//! Completeness: the obligations with their submissions, and the missing figures.
//! Only the existence and the time of figures count here, not their values.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::obligation::Due;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::whole::wholes;
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::submission::workflow::State;
use crate::domain::time::period::Period;
use crate::domain::time::zone::day_in_viet_nam;

code_list! {
    /// The fulfilment of an obligation for a period.
    pub enum Fulfilment {
        /// Submitted by the end of the due day.
        OnTime = "on_time",
        /// Submitted after the due day.
        Late = "late",
        /// Due and not submitted.
        Missing = "missing",
        /// Declared that there is nothing to report.
        NilDeclared = "nil_declared",
        /// Not due yet, and not submitted.
        NotDue = "not_due",
    }
}

/// The kind of content of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportedContent {
    /// A figure.
    Figure,
    /// A declaration of nothing to report.
    Nil,
    /// A withdrawal: the earlier content was wrong, and there is no figure.
    Withdrawn,
}

/// All published revisions of a series and period, oldest first, with their times of submission.
#[derive(Debug, Clone)]
pub struct SubmissionHistory {
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// The kind of content and the time of submission.
    pub revisions: Vec<(ReportedContent, DateTime<Utc>)>,
}

/// A submission of a figure or declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The time of submission.
    pub at: DateTime<Utc>,
    /// Whether it declares nothing to report.
    pub nil: bool,
}

impl SubmissionHistory {
    /// The current content and the time of its first submission since the last withdrawal. So a correction does not count as late.
    #[must_use]
    pub fn handed_in(&self) -> Option<Receipt> {
        let current = self.revisions.rsplit(|(content, _)| *content == ReportedContent::Withdrawn).next()?;
        let (last, _) = current.last()?;
        Some(Receipt { at: current.iter().map(|(_, at)| *at).min()?, nil: *last == ReportedContent::Nil })
    }
}

impl Receipt {
    /// Combines several submissions of the same figure: the time of the first one; nothing to report if all of them declare it.
    #[must_use]
    pub fn together(all: impl IntoIterator<Item = Receipt>) -> Option<Receipt> {
        all.into_iter().reduce(|one, other| Receipt { at: one.at.min(other.at), nil: one.nil && other.nil })
    }

    /// The submission of an indicator as a whole: its total, or all parts of a complete breakdown with the time of the last one. If
    /// some parts are missing, the whole is missing.
    #[must_use]
    pub fn of_whole(indicator: &Indicator, parts: &BTreeMap<Breakdown, Receipt>) -> Option<Receipt> {
        let total = Breakdown::default();
        let last = |one: Receipt, other: Receipt| Receipt { at: one.at.max(other.at), nil: one.nil && other.nil };
        let formed = wholes(indicator, &total).filter_map(|whole| {
            let all: Option<Vec<Receipt>> = whole.parts.iter().map(|part| parts.get(part).copied()).collect();
            all?.into_iter().reduce(last)
        });
        Receipt::together(parts.get(&total).copied().into_iter().chain(formed))
    }

    /// Combines the stored and the pending submission: the content of the stored one, the earlier time of both.
    #[must_use]
    pub fn or_waiting(on_record: Option<Receipt>, waiting: Option<Receipt>) -> Option<Receipt> {
        let earlier = |record: Receipt| Receipt { at: waiting.map_or(record.at, |waiting| waiting.at.min(record.at)), ..record };
        on_record.map(earlier).or(waiting)
    }
}

/// The fulfilment of an obligation with this due day, as of today in Viet Nam.
#[must_use]
pub fn status(due_on: NaiveDate, handed_in: Option<Receipt>, today: NaiveDate) -> Fulfilment {
    match handed_in {
        Some(Receipt { nil: true, .. }) => Fulfilment::NilDeclared,
        Some(Receipt { at, .. }) if day_in_viet_nam(at) <= due_on => Fulfilment::OnTime,
        Some(_) => Fulfilment::Late,
        None if today <= due_on => Fulfilment::NotDue,
        None => Fulfilment::Missing,
    }
}

/// A submission that is not published yet.
#[derive(Debug, Clone)]
pub struct UnderWay {
    /// Its id.
    pub id: String,
    /// Its state: submitted or returned.
    pub state: State,
}

/// A due period and its fulfilment.
#[derive(Debug, Clone)]
pub struct Item {
    /// The obligation for the period.
    pub due: Due,
    /// The fulfilment.
    pub status: Fulfilment,
    /// The time of submission, if submitted.
    pub handed_in_at: Option<DateTime<Utc>>,
    /// The pending submission with its figures.
    pub under_way: Option<UnderWay>,
}

impl Item {
    /// The fulfilment of a due period as of today in Viet Nam, from its submission.
    #[must_use]
    pub fn new(due: Due, handed_in: Option<Receipt>, under_way: Option<UnderWay>, today: NaiveDate) -> Item {
        let status = status(due.due_on, handed_in, today);
        Item { due, status, handed_in_at: handed_in.map(|handed_in| handed_in.at), under_way }
    }
}

/// Number of periods by fulfilment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Submitted by the due day.
    pub on_time: i64,
    /// Submitted after the due day.
    pub late: i64,
    /// Due and not submitted.
    pub missing: i64,
    /// Declared nothing to report.
    pub nil_declared: i64,
    /// Not due yet, and not submitted.
    pub not_due: i64,
}

impl Tally {
    /// Counts one period.
    pub fn count(&mut self, status: Fulfilment) {
        let of = match status {
            Fulfilment::OnTime => &mut self.on_time,
            Fulfilment::Late => &mut self.late,
            Fulfilment::Missing => &mut self.missing,
            Fulfilment::NilDeclared => &mut self.nil_declared,
            Fulfilment::NotDue => &mut self.not_due,
        };
        *of += 1;
    }

    /// Number of submitted periods: figures and declarations.
    #[must_use]
    pub fn handed_in(self) -> i64 {
        self.on_time + self.late + self.nil_declared
    }

    /// Number of due periods: submitted ones, even before their due day, and missing ones.
    #[must_use]
    pub fn due(self) -> i64 {
        self.handed_in() + self.missing
    }

    /// Submitted ÷ due in percent with one decimal, rounded down: 100 means that nothing is missing. `None` if nothing is due.
    #[must_use]
    pub fn complete_pct(self) -> Option<Decimal> {
        let tenths = (self.handed_in() * 1000).checked_div(self.due())?;
        Decimal::from_scaled(tenths, 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalogue::breakdown::Breakdown;
    use crate::domain::time::period::Calendar;

    /// Revisions in test notation: `figure@2026-11-01 nil@2026-11-02 withdrawn@2026-11-03`.
    fn history(text: &str) -> SubmissionHistory {
        let revisions = text.split(' ').map(|word| {
            let (content, day) = word.split_once('@').unwrap();
            let content = match content {
                "figure" => ReportedContent::Figure,
                "nil" => ReportedContent::Nil,
                _ => ReportedContent::Withdrawn,
            };
            (content, format!("{day}T05:00:00Z").parse().unwrap())
        });
        let series = SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() };
        SubmissionHistory { series, period: Period::parse("2026-10", Calendar::Civil).unwrap(), revisions: revisions.collect() }
    }

    #[test]
    fn what_stands_was_handed_in_when_it_came_first() {
        for (revisions, due_on, today, expected, why) in [
            ("figure@2026-11-09", "2026-11-10", "2026-11-21", Fulfilment::OnTime, "in time"),
            ("figure@2026-11-11", "2026-11-10", "2026-11-21", Fulfilment::Late, "a day late"),
            ("figure@2026-11-09", "2026-11-30", "2026-11-21", Fulfilment::OnTime, "before it is due"),
            ("figure@2026-11-09 figure@2026-11-15", "2026-11-10", "2026-11-21", Fulfilment::OnTime, "corrected later"),
            ("figure@2026-11-12 figure@2026-11-09", "2026-11-10", "2026-11-21", Fulfilment::OnTime, "handed in first, published second"),
            ("nil@2026-11-09", "2026-11-10", "2026-11-21", Fulfilment::NilDeclared, "nothing to report"),
            ("nil@2026-11-09 figure@2026-11-15", "2026-11-10", "2026-11-21", Fulfilment::OnTime, "there was something after all"),
            ("figure@2026-11-09 withdrawn@2026-11-12", "2026-11-10", "2026-11-21", Fulfilment::Missing, "taken back"),
            ("figure@2026-11-09 withdrawn@2026-11-12", "2026-11-30", "2026-11-21", Fulfilment::NotDue, "taken back before it is due"),
            ("figure@2026-11-09 withdrawn@2026-11-12 figure@2026-11-15", "2026-11-10", "2026-11-21", Fulfilment::Late, "and said anew"),
        ] {
            let (due_on, today) = (due_on.parse().unwrap(), today.parse().unwrap());
            assert_eq!(status(due_on, history(revisions).handed_in(), today), expected, "{revisions}: {why}");
        }
    }

    #[test]
    fn the_due_day_is_in_time_to_its_last_second_in_viet_nam() {
        let due_on = "2026-11-10".parse().unwrap();
        for (at, expected) in [("2026-11-10T16:59:59.999999Z", Fulfilment::OnTime), ("2026-11-10T17:00:00Z", Fulfilment::Late)] {
            let handed_in = Receipt { at: at.parse().unwrap(), nil: false };
            assert_eq!(status(due_on, Some(handed_in), due_on), expected, "{at}");
        }
        assert_eq!(status(due_on, None, due_on), Fulfilment::NotDue, "all of the due day is there to hand it in");
        assert_eq!(status(due_on, None, due_on.succ_opt().unwrap()), Fulfilment::Missing);
    }

    #[test]
    fn parts_hand_in_what_is_owed_as_a_total() {
        let handed_in = |text: &str| history(text).handed_in();
        let parts = ["figure@2026-11-12", "figure@2026-11-09", "nil@2026-11-10"].into_iter().filter_map(handed_in);
        assert_eq!(Receipt::together(parts), handed_in("figure@2026-11-09"));
        assert_eq!(Receipt::together(Vec::new()), None);
    }

    #[test]
    fn what_waits_for_review_is_handed_in() {
        let handed_in = |text: &str| if text.is_empty() { None } else { history(text).handed_in() };
        for (on_record, waiting, together, why) in [
            ("", "", "", "neither"),
            ("", "figure@2026-11-09", "figure@2026-11-09", "it waits"),
            ("figure@2026-11-09", "figure@2026-11-15", "figure@2026-11-09", "a correction waits"),
            ("figure@2026-11-15", "figure@2026-11-09", "figure@2026-11-09", "it waits longer than another took"),
            ("nil@2026-11-09", "figure@2026-11-15", "nil@2026-11-09", "until it is published there is nothing"),
        ] {
            assert_eq!(Receipt::or_waiting(handed_in(on_record), handed_in(waiting)), handed_in(together), "{why}");
        }
    }

    #[test]
    fn a_hundred_percent_is_all_of_it() {
        for (handed_in, missing, pct) in
            [(0, 0, None), (0, 3, Some("0.0")), (1, 2, Some("33.3")), (1999, 1, Some("99.9")), (2, 0, Some("100.0"))]
        {
            let tally = Tally { late: handed_in, missing, not_due: 5, ..Tally::default() };
            assert_eq!(tally.complete_pct().map(|pct| pct.to_string()).as_deref(), pct, "{handed_in} of {}", tally.due());
        }
    }

    proptest! {
        #[test]
        fn never_above_a_hundred_percent(statuses in prop::collection::vec(0usize..5, 0..200)) {
            let mut tally = Tally::default();
            let all = [Fulfilment::OnTime, Fulfilment::Late, Fulfilment::Missing, Fulfilment::NilDeclared, Fulfilment::NotDue];
            for n in &statuses {
                tally.count(all[*n]);
            }

            prop_assert_eq!(usize::try_from(tally.due() + tally.not_due), Ok(statuses.len()));
            prop_assert!(tally.complete_pct().is_none_or(|pct| pct <= Decimal::HUNDRED));
            prop_assert_eq!(tally.complete_pct().is_none(), tally.due() == 0);
            prop_assert_eq!(tally.complete_pct() == Some(Decimal::HUNDRED), tally.due() > 0 && tally.missing == 0);
        }
    }
}
