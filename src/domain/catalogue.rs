//! The catalogue: every province, every indicator and every rule, as one snapshot that a request works with.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::{Code, Fault};
use super::indicator::{Indicator, Versioned};
use super::province::Provinces;
use super::role::Caller;
use super::rule::RuleVersion;

/// All provinces of all times, all versions of all indicators, and the rules as they stand.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// The provinces.
    pub provinces: Provinces,
    /// The definitions of each indicator, oldest first; never empty for a code.
    versions: BTreeMap<String, Vec<Indicator>>,
    /// The latest version of each rule, those that are retired among them.
    rules: BTreeMap<String, RuleVersion>,
    /// The present one, where this is that of an earlier instant.
    today: Option<Arc<Catalogue>>,
}

impl Catalogue {
    /// Takes provinces, and definitions in the order of their versions.
    #[must_use]
    pub fn new(provinces: Provinces, definitions: Vec<Indicator>) -> Catalogue {
        let mut versions: BTreeMap<String, Vec<Indicator>> = BTreeMap::new();
        for definition in definitions {
            versions.entry(definition.code.clone()).or_default().push(definition);
        }
        Catalogue { provinces, versions, rules: BTreeMap::new(), today: None }
    }

    /// The same with rules, each in its latest version.
    #[must_use]
    pub fn with_rules(self, rules: impl IntoIterator<Item = RuleVersion>) -> Catalogue {
        Catalogue { rules: rules.into_iter().map(|version| (version.rule.code.clone(), version)).collect(), ..self }
    }

    /// The same as that of an earlier instant. Who may see what is a matter of today: of who works where, and of what is closed now.
    #[must_use]
    pub fn of_before(self, today: Arc<Catalogue>) -> Catalogue {
        Catalogue { today: Some(today), ..self }
    }

    /// The present catalogue.
    #[must_use]
    pub fn today(&self) -> &Catalogue {
        self.today.as_deref().unwrap_or(self)
    }

    fn is_seen(&self, found: &Versioned<'_>, caller: &Caller) -> bool {
        caller.may_see(self.today().current(&found.indicator.code).map_or(found.indicator, |now| now.indicator))
    }

    /// The rules that a caller may know of, by code: those whose indicators the caller may all know of.
    pub fn rules<'c>(&'c self, caller: &'c Caller) -> impl Iterator<Item = &'c RuleVersion> {
        let seen = |code: &str| self.current(code).is_some_and(|found| caller.may_see(found.indicator));
        self.rules.values().filter(move |version| version.rule.figures().all(|(code, _)| seen(code)))
    }

    /// The rule with this code, whoever asks.
    #[must_use]
    pub fn rule(&self, code: &str) -> Option<&RuleVersion> {
        self.rules.get(code)
    }

    /// The indicators that a caller may know of, by code, in their latest version.
    pub fn indicators<'c>(&'c self, caller: &'c Caller) -> impl Iterator<Item = Versioned<'c>> {
        self.versions.values().filter_map(|versions| latest(versions)).filter(|found| self.is_seen(found, caller))
    }

    /// The indicator with this code, if there is one that the caller may know of.
    ///
    /// # Errors
    /// `unknown_indicator`, the same whether it does not exist or may not be seen.
    pub fn indicator(&self, code: &str, caller: &Caller) -> Result<Versioned<'_>, Fault> {
        let found = self.current(code).filter(|found| self.is_seen(found, caller));
        // Who asks for it by name learns something, even that nothing is on record.
        found.inspect(|found| caller.saw(found.indicator)).ok_or_else(|| {
            let shown: String = code.chars().take(64).collect();
            Fault::new(Code::UnknownIndicator, format!("no indicator has the code `{shown}`; GET /v1/indicators lists them"))
        })
    }

    /// The latest version under a code, whoever asks.
    #[must_use]
    pub fn current(&self, code: &str) -> Option<Versioned<'_>> {
        latest(self.versions.get(code)?)
    }

    /// Whether an indicator meant something else in an earlier version than it means now.
    #[must_use]
    pub fn definition_differs(&self, code: &str, one: i32, other: i32) -> bool {
        let text = |version: i32| {
            let place = usize::try_from(version).ok()?.checked_sub(1)?;
            self.versions.get(code)?.get(place).map(|indicator| &indicator.definition)
        };
        one != other && text(one) != text(other)
    }
}

fn latest(versions: &[Indicator]) -> Option<Versioned<'_>> {
    let indicator = versions.last()?;
    Some(Versioned { indicator, version: i32::try_from(versions.len()).ok()? })
}
