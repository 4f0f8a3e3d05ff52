//! Obligations: the organisation, the figures and the province, the frequency, the deadline and the validity.
//! The organisation that is responsible on the due day owes the figures of the period. No other organisation owes them.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use serde_json::{Value, json};

use super::deadline::Deadline;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};
use crate::domain::time::period::{Calendar, Frequency, Period, YEARS};

/// The definition of an obligation: the totals of an indicator, for the periods of one frequency and calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObligationDefinition {
    /// The identifier of the responsible organisation.
    pub organisation: String,
    /// The key of the province.
    pub province: String,
    /// The code of the indicator.
    pub indicator: String,
    /// The reporting frequency.
    pub frequency: Frequency,
    /// The calendar of the periods.
    pub calendar: Calendar,
    /// Whether each figure is a year to date (lũy kế).
    pub cumulative: bool,
    /// The due day.
    pub deadline: Deadline,
    /// Days from the due day to the closing day. After it, a figure needs `force` with a reason. Absent: the period never closes.
    pub closes_after_days: Option<u32>,
    /// The first due day of its validity.
    pub valid_from: NaiveDate,
    /// The last due day of its validity, inclusive; absent while it is open-ended.
    pub valid_to: Option<NaiveDate>,
}

/// The owed figures, without the organisation: province, indicator, frequency, calendar, and whether they are years to date.
pub(crate) type Figures = (String, String, Frequency, Calendar, bool);

impl ObligationDefinition {
    pub(crate) fn figures(&self) -> Figures {
        (self.province.clone(), self.indicator.clone(), self.frequency, self.calendar, self.cumulative)
    }

    /// The parts that identify an obligation when it is submitted again.
    pub(crate) fn identity(&self) -> (Figures, String, NaiveDate) {
        (self.figures(), self.organisation.clone(), self.valid_from)
    }

    /// Whether it is valid on a day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    pub(crate) fn overlaps(&self, other: &ObligationDefinition) -> bool {
        self.valid_to.is_none_or(|last| other.valid_from <= last) && other.valid_to.is_none_or(|last| self.valid_from <= last)
    }

    /// The validity as text, for messages.
    pub(crate) fn time(&self) -> Message {
        Message::of_days(self.valid_from, self.valid_to)
    }

    /// The closing day. After it, a figure needs `force` with a reason. `None` if the period never closes.
    #[must_use]
    pub fn closes_on(&self, due_on: NaiveDate) -> Option<NaiveDate> {
        due_on.checked_add_days(Days::new(self.closes_after_days?.into()))
    }

    /// The owed period with the same days as this period, under its own name, with its due day. `None` if there is none, or if another
    /// organisation is responsible on the due day. The caller checks whether the province existed.
    #[must_use]
    pub fn owed(&self, period: Period) -> Option<(Period, NaiveDate)> {
        self.owed_in_year_of(period, |owed| *owed == period)
    }

    /// The owed period that ends with this one, shorter or longer: with October also the year to October. Otherwise like
    /// [`Terms::owed`].
    #[must_use]
    pub fn owed_to_the_end_of(&self, period: Period) -> Option<(Period, NaiveDate)> {
        self.owed_in_year_of(period, |owed| owed.end() == period.end())
    }

    fn owed_in_year_of(&self, period: Period, wanted: impl Fn(&Period) -> bool) -> Option<(Period, NaiveDate)> {
        let (_, end) = period.month_span()?;
        let of_year = Period::of_year(self.calendar, (end - 1).div_euclid(12), self.frequency, self.cumulative);
        let owed = of_year.into_iter().find(wanted)?;
        Some(owed).zip(self.deadline.due_on(owed)).filter(|(_, due_on)| self.holds_on(*due_on))
    }

    /// The periods with a due day in this range, each with its due day, in order. Only periods at whose end the province existed.
    #[must_use]
    pub fn due_within(&self, province: &Province, days: &RangeInclusive<NaiveDate>) -> Vec<(Period, NaiveDate)> {
        // A deadline is at most one month before and twelve months after the end of its period.
        let first = (days.start().year() - 1).max(*YEARS.start());
        let last = days.end().year().saturating_add(1).min(*YEARS.end());
        let periods = (first..=last).flat_map(|year| Period::of_year(self.calendar, year, self.frequency, self.cumulative));
        let due = periods.filter_map(|period| Some((period, self.deadline.due_on(period)?)));
        due.filter(|(period, due_on)| days.contains(due_on) && self.holds_on(*due_on) && province.existed_on(period.end())).collect()
    }

    /// Whether no period with an existing province ever falls due. The last period of a province may be owed by its successor.
    pub(crate) fn never_due(&self, province: &Province) -> bool {
        let first = self.valid_from.max(province.valid_from);
        // A year is the longest period. It ends within a year of the first day, and is due within another year.
        let last = first.checked_add_months(Months::new(36)).unwrap_or(NaiveDate::MAX);
        self.due_within(province, &(first.checked_sub_months(Months::new(1)).unwrap_or(first)..=last)).is_empty()
    }

    /// The errors of the definition itself, with the field of each.
    pub(crate) fn faults(&self) -> Vec<(&'static str, Fault)> {
        let mut faults = Vec::new();
        let fault = |message: Message| Fault::new(Code::InvalidValue, message);
        if let Some(last) = self.valid_to.filter(|last| *last < self.valid_from) {
            let first = self.valid_from;
            let message = message!(en: "{last} is before {first}, the first day", vi: "{last} trước ngày đầu là {first}"; first, last);
            faults.push(("valid_to", fault(message)));
        }
        if self.cumulative && self.frequency == Frequency::Yearly {
            faults.push((
                "cumulative",
                fault(message!(
                    en: "a year to its end is the year: send it without `cumulative`",
                    vi: "lũy kế đến hết năm chính là cả năm: bỏ `cumulative`"
                )),
            ));
        }
        // A leap year and the year before it: the months of all other years are like theirs.
        let years = [2023, 2024].into_iter().flat_map(|year| Period::of_year(self.calendar, year, self.frequency, self.cumulative));
        let early = |period: &Period| self.deadline.due_on(*period).is_some_and(|due_on| due_on < period.start());
        if let Some(period) = years.into_iter().find(early) {
            let start = period.start();
            let message = message!(
                en: "{period} would be due before it begins on {start}",
                vi: "kỳ {period} sẽ đến hạn trước khi bắt đầu, ngày {start}"; start
            );
            faults.push(("deadline", fault(message)));
        }
        faults
    }
}

/// A stored obligation.
#[derive(Debug, Clone)]
pub struct Obligation {
    /// The identity, the same for all versions.
    pub id: String,
    /// 1 for the first version, then one more for each change.
    pub version: i32,
    /// The definition.
    pub terms: ObligationDefinition,
    /// The legal decision.
    pub source: Source,
    /// The reason for the change, if given.
    pub reason: Option<String>,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A due period of an obligation.
#[derive(Debug, Clone)]
pub struct Due {
    /// The id of the obligation.
    pub obligation: String,
    /// The responsible organisation.
    pub organisation: String,
    /// The key of the province.
    pub province: String,
    /// The code of the indicator.
    pub indicator: String,
    /// The period.
    pub period: Period,
    /// The due day.
    pub due_on: NaiveDate,
    /// The closing day. After it, a figure needs `force` with a reason.
    pub closes_on: Option<NaiveDate>,
}

impl Due {
    /// The sort key by due day.
    #[must_use]
    pub fn by_day(&self) -> [String; 6] {
        let [organisation, province, indicator, due_on, period, obligation] = self.by_organisation();
        [due_on, organisation, province, indicator, period, obligation]
    }

    /// The sort key by organisation.
    #[must_use]
    pub fn by_organisation(&self) -> [String; 6] {
        let Due { obligation, organisation, province, indicator, period, due_on, .. } = self;
        let names = [organisation, province, indicator].map(String::clone);
        let [organisation, province, indicator] = names;
        [organisation, province, indicator, due_on.to_string(), period.to_string(), obligation.clone()]
    }
}

impl Obligation {
    /// The members of an obligation that only the service sets.
    #[must_use]
    pub fn read_only(&self) -> [(&'static str, Value); 3] {
        [("id", json!(self.id)), ("version", json!(self.version)), ("recorded_at", json!(self.recorded_at))]
    }

    /// The sort key of a list: organisation, province, indicator, frequency, calendar, year to date, first day.
    #[must_use]
    pub fn place(&self) -> [String; 7] {
        let ObligationDefinition { organisation, province, indicator, frequency, calendar, cumulative, valid_from, .. } = &self.terms;
        let words = [frequency.as_str(), calendar.as_str(), if *cumulative { "to date" } else { "" }];
        let [frequency, calendar, cumulative] = words.map(str::to_owned);
        [organisation.clone(), province.clone(), indicator.clone(), frequency, calendar, cumulative, valid_from.to_string()]
    }

    /// One of its periods with its due day.
    #[must_use]
    pub fn due(&self, (period, due_on): (Period, NaiveDate)) -> Due {
        Due {
            obligation: self.id.clone(),
            organisation: self.terms.organisation.clone(),
            province: self.terms.province.clone(),
            indicator: self.terms.indicator.clone(),
            period,
            due_on,
            closes_on: self.terms.closes_on(due_on),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalogue::province::UnitType;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// An obligation in test notation: `M civil 1/10 from 2025-03-01 to 2025-12-31 closes 20 to-date`.
    fn terms(text: &str) -> ObligationDefinition {
        let words: Vec<&str> = text.split(' ').collect();
        let after = |word: &str| words.iter().skip_while(|known| **known != word).nth(1).copied();
        let (months_after, last) = words[2].split_once('/').unwrap();
        ObligationDefinition {
            organisation: "H02.12".into(),
            province: "p".into(),
            indicator: "i".into(),
            frequency: Frequency::parse(words[0]).unwrap(),
            calendar: Calendar::parse(words[1]).unwrap(),
            cumulative: words.contains(&"to-date"),
            deadline: Deadline { months_after: months_after.parse().unwrap(), day: last.parse().unwrap() },
            closes_after_days: after("closes").map(|days| days.parse().unwrap()),
            valid_from: day(after("from").unwrap_or("2000-01-01")),
            valid_to: after("to").map(day),
        }
    }

    fn province(from: &str, to: Option<&str>) -> Province {
        Province {
            key: "p".into(),
            code: Some("1".into()),
            name: "P".into(),
            name_en: "P".into(),
            iso: None,
            agency_code: None,
            unit_type: UnitType::Province,
            valid_from: day(from),
            valid_to: to.map(day),
            predecessors: Vec::new(),
        }
    }

    #[test]
    fn what_falls_due_within_some_days() {
        let (always, old, new) = (province("2004-01-01", None), province("2004-01-01", Some("2025-06-30")), province("2025-07-01", None));
        for (of, unit, from, to, due, why) in [
            ("M civil 1/10", &always, "2026-11-01", "2026-11-30", "2026-10@2026-11-10", "October, by 10 November"),
            ("M civil 1/10 to-date", &always, "2026-11-01", "2026-11-30", "2026-10-YTD@2026-11-10", "the year to October"),
            ("M nd09 0/15", &always, "2026-11-15", "2026-11-15", "2026-11@2026-11-15", "both ends are within"),
            (
                "Q nd09 0/6",
                &always,
                "2026-01-01",
                "2026-12-31",
                "2026-Q1@2026-03-06 2026-Q2@2026-06-06 2026-Q3@2026-09-06 2026-Q4@2026-12-06",
                "a year of quarters",
            ),
            ("S nd09 0/6", &always, "2026-01-01", "2026-12-31", "2026-H1@2026-06-06 2026-H2@2026-12-06", "two halves"),
            ("A nd09 -1/25", &always, "2026-11-01", "2026-11-30", "2026@2026-11-25", "the year, before it ends"),
            ("A civil 12/1", &always, "2026-12-01", "2026-12-31", "2025@2026-12-01", "a year that ended long ago"),
            ("M civil -1/25", &always, "2026-12-25", "2026-12-25", "2027-01@2026-12-25", "January of next year"),
            ("M civil 1/10 from 2026-11-10", &always, "2026-10-01", "2026-11-30", "2026-10@2026-11-10", "from its first due day"),
            ("M civil 1/10 to 2026-10-10", &always, "2026-10-01", "2026-11-30", "2026-09@2026-10-10", "to its last"),
            ("M civil 1/10", &old, "2025-07-01", "2025-08-31", "2025-06@2025-07-10", "June ended with the province, and is due after it"),
            ("M civil 1/10", &new, "2025-07-01", "2025-08-31", "2025-07@2025-08-10", "July is the first of the new one"),
            ("M nd09 0/15", &new, "2025-07-01", "2025-07-31", "2025-07@2025-07-15", "cut off on 14 July, it is the new one's"),
        ] {
            let found = terms(of).due_within(unit, &(day(from)..=day(to)));
            let shown: Vec<String> = found.iter().map(|(period, due_on)| format!("{period}@{due_on}")).collect();
            assert_eq!(shown.join(" "), due, "{of}: {why}");
        }
    }

    #[test]
    fn a_period_is_owed_under_whatever_name_it_is_asked_for() {
        for (of, asked, owed, why) in [
            ("M civil 1/10", "2026-10", "2026-10@2026-11-10", "its own name"),
            ("M civil 1/10", "2026-01-YTD", "2026-01@2026-02-10", "January to date is January"),
            ("M civil 1/10 to-date", "2026-H1", "2026-06-YTD@2026-07-10", "half a year is six months to date"),
            ("S civil 1/10", "2026-06-YTD", "2026-H1@2026-07-10", "and the reverse"),
            ("M civil 1/10", "2026-H1", "", "not every month"),
            ("Q civil 1/10 to-date", "2026-05-YTD", "", "no quarter ends in May"),
            ("M civil 1/10", "2026-02-03/2026-02-09", "", "an event"),
            ("M civil 1/10 from 2026-11-11", "2026-10", "", "due before it was taken on"),
        ] {
            let found = terms(of).owed(Period::parse(asked, Calendar::Civil).unwrap());
            let shown = found.map(|(period, due_on)| format!("{period}@{due_on}")).unwrap_or_default();
            assert_eq!(shown, owed, "{of}, {asked}: {why}");
        }
        let other_calendar = Period::parse("2026-10", Calendar::Nd09).unwrap();
        assert_eq!(terms("M civil 1/10").owed(other_calendar), None, "the other calendar has other days");
    }

    #[test]
    fn what_ends_with_a_period_is_asked_for_together() {
        for (of, asked, owed, why) in [
            ("M civil 1/10", "2026-10", "2026-10@2026-11-10", "the month"),
            ("M civil 1/10 to-date", "2026-10", "2026-10-YTD@2026-11-10", "the year to it"),
            ("Q civil 1/10", "2026-10", "", "no quarter ends in October"),
            ("Q civil 1/10", "2026-06", "2026-Q2@2026-07-10", "one ends in June"),
            ("S civil 1/10", "2026-Q2", "2026-H1@2026-07-10", "and half a year with it"),
            ("M civil 1/10", "2026-H1", "2026-06@2026-07-10", "and June with that"),
            ("A civil 1/10", "2026-12", "2026@2027-01-10", "and the year with December"),
            ("S nd09 0/6", "2026-06", "2026-H1@2026-06-06", "in its own calendar"),
            ("M civil 1/10 to 2026-11-09", "2026-10", "", "due after somebody else took over"),
            ("M civil 1/10", "2026-02-03/2026-02-28", "", "an event"),
        ] {
            let of_terms = terms(of);
            let found = of_terms.owed_to_the_end_of(Period::parse(asked, of_terms.calendar).unwrap());
            let shown = found.map(|(period, due_on)| format!("{period}@{due_on}")).unwrap_or_default();
            assert_eq!(shown, owed, "{of}, {asked}: {why}");
        }
    }

    #[test]
    fn a_period_closes_some_days_after_it_was_due() {
        for (of, closes) in
            [("M civil 1/10 closes 20", Some("2026-11-30")), ("M civil 1/10 closes 0", Some("2026-11-10")), ("M civil 1/10", None)]
        {
            assert_eq!(terms(of).closes_on(day("2026-11-10")), closes.map(day), "{of}");
        }
    }

    #[test]
    fn terms_that_cannot_be_kept_are_refused() {
        for (of, field, why) in [
            ("M civil 1/10", "", "statistics"),
            ("M nd09 -1/15", "", "the first day of a month of reports"),
            ("M nd09 -1/14", "deadline", "the day before it begins"),
            ("M civil -1/31", "deadline", "October is not there in September"),
            ("A nd09 -1/25", "", "most of the year is over"),
            ("A civil 1/10 to-date", "cumulative", "a year to its end is the year"),
            ("M civil 1/10 from 2026-01-01 to 2025-12-31", "valid_to", "it ends before it begins"),
            ("M civil 1/10 from 2026-01-01 to 2026-01-01", "", "one day"),
        ] {
            let fields: Vec<&str> = terms(of).faults().into_iter().map(|(field, _)| field).collect();
            assert_eq!(fields.join(" "), field, "{of}: {why}");
        }
    }

    #[test]
    fn something_of_the_province_has_to_fall_due() {
        let (old, new) = (province("2004-07-08", Some("2025-06-30")), province("2025-07-01", None));
        for (of, unit, never, why) in [
            ("M civil 1/10 from 2025-07-01", &old, false, "June is owed by whoever came after"),
            ("M civil 1/10 from 2025-07-11", &old, true, "June was due the day before"),
            ("A civil 12/1 from 2026-01-01", &old, true, "the year 2025 ends with another province"),
            ("A civil 12/1 from 2025-07-01", &old, false, "of 2024 it is due in December"),
            ("M civil 1/10 from 2004-01-01", &new, false, "it began long after"),
            ("M civil 1/10 from 2004-01-01 to 2025-07-31", &new, true, "July is due in August"),
            ("M civil -1/31 from 2025-06-30 to 2025-06-30", &new, false, "July, due the day before it begins"),
        ] {
            assert_eq!(terms(of).never_due(unit), never, "{of}: {why}");
        }
    }

    fn any_terms() -> impl Strategy<Value = ObligationDefinition> {
        let frequency =
            prop_oneof![Just(Frequency::Monthly), Just(Frequency::Quarterly), Just(Frequency::HalfYearly), Just(Frequency::Yearly)];
        let calendar = prop_oneof![Just(Calendar::Civil), Just(Calendar::Nd09)];
        (frequency, calendar, any::<bool>(), -1i32..=12, 1u32..=31).prop_map(|(frequency, calendar, cumulative, months_after, day)| {
            ObligationDefinition {
                frequency,
                calendar,
                cumulative: cumulative && frequency != Frequency::Yearly,
                deadline: Deadline { months_after, day },
                ..terms("M civil 1/10")
            }
        })
    }

    proptest! {
        #[test]
        fn of_two_adjoining_owners_exactly_one_owes_each_period(all in any_terms(), moved in 0u64..1500) {
            let (from, to) = (day("2023-01-01"), day("2026-12-31"));
            let moved = from + Days::new(moved);
            let before = ObligationDefinition { valid_to: moved.pred_opt(), ..all.clone() };
            let after = ObligationDefinition { valid_from: moved, organisation: "H02.13".into(), ..all.clone() };
            let unit = province("2004-01-01", None);

            let [whole, one, other] = [&all, &before, &after].map(|terms| terms.due_within(&unit, &(from..=to)));

            prop_assert!(!whole.is_empty());
            prop_assert_eq!([one, other].concat(), whole.clone());
            for (period, due_on) in whole {
                prop_assert_eq!(all.owed(period), Some((period, due_on)));
                prop_assert_eq!(before.owed(period).is_some(), due_on < moved);
                prop_assert_eq!(after.owed(period).is_some(), due_on >= moved);
            }
        }

        #[test]
        fn a_later_period_is_due_later(terms in any_terms()) {
            let due = terms.due_within(&province("2004-01-01", None), &(day("2020-01-01")..=day("2030-12-31")));

            prop_assert!(due.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
        }
    }
}
