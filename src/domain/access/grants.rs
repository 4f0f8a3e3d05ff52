//! Who may grant what: the scopes that an administrator may give to clients, and the restrictions that these inherit.
//! The settings of a client are in `client_draft`.

use super::client::Client;
use super::scope::Scope;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;

/// The administrators who may grant a scope, if it is among those that they may grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grantor {
    /// Every administrator.
    Anyone,
    /// An administrator who is not narrowed to an organisation, to provinces or to fields.
    NotNarrowed,
}

/// Who may grant a scope. What `catalogue` changes holds for all organisations and provinces.
const GRANTORS: [(Scope, Grantor); 6] = [
    (Scope::Read, Grantor::Anyone),
    (Scope::Submit, Grantor::Anyone),
    (Scope::Approve, Grantor::Anyone),
    (Scope::Targets, Grantor::Anyone),
    (Scope::Catalogue, Grantor::NotNarrowed),
    (Scope::Admin, Grantor::Anyone),
];

/// The scopes that a client may grant now; none without `admin`.
#[must_use]
pub fn grantable(client: &Client) -> Vec<Scope> {
    if !client.scopes.contains(&Scope::Admin) {
        return Vec::new();
    }
    let allowed =
        |(scope, grantor): &(Scope, Grantor)| client.may_grant.contains(scope) && (*grantor == Grantor::Anyone || !client.is_narrowed());
    GRANTORS.iter().filter(|row| allowed(row)).map(|(scope, _)| *scope).collect()
}

/// The scopes that a client may grant where nothing else is said: all, if it is made at the command line and is not narrowed, otherwise
/// those that it holds. None without `admin`.
#[must_use]
pub fn usual(client: &Client, at_command_line: bool) -> Vec<Scope> {
    match client.scopes.contains(&Scope::Admin) {
        false => Vec::new(),
        true if at_command_line && !client.is_narrowed() => GRANTORS.map(|(scope, _)| scope).to_vec(),
        true => client.scopes.clone(),
    }
}

/// The scopes of a client that the administrator may not grant, as `beyond_administrator` at each: of those that it holds, and of those
/// that it may grant. An administrator may keep what it has itself.
#[must_use]
pub fn ungrantable(administrator: &Client, client: &Client) -> Vec<LocatedFault> {
    let grantable = grantable(administrator);
    let own = administrator.id == client.id;
    let lists = [("/scopes", &client.scopes, &administrator.scopes), ("/may_grant", &client.may_grant, &administrator.may_grant)];
    let mut all = Vec::new();
    for (pointer, given, held) in lists {
        for (place, scope) in given.iter().enumerate() {
            if grantable.contains(scope) || own && held.contains(scope) {
                continue;
            }
            let message = message!(en: "you may not grant `{}`", vi: "bạn không được cấp quyền `{}`", scope.as_str());
            let fault = Fault::new(Code::BeyondAdministrator, message).allowing(grantable.iter().map(|scope| scope.as_str()));
            all.push(fault.at(Location::Pointer(format!("{pointer}/{place}"))));
        }
    }
    all
}

/// The fault for a client with scopes that the administrator may not grant, where its secret, its keys or its settings would be taken over.
#[must_use]
pub fn taken_over(administrator: &Client, client: &Client) -> Option<LocatedFault> {
    let grantable = grantable(administrator);
    let held = client.scopes.iter().chain(&client.may_grant);
    let beyond = held.filter(|scope| administrator.id != client.id && !grantable.contains(scope));
    let mut scopes: Vec<&str> = beyond.map(|scope| scope.as_str()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let named = scopes.join(", ");
    let message = message!(
        en: "this client has scopes that you may not grant: {named}",
        vi: "hệ thống gọi API này có quyền mà bạn không được cấp: {named}"
    );
    let fault = Fault::new(Code::BeyondAdministrator, message).allowing(grantable.iter().map(|scope| scope.as_str()));
    (!scopes.is_empty()).then(|| fault.at(Location::Request))
}

/// The parts of a client outside the administrator's own restrictions: another organisation, other provinces or other fields. An
/// administrator without restrictions has no such limits. A client of an organisation is only for an administrator of that organisation,
/// and for one without restrictions.
#[must_use]
pub fn beyond(administrator: &Client, client: &Client) -> Vec<LocatedFault> {
    let mut all = Vec::new();
    let mut note = |pointer: &str, fault: Fault| all.push(fault.at(Location::Pointer(pointer.to_owned())));
    let organisation = match (&administrator.organisation, &client.organisation) {
        (own, of) if own == of => None,
        (None, Some(_)) if !administrator.is_narrowed() => None,
        (_, Some(other)) => Some(message!(en: "the organisation {other} is not yours", vi: "cơ quan {other} không phải cơ quan của bạn")),
        (_, None) => Some(message!(
            en: "a client of no organisation is beyond you",
            vi: "bạn không được tạo hệ thống gọi API không thuộc cơ quan nào"
        )),
    };
    if let Some(message) = organisation {
        note("/organisation", Fault::new(Code::BeyondAdministrator, message).allowing(administrator.organisation.iter()));
    }
    for (pointer, own, named) in
        [("/provinces", &administrator.provinces, &client.provinces), ("/fields", &administrator.fields, &client.fields)]
    {
        if own.is_empty() {
            continue;
        }
        if named.is_empty() {
            let message = message!(
                en: "you are narrowed, and nobody that you make is for all",
                vi: "phạm vi của bạn có giới hạn nên hệ thống bạn tạo cũng phải có giới hạn"
            );
            note(pointer, Fault::new(Code::BeyondAdministrator, message).allowing(own));
        }
        for (place, other) in named.iter().enumerate().filter(|(_, other)| !own.contains(other)) {
            let message = message!(en: "`{other}` is beyond what you are narrowed to", vi: "`{other}` nằm ngoài phạm vi của bạn");
            note(&format!("{pointer}/{place}"), Fault::new(Code::BeyondAdministrator, message).allowing(own));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use super::*;

    const ALL: [Scope; 6] = [Scope::Read, Scope::Submit, Scope::Approve, Scope::Targets, Scope::Catalogue, Scope::Admin];

    /// A client such as `admin,read | admin | H02.12 | a,b | it`: what it holds, what it may grant, and what it is narrowed to.
    fn client(text: &str) -> Client {
        let parts: Vec<Vec<String>> = text
            .split('|')
            .map(|part| part.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect())
            .collect();
        let scopes = |part: &[String]| part.iter().map(|word| Scope::parse(word).unwrap()).collect();
        Client {
            id: text.to_owned(),
            name: "one".into(),
            organisation: parts[2].first().cloned(),
            scopes: scopes(&parts[0]),
            may_grant: scopes(&parts[1]),
            provinces: parts[3].clone(),
            fields: parts[4].clone(),
        }
    }

    const EVERYTHING: &str = "read,submit,approve,targets,catalogue,admin";

    #[test]
    fn every_scope_has_its_grantors() {
        assert_eq!(GRANTORS.map(|(scope, _)| scope), ALL);
        assert_eq!(ALL.len(), Scope::WORDS.len());
    }

    #[test]
    fn who_may_grant_which_scope() {
        for (holder, granted, why) in [
            (format!("admin|{EVERYTHING}|||"), EVERYTHING, "an administrator who is not narrowed"),
            ("admin|admin|||".to_owned(), "admin", "one who may grant what it holds"),
            (format!("admin|{EVERYTHING}|H02.12||"), "read,submit,approve,targets,admin", "one of an organisation: no catalogue"),
            (format!("admin|{EVERYTHING}||a|"), "read,submit,approve,targets,admin", "one of a province"),
            (format!("admin|{EVERYTHING}|||it"), "read,submit,approve,targets,admin", "one of a field"),
            ("admin,catalogue|admin,catalogue|H02.12||".to_owned(), "admin", "who holds it does not grant it"),
            (format!("{EVERYTHING}||||"), "", "everything may be held and nothing granted"),
            (format!("read,submit|{EVERYTHING}|||"), "", "who does not administer"),
        ] {
            let found: Vec<&str> = grantable(&client(&holder)).iter().map(|scope| scope.as_str()).collect();
            assert_eq!(found.join(","), granted, "{why}");
        }
    }

    #[test]
    fn what_may_be_granted_where_nothing_is_said() {
        for (made, at_command_line, granted, why) in [
            ("admin||||", true, EVERYTHING, "an administrator of the command line"),
            ("admin,read||||", false, "admin,read", "one of another administrator: what it holds"),
            ("admin,read||H02.12||", true, "admin,read", "one of an organisation"),
            ("admin|||a|", true, "admin", "one of a province"),
            ("admin||||it", true, "admin", "one of a field"),
            ("read,submit||||", true, "", "who does not administer"),
        ] {
            let found: Vec<&str> = usual(&client(made), at_command_line).iter().map(|scope| scope.as_str()).collect();
            assert_eq!(found.join(","), granted, "{why}");
        }
    }

    #[test]
    fn nobody_makes_a_client_that_reaches_further() {
        let (wide, narrow) = ("admin|admin|||", "admin|admin|H02.12|a,b|it");
        for (administrator, made, places, why) in [
            (wide, wide, "", "who is not narrowed makes anyone"),
            (wide, narrow, "", "and those that are"),
            (narrow, narrow, "", "the same"),
            (narrow, "read|||b|it", "/organisation", "of no organisation"),
            (narrow, "read||H02.12|b|it", "", "fewer provinces"),
            (narrow, wide, "/organisation /provinces /fields", "for all"),
            (narrow, "read||H02.13|a|it", "/organisation", "another organisation"),
            (narrow, "read||H02.12|a,c|it", "/provinces/1", "another province"),
            (narrow, "read||H02.12|a|trade,it", "/fields/0", "another field"),
            ("admin|admin||a|", "read|||a|it", "", "narrowed in provinces only"),
            ("admin|admin||a|", "read||H02.12|a|", "/organisation", "of an organisation, from one of a province"),
            ("admin|admin|||it", "read||H02.12||it", "/organisation", "from one of a field"),
        ] {
            let found: Vec<String> =
                beyond(&client(administrator), &client(made)).iter().map(|located| located.place.to_string()).collect();
            assert_eq!(found.join(" "), places, "{why}");
        }
    }

    #[test]
    fn scopes_that_may_not_be_granted_are_named() {
        let administrator = client("admin,read|admin,read,submit|H02.12||");
        for (made, places, taken, why) in [
            ("read,submit||H02.12||", "", "", "what may be granted"),
            ("read,approve||H02.12||", "/scopes/1", "approve", "what may not"),
            ("admin|admin,approve|H02.12||", "/may_grant/1", "approve", "nor to be granted by others"),
            ("catalogue,approve||H02.12||", "/scopes/0 /scopes/1", "approve, catalogue", "each of them"),
        ] {
            let made = client(made);
            let found: Vec<String> = ungrantable(&administrator, &made).iter().map(|located| located.place.to_string()).collect();
            assert_eq!(found.join(" "), places, "{why}");
            let fault = taken_over(&administrator, &made).map(|located| located.fault.message.english().to_owned());
            assert_eq!(fault.unwrap_or_default().rsplit_once(": ").map_or("", |(_, named)| named), taken, "{why}");
        }
        let mut own = administrator.clone();
        own.scopes = vec![Scope::Admin];
        assert!(ungrantable(&administrator, &own).is_empty() && taken_over(&administrator, &own).is_none(), "one's own settings");
        own.may_grant.push(Scope::Approve);
        assert_eq!(ungrantable(&administrator, &own).len(), 1, "nor does one widen what one may grant");
    }

    proptest! {
        /// However long a chain of administrators is, its end holds and grants nothing that its beginning could not grant.
        #[test]
        fn no_chain_of_grants_reaches_further_than_its_beginning(
            first in (subsequence(ALL.to_vec(), 0..=6), restrictions()),
            chain in proptest::collection::vec((subsequence(ALL.to_vec(), 0..=6), subsequence(ALL.to_vec(), 0..=6), restrictions()), 1..4),
        ) {
            let one = |id: usize, scopes: &[Scope], may_grant: &[Scope], (organisation, provinces): &(Option<String>, Vec<String>)| Client {
                id: id.to_string(),
                name: id.to_string(),
                organisation: organisation.clone(),
                scopes: scopes.to_vec(),
                may_grant: may_grant.to_vec(),
                provinces: provinces.clone(),
                fields: Vec::new(),
            };
            let beginning = one(0, &ALL, &first.0, &first.1);
            let mut grantor = beginning.clone();

            for (n, (scopes, may_grant, restrictions)) in chain.iter().enumerate() {
                let made = one(n + 1, scopes, may_grant, restrictions);
                if ungrantable(&grantor, &made).is_empty() && beyond(&grantor, &made).is_empty() {
                    grantor = made;
                }
            }

            prop_assert!(grantor.id == "0" || grantor.scopes.iter().chain(&grantor.may_grant).all(|scope| grantable(&beginning).contains(scope)));
            prop_assert!(beyond(&beginning, &grantor).is_empty(), "{grantor:?}");
        }
    }

    fn restrictions() -> impl Strategy<Value = (Option<String>, Vec<String>)> {
        let organisation = prop_oneof![Just(None), Just(Some("H02.12".to_owned())), Just(Some("H02.13".to_owned()))];
        (organisation, subsequence(vec!["a".to_owned(), "b".to_owned()], 0..=2))
    }
}
