//! The catalogue for a caller: indicators and rules that the caller may not see do not exist.
//! The visibility of figures is in `remit`.

use std::collections::BTreeMap;

use super::role::Caller;
use crate::domain::catalogue::indicator::{Indicator, Versioned};
use crate::domain::catalogue::rule::Rule;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::version::Version;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::text::{near, offer};

impl Catalogue {
    fn is_seen(&self, found: &Versioned<'_>, caller: &Caller) -> bool {
        caller.may_see(self.today().current(&found.indicator.code).map_or(found.indicator, |now| now.indicator))
    }

    /// The rules that a caller may see, by code: those whose indicators are all visible to the caller.
    pub fn rules<'c>(&'c self, caller: &'c Caller) -> impl Iterator<Item = &'c Version<Rule>> {
        let seen = |code: &str| self.current(code).is_some_and(|found| caller.may_see(found.indicator));
        self.all_rules().filter(move |version| version.definition.figures().all(|(code, _)| seen(code)))
    }

    /// The indicators that a caller may see, by code, in their latest version.
    pub fn indicators<'c>(&'c self, caller: &'c Caller) -> impl Iterator<Item = Versioned<'c>> {
        self.all_indicators().filter(|found| self.is_seen(found, caller))
    }

    /// The indicator with this code, if the caller may see it.
    ///
    /// # Errors
    /// `unknown_indicator`, the same for an indicator that does not exist and for one that is not visible.
    pub fn indicator(&self, code: &str, caller: &Caller) -> Result<Versioned<'_>, Fault> {
        self.find_indicator(code, caller).ok_or_else(|| self.unknown_indicator(code, caller, true))
    }

    /// The indicator with this code, if the caller may see it; for callers that need no fault.
    #[must_use]
    pub fn find_indicator(&self, code: &str, caller: &Caller) -> Option<Versioned<'_>> {
        let found = self.current(code).filter(|found| self.is_seen(found, caller));
        // A request by code reveals information, even if there are no figures. So the access is recorded.
        found.inspect(|found| caller.saw(found.indicator))
    }

    /// The fault of an unknown code. With `offers` it has the codes of the indicators whose code or name is near: of those that the caller may
    /// see. To find them, all names are compared.
    pub(crate) fn unknown_indicator(&self, code: &str, caller: &Caller, offers: bool) -> Fault {
        let shown: String = code.chars().take(64).collect();
        let visible: Vec<&Indicator> = self.indicators(caller).filter(|_| offers).map(|found| found.indicator).collect();
        let mut codes = near(code, visible.iter().map(|indicator| indicator.code.as_str()));
        if codes.is_empty() {
            let names: BTreeMap<&str, &str> =
                visible.iter().flat_map(|of| [&of.name, &of.name_en].map(|name| (name.as_str(), of.code.as_str()))).collect();
            codes = near(code, names.keys().copied()).into_iter().map(|name| names[name]).collect();
            codes.dedup();
        }
        let offered = offer(&codes);
        let message = message!(
            en: "no indicator has the code `{shown}`{offered}; GET /v1/indicators lists them",
            vi: "không có chỉ tiêu nào mang mã `{shown}`{offered}; xem danh sách ở GET /v1/indicators"; offered
        );
        Fault::new(Code::UnknownIndicator, message).allowing(codes)
    }
}
