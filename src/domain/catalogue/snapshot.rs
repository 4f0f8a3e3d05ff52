//! The catalogue: all provinces, indicators and rules, as one snapshot for the whole of a request.
//! The visible part for a caller is in `access`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::indicator::{Indicator, Versioned};
use super::province::Provinces;
use super::rule::Rule;
use super::version::Version;

/// All provinces of all times, all versions of all indicators, and the latest version of each rule.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// The provinces.
    pub provinces: Provinces,
    /// The definitions of each indicator, oldest first. A code has at least one.
    versions: BTreeMap<String, Vec<Indicator>>,
    /// The latest version of each rule, retired rules included.
    rules: BTreeMap<String, Version<Rule>>,
    /// The present catalogue, if this one is of an earlier instant.
    today: Option<Arc<Catalogue>>,
}

impl Catalogue {
    /// Takes the provinces, and the definitions in the order of their versions.
    #[must_use]
    pub fn new(provinces: Provinces, definitions: Vec<Indicator>) -> Catalogue {
        let mut versions: BTreeMap<String, Vec<Indicator>> = BTreeMap::new();
        for definition in definitions {
            versions.entry(definition.code.clone()).or_default().push(definition);
        }
        Catalogue { provinces, versions, rules: BTreeMap::new(), today: None }
    }

    /// The same catalogue with rules, each in its latest version.
    #[must_use]
    pub fn with_rules(self, rules: impl IntoIterator<Item = Version<Rule>>) -> Catalogue {
        Catalogue { rules: rules.into_iter().map(|version| (version.definition.code.clone(), version)).collect(), ..self }
    }

    /// Marks the catalogue as one of an earlier instant. Visibility always follows the present catalogue: today's responsibilities and
    /// today's access.
    #[must_use]
    pub fn of_before(self, today: Arc<Catalogue>) -> Catalogue {
        Catalogue { today: Some(today), ..self }
    }

    /// The present catalogue.
    #[must_use]
    pub fn today(&self) -> &Catalogue {
        self.today.as_deref().unwrap_or(self)
    }

    /// All rules in their latest version, by code, without a check of visibility.
    pub(crate) fn all_rules(&self) -> impl Iterator<Item = &Version<Rule>> {
        self.rules.values()
    }

    /// All indicators in their latest version, by code, without a check of visibility.
    pub(crate) fn all_indicators(&self) -> impl Iterator<Item = Versioned<'_>> {
        self.versions.values().filter_map(|versions| latest(versions))
    }

    /// The rule with this code, without a check of visibility.
    #[must_use]
    pub fn rule(&self, code: &str) -> Option<&Version<Rule>> {
        self.rules.get(code)
    }

    /// The latest version of an indicator, without a check of visibility.
    #[must_use]
    pub fn current(&self, code: &str) -> Option<Versioned<'_>> {
        latest(self.versions.get(code)?)
    }

    /// Whether two versions of an indicator have different definition texts.
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
