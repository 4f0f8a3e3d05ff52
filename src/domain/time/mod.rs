//! Periods of time: the two calendars, the names of periods, and the time zone of Viet Nam.
//! Knows no figures.

pub mod period;
pub mod period_code;
pub mod zone;
