//! Terms of a target as they were sent, and the rules that they obey.
//! What the terms of a target are, is in `condition`.

use chrono::NaiveDate;

use super::condition::{Baseline, Milestone, Phasing, TargetCondition, TargetKind, TargetTerms};
use crate::domain::catalogue::indicator::{Aggregation, Direction, Indicator, Measure};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Interval;
use crate::domain::observation::figure_check::{check_value, in_unit_of};
use crate::domain::time::period::Period;
use crate::domain::time::period_code::PeriodCode;

/// Maximum number of milestones of a target.
pub const MOST_MILESTONES: usize = 60;

/// A goal as submitted.
#[derive(Debug, Default)]
pub struct SentTerms {
    /// The kind. If absent: a band if it has ends, otherwise by the direction of the indicator.
    pub kind: Option<TargetKind>,
    /// The number.
    pub value: Option<Decimal>,
    /// The lower end of a band.
    pub low: Option<Decimal>,
    /// The upper end of a band.
    pub high: Option<Decimal>,
    /// The unit multiplier of the submitted numbers; absent for that of the indicator.
    pub unit_mult: Option<i32>,
    /// The start of the path.
    pub baseline: Option<(PeriodCode, Decimal)>,
    /// The phasing. If absent: by milestones if there are any, otherwise even.
    pub phasing: Option<Phasing>,
    /// Pairs of period and value.
    pub milestones: Vec<(PeriodCode, Decimal)>,
    /// Whether the target applies to every province.
    pub each_province: bool,
}

type Broken = Vec<(&'static str, Fault)>;

impl SentTerms {
    /// The goal in the unit of the indicator, for a period; `of_country` if it is for the whole country.
    ///
    /// # Errors
    /// All broken rules, each with its field.
    pub fn check(self, indicator: &Indicator, period: Period, of_country: bool) -> Result<TargetTerms, Broken> {
        let mut faults = Vec::new();
        let condition = self.check_condition(indicator, &mut faults);
        let baseline = self.check_baseline(indicator, period, &mut faults);
        let phasing = self.phasing.unwrap_or(if self.milestones.is_empty() { Phasing::Even } else { Phasing::Milestones });
        let from = match (self.baseline, baseline) {
            (None, _) => Some(period.start()),
            // An invalid baseline does not make the milestones invalid.
            (Some(_), baseline) => baseline.map(|baseline| baseline.period.end()),
        };
        let milestones = self.check_milestones(indicator, period, from, &mut faults);
        let fault = |message: Message| Fault::new(Code::InvalidPhasing, message);
        match phasing {
            Phasing::Milestones if self.milestones.is_empty() => {
                faults.push((
                    "milestones",
                    fault(message!(
                        en: "phasing by milestones needs its `milestones`",
                        vi: "phân kỳ theo mốc cần có `milestones`"
                    )),
                ));
            }
            Phasing::Even | Phasing::LastYear if !self.milestones.is_empty() => {
                let message = message!(
                    en: "milestones go with `phasing` `milestones`, not `{}`",
                    vi: "các mốc đi cùng `phasing` là `milestones`, không phải `{}`", phasing.as_str()
                );
                faults.push(("milestones", fault(message)));
            }
            Phasing::Even | Phasing::LastYear | Phasing::Milestones => {}
        }
        if phasing == Phasing::LastYear && indicator.measure != Measure::Flow {
            let message = message!(
                en: "only what adds up over the year follows the months of last year",
                vi: "chỉ chỉ tiêu cộng được trong năm mới phân kỳ theo các tháng của năm trước"
            );
            faults.push(("phasing", fault(message).allowing([Phasing::Even.as_str(), Phasing::Milestones.as_str()])));
        }
        if phasing != Phasing::Even && period.months().is_none() {
            faults.push((
                "phasing",
                fault(message!(
                    en: "an interval has no months to lay the way out by",
                    vi: "một khoảng ngày không có các tháng để phân kỳ"
                ))
                .allowing([Phasing::Even.as_str()]),
            ));
        }
        if self.each_province && !of_country {
            let message = message!(
                en: "only a target of the whole country (`VN`) can hold for each province",
                vi: "chỉ mục tiêu của cả nước (`VN`) mới áp dụng được cho từng tỉnh"
            );
            faults.push(("each_province", Fault::new(Code::InvalidValue, message)));
        }
        if self.each_province && indicator.area_aggregation == Aggregation::Sum {
            let message = message!(
                en: "`{}` adds up over provinces: no number is at once what the country and what each is to reach",
                vi: "`{}` cộng được giữa các tỉnh: một số không thể vừa là mục tiêu của cả nước vừa là của từng tỉnh", indicator.code
            );
            faults.push(("each_province", Fault::new(Code::InvalidValue, message)));
        }
        match condition {
            Some(condition) if faults.is_empty() => {
                Ok(TargetTerms { condition, baseline, phasing, milestones, each_province: self.each_province })
            }
            _ => Err(faults),
        }
    }

    fn check_condition(&self, indicator: &Indicator, faults: &mut Broken) -> Option<TargetCondition> {
        let kind = self.kind.unwrap_or(match indicator.direction {
            _ if self.value.is_none() && (self.low.is_some() || self.high.is_some()) => TargetKind::Band,
            Direction::Down => TargetKind::AtMost,
            Direction::Up | Direction::Neutral => TargetKind::AtLeast,
        });
        let band = kind == TargetKind::Band;
        let mut ends = Vec::new();
        for (field, number, belongs) in [("value", self.value, !band), ("low", self.low, band), ("high", self.high, band)] {
            match number {
                Some(_) if !belongs => {
                    let message = if band {
                        message!(
                            en: "a band has `low` and `high` and no `value`",
                            vi: "mục tiêu dạng khoảng có `low` và `high`, không có `value`"
                        )
                    } else {
                        message!(en: "only a band has `low` and `high`", vi: "chỉ mục tiêu dạng khoảng mới có `low` và `high`")
                    };
                    faults.push((field, Fault::new(Code::InvalidRange, message)));
                }
                Some(number) => ends.extend(self.in_unit(field, number, indicator, faults)),
                // A missing number was already reported when the request was read.
                None => {}
            }
        }
        match (kind, &ends[..]) {
            (TargetKind::AtLeast, [value]) => Some(TargetCondition::AtLeast(*value)),
            (TargetKind::AtMost, [value]) => Some(TargetCondition::AtMost(*value)),
            (TargetKind::Exactly, [value]) => Some(TargetCondition::Exactly(*value)),
            (TargetKind::Band, [low, high]) if low < high => Some(TargetCondition::Band(Interval { low: *low, high: *high })),
            (TargetKind::Band, [low, high]) => {
                let message = message!(
                    en: "{low} to {high} is no band: the lower end comes first, and one number is `exactly`",
                    vi: "{low} đến {high} không phải là khoảng: đầu nhỏ đứng trước; nếu chỉ có một số thì dùng `exactly`"; low, high
                );
                faults.push(("low", Fault::new(Code::InvalidRange, message)));
                None
            }
            _ => None,
        }
    }

    fn check_baseline(&self, indicator: &Indicator, period: Period, faults: &mut Broken) -> Option<Baseline> {
        let (written, value) = self.baseline?;
        let of = written.in_calendar(period.calendar()).canonical();
        let leads_there = of.months().is_some() && of.end() < period.start() && period.months().is_some();
        if !leads_there {
            let end = of.end();
            let message = message!(
                en: "a baseline is of a named period that ends before the months of {period} begin; {of} ends on {end}",
                vi: "số gốc phải của một kỳ (tháng, quý, năm …) kết thúc trước khi {period} bắt đầu; {of} kết thúc ngày {end}"; end
            );
            faults.push(("baseline", Fault::new(Code::InvalidPhasing, message)));
        }
        let value = self.in_unit("baseline", value, indicator, faults).filter(|_| leads_there)?;
        Some(Baseline { period: of, value })
    }

    fn check_milestones(&self, indicator: &Indicator, period: Period, from: Option<NaiveDate>, faults: &mut Broken) -> Vec<Milestone> {
        if self.milestones.len() > MOST_MILESTONES {
            let message = message!(
                en: "a target has at most {MOST_MILESTONES} milestones, this one {}",
                vi: "một mục tiêu có nhiều nhất {MOST_MILESTONES} mốc, mục tiêu này có {}", self.milestones.len()
            );
            faults.push(("milestones", Fault::new(Code::InvalidPhasing, message)));
        }
        let mut milestones: Vec<Milestone> = Vec::new();
        for (written, value) in self.milestones.iter().take(MOST_MILESTONES) {
            let by = written.in_calendar(period.calendar()).canonical();
            if by.months().is_none() || from.is_some_and(|from| by.end() <= from) || by.end() >= period.end() {
                let after = from.map(|from| message!(en: " after {from}", vi: " sau ngày {from} và"; from));
                let (until, end) = (period.end(), by.end());
                let message = message!(
                    en: "milestones are by the end of named periods{after} and before {until}; {by} ends on {end} (a `baseline` lets the \
                         way begin earlier)",
                    vi: "mốc tính đến cuối một kỳ (tháng, quý, năm …){after} trước ngày {until}; {by} kết thúc ngày {end} (có `baseline` \
                         thì lộ trình bắt đầu sớm hơn)";
                    after, until, end
                );
                faults.push(("milestones", Fault::new(Code::InvalidPhasing, message)));
            }
            if milestones.iter().any(|earlier| earlier.by.end() == by.end()) {
                let message = message!(en: "two milestones are by the end of {by}", vi: "có hai mốc cùng tính đến cuối {by}");
                faults.push(("milestones", Fault::new(Code::InvalidPhasing, message)));
            }
            if let Some(value) = self.in_unit("milestones", *value, indicator, faults) {
                milestones.push(Milestone { by, value });
            }
        }
        milestones.sort_by_key(|milestone| milestone.by.end());
        milestones
    }

    /// A number in the unit of the indicator, checked for possible values. Its errors are added to `faults`.
    fn in_unit(&self, field: &'static str, number: Decimal, indicator: &Indicator, faults: &mut Broken) -> Option<Decimal> {
        let number = in_unit_of(indicator, number, self.unit_mult).map_err(|fault| faults.push((field, fault))).ok()?;
        faults.extend(check_value(number, indicator).map(|fault| (field, fault)));
        Some(number)
    }
}
