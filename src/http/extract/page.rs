//! Pages of collections: the number of items, and an opaque cursor for the next page.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::parameter::{number, written};
use super::query::Query;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;

/// Items on a page by default.
const DEFAULT: usize = 100;

/// The start and length of a page.
#[derive(Debug)]
pub struct Page<const PARTS: usize> {
    /// The sort key of the last item of the previous page.
    pub after: Option<[String; PARTS]>,
    /// Maximum number of items on this page.
    pub limit: usize,
}

impl<const PARTS: usize> Page<PARTS> {
    /// Reads `limit` and `cursor` of a collection.
    pub fn read(query: &mut Query, collection: &'static str) -> Page<PARTS> {
        Page::of(query, collection, "Maximum number of items on a page")
    }

    /// Reads them of a collection that counts something else than its items.
    pub fn of(query: &mut Query, collection: &'static str, what: &'static str) -> Page<PARTS> {
        let limit = query.or(
            number(
                "limit",
                what,
                1..=1000,
                message!(
                    en: "a page has 1 to 1000 items",
                    vi: "mỗi trang có 1 đến 1000 mục"
                ),
            ),
            DEFAULT,
        );
        let after = query.optional(written("cursor", "`next` of the previous page", |text| decode(collection, text)));
        Page { after, limit }
    }
}

/// A cursor that continues a collection after the item with this sort key.
#[must_use]
pub fn cursor<const PARTS: usize>(collection: &str, key: [&str; PARTS]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{collection}\n{}", key.join("\n")))
}

fn decode<const PARTS: usize>(collection: &str, text: &str) -> Result<[String; PARTS], Fault> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
    let cursor = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|cursor| !cursor.contains('\0'));
    let key = cursor.as_deref().and_then(|cursor| cursor.strip_prefix(collection)?.strip_prefix('\n'));
    let parts: Option<[String; PARTS]> = key.and_then(|key| key.split('\n').map(str::to_owned).collect::<Vec<_>>().try_into().ok());
    parts.ok_or_else(foreign_cursor)
}

/// The fault for a cursor that the collection did not issue.
#[must_use]
pub fn foreign_cursor() -> Fault {
    Fault::new(
        Code::InvalidCursor,
        message!(
            en: "this is not a cursor that this collection handed out",
            vi: "đây không phải là con trỏ trang do danh mục này cấp"
        ),
    )
}

/// Cuts a list that was read with one extra item, `asked` in all, and returns the cursor of the next page.
pub fn cut<T>(items: &mut Vec<T>, asked: usize, cursor: impl FnOnce(&T) -> String) -> Option<String> {
    if items.len() < asked {
        return None;
    }
    items.truncate(asked - 1);
    items.last().map(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_does() {
        assert_eq!(decode::<2>("things", &cursor("things", ["a", "b:c"])), Ok(["a".into(), "b:c".into()]));
        let foreign =
            [cursor("things", ["a"]), cursor("things", ["a", "b", "c"]), cursor("things", ["a\0", "b"]), cursor("others", ["a", "b"])];
        for bad in ["", "a", "%%%"].into_iter().chain(foreign.iter().map(String::as_str)) {
            assert_eq!(decode::<2>("things", bad).unwrap_err().code, Code::InvalidCursor, "{bad}");
        }
    }

    #[test]
    fn a_list_that_is_longer_than_its_page_is_cut() {
        let mut items = vec!["a", "b", "c"];
        assert_eq!(cut(&mut items, 3, |last| cursor("things", [last])), Some(cursor("things", ["b"])));
        assert_eq!(items, ["a", "b"]);
        assert_eq!(cut(&mut items, 3, |last| cursor("things", [last])), None);
    }
}
