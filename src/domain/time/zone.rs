//! The time zone of Viet Nam: the local day of an instant, and the end of a day.
//! There is no clock here: callers pass the current time.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};

/// The time zone of deadlines and of "today": `Asia/Ho_Chi_Minh`, UTC+7 without summer time since 1975.
const VIET_NAM: FixedOffset = FixedOffset::east_opt(7 * 3600).expect("seven hours are an offset");

/// The local day in Viet Nam at an instant.
#[must_use]
pub fn day_in_viet_nam(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&VIET_NAM).date_naive()
}

/// The last second of a day in Viet Nam. A submission within this second is still on time: the check compares days, not seconds.
#[must_use]
pub fn end_of_day(day: NaiveDate) -> DateTime<FixedOffset> {
    let last_second = day.and_hms_opt(23, 59, 59).expect("every day has a last second");
    last_second.and_local_timezone(VIET_NAM).single().expect("an offset that never changes has every second once")
}

/// The first instant of a day in Viet Nam.
#[must_use]
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN)
        .and_local_timezone(VIET_NAM)
        .single()
        .expect("an offset that never changes has every instant once")
        .to_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_viet_nam() {
        let day: NaiveDate = "2026-11-15".parse().unwrap();
        assert_eq!(end_of_day(day).to_rfc3339(), "2026-11-15T23:59:59+07:00");
        assert_eq!(start_of_day(day).to_rfc3339(), "2026-11-14T17:00:00+00:00");
        for (at, on) in
            [("2026-11-14T17:00:00Z", "2026-11-15"), ("2026-11-15T16:59:59.999999Z", "2026-11-15"), ("2026-11-15T17:00:00Z", "2026-11-16")]
        {
            assert_eq!(day_in_viet_nam(at.parse().unwrap()).to_string(), on, "{at}");
        }
    }
}
