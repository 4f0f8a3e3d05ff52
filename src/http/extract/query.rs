//! Query parameters, read with every fault at once. The same function documents them: OpenAPI runs it on an empty query.
//! Declarations of single parameters are in `parameter`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{self, ParameterIn};

use super::parameter::{Parameter, lang};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::text::did_you_mean;
use crate::http::problem::Problem;
use crate::service::ServiceError;

/// The query parameters of an operation.
pub trait FromQuery: Sized {
    /// Reads every parameter, without regard to the values of others: OpenAPI documents the parameters that are read of an empty query.
    fn from_query(query: &mut Query) -> Self;
}

/// An operation without parameters.
impl FromQuery for () {
    fn from_query(_: &mut Query) {}
}

/// The parameters of a request. Faults are reported by the handler, after the permissions of the caller are checked.
pub struct Parameters<T> {
    values: T,
    query: Query,
}

impl<T> Parameters<T> {
    /// Records a fault of a path parameter.
    pub fn note(&mut self, name: &str, fault: Fault) {
        self.query.note(name, fault);
    }

    /// The parameters, as far as they are valid.
    pub fn values(&self) -> &T {
        &self.values
    }

    /// The parameters.
    ///
    /// # Errors
    /// Every fault, including unknown parameters.
    pub fn finish(self) -> Result<T, ServiceError> {
        self.query.finish().map(|()| self.values)
    }

    /// The parameters and every fault, including unknown parameters, for a service that adds faults of its own.
    pub fn into_parts(self) -> (T, Vec<LocatedFault>) {
        (self.values, self.query.into_faults())
    }
}

impl<T: FromQuery> FromRequest for Parameters<T> {
    type Error = Problem;
    type Future = Ready<Result<Parameters<T>, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut query = Query::parse(request.query_string());
        let values = T::from_query(&mut query);
        // Every operation has this parameter: `Languages` takes its value from the request.
        query.optional(lang());
        ready(Ok(Parameters { values, query }))
    }
}

impl<T: FromQuery> IntoParams for Parameters<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<path::Parameter> {
        let mut query = Query { documented: Some(Vec::new()), ..Query::parse("") };
        T::from_query(&mut query);
        let mut documented = query.documented.unwrap_or_default();
        // Required parameters first, the page last.
        documented.sort_by_key(|parameter| (parameter.required != Required::True, ["limit", "cursor"].contains(&parameter.name.as_str())));
        documented
    }
}

/// Query parameters, read one by one. A parameter that was not read is unknown.
pub struct Query {
    pairs: Vec<(String, String)>,
    known: Vec<&'static str>,
    faults: Vec<LocatedFault>,
    /// The parameters that were read, if OpenAPI documents them.
    documented: Option<Vec<path::Parameter>>,
}

impl Query {
    /// Parses a query string or a form.
    #[must_use]
    pub fn parse(text: &str) -> Query {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map(web::Query::into_inner).unwrap_or_default();
        Query { pairs, known: Vec::new(), faults: Vec::new(), documented: None }
    }

    /// Parses a form of the token endpoint. A field without a value is as if it were omitted (RFC 6749 §3.2).
    #[must_use]
    pub fn parse_form(text: &str) -> Query {
        let mut form = Query::parse(text);
        form.pairs.retain(|(_, value)| !value.is_empty());
        form
    }

    /// Reads an optional parameter that must not repeat.
    pub fn optional<T>(&mut self, parameter: Parameter<T>) -> Option<T> {
        self.document(&parameter, false, || None);
        self.one(parameter.name, parameter.read)
    }

    /// Reads an optional parameter with a default.
    pub fn or<T: Serialize>(&mut self, parameter: Parameter<T>, default: T) -> T {
        self.document(&parameter, false, || serde_json::to_value(&default).ok());
        self.one(parameter.name, parameter.read).unwrap_or(default)
    }

    /// Reads a required parameter.
    pub fn required<T>(&mut self, parameter: Parameter<T>) -> Option<T> {
        self.document(&parameter, true, || None);
        self.required_one(parameter.name, parameter.read)
    }

    /// Reads a repeatable parameter.
    pub fn repeated<T>(&mut self, parameter: Parameter<T>) -> Vec<T> {
        self.document(&parameter, false, || None);
        self.all(parameter.name, parameter.read)
    }

    /// Reads a list: repeated, separated by commas, or both; at most a hundred names.
    pub fn list(&mut self, parameter: Parameter<String>) -> Vec<String> {
        let parameter = parameter.of_several();
        self.document(&parameter, false, || None);
        self.names(parameter)
    }

    /// Reads a required list.
    pub fn required_list(&mut self, parameter: Parameter<String>) -> Vec<String> {
        let parameter = parameter.of_several();
        self.document(&parameter, true, || None);
        self.note_missing(parameter.name);
        self.names(parameter)
    }

    fn document<T>(&mut self, parameter: &Parameter<T>, required: bool, default: impl FnOnce() -> Option<Value>) {
        if let Some(documented) = &mut self.documented {
            documented.push(parameter.documented(required, default()));
        }
    }

    fn names(&mut self, parameter: Parameter<String>) -> Vec<String> {
        let Parameter { name, read, .. } = parameter;
        let texts: Vec<Vec<String>> = self.all(name, |value| value.split(',').map(&read).collect::<Result<Vec<_>, _>>());
        let texts: Vec<String> = texts.into_iter().flatten().collect();
        if texts.len() > LONGEST_LIST {
            self.note(
                name,
                Fault::new(
                    Code::InvalidValue,
                    message!(
                        en: "`{name}` takes at most {LONGEST_LIST} at a time",
                        vi: "`{name}` nhận nhiều nhất {LONGEST_LIST} mục mỗi lần"
                    ),
                ),
            );
            return Vec::new();
        }
        texts
    }

    /// Reads an optional field of a form, which must not repeat.
    pub fn one<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        self.known.push(name);
        let mut given = self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        let value = given.next()?;
        if given.next().is_some() {
            self.note(
                name,
                Fault::new(
                    Code::RepeatedParameter,
                    message!(
                        en: "`{name}` is read once",
                        vi: "`{name}` chỉ được nêu một lần"
                    ),
                ),
            );
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

    /// Reads a required field of a form.
    pub fn required_one<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        self.note_missing(name);
        self.one(name, read)
    }

    fn all<T>(&mut self, name: &'static str, read: impl Fn(&str) -> Result<T, Fault>) -> Vec<T> {
        self.known.push(name);
        let (read, faults): (Vec<_>, Vec<_>) =
            self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| read(value)).partition(Result::is_ok);
        faults.into_iter().filter_map(Result::err).for_each(|fault| self.note(name, fault));
        read.into_iter().flatten().collect()
    }

    fn note_missing(&mut self, name: &'static str) {
        if !self.has(name) {
            self.note(name, Fault::new(Code::MissingParameter, message!(en: "`{name}` is needed", vi: "thiếu `{name}`")));
        }
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

    /// The first value of a parameter, whether it is known or not.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
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

    /// Ends the reading of a form of the token endpoint, which ignores unknown fields (RFC 6749 §3.2).
    ///
    /// # Errors
    /// All faults of known fields.
    pub fn finish_form(self) -> Result<(), ServiceError> {
        if self.faults.is_empty() { Ok(()) } else { Err(ServiceError::Malformed(self.faults)) }
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
            let known = self.known.iter().copied();
            let offered = did_you_mean(&name, known.clone());
            let message =
                message!(en: "there is no parameter `{shown}` here{offered}", vi: "ở đây không có tham số `{shown}`{offered}"; offered);
            let fault = Fault::new(Code::UnknownParameter, message).allowing(known);
            self.note(&shown, fault);
        }
        self.faults
    }
}

/// Maximum number of texts in a list parameter.
pub const LONGEST_LIST: usize = 100;
