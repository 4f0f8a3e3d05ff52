//! The report table in its compact form: one row per figure, one column per number.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::number::quantity::Quantity;
use crate::http::catalogue::provinces::Notice;
use crate::http::extract::language::{Languages, ReasonText};
use crate::service::figures::compare::Item;
use crate::service::figures::comparisons::Table;

/// Names of the columns, in order.
const COLUMNS: [&str; 28] = [
    "province",
    "period",
    "calendar",
    "indicator",
    "breakdown",
    "unit",
    "unit_mult",
    "value",
    "low",
    "high",
    "bound",
    "status",
    "origin",
    "baseline",
    "change",
    "change_pct",
    "index_pct",
    "change_pp",
    "comparable",
    "reasons",
    "target_period",
    "target_kind",
    "target",
    "attainment_pct",
    "gap",
    "expected_to_date",
    "pace",
    "target_reasons",
];

/// The report table in rows and columns.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompactTable {
    /// Names of the columns: the fields of an item, without nesting
    columns: Vec<&'static str>,
    /// One row per figure, in the order of the columns; null for a missing number. A bound has its number and its `bound`; results
    /// calculated from bounds or ranges are null
    rows: Vec<Vec<Value>>,
    /// Explanations of the reasons in the table
    texts: Vec<ReasonText>,
    /// Other provinces that the codes and names of the request meant in the periods or a year before; absent if there are none
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    notices: Vec<Notice>,
}

impl CompactTable {
    /// Makes the table of some comparisons.
    #[must_use]
    pub fn of(table: &Table, languages: Languages) -> CompactTable {
        let items = &table.items;
        CompactTable {
            columns: COLUMNS.to_vec(),
            texts: languages.texts(items.iter().flat_map(Item::reasons)),
            notices: table.notices.iter().map(|found| Notice::of(found, languages)).collect(),
            rows: items.iter().map(|item| cells(item).to_vec()).collect(),
        }
    }
}

fn cells(item: &Item) -> [Value; COLUMNS.len()] {
    let figure = item.current.as_ref().ok().map(|formed| formed.figure);
    let quantity = figure.map(|figure| figure.quantity);
    let interval = quantity.and_then(Quantity::interval);
    let origin = item.current.as_ref().ok().map(|formed| if formed.observation().is_some() { "reported" } else { "derived" });
    let baseline = item.last_year.baseline.as_ref().ok().and_then(|formed| formed.figure.exact());
    let compared = &item.last_year.result;
    let target = item.target.as_ref();
    let exact = |quantity: Option<Quantity>| cell(quantity.and_then(Quantity::exact));
    [
        cell(&item.province.key),
        cell(item.period.to_string()),
        cell(item.period.calendar()),
        cell(&item.indicator.code),
        cell(item.breakdown.to_string()),
        cell(&item.indicator.unit),
        cell(item.indicator.unit_mult),
        cell(quantity.and_then(Quantity::value)),
        cell(interval.map(|ends| ends.low)),
        cell(interval.map(|ends| ends.high)),
        cell(quantity.map(Quantity::bound)),
        cell(figure.map(|figure| figure.status)),
        cell(origin),
        cell(baseline),
        exact(compared.change),
        exact(compared.change_pct),
        exact(compared.index_pct),
        exact(compared.change_pp),
        cell(compared.comparable),
        cell(&compared.reasons),
        cell(target.map(|attained| attained.target.period.to_string())),
        cell(target.and_then(|attained| Some(attained.terms()?.condition.kind()))),
        cell(target.and_then(|attained| attained.terms()?.condition.value())),
        exact(target.and_then(|attained| attained.attainment_pct)),
        exact(target.and_then(|attained| attained.gap)),
        cell(target.and_then(|attained| attained.expected)),
        cell(target.and_then(|attained| attained.pace)),
        cell(target.map(|attained| &attained.reasons)),
    ]
}

fn cell(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("words, texts and decimals are JSON")
}
