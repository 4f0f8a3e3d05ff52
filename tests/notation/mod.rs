//! The notation of figures in the tables of tests, of the domain and of the API alike: `1135 E`, `>29.6`, `20-23`, `3/4`, `nil`.
//! What becomes of a figure that was read is for those who read it.

/// A figure as a table writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<'t> {
    /// The number, or its absence.
    pub content: Content<'t>,
    /// The code of its status behind a space, such as `E`; none where nothing stands there.
    pub status: Option<&'t str>,
}

/// What a table writes of a figure besides its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'t> {
    /// `nil`: nothing to report.
    Nil,
    /// `withdrawn`: there is no figure any more.
    Withdrawn,
    /// A number with the code of its bound: `30`, `>29.6`, `>=29`, `<30`, `<=30`, `~30`, `~>30`, `~<30`.
    Number(&'static str, &'t str),
    /// A range: `20-23`.
    Range(&'t str, &'t str),
    /// Numerator and denominator of a rate: `3/4`.
    Ratio(&'t str, &'t str),
}

/// The marks of bounds, longer ones first, each with the code of its bound.
pub const MARKS: [(&str, &str); 8] =
    [("~>", "approx_gt"), ("~<", "approx_lt"), (">=", "ge"), ("<=", "le"), (">", "gt"), ("<", "lt"), ("~", "approx"), ("", "eq")];

/// Reads a figure as a table writes it.
pub fn read(text: &str) -> Written<'_> {
    let (number, status) = text.split_once(' ').map_or((text, None), |(number, status)| (number, Some(status)));
    let range = number.split_once('-').filter(|(low, _)| !low.is_empty());
    let content = match (number, range, number.split_once('/')) {
        ("nil", ..) => Content::Nil,
        ("withdrawn", ..) => Content::Withdrawn,
        (_, Some((low, high)), _) => Content::Range(low, high),
        (_, _, Some((numerator, denominator))) => Content::Ratio(numerator, denominator),
        _ => {
            let marked = MARKS.iter().find_map(|(mark, bound)| Some((*bound, number.strip_prefix(mark)?)));
            let (bound, digits) = marked.expect("every text begins with no mark");
            Content::Number(bound, digits)
        }
    };
    Written { content, status }
}
