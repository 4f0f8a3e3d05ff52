//! `/v1/templates`: forms for organisations to fill in and submit.

use crate::domain::access::role::Caller;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};

use crate::domain::fault::code_list;
use crate::domain::number::decimal::NumberLocale;
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;
use crate::formats::csv::{self, Delimiter};
use crate::formats::template::table;
use crate::formats::xlsx;
use crate::http::extract::body::{CSV_UTF_8, XLSX};
use crate::http::extract::parameter::{named, word};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::reporting::templates::{self, TemplateQuery};
use crate::service::{ServiceError, StoreError};

code_list! {
    /// File format of a template.
    pub enum FileFormat {
        /// An Excel workbook.
        Workbook = "xlsx",
        /// CSV with `;`, which Vietnamese spreadsheets open correctly.
        Csv = "csv",
    }
}

/// Of what the template is, where the organisation owes several.
pub struct TemplateParameters {
    province: Option<String>,
    calendar: Option<Calendar>,
}

impl FromQuery for TemplateParameters {
    fn from_query(query: &mut Query) -> TemplateParameters {
        let province = "Key, GSO code, ISO code or name, valid at the end of the period; required if the organisation has obligations \
            for several provinces";
        let calendar = "Required if the obligations use both calendars";
        TemplateParameters {
            province: query.optional(named("province", province).example("bac-ninh-2025")),
            calendar: query.optional(word("calendar", calendar, Calendar::parse)),
        }
    }
}

/// Get a template for a period
///
/// Returns the obligations of an organisation for a period as a workbook or CSV file, to fill in and send to `POST /v1/submissions`. Each
/// figure has a row with its period, its province and calendar, and last year's figure beside the empty cell. The file also contains other
/// obligations that end on the same day: in October, for example, the year to date (lũy kế). The obligation covers the total. An indicator
/// with listed breakdowns also has a row for each breakdown, which may stay empty. Rows without a figure are ignored when the file is sent.
/// An empty `Trạng thái` means an official figure (chính thức).
///
/// Last year's figure is the same as in the comparisons: reported, otherwise derived, for the present territory of the province. The cell
/// is empty if there is none. `Ghi chú` has notes for the clerk: last year's figure is an estimate or derived, or a figure of this period
/// was already reported (`đã báo cáo: 1.596 (ước tính)`). A figure in the cell would replace the reported one.
///
/// The column `Cách viết số` says on each row that numbers in texts have Vietnamese notation (`1.930.360`, `77,15`), so a filled file needs
/// no parameter. Indicators that you may not see are left out.
#[utoipa::path(
    tag = "reporting", security((), ("oauth2" = ["read"])),
    params(
        ("organisation" = String, Path, description = "Identifier of the organisation", example = "H02.13"),
        ("period" = String, Path, description = "The period", example = "2026-11"),
        ("format" = inline(FileFormat), Path, description = "The kind of file", example = "xlsx"),
        Parameters<TemplateParameters>
    ),
    responses((
        status = 200, description = "The template; `Content-Disposition` has its file name",
        content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"))
    ))
)]
#[get("/v1/templates/{organisation}/{period}.{format}")]
pub async fn get_template(
    state: Data<ServerState>,
    caller: Caller,
    path: Path<(String, String, String)>,
    mut query: Parameters<TemplateParameters>,
) -> Result<HttpResponse, Problem> {
    let (organisation, period, format) = path.into_inner();
    let period = PeriodCode::parse(&period).map_err(|fault| query.note("period", fault)).ok();
    let format = FileFormat::parse(&format).map_err(|fault| query.note("format", fault)).ok();
    let (TemplateParameters { province, calendar }, faults) = query.into_parts();
    let wanted = TemplateQuery { organisation, period, province, calendar, faults };

    let template = templates::get_template(&state.context, &caller, wanted).await?;
    let (headings, rows) = table(&template);
    let (media, extension, file) = match format {
        Some(FileFormat::Csv) => (CSV_UTF_8, "csv", csv::write(&headings, &rows, Delimiter::Semicolon, NumberLocale::Vi)),
        // An unreadable format has no template.
        Some(FileFormat::Workbook) | None => {
            let unwritable = |error: xlsx::Unwritable| ServiceError::Failed(StoreError::Unavailable(error.to_string()));
            (XLSX, "xlsx", xlsx::write(xlsx::SHEET, &headings, &rows).map_err(unwritable)?)
        }
    };
    let name = format!("attachment; filename=\"{}-{}-{}.{extension}\"", template.organisation, template.province.key, template.period);
    Ok(HttpResponse::Ok().content_type(media).insert_header((header::CONTENT_DISPOSITION, name)).body(file))
}
