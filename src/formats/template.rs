//! Templates as tables: the columns of a file of figures, filled in Vietnamese with the obligations and the stored figures.
//! The filled-in cells are read by `file`.

use std::collections::BTreeMap;

use super::file::columns_of_templates;
use super::sheet::{Cell, Heading};
use crate::domain::derivation::derived::{DerivationKind, ResolvedValue, Unavailable, ValueOrigin};
use crate::domain::language::Language;
use crate::domain::narrative::sentence::{name, number, unit};
use crate::domain::number::quantity::{Bound, Quantity};
use crate::domain::observation::figure::{Figure, Status};
use crate::domain::reason::Reason;
use crate::domain::reporting::template::{Row, Template};
use crate::domain::submission::workflow::State;
use crate::domain::time::period_code::PeriodCode;

/// The table of a template: one row per figure to report, with last year's figure beside the empty cell.
#[must_use]
pub fn table(template: &Template) -> (Vec<Heading>, Vec<Vec<Cell>>) {
    let (fields, headings): (Vec<&str>, Vec<Heading>) = columns_of_templates().into_iter().unzip();
    let cells = |row: &Row| {
        let mut known = known(template, row);
        fields.iter().map(|field| known.remove(field).unwrap_or_default()).collect()
    };
    (headings, template.rows.iter().map(cells).collect())
}

/// The filled cells of a row, by field.
fn known(template: &Template, row: &Row) -> BTreeMap<&'static str, Cell> {
    let text = |text: &str| Cell::of_text(text);
    BTreeMap::from([
        ("indicator", text(&row.indicator.code)),
        ("name", text(&name(&row.indicator, &row.breakdown, Language::Vietnamese))),
        ("breakdown", text(&row.breakdown.to_string())),
        ("unit", text(&unit(&row.indicator))),
        ("period", text(&PeriodCode::from(row.period).for_spreadsheets())),
        ("last_year", row.last_year.as_ref().map_or(Cell::Empty, |formed| shown(formed.figure.quantity))),
        ("note", text(&note(row))),
        ("province", text(&template.province.key)),
        ("calendar", text(template.period.calendar().as_str())),
        ("number_locale", text("Việt Nam")),
    ])
}

/// An exact number as a number cell; any other quantity as text.
fn shown(quantity: Quantity) -> Cell {
    quantity.exact().map_or_else(|| Cell::of_text(&written(quantity)), Cell::from)
}

/// A quantity in Vietnamese notation: `1.596`, `> 500.000`, `20 – 23`.
fn written(quantity: Quantity) -> String {
    let in_vietnamese = |value| number(value, Language::Vietnamese);
    if let Some(ends) = quantity.interval() {
        return format!("{} – {}", in_vietnamese(ends.low), in_vietnamese(ends.high));
    }
    let sign = match quantity.bound() {
        Bound::Equal | Bound::Range => "",
        Bound::Above => "> ",
        Bound::AtLeast => "≥ ",
        Bound::Below => "< ",
        Bound::AtMost => "≤ ",
        Bound::About => "≈ ",
        Bound::AboutAbove => "≈ > ",
        Bound::AboutBelow => "≈ < ",
    };
    format!("{sign}{}", quantity.value().map(in_vietnamese).unwrap_or_default())
}

/// The status of a figure, if it is not official.
fn not_final(figure: &Figure) -> Option<&'static str> {
    match figure.status {
        Status::Estimated => Some("ước tính"),
        Status::Preliminary => Some("sơ bộ"),
        Status::Official => None,
    }
}

/// The note for the clerk: the origin of last year's figure, and the figure already reported for the period.
fn note(row: &Row) -> String {
    let under_way = match row.under_way {
        Some(State::Submitted) => Some("có báo cáo đang chờ duyệt"),
        Some(State::Returned) => Some("có báo cáo bị trả lại"),
        Some(State::Draft | State::Approved | State::Withdrawn) | None => None,
    };
    let said = [of_last_year(row), reported(&row.current), under_way.map(str::to_owned)];
    said.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn of_last_year(row: &Row) -> Option<String> {
    let formed = match &row.last_year {
        Ok(formed) => formed,
        Err(unavailable) => return is_nil(unavailable).then(|| "cùng kỳ: không phát sinh".to_owned()),
    };
    let partial = formed.coverage.filter(|_| formed.is_partial()).map(|of| format!("mới có {}/{} tháng", of.have, of.need));
    let circumstances = [
        not_final(&formed.figure).map(str::to_owned),
        formed_of(formed).map(str::to_owned),
        partial,
        row.territory_changed.then(|| "địa giới đã thay đổi".to_owned()),
    ];
    let said: Vec<String> = circumstances.into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("cùng kỳ: {}", said.join(", ")))
}

/// The origin of a derived figure, in Vietnamese; `None` for a reported one.
fn formed_of(formed: &ResolvedValue) -> Option<&'static str> {
    let ValueOrigin::Derived(derived) = &formed.origin else { return None };
    Some(match derived.along {
        DerivationKind::Time | DerivationKind::Parts(_) => "tính từ số liệu khác",
        DerivationKind::Areas(_) | DerivationKind::Territory(_) => "tính từ số liệu các đơn vị hợp thành",
    })
}

/// The figure reported for the period. A derived figure is not shown, because nobody has reported it.
fn reported(current: &Result<ResolvedValue, Unavailable>) -> Option<String> {
    match current {
        Ok(formed) => formed.observation().map(|_| {
            let status = not_final(&formed.figure).map(|status| format!(" ({status})")).unwrap_or_default();
            format!("đã báo cáo: {}{status}", written(formed.figure.quantity))
        }),
        Err(unavailable) => is_nil(unavailable).then(|| "đã báo cáo: không phát sinh".to_owned()),
    }
}

fn is_nil(unavailable: &Unavailable) -> bool {
    unavailable.reason == Reason::NilDeclared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::number::decimal::Decimal;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse_json(text).unwrap()
    }

    #[test]
    fn a_quantity_is_a_number_or_says_what_is_known_of_it() {
        for (value, bound, expected) in [
            ("500000", Bound::Above, "> 500.000"),
            ("77.15", Bound::AtLeast, "≥ 77,15"),
            ("30", Bound::Below, "< 30"),
            ("30", Bound::AtMost, "≤ 30"),
            ("1230.5", Bound::About, "≈ 1.230,5"),
            ("30", Bound::AboutAbove, "≈ > 30"),
            ("30", Bound::AboutBelow, "≈ < 30"),
        ] {
            assert_eq!(shown(Quantity::number(decimal(value), bound)), Cell::Text(expected.into()));
        }
        assert_eq!(shown(Quantity::number(decimal("1596.50"), Bound::Equal)), Cell::Number("1596.50".into()));
        assert_eq!(written(Quantity::number(decimal("1596"), Bound::Equal)), "1.596", "in a note");
        assert_eq!(shown(Quantity::range(decimal("1200"), decimal("1300"))), Cell::Text("1.200 – 1.300".into()));
    }

    #[test]
    fn every_field_that_is_filled_in_has_a_column() {
        let columns = columns_of_templates();
        let fields: Vec<&str> = columns.iter().map(|(field, _)| *field).collect();
        for field in ["indicator", "name", "breakdown", "unit", "period", "last_year", "note", "province", "calendar", "number_locale"] {
            assert!(fields.contains(&field), "{field}");
        }
    }
}
