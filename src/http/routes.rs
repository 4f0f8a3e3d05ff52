//! The route table and the OpenAPI document. A registered handler is both served and documented.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::dev::ResourceDef;
use actix_web::{HttpRequest, HttpResponse, get, web};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::{clients, token, well_known};
use super::catalogue::{indicators, organisations, provinces, rules};
use super::comparisons::{claims, comparisons, rankings};
use super::extract::parameter::lang;
use super::figures::{observations, series, validations};
use super::operations::{audit, health};
use super::problem::Problem;
use super::reporting::{calendar, completeness, obligations, templates};
use super::submissions::{review, submissions, submit};
use super::targets;
use crate::domain::access::scope::Scope;

/// Registers every documented handler.
pub fn register(config: &mut ServiceConfig<'_>) {
    config
        .service(provinces::list_provinces)
        .service(provinces::get_province)
        .service(provinces::list_province_lineage)
        .service(provinces::list_province_versions)
        .service(provinces::put_provinces)
        .service(indicators::list_indicators)
        .service(indicators::get_indicator)
        .service(indicators::list_indicator_versions)
        .service(indicators::put_indicator)
        .service(rules::list_rules)
        .service(rules::get_rule)
        .service(rules::list_rule_versions)
        .service(rules::put_rule)
        .service(series::list_series)
        .service(comparisons::compare_figures)
        .service(claims::list_claims)
        .service(rankings::rank_provinces)
        .service(observations::list_observation_revisions)
        .service(submit::submit_figures)
        .service(submissions::list_submissions)
        .service(submissions::get_submission)
        .service(submissions::replace_submission)
        .service(review::submit_draft)
        .service(review::approve_submission)
        .service(review::return_submission)
        .service(review::withdraw_submission)
        .service(validations::validate_figures)
        .service(targets::list_targets)
        .service(targets::put_targets)
        .service(targets::list_target_revisions)
        .service(obligations::list_obligations)
        .service(obligations::put_obligations)
        .service(calendar::get_reporting_calendar)
        .service(completeness::get_completeness)
        .service(templates::get_template)
        .service(organisations::list_organisations)
        .service(organisations::get_organisation)
        .service(organisations::put_organisation)
        .service(clients::list_clients)
        .service(clients::get_client)
        .service(clients::create_client)
        .service(clients::put_client)
        .service(clients::rotate_client_secret)
        .service(clients::disable_client)
        .service(clients::enable_client)
        .service(audit::list_audit_entries)
        .service(token::issue_token)
        .service(token::revoke_token)
        .service(well_known::get_server_metadata)
        .service(well_known::get_jwks)
        .service(health::healthz)
        .service(health::readyz);
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "chitieu",
        description = "Figures of Vietnamese provinces, compared with the same period last year and with their targets.\n\n\
            Numbers are exact: an answer has the digits that were submitted. Periods are written `2024-05`, `2024-Q2`, `2024-H1`, \
            `2024-9M`, `2024`, `2024-05-YTD` or `2024-01-01/2024-05-31`, in the `civil` calendar or in `nd09`, whose months run from \
            the 15th to the 14th (Nghị định 09/2019). A province is named by key, code or name as it stood at the end of the \
            period, because codes were reused on 1 July 2025. Faults are problem documents (RFC 9457) that name everything that \
            is wrong, in Vietnamese, or in English for `lang=en` or `Accept-Language: en`."
    ),
    tags(
        (name = "figures", description = "Series, comparisons, submissions and targets"),
        (name = "catalogue", description = "Provinces, indicators and rules: the definitions of figures and the checks on them"),
        (name = "reporting", description = "Obligations, deadlines and missing figures"),
        (name = "access", description = "Access control: organisations, clients and their tokens"),
        (name = "operations", description = "Health checks for operators")
    ),
    modifiers(&Oauth)
)]
struct Head;

struct Oauth;

impl Modify for Oauth {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let about = |scope: &Scope| match scope {
            Scope::Read => "Read figures that are not open",
            Scope::Submit => "Submit figures",
            Scope::Approve => "Approve what others submitted",
            Scope::Targets => "Set targets",
            Scope::Catalogue => "Change the catalogue",
            Scope::Admin => "Administer clients",
        };
        let scopes = Scope::WORDS.iter().filter_map(|word| Scope::parse(word).ok()).map(|scope| (scope.as_str(), about(&scope)));
        let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", scopes.collect::<Scopes>()));
        document.components.get_or_insert_default().add_security_scheme("oauth2", SecurityScheme::OAuth2(OAuth2::new([flow])));
    }
}

/// The document before any handler is registered.
#[must_use]
pub fn head() -> utoipa::openapi::OpenApi {
    Head::openapi()
}

/// The complete document: the handlers, and the faults common to all of them.
#[must_use]
pub fn document(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let components = document.components.get_or_insert_default();
    let mut schemas: Vec<(String, RefOr<Schema>)> = vec![(Problem::name().into_owned(), <Problem as utoipa::PartialSchema>::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.parameters.insert("lang".to_owned(), RefOr::T(lang().documented(false, None)));
    for (path, item) in &mut document.paths.paths {
        let with_parameters = path.contains('{');
        for (reading, operation) in operations(item) {
            describe_faults(operation, reading, with_parameters);
            operation.parameters.get_or_insert_default().push(RefOr::Ref(Ref::new("#/components/parameters/lang")));
            // An operation that names no scheme takes no token (OpenAPI 3.1, Operation Object).
            operation.security.get_or_insert_default();
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let reads = [&mut item.get].into_iter().filter_map(|operation| Some((true, operation.as_mut()?)));
    let writes = [&mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
    reads.chain(writes.into_iter().filter_map(|operation| Some((false, operation.as_mut()?))))
}

fn describe_faults(operation: &mut Operation, reading: bool, with_parameters: bool) {
    let needs_token = operation.security.as_ref().is_some_and(|ways| !ways.is_empty());
    let takes_body = operation.request_body.is_some();
    let faults = [
        (reading, "304", "The caller has this answer already"),
        (true, "400", "Parameters or a body that cannot be read"),
        (needs_token, "401", "No token, or none that is good"),
        (needs_token, "403", "The token does not allow this"),
        (with_parameters, "404", "No such thing, or none that the caller may see"),
        (true, "408", "The request did not arrive in time"),
        (takes_body, "409", "Another write came between"),
        (takes_body, "413", "The body is too large"),
        (true, "415", "A body of the wrong media type, or with Content-Encoding"),
        (true, "414", "The path or the query is too long"),
        (takes_body, "422", "A document that breaks rules; every fault is named"),
        (true, "429", "Too many requests; see `Retry-After`"),
        (true, "431", "The header fields are too large"),
        (true, "500", "Our fault"),
        (true, "503", "The database is busy or away"),
        (takes_body, "507", "No space left; nothing was stored"),
    ];
    for (applies, status, description) in faults {
        if applies && !operation.responses.responses.contains_key(status) {
            operation.responses.responses.insert(status.to_owned(), RefOr::T(fault(status, description)));
        }
    }
}

fn fault(status: &str, description: &str) -> Response {
    let response = ResponseBuilder::new().description(description);
    if status == "304" {
        return response.build();
    }
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    response.content("application/problem+json", content).build()
}

/// The methods of each path. They distinguish a wrong method from a wrong path: the framework answers 404 to both.
pub struct Methods(Vec<(ResourceDef, String)>);

impl Methods {
    /// Takes the paths of the document, and the pages outside it.
    #[must_use]
    pub fn new(document: &utoipa::openapi::OpenApi, pages: &[&str]) -> Methods {
        let mut paths: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
        for (path, item) in &document.paths.paths {
            let methods = paths.entry(path.clone()).or_default();
            let all = [
                ("GET", &item.get),
                ("HEAD", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            methods.extend(all.iter().filter(|(_, operation)| operation.is_some()).map(|(name, _)| *name));
        }
        paths.extend(pages.iter().map(|page| ((*page).to_owned(), vec!["GET", "HEAD"])));
        Methods(paths.into_iter().map(|(path, methods)| (ResourceDef::new(path), methods.join(", "))).collect())
    }

    fn allowed(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(resource, _)| resource.is_match(path)).map(|(_, allow)| allow.as_str())
    }
}

/// Answers a request without a handler: a known path with another method, or an unknown path.
pub async fn unrouted(request: HttpRequest, methods: web::Data<Methods>) -> HttpResponse {
    let problem = match methods.allowed(request.path()) {
        Some(allow) => Problem::method_not_allowed(allow),
        None => Problem::of_status(actix_web::http::StatusCode::NOT_FOUND),
    };
    HttpResponse::from_error(actix_web::Error::from(problem))
}

/// `/openapi.json`, rendered once at the start.
#[get("/openapi.json")]
pub async fn document_json(document: web::Data<Rendered>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(Arc::clone(&document.0).to_string())
}

/// The document as JSON text.
pub struct Rendered(pub Arc<str>);
