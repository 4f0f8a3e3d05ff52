//! `/v1/templates`: the form that an organisation fills in and sends back.

use crate::domain::access::role::Caller;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use utoipa::IntoParams;

use crate::domain::fault::code_list;
use crate::domain::number::decimal::NumberLocale;
use crate::domain::text;
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;
use crate::formats::csv::{self, Delimiter};
use crate::formats::template::table;
use crate::formats::xlsx;
use crate::http::extract::request::{CSV, Query, XLSX};
use crate::http::problem::Problem;
use crate::service::reporting::templates::{self, TemplateQuery};
use crate::service::{ServiceError, StoreError};
use crate::state::State;

code_list! {
    /// As which kind of file a template is wanted.
    pub enum FileFormat {
        /// An Excel workbook.
        Workbook = "xlsx",
        /// CSV with `;`, as spreadsheets in Vietnamese open it.
        Csv = "csv",
    }
}

/// Of what the template is.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct TemplateParams {
    /// Key, GSO code, ISO code or name, as it stands at the end of the period; needed where the organisation owes for several provinces
    #[param(min_length = 1, max_length = 100, example = "bac-ninh-2025")]
    province: Option<String>,
    /// Needed where what is owed is of both calendars
    #[param(inline)]
    calendar: Option<Calendar>,
}

/// Get the form to fill in
///
/// What an organisation owes for a period, as a workbook or CSV file to fill in and send to `POST /v1/submissions`, as it is: a row for
/// each figure, with its period, last year's figure beside the empty cell, and the province and calendar that it is of. With October come
/// the year to October (lũy kế) and whatever else is owed that ends on the same day. A total is owed; of an indicator whose parts are
/// listed each part has a row below it, which may stay empty. Rows without a figure are left out when the file is sent. An empty
/// `Trạng thái` says that the figure is official (chính thức).
///
/// Last year's figure is the one that comparisons use: as it was reported, formed of other figures where it was not, of the territory that
/// the province has now. Where there is none the cell is empty. `Ghi chú` says what a clerk has to know: that last year's figure is an
/// estimate or was formed, and what was reported of the period already (`đã báo cáo: 1.596 (ước tính)`), which a figure in the cell would
/// replace.
///
/// Numbers that are typed into a CSV file are texts: with `1.596` or `77,15` in them it is sent with `number_locale=vi`. A workbook's
/// numbers need nothing. Indicators that you may not see are left out.
#[utoipa::path(
    tag = "reporting", operation_id = "find_template", security((), ("oauth2" = ["read"])),
    params(
        ("organisation" = String, Path, description = "The identifier of the organisation", example = "H02.13"),
        ("period" = String, Path, description = "The period", example = "2026-11"),
        ("format" = inline(FileFormat), Path, description = "The kind of file", example = "xlsx"),
        TemplateParams
    ),
    responses((
        status = 200, description = "The form, a file to be saved under the name in `Content-Disposition`",
        content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"))
    ))
)]
#[get("/v1/templates/{organisation}/{period}.{format}")]
pub async fn find(
    state: Data<State>,
    caller: Caller,
    path: Path<(String, String, String)>,
    mut query: Query,
) -> Result<HttpResponse, Problem> {
    let (organisation, period, format) = path.into_inner();
    let (province, calendar) = (query.one("province", |text| text::clean(text.trim(), 100)), query.one("calendar", Calendar::parse));
    let period = PeriodCode::parse(&period).map_err(|fault| query.note("period", fault)).ok();
    let format = FileFormat::parse(&format).map_err(|fault| query.note("format", fault)).ok();
    let wanted = TemplateQuery { organisation, period, province, calendar, faults: query.into_faults() };

    let template = templates::find(&state, &caller, wanted).await?;
    let (headings, rows) = table(&template);
    let (media, extension, file) = match format {
        Some(FileFormat::Csv) => (CSV, "csv", csv::write(&headings, &rows, Delimiter::Semicolon, NumberLocale::Vi)),
        // Of a format that could not be read there is no template.
        Some(FileFormat::Workbook) | None => {
            let unwritable = |error: xlsx::Unwritable| ServiceError::Failed(StoreError::Unavailable(error.to_string()));
            (XLSX, "xlsx", xlsx::write(xlsx::SHEET, &headings, &rows).map_err(unwritable)?)
        }
    };
    let name = format!("attachment; filename=\"{}-{}-{}.{extension}\"", template.organisation, template.province.key, template.period);
    Ok(HttpResponse::Ok().content_type(media).insert_header((header::CONTENT_DISPOSITION, name)).body(file))
}
