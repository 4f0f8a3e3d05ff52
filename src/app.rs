//! The app: every route, page and middleware, the same in `main` and in tests.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, PayloadConfig};
use actix_web::{App, Error, web};
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::SwaggerUi;

use crate::http::middleware::{etag, request};
use crate::http::routes;
use crate::server_state::ServerState;
use crate::web::home;

/// Pages for people. They are not part of the API document.
const PAGES: &[&str] = &["/", "/style.css", "/openapi.json", "/docs", "/docs/{file}*"];

/// Builds the app around a state.
pub fn build(
    state: Data<ServerState>,
) -> App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<impl MessageBody>, Error = Error, InitError = ()>> {
    let body_limit = usize::try_from(state.context.settings.body_limit).unwrap_or(usize::MAX);
    let (app, document) = App::new().into_utoipa_app().openapi(routes::head()).configure(routes::register).split_for_parts();
    let document = routes::document(document);
    let methods = routes::Methods::new(&document, PAGES);
    let rendered = routes::Rendered(document.to_json().expect("the document is JSON").into());
    app.app_data(state)
        .app_data(Data::new(methods))
        .app_data(Data::new(rendered))
        .app_data(PayloadConfig::new(body_limit))
        .service(home::page)
        .service(home::style)
        .service(routes::document_json)
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json")))
        .default_service(web::to(routes::unrouted))
        .wrap(from_fn(etag::tag))
        .wrap(Compress::default())
        .wrap(from_fn(request::guard))
}

/// The OpenAPI document, as served and as committed.
#[must_use]
pub fn openapi() -> String {
    let (_, document) = App::new().into_utoipa_app().openapi(routes::head()).configure(routes::register).split_for_parts();
    let mut text = routes::document(document).to_pretty_json().expect("the document is JSON");
    text.push('\n');
    text
}
