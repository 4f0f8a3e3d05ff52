//! Indicators: unit, measure, aggregation, direction and possible values of figures.
//! The terms follow SDMX and DHIS2 where they have one.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::breakdown::{self, Breakdown};
use super::unit::{self, PERCENT};
use crate::domain::fault::{Code, Fault, code_list};
use crate::domain::language::Language;
use crate::domain::message::{Bilingual, Message, message};
use crate::domain::number::decimal::Decimal;
use crate::domain::text::is_code;
use crate::domain::time::period::{Calendar, Frequency};

code_list! {
    /// The kind of quantity that an indicator measures.
    pub enum Measure {
        /// Events during the period: counts and amounts. Adds up over time.
        Flow = "flow",
        /// The level at the end of the period. A longer period takes the last value, never a sum.
        Stock = "stock",
        /// A percentage, compared in percentage points. It is recomputed from numerators and denominators, never averaged.
        Rate = "rate",
        /// An average level per month or day. Never added over time.
        Average = "average",
    }
}

impl Bilingual for Measure {
    fn in_language(&self, language: Language) -> String {
        let word = match (language, self) {
            (Language::English, measure) => measure.as_str(),
            (Language::Vietnamese, Measure::Flow) => "số phát sinh trong kỳ",
            (Language::Vietnamese, Measure::Stock) => "số tại thời điểm",
            (Language::Vietnamese, Measure::Rate) => "tỷ lệ",
            (Language::Vietnamese, Measure::Average) => "số bình quân",
        };
        word.to_owned()
    }
}

code_list! {
    /// How figures of shorter periods or smaller areas give the figure of the whole.
    pub enum Aggregation {
        /// The figures are added.
        Sum = "sum",
        /// The last figure is the figure of the whole.
        Last = "last",
        /// Sum of numerators divided by sum of denominators; not available while numerators and denominators are not reported.
        Ratio = "ratio",
        /// The figure of the whole cannot be derived.
        None = "none",
    }
}

code_list! {
    /// The direction of improvement.
    pub enum Direction {
        /// Higher is better.
        Up = "up",
        /// Lower is better.
        Down = "down",
        /// Neither direction is better.
        Neutral = "neutral",
    }
}

code_list! {
    /// Read access to the figures.
    pub enum Access {
        /// Everyone, without a token.
        Open = "open",
        /// Clients with the scope `read`.
        Internal = "internal",
        /// Clients with the scope `read`. Separate from `internal`, for figures about few people.
        Restricted = "restricted",
    }
}

/// A dimension of an indicator: the members that figures can be broken down by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Dimension {
    /// The members, or `null` if any member may be reported (events, campaigns).
    #[schema(required = true)]
    pub values: Option<Vec<String>>,
    /// Whether the members add up to the total by definition.
    pub complete: bool,
    /// The names of members, by member. A member without a name is written as its code.
    pub labels: BTreeMap<String, Label>,
}

/// A name in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Label {
    /// The Vietnamese name.
    pub name: String,
    /// The English name.
    pub name_en: String,
}

impl Label {
    /// The name in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Vietnamese => &self.name,
            Language::English => &self.name_en,
        }
    }
}

/// The definition of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Indicator {
    /// Lower-case words joined by hyphens, at most 64 characters.
    pub code: String,
    /// The Vietnamese name.
    pub name: String,
    /// The English name.
    pub name_en: String,
    /// The statistical definition, in Vietnamese.
    pub definition: String,
    /// The subject field: `post_telecom`, `admin_reform` …
    pub field: String,
    /// The unit of measure: `percent`, `VND`, `subscriber` …
    pub unit: String,
    /// The names of a unit that is not in the list of units; null for one that is.
    #[schema(required = true)]
    pub unit_label: Option<Label>,
    /// The unit multiplier, as a power of ten: 9 for tỷ đồng (10^9 VND). Figures are stored in this multiple.
    pub unit_mult: i32,
    /// The kind of quantity.
    pub measure: Measure,
    /// Aggregation over time.
    pub time_aggregation: Aggregation,
    /// Aggregation over provinces.
    pub area_aggregation: Aggregation,
    /// The direction of improvement.
    pub direction: Direction,
    /// Number of decimals of computed figures, 0 to 6. A flow or stock with 0 decimals is a count.
    pub decimals: u32,
    /// The lowest possible value.
    #[schema(required = true)]
    pub min: Option<Decimal>,
    /// The highest possible value.
    #[schema(required = true)]
    pub max: Option<Decimal>,
    /// By how much a figure usually differs from last year's at most, in percent of the smaller of the two (200 is a factor of 3 up or
    /// down), of a rate in points; beyond it a figure has to be acknowledged.
    #[schema(required = true)]
    pub yoy_limit: Option<Decimal>,
    /// The dimensions, by name.
    pub breakdowns: BTreeMap<String, Dimension>,
    /// The expected reporting frequency.
    pub frequency: Frequency,
    /// The usual calendar of its reports.
    pub calendar: Calendar,
    /// Read access to the figures.
    pub access: Access,
    /// The corresponding national or international indicator, such as `1304 (Thông tư 03/2022)`.
    #[schema(required = true)]
    pub external_ref: Option<String>,
}

/// The requirements of a definition that do not hold, with the field of each.
struct Requirements(Vec<(&'static str, Fault)>);

impl Requirements {
    fn require(&mut self, holds: bool, field: &'static str, message: Message) {
        if !holds {
            self.0.push((field, Fault::new(Code::InvalidValue, message)));
        }
    }
}

impl Indicator {
    /// The name in both languages.
    #[must_use]
    pub fn names(&self) -> Message {
        Message::new(&self.name_en, &self.name)
    }

    /// The name in a language.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Vietnamese => &self.name,
            Language::English => &self.name_en,
        }
    }

    /// The name of the unit beside a number, `one` if the number is 1: from the list of units, otherwise its label. The code for an
    /// old definition without a label.
    #[must_use]
    pub fn unit_name(&self, language: Language, one: bool) -> &str {
        let label = || self.unit_label.as_ref().map_or(self.unit.as_str(), |label| label.text(language));
        unit::find(&self.unit).map_or_else(label, |unit| unit.name(language, one))
    }

    /// The name of a member of a dimension; its code if it has no name.
    #[must_use]
    pub fn member_name<'m>(&'m self, dimension: &str, member: &'m str, language: Language) -> &'m str {
        let label = self.breakdowns.get(dimension).and_then(|of| of.labels.get(member));
        label.map_or(member, |label| label.text(language))
    }

    /// Whether the figures are counts: whole numbers of things.
    #[must_use]
    pub fn is_count(&self) -> bool {
        self.decimals == 0 && matches!(self.measure, Measure::Flow | Measure::Stock)
    }

    /// Whether a figure describes a moment (a stock or a last value), not the events of a period.
    #[must_use]
    pub fn is_state(&self) -> bool {
        self.measure == Measure::Stock || self.time_aggregation == Aggregation::Last
    }

    /// Whether monthly figures give those of longer periods: as a sum, or from numerators and denominators.
    #[must_use]
    pub fn adds_up_over_time(&self) -> bool {
        matches!(self.time_aggregation, Aggregation::Sum | Aggregation::Ratio)
    }

    /// The lowest possible value. For a count it is never below zero.
    #[must_use]
    pub fn least(&self) -> Option<Decimal> {
        if self.is_count() { Some(self.min.unwrap_or(Decimal::ZERO).max(Decimal::ZERO)) } else { self.min }
    }

    /// Whether the figures are shares of a whole: rates that cannot exceed 100 %.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.measure == Measure::Rate && self.max == Some(Decimal::HUNDRED)
    }

    /// Decimals of computed percentages and percentage points: those of the indicator, but at least one and at most six.
    #[must_use]
    pub fn percent_decimals(&self) -> u32 {
        self.decimals.clamp(1, 6)
    }

    /// The errors of the definition itself, with the field of each.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, Fault)> {
        let mut all = Requirements(Vec::new());
        let rate = self.measure == Measure::Rate;
        all.require(
            is_code(&self.code),
            "code",
            message!(
                en: "a code is lower-case words joined by hyphens, at most 64 characters",
                vi: "mã gồm các từ viết thường không dấu nối bằng gạch ngang, nhiều nhất 64 ký tự"
            ),
        );
        all.require(
            breakdown::is_dimension(&self.field),
            "field",
            message!(
                en: "a field is lower-case words joined by underscores",
                vi: "lĩnh vực gồm các từ viết thường không dấu nối bằng gạch dưới"
            ),
        );
        all.require(
            (-6..=12).contains(&self.unit_mult),
            "unit_mult",
            message!(
                en: "the multiplier is a power of ten from -6 to 12",
                vi: "bội số là lũy thừa của 10, từ -6 đến 12"
            ),
        );
        all.require(self.decimals <= 6, "decimals", message!(en: "at most 6 decimals", vi: "nhiều nhất 6 chữ số thập phân"));
        all.require(
            self.min.is_none_or(|min| self.max.is_none_or(|max| min <= max)),
            "max",
            message!(
                en: "the greatest value is below the least",
                vi: "giá trị lớn nhất nhỏ hơn giá trị nhỏ nhất"
            ),
        );
        all.require(
            !rate || self.unit == PERCENT && self.unit_mult == 0,
            "unit",
            message!(
                en: "a rate is in percent, with multiplier 0",
                vi: "tỷ lệ có đơn vị là phần trăm, bội số 0"
            ),
        );
        let listed = self.unit == PERCENT || unit::find(&self.unit).is_some();
        all.require(
            listed || self.unit_label.is_some(),
            "unit_label",
            message!(
                en: "the unit is not in the list of units: give its names",
                vi: "đơn vị tính không có trong danh mục: cần ghi tên đơn vị tính"
            ),
        );
        all.require(
            !listed || self.unit_label.is_none(),
            "unit_label",
            message!(
                en: "the unit is in the list of units and has its names from there",
                vi: "đơn vị tính có trong danh mục và lấy tên từ danh mục"
            ),
        );
        self.check_aggregation(&mut all);
        self.check_breakdowns(&mut all);
        all.0
    }

    fn check_aggregation(&self, all: &mut Requirements) {
        let rate = self.measure == Measure::Rate;
        let sum_of_levels = self.time_aggregation == Aggregation::Sum && self.measure != Measure::Flow;
        all.require(
            !sum_of_levels,
            "time_aggregation",
            message!(
                en: "only a flow adds up over time",
                vi: "chỉ số phát sinh trong kỳ mới cộng được theo thời gian"
            ),
        );
        let last_of_flow = self.time_aggregation == Aggregation::Last && self.measure == Measure::Flow;
        all.require(
            !last_of_flow,
            "time_aggregation",
            message!(
                en: "the last part of a flow is not the whole",
                vi: "phần cuối của số phát sinh trong kỳ không phải là toàn bộ"
            ),
        );
        let ratio_of_no_rate = !rate && self.time_aggregation == Aggregation::Ratio;
        all.require(
            !ratio_of_no_rate,
            "time_aggregation",
            message!(
                en: "only a rate recombines from numerators and denominators",
                vi: "chỉ tỷ lệ mới tính lại được từ tử số và mẫu số"
            ),
        );
        all.require(
            rate || self.area_aggregation != Aggregation::Ratio,
            "area_aggregation",
            message!(en: "only a rate recombines from numerators and denominators", vi: "chỉ tỷ lệ mới tính lại được từ tử số và mẫu số"),
        );
        all.require(
            !rate || self.area_aggregation != Aggregation::Sum,
            "area_aggregation",
            message!(
                en: "rates do not add up over provinces",
                vi: "tỷ lệ không cộng được giữa các tỉnh"
            ),
        );
        all.require(
            self.area_aggregation != Aggregation::Last,
            "area_aggregation",
            message!(
                en: "provinces have no last one",
                vi: "các tỉnh không có đơn vị cuối cùng"
            ),
        );
    }

    fn check_breakdowns(&self, all: &mut Requirements) {
        let rate = self.measure == Measure::Rate;
        for (dimension, of) in &self.breakdowns {
            let members_well_formed = of.values.iter().flatten().all(|member| breakdown::is_member(member));
            all.require(
                breakdown::is_dimension(dimension) && members_well_formed,
                "breakdowns",
                message!(
                    en: "dimensions are lower-case words joined by underscores; members are letters, digits and . _ -",
                    vi: "tên phân tổ gồm các từ viết thường không dấu nối bằng gạch dưới; thành phần gồm chữ, số và . _ -"
                ),
            );
            let strangers = |values: &Vec<String>| of.labels.keys().any(|member| !values.contains(member));
            let labels_well_formed = of.labels.keys().all(|member| breakdown::is_member(member));
            all.require(
                labels_well_formed && !of.values.as_ref().is_some_and(strangers),
                "breakdowns",
                message!(en: "labels are names of members of the dimension", vi: "nhãn là tên các thành phần của phân tổ"),
            );
            all.require(
                !of.complete || of.values.is_some() && !rate,
                "breakdowns",
                message!(
                    en: "only listed members of a quantity that adds up can be complete",
                    vi: "chỉ phân tổ có liệt kê thành phần, của chỉ tiêu cộng được, mới có thể là đầy đủ"
                ),
            );
        }
    }

    /// The changes from the earlier definition that would change the meaning of stored figures, with the field of each.
    #[must_use]
    pub fn locked_differences(&self, before: &Indicator) -> Vec<(&'static str, Fault)> {
        let locked = |field: &'static str, was: String| {
            let message = message!(
                en: "figures are recorded under `{}` with {field} {was}: give the new meaning a code of its own",
                vi: "đã có số liệu của `{}` với {field} {was}: hãy dùng mã mới cho nội dung mới", self.code
            );
            (field, Fault::new(Code::DefinitionLocked, message).allowing([was]))
        };
        let mut faults = Vec::new();
        if self.unit != before.unit {
            faults.push(locked("unit", before.unit.clone()));
        }
        if self.unit_mult != before.unit_mult {
            faults.push(locked("unit_mult", before.unit_mult.to_string()));
        }
        if self.measure != before.measure {
            faults.push(locked("measure", before.measure.as_str().to_owned()));
        }
        faults
    }

    /// Checks that the indicator has this breakdown.
    ///
    /// # Errors
    /// `unknown_breakdown`, with the dimensions or members of the indicator.
    pub fn check_breakdown(&self, breakdown: &Breakdown) -> Result<(), Fault> {
        for (dimension, member) in breakdown.members() {
            let Some(of) = self.breakdowns.get(dimension) else {
                let message = message!(
                    en: "`{}` is not broken down by `{dimension}`",
                    vi: "chỉ tiêu `{}` không có phân tổ theo `{dimension}`", self.code
                );
                return Err(Fault::new(Code::UnknownBreakdown, message).allowing(self.breakdowns.keys().cloned()));
            };
            if let Some(members) = of.values.as_ref().filter(|members| !members.iter().any(|known| known == member)) {
                let message = message!(
                    en: "`{dimension}` of `{}` has no member `{member}`",
                    vi: "phân tổ `{dimension}` của `{}` không có thành phần `{member}`", self.code
                );
                return Err(Fault::new(Code::UnknownBreakdown, message).allowing(members.iter().cloned()));
            }
        }
        Ok(())
    }
}

/// An indicator in the catalogue: one version of its definition and the version number.
#[derive(Debug, Clone, Copy)]
pub struct Versioned<'c> {
    /// The definition.
    pub indicator: &'c Indicator,
    /// 1 for the first version, then one more for each change.
    pub version: i32,
}
