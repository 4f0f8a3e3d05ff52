//! Query parameters, read with every fault at once.
//! Bodies are in `body`, pages of collections in `page`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::text;
pub use crate::domain::text::parse_instant as instant;
use crate::http::problem::Problem;
use crate::service::ServiceError;

/// Query parameters, read one by one. A parameter that was not read is unknown.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    known: Vec<&'static str>,
    faults: Vec<LocatedFault>,
}

impl Query {
    /// Parses a query string or a form.
    #[must_use]
    pub fn parse(text: &str) -> Query {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map(web::Query::into_inner).unwrap_or_default();
        Query { pairs, known: Vec::new(), faults: Vec::new() }
    }

    /// Reads an optional parameter that must not repeat.
    pub fn one<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        self.known.push(name);
        let mut given = self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        let value = given.next()?;
        if given.next().is_some() {
            self.note(name, Fault::new(Code::RepeatedParameter, format!("`{name}` is read once")));
            return None;
        }
        match read(value) {
            Ok(read) => Some(read),
            Err(fault) => {
                self.note(name, fault);
                None
            }
        }
    }

    /// Reads a required parameter.
    pub fn required<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        if !self.pairs.iter().any(|(known, _)| known == name) {
            self.note(name, Fault::new(Code::MissingParameter, format!("`{name}` is needed")));
        }
        self.one(name, read)
    }

    /// Reads a repeatable parameter.
    pub fn repeated<T>(&mut self, name: &'static str, read: impl Fn(&str) -> Result<T, Fault>) -> Vec<T> {
        self.known.push(name);
        let (read, faults): (Vec<_>, Vec<_>) =
            self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| read(value)).partition(Result::is_ok);
        faults.into_iter().filter_map(Result::err).for_each(|fault| self.note(name, fault));
        read.into_iter().flatten().collect()
    }

    /// Reads a required list.
    pub fn required_list(&mut self, name: &'static str) -> Vec<String> {
        if !self.pairs.iter().any(|(known, _)| known == name) {
            self.note(name, Fault::new(Code::MissingParameter, format!("`{name}` is needed")));
        }
        self.list(name)
    }

    /// Reads a list: repeated, separated by commas, or both; at most a hundred texts.
    pub fn list(&mut self, name: &'static str) -> Vec<String> {
        let texts: Vec<Vec<String>> =
            self.repeated(name, |value| value.split(',').map(|text| text::clean(text.trim(), 100)).collect::<Result<Vec<_>, _>>());
        let texts: Vec<String> = texts.into_iter().flatten().collect();
        if texts.len() > LONGEST_LIST {
            self.note(name, Fault::new(Code::InvalidValue, format!("`{name}` takes at most {LONGEST_LIST} at a time")));
            return Vec::new();
        }
        texts
    }

    /// The text of the only parameter; `None` if there are others.
    #[must_use]
    pub fn only(self) -> Option<String> {
        let mut pairs = self.pairs.into_iter();
        pairs.next().map(|(_, value)| value).filter(|_| pairs.next().is_none())
    }

    /// Whether a parameter is present, with any value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// Adds a fault of a parameter.
    pub fn note(&mut self, name: &str, fault: Fault) {
        self.faults.push(fault.at(Location::Parameter(name.to_owned())));
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// All faults, including unknown parameters.
    pub fn finish(self) -> Result<(), ServiceError> {
        let faults = self.into_faults();
        if faults.is_empty() { Ok(()) } else { Err(ServiceError::Malformed(faults)) }
    }

    /// Ends the reading and returns all faults, including unknown parameters, for a service that may add its own.
    #[must_use]
    pub fn into_faults(mut self) -> Vec<LocatedFault> {
        let mut unknown: Vec<String> =
            self.pairs.iter().map(|(name, _)| name).filter(|name| !self.known.contains(&name.as_str())).cloned().collect();
        unknown.dedup();
        // Thousands of unknown names would produce megabytes of answer; the first hundred are enough.
        for name in unknown.into_iter().take(LONGEST_LIST) {
            let shown: String = name.chars().take(60).collect();
            let fault =
                Fault::new(Code::UnknownParameter, format!("there is no parameter `{shown}` here")).allowing(self.known.iter().copied());
            self.note(&shown, fault);
        }
        self.faults
    }
}

/// Reads a search text.
///
/// # Errors
/// `invalid_text`, also for a text of accents and punctuation only.
pub fn search(text: &str) -> Result<String, Fault> {
    let text = text::clean(text, 100)?;
    if text::fold(&text).is_empty() { Err(Fault::new(Code::InvalidText, "the text holds no letter or digit")) } else { Ok(text) }
}

/// Reads `true` or `false`.
///
/// # Errors
/// `invalid_value`.
pub fn boolean(text: &str) -> Result<bool, Fault> {
    text.parse().map_err(|_| Fault::new(Code::InvalidValue, "true or false is needed").allowing(["true", "false"]))
}

/// Maximum number of texts in a list parameter.
pub const LONGEST_LIST: usize = 100;

impl FromRequest for Query {
    type Error = Problem;
    type Future = Ready<Result<Query, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Query::parse(request.query_string())))
    }
}
