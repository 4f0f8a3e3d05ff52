//! Schemas of the API's document, made of the declarations of fields: of a record that is sent to the service, and of one in an answer.
//! Each kind of value chooses its schema in `kinds`.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder, Ref, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::field::{Described, Field, Schemas, write};

/// A record whose fields are declared.
pub trait Fields: Sized + 'static {
    /// Its fields, in the order in which they are read and written.
    const FIELDS: &'static [&'static Field<Self>];

    /// Name and description of its schema in requests.
    const REQUEST: (&'static str, &'static str);

    /// Name and description of its schema in answers, if answers have it.
    const ANSWER: (&'static str, &'static str) = ("", "");

    /// A request, for clients.
    #[must_use]
    fn example() -> Option<Value> {
        None
    }

    /// The fields of answers.
    #[must_use]
    fn sent() -> impl Iterator<Item = &'static Field<Self>> {
        Self::FIELDS.iter().copied()
    }
}

/// The schema of a record in requests.
#[derive(Debug)]
pub struct Request<R>(PhantomData<R>);

impl<R: Fields> PartialSchema for Request<R> {
    #[allow(deprecated, reason = "the derived schemas have `example`, not `examples`")]
    fn schema() -> RefOr<Schema> {
        let (_, about) = R::REQUEST;
        let object = ObjectBuilder::new().description(Some(about)).additional_properties(Some(AdditionalProperties::FreeForm(false)));
        let object = R::FIELDS.iter().fold(object, |object, field| {
            let Field { about, example, required, .. } = **field;
            with(object, field.name, required, field.kind.schema(&Described { about, example, required, sent: false }))
        });
        object.example(R::example()).into()
    }
}

impl<R: Fields> ToSchema for Request<R> {
    fn name() -> Cow<'static, str> {
        R::REQUEST.0.into()
    }

    fn schemas(schemas: &mut Schemas) {
        for field in R::FIELDS {
            field.kind.collect(false, schemas);
        }
    }
}

/// A record in an answer.
#[derive(Debug)]
pub struct Answer<R>(Map<String, Value>, PhantomData<R>);

impl<R: Fields> From<R> for Answer<R> {
    fn from(record: R) -> Answer<R> {
        Answer(write(R::sent(), record), PhantomData)
    }
}

impl<R> Serialize for Answer<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<R: Fields> PartialSchema for Answer<R> {
    fn schema() -> RefOr<Schema> {
        let (_, about) = R::ANSWER;
        let object = ObjectBuilder::new().description(Some(about));
        let object = R::sent().fold(object, |object, field| {
            let Field { example, always_sent: required, .. } = *field;
            let about = field.about_sent.unwrap_or(field.about);
            with(object, field.name, required, field.kind.schema(&Described { about, example, required, sent: true }))
        });
        object.into()
    }
}

impl<R: Fields> ToSchema for Answer<R> {
    fn name() -> Cow<'static, str> {
        R::ANSWER.0.into()
    }

    fn schemas(schemas: &mut Schemas) {
        R::sent().for_each(|field| field.kind.collect(true, schemas));
    }
}

fn with(object: ObjectBuilder, name: &str, required: bool, schema: RefOr<Schema>) -> ObjectBuilder {
    let object = object.property(name, schema);
    if required { object.required(name) } else { object }
}

/// The type of a value, or `null` where it may be absent.
fn type_of(of: &Described, kind: Type) -> SchemaType {
    if of.required { SchemaType::new(kind) } else { SchemaType::from_iter([kind, Type::Null]) }
}

/// The schema of a single value.
#[allow(deprecated, reason = "the derived schemas have `example`, not `examples`")]
pub(super) fn single(of: &Described, kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(type_of(of, kind)).description(Some(of.about)).example(of.example.map(Value::from))
}

/// The schema of a text of limited length.
pub(super) fn text(of: &Described, max: usize) -> RefOr<Schema> {
    let schema = single(of, Type::String);
    if of.sent { schema.into() } else { schema.min_length(Some(1)).max_length(Some(max)).into() }
}

/// The schema of a date.
pub(super) fn date(of: &Described) -> RefOr<Schema> {
    single(of, Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).into()
}

/// The schema of a whole number in a range.
pub(super) fn whole(of: &Described, (min, max): (i32, i32)) -> RefOr<Schema> {
    let schema = single(of, Type::Integer).format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)));
    if of.sent { schema.into() } else { schema.minimum(Some(min)).maximum(Some(max)).into() }
}

/// The schema of `true` or `false`; answers leave `false` out.
pub(super) fn flag(of: &Described) -> RefOr<Schema> {
    single(&Described { required: of.required || of.sent, ..*of }, Type::Boolean).into()
}

/// A reference to the schema of a type.
pub(super) fn reference<T: ToSchema>(of: &Described) -> RefOr<Schema> {
    let reference = Ref::builder().ref_location_from_schema_name(T::name()).description(Some(of.about)).build();
    if of.required {
        return reference.into();
    }
    OneOfBuilder::new().item(reference).item(ObjectBuilder::new().schema_type(Type::Null)).into()
}

/// The schema of a list of values of a type; answers leave empty ones out.
#[must_use]
pub fn list<T: ToSchema>(of: &Described, limits: Option<(usize, usize)>) -> RefOr<Schema> {
    let of = Described { required: of.required || of.sent, ..*of };
    let list = ArrayBuilder::new().schema_type(type_of(&of, Type::Array)).items(Ref::from_schema_name(T::name()));
    let (min, max) = limits.unzip();
    list.description(Some(of.about)).min_items(min.filter(|min| *min > 0)).max_items(max).into()
}

/// Adds the schema of a type and those that it refers to.
pub fn add<T: ToSchema>(schemas: &mut Schemas) {
    schemas.push((T::name().into(), T::schema()));
    T::schemas(schemas);
}

/// A number, or a text in the declared notation.
#[derive(Debug)]
pub struct NumberOrText;

impl PartialSchema for NumberOrText {
    fn schema() -> RefOr<Schema> {
        let double = Some(SchemaFormat::KnownFormat(KnownFormat::Double));
        let number = ObjectBuilder::new().schema_type(Type::Number).title(Some("Number")).format(double).description(Some("A JSON number"));
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some("A decimal string"));
        OneOfBuilder::new()
            .item(number)
            .item(text)
            .title(Some("NumberOrText"))
            .description(Some("A number, or a string in the declared notation. If none is declared, a string with different values in plain, Vietnamese or \
             English notation is refused."))
            .into()
    }
}

impl ToSchema for NumberOrText {}
