//! What one read may cost: how much is formed for one answer, whatever is on record. More than that is refused with a word on how to ask
//! for it in parts; pages of collections (`limit`) and lists of parameters are bounded where they are read.

use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::observation::observation::Observation;
use crate::service::ServiceError;
use crate::store::observations::ObservationQuery;
use crate::store::{self, Conn};

/// So many points of a province take as long as one of the country, which is formed of all provinces.
pub(crate) const OF_THE_COUNTRY: usize = 10;

/// The most figures that are loaded to answer one question: some hundred bytes each.
const MOST_LOADED: usize = 200_000;

/// Loads what is on record around a question.
///
/// # Errors
/// `query_too_large`; any failure of the database.
pub(crate) fn load(conn: &mut Conn, wanted: &ObservationQuery) -> Result<Vec<Observation>, ServiceError> {
    store::observations::list_at_most(conn, wanted, MOST_LOADED)?.ok_or_else(|| {
        let message = format!(
            "the answer would be formed from more than {MOST_LOADED} figures: name fewer provinces or indicators, or less time; series come in pages"
        );
        ServiceError::Malformed(vec![Fault::new(Code::QueryTooLarge, message).at(Location::Request)])
    })
}

/// What is formed for one answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    /// Figures, each held against others.
    Comparisons,
    /// Points of series; one of the country counts as [`OF_THE_COUNTRY`].
    Points,
    /// Periods that are owed.
    Due,
}

impl Work {
    /// The most that one request may ask for. Each of them is meant to be formed within a second or so.
    const fn most(self) -> usize {
        match self {
            Work::Comparisons => 10_000,
            Work::Points => 50_000,
            Work::Due => 100_000,
        }
    }

    /// Notes that a request asks for more.
    pub(crate) fn check(self, asked: usize, faults: &mut Vec<LocatedFault>) {
        let most = self.most();
        if asked > most {
            let (parameter, message) = match self {
                Work::Comparisons => (
                    "province",
                    format!(
                        "more comparisons than one answer holds ({most}): name fewer provinces, periods, indicators or parts at a time"
                    ),
                ),
                Work::Points => (
                    "limit",
                    format!(
                        "more points than one answer holds ({most}): ask for pages with a smaller `limit`, or for less time with `from` and `to`"
                    ),
                ),
                Work::Due => (
                    "to",
                    format!("more periods fall due than one answer counts ({most}): name fewer days, organisations or provinces at a time"),
                ),
            };
            faults.push(Fault::new(Code::QueryTooLarge, message).at(Location::Parameter(parameter.to_owned())));
        }
    }

    /// Ends a request that asks for more.
    ///
    /// # Errors
    /// `query_too_large`.
    pub(crate) fn bound(self, asked: usize) -> Result<(), ServiceError> {
        let mut faults = Vec::new();
        self.check(asked, &mut faults);
        if faults.is_empty() { Ok(()) } else { Err(ServiceError::Malformed(faults)) }
    }
}
