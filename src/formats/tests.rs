//! Numbers in texts, on every route into a batch: JSON, lines, CSV, workbooks and forms, read and checked against an indicator.
//! No text is taken as another number than the readers of its notation give, which are written apart in `domain::testing`.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::csv::{self, Delimiter};
use super::file::{self, Kind};
use super::ndjson::{Windows, read_defaults};
use super::sheet::{Cell, Heading};
use super::{submission, xlsx};
use crate::domain::access::role::Caller;
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::catalogue::province::{Province, Provinces, UnitType};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::Code;
use crate::domain::number::decimal::{Decimal, NumberLocale};
use crate::domain::submission::draft::{CheckedRows, Draft, RowContent};
use crate::domain::testing::{indicator, readings_by_hand};

/// A route into a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Json,
    Line,
    Csv,
    Workbook,
    /// A file with the column `Cách viết số`, which says Vietnamese, and in another row a number or none that only Vietnamese reads.
    Form(Kind, bool),
}

const ROUTES: [Route; 8] = [
    Route::Json,
    Route::Line,
    Route::Csv,
    Route::Workbook,
    Route::Form(Kind::Csv, false),
    Route::Form(Kind::Csv, true),
    Route::Form(Kind::Xlsx, false),
    Route::Form(Kind::Xlsx, true),
];

/// The columns of the files, and the fields of the rows.
const FIELDS: [&str; 5] = ["value", "low", "high", "numerator", "denominator"];

fn catalogue() -> Catalogue {
    let of = |code: &str, measure, decimals| Indicator { code: code.into(), max: None, ..indicator(measure, decimals) };
    let province = Province {
        key: "p".into(),
        code: Some("01".into()),
        name: "P".into(),
        name_en: "P".into(),
        iso: None,
        agency_code: None,
        unit_type: UnitType::Province,
        valid_from: "2004-01-01".parse().unwrap(),
        valid_to: None,
        predecessors: Vec::new(),
    };
    let indicators = vec![of("count", Measure::Stock, 0), of("amount", Measure::Flow, 3), of("rate", Measure::Rate, 2)];
    Catalogue::new(Provinces::new(vec![province]), indicators)
}

/// A text in a field of a row of an indicator.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    field: &'static str,
    indicator: &'static str,
    declared: Option<NumberLocale>,
}

impl Written {
    /// The other field that a row with this one needs.
    fn companion(&self) -> Option<(&'static str, &'static str)> {
        match self.field {
            "low" => Some(("high", "7")),
            "high" => Some(("low", "7")),
            "numerator" => Some(("denominator", "7")),
            "denominator" => Some(("numerator", "7")),
            _ => None,
        }
    }

    fn bound(&self) -> &'static str {
        if ["low", "high"].contains(&self.field) { "range" } else { "eq" }
    }

    /// The batch, read from this route.
    fn draft(&self, route: Route) -> Draft {
        let mut row = json!({"indicator": self.indicator, "bound": self.bound(), self.field: self.text});
        row.as_object_mut().unwrap().extend(self.companion().map(|(field, number)| (field.to_owned(), json!(number))));
        let mut batch = json!({"province": "p", "period": "2024-05"});
        if let Some(declared) = self.declared.filter(|_| !matches!(route, Route::Form(..))) {
            batch["number_locale"] = json!(declared.as_str());
        }
        match route {
            Route::Json => {
                batch["observations"] = json!([row]);
                submission::read(batch.to_string().as_bytes()).unwrap().0
            }
            Route::Line => {
                batch["mode"] = json!("partial");
                let Value::Object(parameters) = batch else { unreachable!() };
                let line = row.to_string();
                let mut windows = Windows::new(line.as_bytes(), read_defaults(parameters).unwrap());
                windows.next().unwrap().unwrap().drafts.remove(0)
            }
            Route::Csv => self.file(Kind::Csv, batch, None),
            Route::Workbook => self.file(Kind::Xlsx, batch, None),
            Route::Form(kind, confirmed) => self.file(kind, batch, Some(confirmed)),
        }
    }

    fn file(&self, kind: Kind, parameters: Value, form: Option<bool>) -> Draft {
        let names: Vec<&str> = ["indicator", "bound"].into_iter().chain(FIELDS).chain(form.map(|_| "Cách viết số")).collect();
        let row = |of: &dyn Fn(&str) -> String| names.iter().map(|name| Cell::of_text(&of(name))).collect::<Vec<_>>();
        let mut rows = vec![row(&|name| match name {
            "indicator" => self.indicator.to_owned(),
            "bound" => self.bound().to_owned(),
            "Cách viết số" => "Việt Nam".to_owned(),
            field if field == self.field => self.text.clone(),
            field => self.companion().filter(|(other, _)| *other == field).map(|(_, number)| number.to_owned()).unwrap_or_default(),
        })];
        if form == Some(true) {
            rows.push(row(&|name| match name {
                "indicator" => "amount".to_owned(),
                "value" => "77,15".to_owned(),
                "Cách viết số" => "Việt Nam".to_owned(),
                _ => String::new(),
            }));
        }
        let headings: Vec<Heading> = names.iter().map(|name| Heading { name: (*name).into(), width: 9, information: false }).collect();
        let bytes = match kind {
            Kind::Csv => csv::write(&headings, &rows, Delimiter::Semicolon, NumberLocale::Vi),
            Kind::Xlsx => xlsx::write(xlsx::SHEET, &headings, &rows).unwrap(),
        };
        let Value::Object(parameters) = parameters else { unreachable!() };
        file::read(kind, &bytes, parameters).unwrap_or_else(|faults| panic!("{self:?}: {faults:?}")).0
    }

    /// The place of the text, as its sender sees it.
    fn place(&self, route: Route) -> String {
        let column = ["value", "low", "high", "numerator", "denominator"].iter().position(|field| *field == self.field).unwrap();
        match route {
            Route::Json => format!("/observations/0/{}", self.field),
            Route::Line => format!("line 1, /{}", self.field),
            Route::Csv | Route::Workbook | Route::Form(..) => format!("row 2, column {}", ["C", "D", "E", "F", "G"][column]),
        }
    }

    /// The number that is taken from the text, or the code of its fault.
    fn taken(&self, route: Route) -> Result<(i128, u32), Code> {
        let draft = self.draft(route);
        let CheckedRows { valid: rows, errors, .. } = draft.check(&catalogue(), &Caller::anyone(), "2026-11-21".parse().unwrap());
        let place = self.place(route);
        let of_texts = [Code::NotANumber, Code::AmbiguousNumber, Code::TooManyDigits];
        let mut of_text =
            draft.seen(errors, &catalogue(), &Caller::anyone()).into_iter().filter(|error| of_texts.contains(&error.located.fault.code));
        if let Some(error) = of_text.next() {
            assert_eq!(error.located.place.to_string(), place, "{self:?}: {}", error.located.fault.message.english());
            assert!(rows.iter().all(|row| row.position != 0), "{self:?}: a row with a fault is not stored");
            return Err(error.located.fault.code);
        }
        let Some(RowContent::Figure(sent)) = &draft.rows[0].says else { panic!("{self:?}: no figure in {:?}", draft.rows[0]) };
        let number = match self.field {
            "value" => sent.value,
            "low" => sent.low,
            "high" => sent.high,
            "numerator" => sent.numerator,
            _ => sent.denominator,
        };
        Ok(scaled(number.unwrap()))
    }

    /// The number that the readers of the notation give, or the code of the fault.
    fn wanted(&self, route: Route) -> Result<(i128, u32), Code> {
        let value = |of: (i128, u32)| of.0 * 10i128.pow(9 - of.1);
        let [plain, vietnamese, english] = readings_by_hand(&self.text);
        let declared = if matches!(route, Route::Form(..)) { Some(NumberLocale::Vi) } else { self.declared };
        let number = match declared {
            Some(NumberLocale::Plain) => plain,
            Some(NumberLocale::Vi) => vietnamese,
            None => plain.or(vietnamese),
        };
        let number = number.ok_or(Code::NotANumber)?;
        let others = match (route, declared) {
            (_, None) => [vietnamese, english],
            (Route::Form(Kind::Csv, false), _) => [plain, english],
            _ => [None, None],
        };
        if others.into_iter().flatten().any(|other| value(other) != value(number)) {
            return Err(Code::AmbiguousNumber);
        }
        let counted = self.indicator == "count" || ["numerator", "denominator"].contains(&self.field);
        let of_file = !matches!(route, Route::Json | Route::Line);
        if of_file && counted && number.1 == 3 && number.0 % 1000 == 0 && number.0 != 0 {
            return Err(Code::AmbiguousNumber);
        }
        Ok(number)
    }
}

fn scaled(number: Decimal) -> (i128, u32) {
    let (digits, decimals) = number.to_scaled();
    (digits.into(), u32::try_from(decimals).unwrap())
}

fn declared() -> impl Strategy<Value = Option<NumberLocale>> {
    prop::sample::select(vec![None, Some(NumberLocale::Plain), Some(NumberLocale::Vi)])
}

/// A number in some notation, or nearly.
fn text() -> impl Strategy<Value = String> {
    let grouped = (prop::sample::select(vec!["", ".", ",", " ", "\u{a0}"]), prop::collection::vec("[0-9]{3}", 0..3));
    let whole = prop_oneof!["0", "[1-9][0-9]{0,2}", "[0-9]{1,3}", "[1-9][0-9]{3,5}"];
    let decimals = prop_oneof![2 => Just(String::new()), 1 => "[.,](000|00|0)", 2 => "[.,][0-9]{1,4}"];
    (prop::sample::select(vec!["", "", "", "-", "−"]), whole, grouped, decimals).prop_map(|(sign, whole, (group, groups), decimals)| {
        let groups = groups.iter().fold(String::new(), |mut all, digits| {
            write!(all, "{group}{digits}").unwrap();
            all
        });
        format!("{sign}{whole}{groups}{decimals}")
    })
}

fn written() -> impl Strategy<Value = Written> {
    let field = prop_oneof![
        3 => (Just("value"), prop::sample::select(vec!["count", "amount", "rate"])),
        1 => (prop::sample::select(vec!["low", "high"]), prop::sample::select(vec!["count", "amount"])),
        1 => (prop::sample::select(vec!["numerator", "denominator"]), Just("rate")),
    ];
    (text(), field, declared()).prop_map(|(text, (field, indicator), declared)| Written { text, field, indicator, declared })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn no_text_is_taken_as_another_number_than_its_notation_gives(written in written(), route in prop::sample::select(ROUTES.to_vec())) {
        prop_assert_eq!(written.taken(route), written.wanted(route), "{:?} by {:?}", &written, route);
    }

    #[test]
    fn a_json_number_is_never_in_doubt(digits in -999_999_999i64..=999_999_999, decimals in 0i32..=6, declared in declared()) {
        let number = Decimal::from_scaled(digits, decimals).unwrap();
        for indicator in ["count", "amount"] {
            let mut batch = json!({"province": "p", "period": "2024-05", "observations": [{"indicator": indicator, "value": number}]});
            batch["number_locale"] = json!(declared.map(NumberLocale::as_str));

            let (draft, _) = submission::read(batch.to_string().as_bytes()).unwrap();

            let Some(RowContent::Figure(sent)) = &draft.rows[0].says else { panic!("{batch}: {:?}", draft.faults) };
            prop_assert_eq!(sent.value, Some(number));
            let CheckedRows { errors, .. } = draft.check(&catalogue(), &Caller::anyone(), "2026-11-21".parse().unwrap());
            prop_assert!(errors.iter().all(|error| error.located.fault.code != Code::AmbiguousNumber));
        }
    }

    #[test]
    fn a_number_cell_is_never_in_doubt(digits in -999_999_999i64..=999_999_999, decimals in 0i32..=6, declared in declared()) {
        let number = Decimal::from_scaled(digits, decimals).unwrap();
        let headings = ["indicator", "value"].map(|name| Heading { name: name.into(), width: 9, information: false });
        let file = xlsx::write(xlsx::SHEET, &headings, [[Cell::Text("count".into()), Cell::from(number)]]).unwrap();
        let mut parameters = json!({"province": "p", "period": "2024-05"});
        if let Some(declared) = declared {
            parameters["number_locale"] = json!(declared.as_str());
        }
        let Value::Object(parameters) = parameters else { unreachable!() };

        let (draft, _) = file::read(Kind::Xlsx, &file, parameters).unwrap();

        let Some(RowContent::Figure(sent)) = &draft.rows[0].says else { panic!("{number}: {:?}", draft.faults) };
        prop_assert_eq!(sent.value.map(Decimal::normalized), Some(number.normalized()));
        let CheckedRows { errors, .. } = draft.check(&catalogue(), &Caller::anyone(), "2026-11-21".parse().unwrap());
        prop_assert!(errors.iter().all(|error| error.located.fault.code != Code::AmbiguousNumber));
    }
}
