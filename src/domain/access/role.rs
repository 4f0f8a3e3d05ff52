//! Permissions and visibility of a caller: the caller, the scopes it holds, and the permissions they give.
//! The provinces and fields of a client are in `remit`.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::client::Client;
use super::scope::Scope;
use crate::domain::catalogue::indicator::{Access, Indicator};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};

/// The caller of a request: a client with the scopes of its token, or an anonymous caller.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    client: Option<Client>,
    /// True after the caller was shown data that is not open; shared by all copies of the caller.
    seen_more_than_open: Arc<AtomicBool>,
}

/// The visibility of a figure for a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Not visible: the figure does not exist for the caller.
    Hidden,
    /// Rounded for disclosure control: counts in groups of five and rates in steps of five percentage points ([`super::remit`]).
    Rounded,
    /// Exact, as reported.
    Exact,
}

/// The relation of a caller to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Neither of the other two.
    Anyone,
    /// Holds `read` for the field of the figure; [`super::remit`] checks the province.
    Reader,
    /// A reader that also submits or approves in this field.
    Handler,
}

/// The visibility of figures, by the access of the indicator and the relation of the caller. Senders and reviewers see whole
/// submissions.
const SIGHTS: [(Access, [(Role, Visibility); 3]); 3] = [
    (Access::Open, [(Role::Anyone, Visibility::Exact), (Role::Reader, Visibility::Exact), (Role::Handler, Visibility::Exact)]),
    (Access::Internal, [(Role::Anyone, Visibility::Hidden), (Role::Reader, Visibility::Exact), (Role::Handler, Visibility::Exact)]),
    (Access::Restricted, [(Role::Anyone, Visibility::Hidden), (Role::Reader, Visibility::Rounded), (Role::Handler, Visibility::Exact)]),
];

impl Caller {
    /// A caller without a token.
    #[must_use]
    pub fn anyone() -> Caller {
        Caller::default()
    }

    /// A client with the scopes of its token.
    #[must_use]
    pub fn of(client: Client) -> Caller {
        Caller { client: Some(client), seen_more_than_open: Arc::default() }
    }

    /// Records that this caller received an indicator or its figures, if it is not open.
    pub fn saw(&self, indicator: &Indicator) {
        if indicator.access != Access::Open {
            self.saw_more_than_open();
        }
    }

    /// Records that this caller received data that is not open.
    pub fn saw_more_than_open(&self) {
        self.seen_more_than_open.store(true, Ordering::Relaxed);
    }

    /// Whether this caller received data that is not open.
    #[must_use]
    pub fn has_seen_more_than_open(&self) -> bool {
        self.seen_more_than_open.load(Ordering::Relaxed)
    }

    /// The client; `None` without a token.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    /// The visibility of the figures of an indicator, in the provinces of the caller.
    #[must_use]
    pub fn visibility(&self, indicator: &Indicator) -> Visibility {
        let holds = |scope| self.holding(scope).is_ok_and(|client| client.may_work_in(indicator).is_ok());
        let part = match holds(Scope::Read) {
            false => Role::Anyone,
            true if holds(Scope::Submit) || holds(Scope::Approve) => Role::Handler,
            true => Role::Reader,
        };
        let of_access = SIGHTS.iter().filter(|(access, _)| *access == indicator.access).flat_map(|(_, parts)| parts);
        of_access.filter(|(of, _)| *of == part).map(|(_, visibility)| *visibility).next().unwrap_or(Visibility::Hidden)
    }

    /// Whether this caller may see that an indicator exists.
    #[must_use]
    pub fn may_see(&self, indicator: &Indicator) -> bool {
        self.visibility(indicator) != Visibility::Hidden
    }

    /// The client, if its token has this scope.
    ///
    /// # Errors
    /// `token_missing` or `scope_missing`.
    pub fn holding(&self, scope: Scope) -> Result<&Client, Fault> {
        self.holding_any(&[scope])
    }

    /// The client, if its token has one of these scopes.
    fn holding_any(&self, scopes: &[Scope]) -> Result<&Client, Fault> {
        let words = || scopes.iter().map(|scope| scope.as_str());
        match &self.client {
            None => Err(Fault::new(
                Code::TokenMissing,
                message!(
                    en: "this call needs a token; see POST /oauth/token",
                    vi: "lệnh này cần mã truy cập; xem POST /oauth/token"
                ),
            )
            .allowing(words())),
            Some(client) if scopes.iter().any(|scope| client.scopes.contains(scope)) => Ok(client),
            Some(_) => {
                let named = Message::one_of(&words().map(|word| format!("`{word}`")).collect::<Vec<_>>());
                Err(Fault::new(
                    Code::ScopeMissing,
                    message!(
                        en: "the token does not hold the scope {named}",
                        vi: "mã truy cập không có quyền {named}"; named
                    ),
                )
                .allowing(words()))
            }
        }
    }
}

/// A permission, as a type. Each of its scopes gives it.
pub trait Permission {
    /// The scopes.
    const SCOPES: &'static [Scope];
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = [$($scope:ident),+]),+ $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub enum $name {}

            impl Permission for $name {
                const SCOPES: &'static [Scope] = &[$(Scope::$scope),+];
            }
        )+
    };
}

permissions! {
    /// Submit figures.
    SubmitFigures = [Submit],
    /// Review the submissions of others.
    ApproveFigures = [Approve],
    /// Read submissions with their sender and state.
    ViewSubmissions = [Submit, Approve],
    /// Set targets.
    SetTargets = [Targets],
    /// Change the catalogue.
    EditCatalogue = [Catalogue],
    /// Administer clients and organisations.
    Administer = [Admin],
}

/// A caller with a permission. Functions that need a scope take this type, so the check cannot be forgotten.
#[derive(Debug)]
pub struct Authorized<T> {
    caller: Caller,
    client: Client,
    task: PhantomData<T>,
}

/// Written by hand, because the derive would require `T: Clone`.
impl<T> Clone for Authorized<T> {
    fn clone(&self) -> Authorized<T> {
        Authorized { caller: self.caller.clone(), client: self.client.clone(), task: PhantomData }
    }
}

impl<T: Permission> Authorized<T> {
    /// Checks that the token of a caller gives the permission.
    ///
    /// # Errors
    /// `token_missing` or `scope_missing`, with the scopes that give the permission.
    pub fn new(caller: Caller) -> Result<Authorized<T>, Fault> {
        let client = caller.holding_any(T::SCOPES)?.clone();
        Ok(Authorized { client, caller, task: PhantomData })
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The caller, for calls that need no permission.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::indicator::Measure;
    use crate::domain::testing::indicator;

    #[test]
    fn who_sees_what() {
        use Scope::{Admin, Approve, Catalogue, Read, Submit, Targets};
        use Visibility::{Exact, Hidden, Rounded};
        for (scopes, fields, seen, why) in [
            (None, &[][..], [Exact, Hidden, Hidden], "anyone"),
            (Some(vec![Submit, Approve, Targets, Catalogue, Admin]), &[], [Exact, Hidden, Hidden], "everything but `read`"),
            (Some(vec![Read]), &[], [Exact, Exact, Rounded], "a reader"),
            (Some(vec![Read, Targets, Catalogue, Admin]), &[], [Exact, Exact, Rounded], "a reader who works with no figures"),
            (Some(vec![Read, Submit]), &[], [Exact, Exact, Exact], "a sender"),
            (Some(vec![Read, Approve]), &[], [Exact, Exact, Exact], "a reviewer"),
            (Some(vec![Read, Submit]), &["trade"], [Exact, Hidden, Hidden], "a sender in another field"),
            (Some(vec![Read, Submit]), &["it", "trade"], [Exact, Exact, Exact], "a sender in this field and another"),
        ] {
            let fields = fields.iter().map(|&field| field.to_owned()).collect();
            let client = |scopes| Client {
                id: "1".into(),
                name: "a".into(),
                organisation: None,
                scopes,
                may_grant: Vec::new(),
                provinces: Vec::new(),
                fields,
            };
            let caller = scopes.map_or_else(Caller::anyone, |scopes| Caller::of(client(scopes)));

            let of = [Access::Open, Access::Internal, Access::Restricted].map(|access| {
                let indicator = Indicator { access, field: "it".into(), ..indicator(Measure::Flow, 0) };
                caller.visibility(&indicator)
            });

            assert_eq!(of, seen, "{why}");
        }
    }
}
