//! Server state and request ids, for handlers and middleware.
//! Callers are in `caller`.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest, web};

use crate::server_state::ServerState;

/// The server state of a request.
#[must_use]
pub fn state_of(request: &HttpRequest) -> Arc<ServerState> {
    let state = request.app_data::<web::Data<ServerState>>().expect("the app is configured with its state");
    Arc::clone(state)
}

/// The id of a request, in answers and in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The id of a request, if it has one yet.
#[must_use]
pub fn request_id(request: &HttpRequest) -> Option<String> {
    request.extensions().get::<RequestId>().map(|RequestId(id)| id.clone())
}
