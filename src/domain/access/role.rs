//! Who may do what: scopes, and the caller who holds them.

use super::client::Client;
use super::scope::Scope;
use std::marker::PhantomData;

use super::origin::RequestOrigin;
use crate::domain::catalogue::indicator::{Access, Indicator};
use crate::domain::fault::{Code, Fault};

/// Who is asking: a client with the scopes of its token, or anyone; and from where.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    client: Option<Client>,
    /// Where the request came from.
    pub origin: RequestOrigin,
}

/// How much a caller sees of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// For them it does not exist.
    Hidden,
    /// Counts in fives and rates in five points, so that nobody can be told by who is counted ([`super::remit`]).
    Rounded,
    /// As it was reported.
    Exact,
}

/// What a caller is to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Neither of the following.
    Anyone,
    /// Holds `read`, for the province and the field of the figure.
    Reader,
    /// A reader that also submits or approves there.
    Handler,
}

/// Who sees what: an indicator by its access, and whoever reads its figures. Submissions are seen by those who send and review them, whole.
const SIGHTS: [(Access, [(Role, Visibility); 3]); 3] = [
    (Access::Open, [(Role::Anyone, Visibility::Exact), (Role::Reader, Visibility::Exact), (Role::Handler, Visibility::Exact)]),
    (Access::Internal, [(Role::Anyone, Visibility::Hidden), (Role::Reader, Visibility::Exact), (Role::Handler, Visibility::Exact)]),
    (Access::Restricted, [(Role::Anyone, Visibility::Hidden), (Role::Reader, Visibility::Rounded), (Role::Handler, Visibility::Exact)]),
];

impl Caller {
    /// Someone without a token.
    #[must_use]
    pub fn anyone() -> Caller {
        Caller::default()
    }

    /// A client, with what its token allows.
    #[must_use]
    pub fn of(client: Client) -> Caller {
        Caller { client: Some(client), origin: RequestOrigin::default() }
    }

    /// The same, from somewhere.
    #[must_use]
    pub fn from_origin(self, origin: RequestOrigin) -> Caller {
        if let Some(client) = &self.client {
            origin.access_log.is_of(client);
        }
        Caller { origin, ..self }
    }

    /// Notes that an indicator was handed out to this caller, or what is on record of it.
    pub fn saw(&self, indicator: &Indicator) {
        if indicator.access != Access::Open {
            self.saw_more_than_open();
        }
    }

    /// Notes that this caller was shown what not everybody may see.
    pub fn saw_more_than_open(&self) {
        self.origin.access_log.shows_more_than_open();
    }

    /// Whether this caller was shown what not everybody may see.
    #[must_use]
    pub fn has_seen_more_than_open(&self) -> bool {
        self.origin.access_log.showed_more_than_open()
    }

    /// The client; `None` for someone without a token.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    /// What this caller sees of figures of an indicator, in the provinces that it works for.
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

    /// Whether this caller may know of an indicator.
    #[must_use]
    pub fn may_see(&self, indicator: &Indicator) -> bool {
        self.visibility(indicator) != Visibility::Hidden
    }

    /// The client, if its token allows this.
    ///
    /// # Errors
    /// `token_missing` or `scope_missing`.
    pub fn holding(&self, scope: Scope) -> Result<&Client, Fault> {
        self.holding_any(&[scope])
    }

    /// The client, if its token allows any of these.
    fn holding_any(&self, scopes: &[Scope]) -> Result<&Client, Fault> {
        let words = || scopes.iter().map(|scope| scope.as_str());
        match &self.client {
            None => Err(Fault::new(Code::TokenMissing, "this call needs a token; see POST /oauth/token").allowing(words())),
            Some(client) if scopes.iter().any(|scope| client.scopes.contains(scope)) => Ok(client),
            Some(_) => {
                let named = words().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
                Err(Fault::new(Code::ScopeMissing, format!("the token does not hold the scope {named}")).allowing(words()))
            }
        }
    }
}

/// What a call is for, as a type: any of its scopes opens it.
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
    /// Approve or return what others sent.
    ApproveFigures = [Approve],
    /// See submissions, who sent them and their state.
    ViewSubmissions = [Submit, Approve],
    /// Set targets.
    SetTargets = [Targets],
    /// Change the catalogue.
    EditCatalogue = [Catalogue],
    /// Administer clients and organisations.
    Administer = [Admin],
}

/// A caller whose token opens a task. What needs a scope takes one of these and no other caller, so that nobody can forget to ask for it.
#[derive(Debug)]
pub struct Authorized<T> {
    caller: Caller,
    client: Client,
    task: PhantomData<T>,
}

/// Whatever the task is.
impl<T> Clone for Authorized<T> {
    fn clone(&self) -> Authorized<T> {
        Authorized { caller: self.caller.clone(), client: self.client.clone(), task: PhantomData }
    }
}

impl<T: Permission> Authorized<T> {
    /// The caller, if its token opens the task.
    ///
    /// # Errors
    /// `token_missing` or `scope_missing`, with the scopes that open it.
    pub fn new(caller: Caller) -> Result<Authorized<T>, Fault> {
        let client = caller.holding_any(T::SCOPES)?.clone();
        Ok(Authorized { client, caller, task: PhantomData })
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The same as who asks for something that anyone may ask for.
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
            let client = |scopes| Client { id: "1".into(), name: "a".into(), organisation: None, scopes, provinces: Vec::new(), fields };
            let caller = scopes.map_or_else(Caller::anyone, |scopes| Caller::of(client(scopes)));

            let of = [Access::Open, Access::Internal, Access::Restricted].map(|access| {
                let indicator = Indicator { access, field: "it".into(), ..indicator(Measure::Flow, 0) };
                caller.visibility(&indicator)
            });

            assert_eq!(of, seen, "{why}");
        }
    }
}
