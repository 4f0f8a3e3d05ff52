//! Read-only members of a request body: the service sets them, and takes them back only as they are stored.
//! Which members are read-only is declared where a body is read, in `formats`.

use std::collections::HashMap;

use serde_json::Value;

use super::fault::{Code, Fault, LocatedFault, Location};
use super::message::message;

/// The read-only members of a body as sent, by the pointer of their object.
#[derive(Debug, Default)]
pub struct ReadOnly(HashMap<String, Vec<(&'static str, Value)>>);

impl ReadOnly {
    /// Adds a member of the object at a pointer.
    pub fn add(&mut self, object: &str, name: &'static str, value: Value) {
        self.0.entry(object.to_owned()).or_default().push((name, value));
    }

    /// The members of the object at a pointer that differ from the stored ones, as `invalid_value` at each member. A member that is null
    /// in `stored`, or is not there, has no stored value.
    #[must_use]
    pub fn differences(&self, object: &str, stored: &[(&str, Value)]) -> Vec<LocatedFault> {
        let sent = self.0.get(object).into_iter().flatten();
        let differs = |(name, sent): &(&'static str, Value)| {
            let stored = stored.iter().find(|(of, _)| of == name).map(|(_, value)| value).filter(|value| !value.is_null());
            let message = match stored {
                Some(stored) if stored == sent => return None,
                Some(stored) => {
                    let shown = stored.as_str().map_or_else(|| stored.to_string(), str::to_owned);
                    message!(
                        en: "`{name}` is read-only: the stored value is `{shown}`",
                        vi: "`{name}` chỉ để đọc: giá trị đang lưu là `{shown}`"
                    )
                }
                None => message!(
                    en: "`{name}` is read-only, and nothing is stored for it",
                    vi: "`{name}` chỉ để đọc, và chưa có giá trị nào được lưu"
                ),
            };
            Some(Fault::new(Code::InvalidValue, message).at(Location::Pointer(format!("{object}/{name}"))))
        };
        sent.filter_map(differs).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_read_only_member_is_taken_where_it_equals_what_is_stored() {
        let stored = [("version", json!(3)), ("code", json!("bts-sites")), ("valid_to", Value::Null), ("keys", json!(["a", "b"]))];
        for (name, sent, refused) in [
            ("version", json!(3), None),
            ("version", json!(2), Some("`version` is read-only: the stored value is `3`")),
            ("version", json!("3"), Some("`version` is read-only: the stored value is `3`")),
            ("code", json!("bts-sites"), None),
            ("code", json!("bts"), Some("`code` is read-only: the stored value is `bts-sites`")),
            ("keys", json!(["a", "b"]), None),
            ("keys", json!(["b", "a"]), Some("`keys` is read-only: the stored value is `[\"a\",\"b\"]`")),
            ("valid_to", json!("2025-06-30"), Some("`valid_to` is read-only, and nothing is stored for it")),
            ("id", json!("1"), Some("`id` is read-only, and nothing is stored for it")),
        ] {
            let mut read_only = ReadOnly::default();
            read_only.add("/rows/1", name, sent.clone());

            let found = read_only.differences("/rows/1", &stored);

            let place = Location::Pointer(format!("/rows/1/{name}"));
            let found: Vec<_> = found.iter().map(|found| (&found.place, found.fault.code, found.fault.message.english())).collect();
            let wanted = refused.map(|message| (&place, Code::InvalidValue, message));
            assert_eq!(found, wanted.into_iter().collect::<Vec<_>>(), "{name} {sent}");
            assert_eq!(read_only.differences("/rows/2", &stored), [], "of another row nothing was sent");
        }
    }
}
