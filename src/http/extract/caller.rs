//! Callers: the client of the token, and the address that the request came from.
//! Permissions are decided in `domain::access` and by the service.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::client_address::peer_address;
use super::context::{request_id, state_of};
use crate::domain::access::role::{Authorized, Caller, Permission};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::http::problem::Problem;
use crate::service::ServiceError;
use crate::service::operations::audit::WriteContext;
use crate::service::operations::origin::{AccessLog, RequestOrigin};

/// Who is asking: anyone without a token, a client with one. A token that is no good is refused even where none is needed.
impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Caller, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = state_of(request);
        let given: Vec<HeaderValue> = request.headers().get_all(header::AUTHORIZATION).cloned().collect();
        let origin = origin_of(request);
        Box::pin(async move {
            if let Some(known) = origin.access_log.caller() {
                return Ok(known.clone());
            }
            let identified = |caller: Caller| {
                origin.access_log.identify(&caller);
                caller
            };
            let Some(header) = given.first() else { return Ok(identified(Caller::anyone())) };
            // With two headers, this server and a proxy could read different tokens.
            let token = header.to_str().ok().filter(|_| given.len() == 1).and_then(|text| {
                let (scheme, token) = text.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
            });
            let Some(token) = token else {
                let fault = Fault::new(
                    Code::TokenInvalid,
                    message!(
                        en: "`Authorization` is to be `Bearer` and a token",
                        vi: "`Authorization` phải là `Bearer` kèm mã truy cập"
                    ),
                );
                return Err(ServiceError::Unauthenticated(fault).into());
            };
            Ok(identified(state.auth.authenticate(&token).await?))
        })
    }
}

/// A caller whose token holds a scope that the operation needs.
impl<T: Permission + 'static> FromRequest for Authorized<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Authorized<T>, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload);
        Box::pin(async move { Ok(Authorized::new(caller.await?).map_err(ServiceError::denied)?) })
    }
}

/// The context of a write, with the origin of its request.
impl FromRequest for WriteContext {
    type Error = Problem;
    type Future = Ready<Result<WriteContext, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let context = Arc::clone(&state_of(request).context);
        ready(Ok(WriteContext { context, origin: origin_of(request) }))
    }
}

/// The origin of a request.
pub(crate) fn origin_of(request: &HttpRequest) -> RequestOrigin {
    let access_log = request.extensions().get::<Arc<AccessLog>>().map(Arc::clone).unwrap_or_default();
    RequestOrigin { address: Some(peer_address(request)), request_id: request_id(request), access_log }
}
