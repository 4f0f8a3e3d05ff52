//! Limits on the work for one answer. A larger request is refused with advice on how to split it.
//! Limits on pages (`limit`) and parameter lists are checked by the readers of the parameters.

use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::observation::observation::Observation;
use crate::service::ServiceError;
use crate::store::observations::ObservationQuery;
use crate::store::{self, Conn};

/// The cost of a point of the country, in points of a province: it is derived from all provinces.
pub(crate) const OF_THE_COUNTRY: usize = 10;

/// Limit of figures loaded for one answer. Each takes some hundred bytes.
const MOST_LOADED: usize = 200_000;

/// Loads the stored figures for a query.
///
/// # Errors
/// `query_too_large`; any failure of the database.
pub(crate) fn load(conn: &mut Conn, wanted: &ObservationQuery) -> Result<Vec<Observation>, ServiceError> {
    store::observations::list_at_most(conn, wanted, MOST_LOADED)?.ok_or_else(|| {
        let message = message!(
            en: "the answer would be formed from more than {MOST_LOADED} figures: name fewer provinces or indicators, or less time; series come in pages",
            vi: "kết quả phải tính từ hơn {MOST_LOADED} số liệu: nêu ít tỉnh, ít chỉ tiêu hoặc ít kỳ hơn; chuỗi số liệu được chia trang"
        );
        ServiceError::Malformed(vec![Fault::new(Code::QueryTooLarge, message).at(Location::Request)])
    })
}

/// The kinds of work for one answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    /// Figures with their comparisons.
    Comparisons,
    /// Points of series. A point of the country counts as [`OF_THE_COUNTRY`].
    Points,
    /// Obligations, one per period.
    Due,
}

impl Work {
    /// Limit for one request, chosen so that the answer takes about a second.
    const fn most(self) -> usize {
        match self {
            Work::Comparisons => 10_000,
            Work::Points => 50_000,
            Work::Due => 100_000,
        }
    }

    /// Notes a fault if a request exceeds the limit.
    pub(crate) fn check(self, asked: usize, faults: &mut Vec<LocatedFault>) {
        let most = self.most();
        if asked > most {
            let (parameter, message) = match self {
                Work::Comparisons => (
                    "province",
                    message!(
                        en: "more comparisons than one answer holds ({most}): name fewer provinces, periods, indicators or parts at a time",
                        vi: "quá số so sánh của một lần trả lời ({most}): nêu ít tỉnh, kỳ, chỉ tiêu hoặc phân tổ hơn"
                    ),
                ),
                Work::Points => (
                    "limit",
                    message!(
                        en: "more points than one answer holds ({most}): ask for pages with a smaller `limit`, or for less time with `from` and `to`",
                        vi: "quá số điểm của một lần trả lời ({most}): giảm `limit`, hoặc thu hẹp thời gian bằng `from` và `to`"
                    ),
                ),
                Work::Due => (
                    "to",
                    message!(
                        en: "more periods fall due than one answer counts ({most}): name fewer days, organisations or provinces at a time",
                        vi: "quá số kỳ đến hạn của một lần trả lời ({most}): nêu ít ngày, cơ quan hoặc tỉnh hơn"
                    ),
                ),
            };
            faults.push(Fault::new(Code::QueryTooLarge, message).at(Location::Parameter(parameter.to_owned())));
        }
    }

    /// Refuses a request that exceeds the limit.
    ///
    /// # Errors
    /// `query_too_large`.
    pub(crate) fn bound(self, asked: usize) -> Result<(), ServiceError> {
        let mut faults = Vec::new();
        self.check(asked, &mut faults);
        if faults.is_empty() { Ok(()) } else { Err(ServiceError::Malformed(faults)) }
    }
}
