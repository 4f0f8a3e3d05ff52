//! The page at `/`: a description of the service, links to the documentation, and a few requests to try.

use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, get};

const PAGE: &str = include_str!("home.html");
const STYLE: &str = include_str!("style.css");

/// The home page.
#[get("/")]
pub async fn page() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::html()).body(PAGE)
}

/// The style sheet of all pages.
#[get("/style.css")]
pub async fn style() -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType(actix_web::mime::TEXT_CSS_UTF_8)).body(STYLE)
}
