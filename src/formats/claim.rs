//! The fields of a claim, and the claims of a row as one of its fields.
//! The other fields of a row are in `observation`.

use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};

use super::fields::field::{Context, Described, Field, Schemas, ValueKind, names, read};
use super::fields::kinds;
use super::fields::raw::Raw;
use super::fields::schema::{self, Answer, Fields, Request};
use super::json;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::number::decimal::Decimal;
use crate::domain::submission::draft::ClaimChange;

/// The fields of a claim.
#[derive(Debug, Default)]
pub struct ClaimFields {
    kind: Option<ClaimKind>,
    withdraw: bool,
    value: Option<Decimal>,
}

type Claim = ClaimFields;

static CLAIM_KIND: Field<Claim> =
    Field::new("kind", &kinds::Code { parse: ClaimKind::parse, words: &[], of: |claim: &mut Claim| &mut claim.kind }, "Kind of comparison")
        .required()
        .always_sent();

static CLAIM_WITHDRAW: Field<Claim> =
    Field::new("withdraw", &kinds::Flag(|claim: &mut Claim| &mut claim.withdraw), "True to withdraw the claim");

static CLAIM_VALUE: Field<Claim> = Field::new(
    "value",
    &kinds::Number(|claim: &mut Claim| &mut claim.value),
    "The number, with its printed digits; absent for a withdrawal",
)
.sent_as("The number, with its printed digits");

impl Fields for ClaimFields {
    const FIELDS: &'static [&'static Field<Claim>] = &[&CLAIM_KIND, &CLAIM_WITHDRAW, &CLAIM_VALUE];
    const REQUEST: (&'static str, &'static str) = ("NewClaim", "A comparison as printed in a report.");
    const ANSWER: (&'static str, &'static str) = ("SentClaim", "A printed comparison as sent.");
}

/// The claims of a record, one of each kind.
pub(super) struct Claims<R>(pub(super) fn(&mut R) -> &mut Vec<ClaimChange>);

impl<R> ValueKind<R> for Claims<R> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        let Raw::Json(value) = raw else { return };
        let claims = (self.0)(record);
        for (n, item) in context.keep(json::list(value)).into_iter().flatten().enumerate() {
            let within = format!("/{n}");
            let Some(claim) = read_claim(item, &within, context) else { continue };
            if claims.iter().any(|earlier| earlier.kind == claim.kind) {
                let message = message!(en: "the row claims its `{}` twice", vi: "hàng nêu nhận định `{}` hai lần", claim.kind.as_str());
                context.note(&within, Fault::new(Code::DuplicateRow, message));
            }
            claims.push(claim);
        }
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        let claims = std::mem::take((self.0)(record)).into_iter();
        let claims: Vec<Answer<Claim>> =
            claims.map(|ClaimChange { kind, value }| Claim { kind: Some(kind), withdraw: value.is_none(), value }.into()).collect();
        (!claims.is_empty()).then(|| json!(claims))
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        if of.sent { schema::list::<Answer<Claim>>(of, None) } else { schema::list::<Request<Claim>>(of, None) }
    }

    fn collect(&self, sent: bool, schemas: &mut Schemas) {
        if sent { schema::add::<Answer<Claim>>(schemas) } else { schema::add::<Request<Claim>>(schemas) }
    }
}

fn read_claim(item: &Value, within: &str, context: &Context<'_>) -> Option<ClaimChange> {
    let raw = context.open(item, within)?;
    let Claim { kind, withdraw, value } = read(Claim::FIELDS, &raw, context.notation, context.faults, Field::missing);
    let value_given = raw.has(CLAIM_VALUE.name);
    if withdraw && value_given {
        context.note(
            within,
            Fault::new(
                Code::ContradictoryRow,
                message!(
                    en: "a claim that is withdrawn has no value",
                    vi: "nhận định bị rút thì không có giá trị"
                ),
            ),
        );
    } else if !withdraw && !value_given {
        raw.note(CLAIM_VALUE.name, Fault::missing_field("value"), context.faults);
    }
    raw.note_unknown(&names(Claim::FIELDS), context.faults);
    // A withdrawal keeps its kind; a claim whose number cannot be read is none.
    Some(ClaimChange { kind: kind?, value: if withdraw { None } else { Some(value?) } })
}
