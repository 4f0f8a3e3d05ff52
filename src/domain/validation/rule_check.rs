//! Checks of a rule against the catalogue: indicators and breakdowns exist, units agree, shares are in percent.
//! The evaluation of rules on figures is in `evaluate`.

use crate::domain::access::role::Caller;
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::catalogue::rule::{Rule, Term};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::{Message, message};
use crate::domain::number::decimal::Decimal;

/// The unit of shares.
const PERCENT: &str = "percent";

/// The terms of a list, each with its index.
pub(crate) type Placed<'t> = Vec<(usize, &'t Term)>;

impl Rule {
    /// The errors of the rule with the current catalogue.
    #[must_use]
    pub fn faults(&self, catalogue: &Catalogue, caller: &Caller) -> Vec<LocatedFault> {
        let sides = self.sides().map(|side| side.iter().enumerate().collect());
        faults(&sides, self.tolerance, catalogue, caller)
    }
}

/// The figure of a term, with the definition of its indicator.
struct Found<'c> {
    /// The pointer to the term.
    at: String,
    indicator: &'c Indicator,
}

/// The errors in the sides of a rule: unknown indicators or breakdowns, units that differ, sums of rates, and shares that are not in
/// percent.
pub(crate) fn faults(sides: &[Placed<'_>; 3], tolerance: Option<Decimal>, catalogue: &Catalogue, caller: &Caller) -> Vec<LocatedFault> {
    let mut faults = Vec::new();
    let mut note = |pointer: String, fault: Fault| faults.push(fault.at(Location::Pointer(pointer)));
    let of_share = !sides[2].is_empty();
    let found: [Vec<Found<'_>>; 3] = std::array::from_fn(|n| {
        let mut found = Vec::new();
        for (place, term) in &sides[n] {
            let at = format!("/{}/{place}", ["left", "right", "divided_by"][n]);
            match term {
                Term::Figure { indicator, breakdown } => match catalogue.indicator(indicator, caller) {
                    Ok(of) => {
                        if let Err(fault) = of.indicator.check_breakdown(breakdown) {
                            note(format!("{at}/breakdown"), fault);
                        }
                        found.push(Found { at, indicator: of.indicator });
                    }
                    Err(fault) => note(format!("{at}/indicator"), fault),
                },
                Term::Number { .. } if of_share && n > 0 => {
                    note(
                        format!("{at}/value"),
                        invalid(message!(
                            en: "a share is one of figures: a number stands on the left",
                            vi: "tỷ trọng tính từ các số liệu: số cố định đứng ở vế trái"
                        )),
                    );
                }
                Term::Number { .. } => {}
            }
        }
        found
    });
    if !sides[0].is_empty() && sides[0].iter().all(|(_, term)| matches!(term, Term::Number { .. })) {
        note(
            "/left".into(),
            invalid(message!(
                en: "the left side names no indicator: nothing would be checked, or the sides are to change places",
                vi: "vế trái không có chỉ tiêu nào: sẽ không kiểm tra được gì, hoặc cần đổi hai vế cho nhau"
            )),
        );
    }
    for found in found.iter().filter(|found| found.len() > 1) {
        for Found { at, indicator } in found.iter().filter(|of| !adds_up(of.indicator)) {
            let measure = indicator.measure;
            let message = message!(
                en: "`{}` is a {measure}: it is not added to anything",
                vi: "`{}` là {measure}: không cộng được với số khác"; measure; indicator.code
            );
            note(format!("{at}/indicator"), invalid(message));
        }
    }
    let [left, right, divided_by] = &found;
    let mut one_unit = |all: Vec<&Found<'_>>| {
        let Some(first) = all.first().map(|of| of.indicator) else { return };
        for Found { at, indicator } in all.iter().filter(|of| of.indicator.unit != first.unit) {
            let message = message!(
                en: "`{}` is in {}, `{}` in {}",
                vi: "`{}` có đơn vị {}, còn `{}` có đơn vị {}", indicator.code, indicator.unit, first.code, first.unit
            );
            note(format!("{at}/indicator"), Fault::new(Code::UnitMismatch, message).allowing([first.unit.clone()]));
        }
    };
    if of_share {
        one_unit(right.iter().chain(divided_by).collect());
        let refused = right.iter().chain(divided_by).filter_map(|of| Some((of, no_part_of_a_share(of.indicator)?)));
        let refused = left.iter().filter_map(|of| Some((of, no_share(of.indicator)?))).chain(refused);
        refused.for_each(|(of, fault)| note(format!("{}/indicator", of.at), fault));
    } else {
        one_unit(left.iter().chain(right).collect());
    }
    if tolerance.is_some_and(Decimal::is_negative) {
        note("/tolerance".into(), invalid(message!(en: "a tolerance is zero or more", vi: "sai số cho phép không được âm")));
    }
    faults
}

/// The error of an indicator that is not a percentage.
fn no_share(indicator: &Indicator) -> Option<Fault> {
    (indicator.unit != PERCENT).then(|| {
        let message = message!(
            en: "a share is in {PERCENT}, and `{}` in {}",
            vi: "tỷ trọng có đơn vị {PERCENT}, còn `{}` có đơn vị {}", indicator.code, indicator.unit
        );
        Fault::new(Code::UnitMismatch, message).allowing([PERCENT])
    })
}

/// The error of an indicator that cannot be part of a share.
fn no_part_of_a_share(indicator: &Indicator) -> Option<Fault> {
    if !adds_up(indicator) {
        let measure = indicator.measure;
        return Some(invalid(message!(
            en: "a share is one of counts or amounts: `{}` is a {measure}",
            vi: "tỷ trọng tính từ số đếm hoặc số tiền: `{}` là {measure}"; measure; indicator.code
        )));
    }
    let below_zero = indicator.least().is_none_or(Decimal::is_negative);
    below_zero.then(|| {
        invalid(message!(
            en: "a share is one of what is never below zero: `{}` has no such `min`",
            vi: "tỷ trọng tính từ số liệu không bao giờ âm: `{}` không có `min` như vậy", indicator.code
        ))
    })
}

/// Whether figures of several indicators with this measure give a meaningful sum.
fn adds_up(indicator: &Indicator) -> bool {
    matches!(indicator.measure, Measure::Flow | Measure::Stock)
}

fn invalid(message: Message) -> Fault {
    Fault::new(Code::InvalidValue, message)
}
