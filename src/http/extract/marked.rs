//! Schemas of lists in requests that are read-only or write-only as a whole.
//! The derived schema of a list marks its items instead: an array of `utoipa` has neither mark.

use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

/// The schema of an optional list that only the service sets.
pub fn read_only(items: impl Into<RefOr<Schema>>, about: &str) -> RefOr<Schema> {
    list(items, about).read_only(true).into()
}

/// The schema of an optional list that no answer has.
pub fn write_only(items: impl Into<RefOr<Schema>>, about: &str) -> RefOr<Schema> {
    list(items, about).write_only(true).into()
}

fn list(items: impl Into<RefOr<Schema>>, about: &str) -> OneOfBuilder {
    let list = ArrayBuilder::new().items(items.into());
    OneOfBuilder::new().item(list).item(ObjectBuilder::new().schema_type(Type::Null)).description(Some(about))
}
