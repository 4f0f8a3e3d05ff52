//! Tests of tables of files as submissions.
//! What is tested is in `file`.

use serde_json::json;

use super::*;
use crate::domain::message::Message;
use crate::domain::number::decimal::NumberLocale;
use crate::domain::time::period::Calendar;
use crate::formats::cell::DatePart;
use crate::formats::fields::field::{read as read_fields, write as write_fields};
use crate::formats::fields::schema::Fields;
use crate::formats::observation::ObservationFields;

fn read_beside(text: &str, parameters: Value) -> Result<Draft, Vec<LocatedFault>> {
    let Value::Object(parameters) = parameters else { panic!("an object") };
    read_sheet(Kind::Csv, &csv::read(text.as_bytes()).unwrap(), parameters).map(|(draft, _)| draft)
}

fn read(text: &str) -> Result<Draft, Vec<LocatedFault>> {
    read_beside(text, json!({"province": "24", "period": "2024-05"}))
}

/// The rows of a draft as a program would send them.
fn sent(draft: &Draft) -> Vec<Value> {
    let write = |row| Value::Object(write_fields(ObservationFields::sent(), ObservationFields::from(row)));
    draft.rows.iter().cloned().map(write).collect()
}

fn places(draft: &Draft) -> Vec<String> {
    draft.faults.iter().map(|error| format!("{} {}", error.located.fault.code, error.located.place)).collect()
}

#[test]
fn a_row_becomes_what_a_program_would_send() {
    let draft = read_beside(
        "Mã chỉ tiêu;Chỉ tiêu;PHÂN TỔ;so lieu;Trạng thái;Không phát sinh;Chấp nhận cảnh báo\n\
         bts-sites;Vị trí BTS;;1.596;ước tính;;\n\
         phone-subscribers;;line_type:fixed;11.754;A;;outlier, yoy_jump\n\
         fines-total;;;;;x;\n\
         infosec-incidents;chưa có;;;;;\n",
        json!({"province": "24", "period": "2024-05", "number_locale": "vi"}),
    )
    .unwrap();

    assert_eq!(
        sent(&draft),
        [
            json!({"indicator": "bts-sites", "period": "2024-05", "value": 1596, "status": "E", "bound": "eq"}),
            json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "period": "2024-05", "value": 11754,
                "status": "A", "bound": "eq", "acknowledge": ["outlier", "yoy_jump"]}),
            json!({"indicator": "fines-total", "period": "2024-05", "nil": true}),
        ],
        "a row that says nothing is left out"
    );
    assert_eq!(places(&draft), [""; 0]);
    let layout = draft.layout.unwrap();
    let called: Vec<String> = (0..3).map(|position| layout.called(position).english().to_owned()).collect();
    assert_eq!(called, ["row 2 of the file", "row 3 of the file", "row 4 of the file"]);
    let place = |pointer: &str| layout.place(Location::Pointer(pointer.into())).to_string();
    assert_eq!(place("/observations/1/value"), "row 3, column D");
    assert_eq!(place("/observations/2"), "row 4, column A");
    assert_eq!(place("/observations/1/as_of"), "row 3, column A", "of a field without a column the row is named");
    assert_eq!(place("/province"), "province");
}

#[test]
fn what_cannot_be_read_is_named_at_its_cell_or_its_parameter() {
    let text = "Ghi chú;Mã chỉ tiêu;Số liệu;Trạng thái;Chấp nhận cảnh báo\n;bts-sites;nhiều;X;all\n;;12;;\n;fines-total;1;;\n";

    let draft = read_beside(text, json!({"mode": "some", "acknowledge": ["all"], "source": {"date": "gestern"}})).unwrap();

    assert_eq!(
        places(&draft),
        [
            "missing_field province",
            "invalid_value mode",
            "invalid_value acknowledge",
            "invalid_date date",
            "missing_field row 2, column B",
            "not_a_number row 2, column C",
            "invalid_value row 2, column D",
            "invalid_value row 2, column E",
            "missing_field row 3, column B",
            "missing_field row 3, column B",
            "missing_field row 4, column B",
        ]
    );
    let rows: Vec<Option<usize>> = draft.faults.iter().map(|error| error.row).collect();
    assert_eq!(rows[3..6], [None, Some(0), Some(0)], "each with its row, where it is one of a row");
}

#[test]
fn what_holds_for_all_rows_is_said_in_a_column_or_beside_the_file() {
    let beside = |text: &str, province: &str| {
        let period = json!({"period": "2024-05"});
        let parameters = if province.is_empty() { period } else { json!({"period": "2024-05", "province": province}) };
        read_beside(text, parameters)
    };
    let file = "Mã chỉ tiêu;Số liệu;Tỉnh;Lịch\nbts-sites;1;Bắc Ninh;nd09\nfines-total;;;\nfines-total;2;bắc ninh ;nd09\n";

    for (province, expected, why) in [("", "Bắc Ninh", "the column"), ("Bac Ninh", "Bac Ninh", "both, and the same")] {
        let draft = beside(file, province).unwrap();
        assert_eq!((draft.province.as_deref(), draft.calendar.map(Calendar::as_str)), (Some(expected), Some("nd09")), "{why}");
        let row = json!({"indicator": "bts-sites", "period": "2024-05", "value": 1, "status": "A", "bound": "eq"});
        assert_eq!(sent(&draft)[0], row, "no field of a row");
        let place = draft.layout.unwrap().place(Location::Pointer("/province".into())).to_string();
        assert_eq!(place, if province.is_empty() { "row 2, column C" } else { "province" }, "{why}");
    }
    let without = beside("Mã chỉ tiêu;Số liệu;Tỉnh\nbts-sites;1;\n", "24").unwrap();
    assert_eq!(
        (without.province.as_deref(), without.layout.unwrap().place(Location::Pointer("/province".into())).to_string().as_str()),
        (Some("24"), "province"),
        "an empty column says nothing"
    );
    let refused = |text: &str, province: &str| {
        let faults =
            beside(text, province).map_or_else(|faults| faults, |draft| draft.faults.into_iter().map(|error| error.located).collect());
        faults.iter().map(|fault| format!("{} {} {:?}", fault.fault.code, fault.place, fault.fault.allowed)).collect::<Vec<_>>()
    };
    assert_eq!(refused(file, "24"), [r#"invalid_value province ["Bắc Ninh"]"#]);
    assert_eq!(
        refused("indicator;value;calendar;province\nbts-sites;1;nd09;24\nfines-total;2;civil;24\nfines-total;;civil;28\n", ""),
        [r#"invalid_value row 3, column C ["nd09"]"#],
        "rows without a figure say nothing"
    );
    assert_eq!(refused("indicator;value;province\nbts-sites;;24\n", ""), ["batch_size request []"], "a template that nobody filled in");
}

#[test]
fn rows_may_name_their_own_province() {
    let text = "indicator;value;province\nbts-sites;1;Bắc Ninh\nbts-sites;2; 27\nfines-total;;\nfines-total;3;BẮC NINH\n";

    let draft = read_beside(text, json!({})).unwrap();

    let provinces: Vec<Option<&str>> = draft.rows.iter().map(|row| row.province.as_deref()).collect();
    assert_eq!((draft.province.as_deref(), provinces), (None, vec![Some("Bắc Ninh"), Some("27"), Some("BẮC NINH")]));
    assert_eq!(
        places(&draft),
        ["missing_field row 2, column A", "missing_field row 3, column A", "missing_field row 5, column A"],
        "no period"
    );
    let without_own = "indicator;period;value;province\nbts-sites;2024;1;24\nbts-sites;2023;2;\nfines-total;2024;3;27\n";
    assert_eq!(places(&read_beside(without_own, json!({})).unwrap()), ["missing_field row 3, column D"], "a row without any");
    let one = "indicator;period;value;province\nbts-sites;2024;1;24\nbts-sites;2023;2;\nfines-total;2024;3;24\n";
    let draft = read_beside(one, json!({})).unwrap();
    assert_eq!(draft.faults.iter().map(|error| error.row).collect::<Vec<_>>(), [Some(1)]);
    assert_eq!(places(&draft), ["missing_field row 3, column D"], "one without beside rows of a single province");
    assert_eq!(places(&read_beside(one, json!({"province": "24"})).unwrap()), [""; 0], "the province of the whole file");
    assert_eq!(
        places(&read_beside(without_own, json!({"province": "24"})).unwrap()),
        ["invalid_value province"],
        "one that says otherwise"
    );
}

#[test]
fn rows_are_read_or_left_out_and_named() {
    let header = "STT;Mã chỉ tiêu;Chỉ tiêu;Số liệu;Không phát sinh;Rút số liệu;Ghi chú";
    for (rows, read_rows, left, why) in [
        (";bts-sites;;5;;;", "2", "", "a code and a figure"),
        ("A;B;C;1;2;3;\n;bts-sites;;5;;;", "3", "2 column_numbers", "the row that numbers the columns"),
        ("(1);(2);(3);(4);;;(5)\n;bts-sites;;5;;;", "3", "2 column_numbers", "in brackets"),
        ("A;B;C;1;;;2=1*100\n;bts-sites;;5;;;", "3", "2 column_numbers", "with a formula"),
        ("A;B;C;1;2;4;\n;bts-sites;;5;;;", "2,3", "", "numbers that do not follow each other"),
        (";bts-sites;;5;;;\nA;B;C;1;2;3;", "2,3", "", "not below the header"),
        ("1;;;2;;;\n;bts-sites;;5;;;", "2,3", "", "a figure without a code"),
        (";bts-sites;;;;;chưa có\n;fines-total;;0;;;", "3", "2 no_figure", "a code without a figure"),
        (";bts-sites;;;FALSE;không;\n;fines-total;;;x;0;", "3", "2 no_figure", "marks that say no"),
        (";;II. VIỄN THÔNG;;;;\n;bts-sites;;5;;;", "3", "2 no_figure", "a heading"),
        (";bts-sites;;5;;;\n;;;;;;Người lập biểu\n;;;;;;", "2", "3 no_figure", "a signature"),
        (";;Tổng cộng;5;;;\n;bts-sites;;5;;;", "3", "2 total", "a total above"),
        ("I;;TỔNG SỐ;5;;;\n;bts-sites;;5;;;", "3", "2 total", "a total with a number of its own"),
        (";Tổng;;5;;;\n;bts-sites;;5;;;", "3", "2 total", "a total in the column of the codes"),
        (";;cong;5;;;\n;;Cộng các mục;5;;;\n;;Total;5;;;\n;bts-sites;;5;;;", "5", "2 total,3 total,4 total", "in other words"),
        (";bts-sites;;5;;;\n;;;5;;;\n;;;;;x;", "2", "3 below_table,4 below_table", "below the last code"),
        (";bts-sites;;5;;;\n;;Công nghiệp;5;;;\n;bts-sites;;5;;;", "2,3,4", "", "no code within the table, and no total"),
        (";;;5;;;", "2", "", "no code at all"),
        (";total-population;;5;;;", "2", "", "a code that begins like a total"),
        (";Totals;;5;;;", "2", "", "a text that is no code and no total"),
    ] {
        let draft = read(&format!("{header}\n{rows}\n")).unwrap();
        let Some(Layout::Table(Table { rows, left_out, .. })) = draft.layout else { panic!("{why}") };
        let numbers: Vec<String> = rows.iter().map(usize::to_string).collect();
        let left_out: Vec<String> = left_out.iter().map(|left| format!("{} {}", left.row, left.reason.as_str())).collect();
        assert_eq!((numbers.join(","), left_out.join(",")), (read_rows.to_owned(), left.to_owned()), "{why}");
    }
}

#[test]
fn lines_that_fit_by_accident_are_suspicious_where_they_are_read() {
    let odd = |text: &str| {
        let draft = read(text).unwrap();
        (draft.rows.iter().map(|row| row.suspicious.is_some()).collect::<Vec<_>>(), places(&draft))
    };
    let none: [String; 0] = [];
    for (text, expected, why) in [
        ("indicator,value,Ghi chú\nbts-sites,77,15\n", true, "in a note"),
        ("indicator,value,Bội số\nbts-sites,77,6\n", true, "in another number"),
        ("indicator,value,Ghi chú,Vị trí\nbts-sites,77,15,tr. 3\n", true, "with a text beside it"),
        ("indicator,value,Ghi chú\nbts-sites,ước đạt 77,15\n", true, "behind a word"),
        ("indicator,value,numerator,denominator\nbts-sites,77,15,\n", true, "in a numerator alone"),
        ("indicator,value,numerator,denominator\nbts-sites,95,38,40\n", false, "a rate with its numbers"),
        ("indicator,Ghi chú,value\nbts-sites,77,15\n", false, "left of the figure"),
        ("indicator,numerator,denominator,note\nbts-sites,38,40,15\n", true, "after a pair"),
        ("indicator,numerator,denominator\nbts-sites,38,40\n", false, "a pair"),
        ("indicator,period,value\nbts-sites,2024,15\n", false, "a period is no figure"),
        ("indicator;value;Ghi chú\nbts-sites;77;15\n", false, "another separator"),
        ("indicator;value;Ghi chú\nbts-sites;77;\"x\ny;5\"\n", true, "rows in a text"),
        ("indicator;value;Ghi chú\nbts-sites;;\"x\ny;5\"\n", true, "rows in a text of a row without a figure"),
    ] {
        assert_eq!(odd(text), (vec![expected], none.to_vec()), "{why}");
    }
    assert_eq!(odd("indicator,value\nbts-sites,77,15\n").1, ["ragged_row row 2, column C"], "more cells than names");
    assert_eq!(odd("indicator,value\nbts-sites,77\n,,,Người lập\n").1, none, "beyond the table");
}

#[test]
fn a_quote_that_is_closed_too_late_hides_no_row() {
    let read = |heading: &str| {
        let text = format!("STT;Mã chỉ tiêu;Chỉ tiêu;Số liệu;Ghi chú\n1;bts-sites;;5;\n{heading}");
        let draft = read(&text).unwrap();
        (draft.rows.len(), places(&draft))
    };

    for heading in [";;\"II. VIỄN THÔNG;;\n2;fines-total;;6;\n3;infosec-incidents;\";7;\n", "\"Tổng;;;9;\n2;fines-total;;6;\";;;;\n"] {
        let (_, faults) = read(heading);
        let column = if heading.starts_with(';') { "C" } else { "A" };
        assert_eq!(faults, [format!("unreadable_file row 3, column {column}")], "{heading}");
    }
    assert_eq!(read(";;II. VIỄN THÔNG;;\n2;fines-total;;6;\n3;infosec-incidents;;7;\n"), (3, vec![]), "without the quote");
    assert_eq!(read(";;\"Ghi chú: số ước;\n- Kỳ trước; kỳ này\";;\n"), (1, vec![]), "a note of two lines");
    assert_eq!(read(";\"Ghi chú: số ước;\n- Kỳ trước; kỳ này\";;;\n"), (1, vec![]), "in the column of the codes");
    assert_eq!(read(";\"Ghi chú:;;;\n2;fines-total;;6;\n\";;;\n").1, ["unreadable_file row 3, column B"], "in it, with codes");
}

#[test]
fn a_hidden_column_that_is_read_hides_its_rows() {
    for (name, cell, expected, why) in [
        ("Đơn vị tính", "triệu đồng", true, "the unit"),
        ("Chỉ tiêu", "Số vị trí", true, "the name"),
        ("Cách viết số", "Việt Nam", true, "the notation of numbers"),
        ("Lịch", "nd09", true, "the calendar"),
        ("Tỉnh", "24", true, "the province"),
        ("Bội số", "6", true, "a field of the row"),
        ("Bội số", "", false, "a field without a value"),
        ("Ghi chú", "x", false, "a column that nobody reads"),
    ] {
        let mut table = sheet::Table::default();
        table.hide_columns(2, 2);
        table.take(1, false, ["Mã chỉ tiêu", "Số liệu", name].map(Cell::of_text).into_iter().enumerate()).unwrap();
        table.take(2, false, ["bts-sites", "5", cell].map(Cell::of_text).into_iter().enumerate()).unwrap();
        let parameters = if name == "Tỉnh" { json!({"period": "2024-05"}) } else { json!({"period": "2024-05", "province": "24"}) };
        let Value::Object(parameters) = parameters else { panic!("an object") };

        let (draft, _) = read_sheet(Kind::Xlsx, &table.finish(Ok(())).unwrap(), parameters).unwrap();

        assert_eq!((draft.rows[0].hidden, places(&draft)), (expected, vec![]), "{why}");
    }
}

#[test]
fn a_file_without_codes_has_one_fault() {
    for (text, place, meant) in [
        ("Báo cáo\nMã chỉ tiu;Màu;Số liệu\n1;đỏ;2\n", "row 2, column A", true),
        ("Báo cáo\nChỉ tiêu;Màu;Số liệu\n1;đỏ;2\n", "row 1, column A", false),
        ("Số liệu\n1\n", "row 1, column A", false),
    ] {
        let faults = read(text).unwrap_err();
        let [LocatedFault { place: found, fault }] = &faults[..] else { panic!("{faults:?}") };
        assert_eq!((fault.code, found.to_string().as_str()), (Code::MissingField, place), "{text}");
        assert_eq!(fault.message.english().contains("`Mã chỉ tiu`"), meant, "{}", fault.message.english());
    }
}

#[test]
fn a_template_has_columns_that_are_read() {
    let columns = columns_of_templates();
    let header: Vec<&str> = columns.iter().map(|(_, heading)| heading.name.as_str()).collect();
    let sheet = csv::read(header.join(";").as_bytes()).unwrap();

    let faults = Faults::default();
    let read: Vec<&str> = columns_of(&sheet, &faults).unwrap().into_keys().collect();
    let mut written: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    written.sort_unstable();

    assert_eq!((read, faults.into_all()), (written, Vec::new()), "each as the field it is of");
    assert!(SAYING.iter().all(|field| field.name == "withdraw" || columns.iter().any(|(known, _)| *known == field.name)));
}

#[test]
fn numbers_and_dates_of_workbooks_are_what_they_look_like() {
    for (cell, field, expected, why) in [
        (Cell::Number("77.15".into()), "value", json!(77.15), "a number in any notation"),
        (Cell::Number("1.596".into()), "value", json!(1.596), "its point is a decimal mark, whatever is declared"),
        (Cell::Text("1.596".into()), "value", json!(1596), "and in a text it is what is declared"),
        (Cell::Text("6".into()), "unit_mult", json!(6), "a power of ten, also where every cell is text"),
        (Cell::Text("triệu".into()), "unit_mult", json!("wrong_type"), "what is none is a fault of the field"),
        (Cell::Text("77,15".into()), "value", json!(77.15), "text is in the declared one"),
        (Cell::Number("2024".into()), "period", json!("2024"), "a year"),
        (Cell::Date("2024-05-01".parse().unwrap(), DatePart::Month), "period", json!("2024-05"), "what Excel makes of 2024-05"),
        (Cell::Date("2024-05-17".parse().unwrap(), DatePart::Month), "period", json!("2024-05"), "the day is not seen"),
        (Cell::Date("2024-05-01".parse().unwrap(), DatePart::Year), "period", json!("2024"), "a date that shows its year"),
        (Cell::day("2024-05-01".parse().unwrap()), "period", json!("invalid_period"), "a day is no month"),
        (Cell::day("2024-05-31".parse().unwrap()), "as_of", json!("2024-05-31"), "a day"),
        (Cell::Date("2024-05-31".parse().unwrap(), DatePart::Month), "as_of", json!("invalid_date"), "a month is no day"),
        (Cell::day("2024-05-31".parse().unwrap()), "value", json!("cell_not_a_value"), "a day is no number"),
        (Cell::Date("2024-05-31".parse().unwrap(), DatePart::Year), "value", json!("cell_not_a_value"), "a year of a date neither"),
        (Cell::Flag(true), "nil", json!(true), "a box that is ticked"),
        (Cell::Flag(false), "nil", Value::Null, "a box that is not"),
        (Cell::Flag(true), "value", json!("cell_not_a_value"), "a mark is no number"),
        (Cell::Flag(true), "indicator", json!("cell_not_a_value"), "and no text"),
        (Cell::faulty(Code::FormulaCell, Message::default()), "value", json!("formula_cell"), "the fault of the cell"),
        (Cell::faulty(Code::FormulaCell, Message::default()), "period", json!("formula_cell"), "in a column of texts too"),
        (Cell::Text(" Có ".into()), "nil", json!(true), "yes"),
        (Cell::Number("0".into()), "nil", Value::Null, "no, which is left out of what is written"),
        (Cell::Text("Sơ bộ".into()), "status", json!("P"), "a word for a code"),
    ] {
        let row = Row { number: 2, cells: vec![cell], hidden: false };
        let column = sheet::Column { name: field.into(), index: 0, hidden: false };
        let field = ObservationFields::FIELDS.iter().find(|known| known.name == field).unwrap();
        let columns = Columns::from([(field.name, (0, &column))]);
        let faults = Faults::default();
        let raw = RawRecord::Cells { row: &row, columns: &columns };

        let read = read_fields(&[*field], &raw, Notation::new(Some(NumberLocale::Vi), Medium::Cell), &faults, |_| None);

        let written = write_fields([*field].into_iter(), read).remove(field.name);
        let fault = faults.into_all().first().map(|located| located.fault.code.as_str().into());
        assert_eq!(fault.or(written).unwrap_or_default(), expected, "{why}");
    }
}

#[test]
fn what_is_wrong_with_columns_and_marks_is_named_where_it_stands() {
    for (text, expected) in [
        ("Mã chỉ tiêu;Số liệu;Màu\nbts-sites;1;đỏ\n", &["unknown_field row 1, column C"][..]),
        ("Mã chỉ tiêu;Số liêu;Màu\nbts-sites;1;đỏ\n", &["unknown_field row 1, column C"]),
        ("STT;Mã chỉ tiêu;Số liệu;Ghi chú;ghi chú;TT\n1;bts-sites;1;x;y;1\n", &[]),
        ("Mã chỉ tiêu;Số liệu;value\nbts-sites;1;2\n", &["duplicate_column row 1, column C"]),
        ("Mã chỉ tiêu;Số liệu;Đơn vị;Đơn vị tính\nbts-sites;1;x;y\n", &["duplicate_column row 1, column D"]),
        ("Mã chỉ tiêu;Mã chỉ tiêu;Số liệu\nbts-sites;x;1\n", &["duplicate_column row 1, column B"]),
        ("indicator;value;nil\nbts-sites;;vâng\n", &["invalid_value row 2, column C"]),
        ("indicator;value;breakdown\nbts-sites;1;cố định\n", &["unknown_breakdown row 2, column C"]),
        (
            "indicator;value;nil;Màu;Maù\nbts-sites;1a;vâng\n",
            &[
                "unknown_field row 1, column D",
                "unknown_field row 1, column E",
                "invalid_value row 2, column C",
                "not_a_number row 2, column B",
            ],
        ),
    ] {
        assert_eq!(places(&read(text).unwrap()), expected, "{text}");
    }
}

#[test]
fn a_fault_of_the_table_hides_none_of_its_rows() {
    let draft = read(
        "Mã chỉ tiêu;Phân tổ;Số liệu;Màu;Không phát sinh
         bts-sites;;nhiều;đỏ;
         phone-subscribers;cố định;1;;
         fines-total;;;;vâng
         infosec-incidents;;4;;
",
    )
    .unwrap();

    assert_eq!(
        places(&draft),
        [
            "unknown_field row 1, column D",
            "not_a_number row 2, column C",
            "unknown_breakdown row 3, column B",
            "invalid_value row 4, column E",
        ]
    );
    assert_eq!(draft.rows.len(), 4, "the good row is read as well");
}

/// The rows that are read and those left out of a workbook with these rows and merged cells, or the faults.
fn read_merged(rows: &[&str], merged: &[[(usize, usize); 2]]) -> String {
    let mut table = sheet::Table::default();
    for (row, number) in rows.iter().zip(1..) {
        table.take(number, false, row.split(';').map(Cell::of_text).enumerate()).unwrap();
    }
    for [first, last] in merged {
        table.merge(*first, *last).unwrap();
    }
    let Value::Object(parameters) = json!({"province": "24", "period": "2024-05"}) else { panic!("an object") };
    let (draft, _) = read_sheet(Kind::Xlsx, &table.finish(Ok(())).unwrap(), parameters).unwrap();
    let faults = places(&draft).join(", ");
    let Some(Layout::Table(Table { rows, left_out, .. })) = draft.layout else { panic!("a table") };
    let left_out: Vec<String> = left_out.iter().map(|left| format!("{} {}", left.row, left.reason.as_str())).collect();
    format!("{rows:?} [{}] {faults}", left_out.join(", "))
}

#[test]
fn headings_totals_and_notes_across_columns_are_left_out() {
    let header = "STT;Mã chỉ tiêu;Chỉ tiêu;Số liệu;Ghi chú";
    for (rows, merged, expected, why) in [
        (&[header, "1;bts-sites;;5;", "Tổng cộng;;;5;"][..], &[[(3, 0), (3, 2)]][..], "[2] [3 total] ", "a total"),
        (&[header, "Tổng cộng;;;5;", "1;bts-sites;;5;"], &[[(2, 0), (2, 2)]], "[3] [2 total] ", "a total above"),
        (&[header, "II. Viễn thông;;;;", "1;bts-sites;;5;"], &[[(2, 0), (2, 4)]], "[3] [2 no_figure] ", "a heading"),
        (&[header, ";II. Viễn thông;;;", "1;bts-sites;;5;"], &[[(2, 1), (2, 4)]], "[3] [2 no_figure] ", "from the column of the codes"),
        (&[header, "1;bts-sites;;5;", "Người lập biểu;;;;"], &[[(3, 0), (3, 11)]], "[2] [3 no_figure] ", "a signature"),
        (
            &[header, "1;bts-sites;;5;", "Ghi chú: số ước;;;;", "x"],
            &[[(3, 0), (5, 4)]],
            "[2] [3 no_figure, 4 no_figure] ",
            "of several rows",
        ),
        (
            &[header, "1;bts-sites;;5;", "Ghi chú: số ước;;;;", ";fines-total;;;"],
            &[[(3, 0), (4, 0)]],
            "[2] [3 no_figure, 4 no_figure] ",
            "down",
        ),
        (
            &[header, "1;bts-sites;;5;", "2;fines-total;;;"],
            &[[(2, 3), (3, 3)]],
            "[2, 3] [] merged_cells row 2, column D, merged_cells row 3, column D",
            "a figure of two rows",
        ),
        (&[header, "1;bts-sites;;5;"], &[[(2, 3), (2, 4)]], "[2] [] merged_cells row 2, column D", "a figure of two columns"),
        (
            &[header, "1;bts-sites;;ước đạt 5;", "2;fines-total;;;"],
            &[[(2, 3), (3, 4)]],
            "[2, 3] [] merged_cells row 2, column D, merged_cells row 3, column D",
            "words beside codes",
        ),
    ] {
        assert_eq!(read_merged(rows, merged), expected, "{why}");
    }
}
