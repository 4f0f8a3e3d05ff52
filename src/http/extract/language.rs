//! The language of an answer: from `lang`, otherwise from `Accept-Language`. Where neither says, messages are in Vietnamese, and the
//! sentences of reports in both languages.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{AcceptLanguage, CONTENT_LANGUAGE, Header, LanguageTag, Preference, Quality, VARY};
use actix_web::web::Json;
use actix_web::{CustomizeResponder, FromRequest, HttpMessage, HttpRequest, Responder};
use serde::Serialize;
use utoipa::ToSchema;

use super::query::Query;
use crate::domain::language::Language;
use crate::domain::reason::Reason;

/// The languages of the sentences in an answer.
#[derive(Debug, Clone, Copy)]
pub struct Languages(Option<Language>);

impl Languages {
    /// Reads the language of `lang`; without a valid one, the supported language that `Accept-Language` prefers. The outermost middleware
    /// keeps it with the request.
    #[must_use]
    pub fn read(request: &HttpRequest) -> Languages {
        let lang = Query::parse(request.query_string()).first("lang").and_then(Language::parse);
        Languages(lang.or_else(|| accepted(request)))
    }

    /// The languages of a request, as the middleware read them.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Languages {
        *request.extensions().get::<Languages>().expect("the outermost middleware reads them")
    }

    /// The language of messages: faults, warnings, and lines of streams have one text.
    #[must_use]
    pub fn of_messages(self) -> Language {
        self.0.unwrap_or_default()
    }

    /// A sentence in these languages; `None` if it exists in none of them.
    pub fn sentence(self, say: impl Fn(Language) -> Option<String>) -> Option<Sentence> {
        let wanted = |language: Language| self.0.is_none_or(|only| only == language);
        let [vi, en] = [Language::Vietnamese, Language::English].map(|language| wanted(language).then(|| say(language)).flatten());
        (vi.is_some() || en.is_some()).then_some(Sentence { vi, en })
    }

    /// A sentence that exists in every language.
    pub fn say(self, say: impl Fn(Language) -> String) -> Sentence {
        let wanted = |language: Language| self.0.is_none_or(|only| only == language).then(|| say(language));
        Sentence { vi: wanted(Language::Vietnamese), en: wanted(Language::English) }
    }

    /// Explanations of the reasons in an answer, without duplicates.
    pub fn texts(self, reasons: impl IntoIterator<Item = Reason>) -> Vec<ReasonText> {
        let distinct: BTreeSet<Reason> = reasons.into_iter().collect();
        let text = |reason: Reason| Some(ReasonText { reason, text: self.sentence(|language| Some(reason.text(language).to_owned()))? });
        distinct.into_iter().filter_map(text).collect()
    }
}

impl FromRequest for Languages {
    type Error = Infallible;
    type Future = Ready<Result<Languages, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Languages::of(request)))
    }
}

/// The language that `Accept-Language` prefers; `None` for no preference. An invalid header is ignored.
fn accepted(request: &HttpRequest) -> Option<Language> {
    let header = AcceptLanguage::parse(request).ok()?;
    let of = |preference: &Preference<LanguageTag>| Language::parse(preference.item()?.primary_language());
    let refused = |language: Language| header.iter().any(|item| item.quality == Quality::ZERO && of(&item.item) == Some(language));
    for preference in header.ranked() {
        match of(&preference).filter(|language| !refused(*language)) {
            Some(language) => return Some(language),
            None if preference.is_any() => break,
            None => {}
        }
    }
    match [Language::Vietnamese, Language::English].map(refused) {
        [true, false] => Some(Language::English),
        [false, true] => Some(Language::Vietnamese),
        _ => None,
    }
}

/// A sentence of a report, in both languages, or in the one that `lang` or `Accept-Language` selects.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sentence {
    /// Vietnamese
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Doanh thu viễn thông, Internet 6 tháng đầu năm 2024 ước đạt 1.135 tỷ đồng, bằng 103,2% so với cùng kỳ năm 2023; đạt 47,3% kế hoạch năm."
    )]
    vi: Option<String>,
    /// English
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Telecom and Internet revenue in the first six months of 2024 was an estimated 1,135 billion VND, 103.2% of the same period of 2023; 47.3% of the annual plan."
    )]
    en: Option<String>,
}

/// Explanation of a reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonText {
    /// The reason
    reason: Reason,
    /// The explanation
    text: Sentence,
}

/// An answer in the requested language, with `Vary` for caches.
pub type Localized<T> = CustomizeResponder<Json<T>>;

/// Makes an answer with sentences.
pub fn localized<T: Serialize>(answer: T, languages: Languages) -> Localized<T> {
    in_language(answer, languages.0.map_or("vi, en", Language::as_str))
}

/// Makes an answer with messages.
pub fn with_messages<T: Serialize>(answer: T, languages: Languages) -> Localized<T> {
    in_language(answer, languages.of_messages().as_str())
}

fn in_language<T: Serialize>(answer: T, content_language: &'static str) -> Localized<T> {
    Json(answer).customize().append_header((CONTENT_LANGUAGE, content_language)).append_header((VARY, "accept-language"))
}
