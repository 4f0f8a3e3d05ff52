//! Reasons that limit or prevent a number (a closed list), and the comparability of two figures.
//! The code that finds a reason is with each computation.

use super::fault::code_list;
use super::language::Language;

code_list! {
    /// Why a comparison is limited, or why a number is missing.
    pub enum Reason {
        /// There is no figure for the same period last year, for the previous period, or for the baseline of the target.
        BaseMissing = "base_missing",
        /// The baseline is zero: the change is given, but a percentage of zero does not exist.
        BaseZero = "base_zero",
        /// The baseline is negative: the change is given, but a percentage would have the wrong sign.
        BaseNegative = "base_negative",
        /// There is no figure for the period itself.
        CurrentMissing = "current_missing",
        /// Some parts of the period, or some components, are missing.
        LowCoverage = "low_coverage",
        /// One figure covers less of its period than the other: for example five months compared with six.
        PartialPeriod = "partial_period",
        /// The two figures have different statuses: estimate, preliminary or official.
        StatusMismatch = "status_mismatch",
        /// The figures use different calendars.
        CalendarMismatch = "calendar_mismatch",
        /// The territory of the province changed between the two figures, or within a period.
        TerritoryChanged = "territory_changed",
        /// The definition of the indicator changed between the two figures.
        DefinitionChanged = "definition_changed",
        /// The period holds more or fewer days of Tết than the same period last year: of January and February only the two months together
        /// are comparable.
        HolidayMoved = "holiday_moved",
        /// A figure is a bound ("trên 29,6") or a range ("20-23"), so an exact difference does not exist.
        QualifierInexact = "qualifier_inexact",
        /// The indicator cannot be derived from its parts.
        NotAdditive = "not_additive",
        /// The figures to derive from contradict each other: for example a year to date that falls, or a numerator above its
        /// denominator.
        PartsContradict = "parts_contradict",
        /// The report declares that there is nothing to report: this is neither zero nor missing.
        NilDeclared = "nil_declared",
        /// The reported figure was wrong and there is no new one. Only in histories.
        Withdrawn = "withdrawn",
        /// The result has more digits than the service can give exactly.
        OutOfRange = "out_of_range",
    }
}

impl Reason {
    /// The explanation for the reader of a comparison.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Reason::BaseMissing => (
                "Chưa có số liệu gốc để so sánh: của cùng kỳ, của kỳ trước hoặc của thời điểm bắt đầu kế hoạch.",
                "There is no figure to compare with: of the same period last year, of the period before, or of where a target begins.",
            ),
            Reason::BaseZero => (
                "Số liệu gốc hoặc mục tiêu bằng 0 nên không có tỷ lệ phần trăm.",
                "The figure to compare with, or the target, is zero: there is no percentage of nothing.",
            ),
            Reason::BaseNegative => (
                "Số liệu gốc là số âm: tỷ lệ phần trăm sẽ cho thấy chiều ngược lại.",
                "The figure to compare with is negative: a percentage of it would point the wrong way.",
            ),
            Reason::CurrentMissing => ("Chưa có số liệu của kỳ này.", "There is no figure of this period."),
            Reason::LowCoverage => (
                "Số liệu chưa phủ đủ kỳ hoặc chưa đủ các phần để tính.",
                "The figures do not cover the whole of the period, or not all parts are there.",
            ),
            Reason::PartialPeriod => {
                ("Hai số liệu phủ khoảng thời gian dài ngắn khác nhau trong kỳ.", "One figure covers less of its period than the other.")
            }
            Reason::StatusMismatch => (
                "Hai số liệu khác mức độ chính thức: ước tính, sơ bộ hoặc chính thức.",
                "The figures are not equally final: estimated, preliminary or official.",
            ),
            Reason::CalendarMismatch => (
                "Số liệu theo hai cách tính kỳ báo cáo khác nhau (tháng dương lịch và Nghị định 09/2019).",
                "The figures are of different calendars: whole months, and months from the 15th to the 14th (Nghị định 09/2019).",
            ),
            Reason::TerritoryChanged => (
                "Địa giới hành chính của đơn vị đã thay đổi trong kỳ hoặc giữa hai kỳ.",
                "The territory of the unit changed within a period or between the two.",
            ),
            Reason::DefinitionChanged => (
                "Định nghĩa của chỉ tiêu đã thay đổi giữa hai số liệu.",
                "The definition of the indicator changed between the two figures.",
            ),
            Reason::HolidayMoved => (
                "Số ngày Tết Nguyên đán trong kỳ khác cùng kỳ năm trước; nên so sánh gộp tháng 1 và tháng 2.",
                "The period holds more or fewer days of Tết than last year's: compare January and February together.",
            ),
            Reason::QualifierInexact => (
                "Số liệu là mức trên, dưới, khoảng hoặc một khoảng giá trị nên không có hiệu số chính xác.",
                "A figure is a bound, about right or a range, so there is no exact difference.",
            ),
            Reason::NotAdditive => (
                "Chỉ tiêu không cộng được từ các phần, hoặc thiếu tử số và mẫu số.",
                "The indicator cannot be formed from parts, or numerator and denominator are missing.",
            ),
            Reason::PartsContradict => (
                "Các số liệu thành phần mâu thuẫn với nhau, chẳng hạn lũy kế giảm.",
                "The figures it is formed from contradict each other: a year to date that falls, or more than all.",
            ),
            Reason::NilDeclared => {
                ("Đơn vị báo cáo là không phát sinh.", "The report declares that there is nothing to report: neither zero nor missing.")
            }
            Reason::Withdrawn => ("Số liệu đã được rút lại.", "The figure was withdrawn."),
            Reason::OutOfRange => {
                ("Kết quả có nhiều chữ số hơn mức có thể biểu diễn chính xác.", "The result has more digits than can be given exactly.")
            }
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }

    /// Whether the two figures still measure the same thing over the same part of the year.
    #[must_use]
    pub fn leaves_figures_comparable(self) -> bool {
        match self {
            Reason::StatusMismatch
            | Reason::HolidayMoved
            | Reason::BaseZero
            | Reason::BaseNegative
            | Reason::OutOfRange
            | Reason::QualifierInexact => true,
            Reason::BaseMissing
            | Reason::CurrentMissing
            | Reason::LowCoverage
            | Reason::PartialPeriod
            | Reason::CalendarMismatch
            | Reason::TerritoryChanged
            | Reason::DefinitionChanged
            | Reason::NotAdditive
            | Reason::PartsContradict
            | Reason::NilDeclared
            | Reason::Withdrawn => false,
        }
    }
}

code_list! {
    /// Whether two figures may be compared.
    pub enum Comparable {
        /// There is no reason against the comparison.
        Yes = "yes",
        /// Numbers are given, but the reasons limit their meaning.
        Limited = "limited",
        /// No number is given.
        No = "no",
    }
}
