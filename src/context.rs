//! The context of every service function: the database, the clock, the settings, and the catalogue in memory.
//! Keys, limits and the audit log are objects of the service.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, NaiveDate, Utc};

use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::time::zone::day_in_viet_nam;
use crate::store::Db;

/// The context shared by all requests.
pub struct Context {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The settings.
    pub settings: Settings,
    /// The catalogue in memory.
    pub(crate) catalogue: CatalogueCache,
}

impl Context {
    /// Makes the context from an open, migrated database.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, settings: Settings) -> Context {
        Context { db, clock, settings, catalogue: CatalogueCache::default() }
    }

    /// Today in Viet Nam.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.day_of(None)
    }

    /// The day in Viet Nam at an instant; today when absent.
    #[must_use]
    pub fn day_of(&self, instant: Option<DateTime<Utc>>) -> NaiveDate {
        day_in_viet_nam(instant.unwrap_or_else(|| self.clock.now()))
    }
}

/// The number of the last change of a definition in a catalogue.
pub(crate) type CatalogueVersion = i64;

/// The last catalogue read from the database.
#[derive(Default)]
pub(crate) struct CatalogueCache(RwLock<Option<(CatalogueVersion, Arc<Catalogue>)>>);

impl CatalogueCache {
    /// The catalogue, if it has this version.
    pub(crate) fn get(&self, version: CatalogueVersion) -> Option<Arc<Catalogue>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(of, _)| *of == version).map(|(_, catalogue)| Arc::clone(catalogue))
    }

    /// Replaces the catalogue.
    pub(crate) fn put(&self, version: CatalogueVersion, catalogue: Arc<Catalogue>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((version, catalogue));
    }
}
