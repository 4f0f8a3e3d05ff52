//! Periods of time: the two calendars, the names of periods, and the time zone of Viet Nam.
//! Figures are not known here.

pub mod period;
pub mod period_code;
pub mod period_type;
pub mod tet;
pub mod vietnamese;
pub mod zone;
