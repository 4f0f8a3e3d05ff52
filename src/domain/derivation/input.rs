//! The inputs of a derivation: stored observations, and values that were resolved before, with the observations behind them.
//! Nothing is derived here.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::derived::{DerivationKind, DerivedValue, Operand, ResolvedValue, ValueOrigin, operands_of};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::number::quantity::Sign;
use crate::domain::observation::figure::Figure;
use crate::domain::observation::history::Figures;
use crate::domain::observation::observation::Observation;
use crate::domain::time::period::Period;

/// Values that were resolved before, by breakdown: of the units that a territory was divided into, or of the country by its provinces.
pub type ResolvedFigures = HashMap<Breakdown, Vec<(Period, ResolvedValue)>>;

/// What a value can be derived from.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// A stored observation.
    Stored(&'a Observation),
    /// A value of a period that was resolved before.
    Resolved(Period, &'a ResolvedValue),
}

impl<'a> Input<'a> {
    /// The period of the figure.
    #[must_use]
    pub fn period(self) -> Period {
        match self {
            Input::Stored(observation) => observation.period,
            Input::Resolved(period, _) => period,
        }
    }

    /// The figure; `None` where an observation declares that there is none.
    #[must_use]
    pub fn figure(self) -> Option<&'a Figure> {
        match self {
            Input::Stored(observation) => observation.figure(),
            Input::Resolved(_, value) => Some(&value.figure),
        }
    }

    fn stored(self) -> Option<&'a Observation> {
        match self {
            Input::Stored(observation) => Some(observation),
            Input::Resolved(..) => None,
        }
    }
}

/// The observation that is stored for a period.
pub(crate) fn stored_of<'a>(period: Period, inputs: &[Input<'a>]) -> Option<&'a Observation> {
    inputs.iter().filter_map(|input| input.stored()).find(|observation| observation.period == period)
}

/// An input that has a figure.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    input: Input<'a>,
    pub(crate) figure: &'a Figure,
}

impl<'a> Known<'a> {
    /// Declarations of nothing are no figures: neither zero nor an operand of anything.
    pub(crate) fn of(input: Input<'a>) -> Option<Known<'a>> {
        Some(Known { input, figure: input.figure()? })
    }

    pub(crate) fn period(self) -> Period {
        self.input.period()
    }

    /// The day that the figure of a state is true of.
    pub(crate) fn day(self) -> NaiveDate {
        self.figure.day(self.period())
    }

    /// The stored observations behind the figure.
    pub(crate) fn operands(self, sign: Sign) -> Vec<Operand> {
        match self.input {
            Input::Stored(observation) => vec![Operand::of(sign, observation, *self.figure)],
            Input::Resolved(_, value) => {
                operands_of(value).into_iter().map(|operand| Operand { sign: operand.sign.within(sign), ..operand }).collect()
            }
        }
    }
}

/// Along what a value is derived from figures of other periods. Where some of them belong to other territories, each is named with its
/// units: the operands alone would not show which sum is meant.
pub(crate) fn kind_over_time(terms: &[(Sign, Known<'_>)]) -> DerivationKind {
    let name = |known: &Known<'_>| match known.input {
        Input::Resolved(
            period,
            ResolvedValue { origin: ValueOrigin::Derived(DerivedValue { along: DerivationKind::Areas(keys), .. }), .. },
        ) => {
            format!("{period} ({})", keys.join(" + "))
        }
        input => input.period().to_string(),
    };
    if terms.iter().all(|(_, known)| known.input.stored().is_some()) {
        return DerivationKind::Time;
    }
    DerivationKind::Territory(terms.iter().map(|(sign, known)| (*sign, name(known))).collect())
}

/// All inputs for the periods of one year, by breakdown.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    stored: &'a Figures,
    resolved: Option<&'a ResolvedFigures>,
}

impl<'a> Inputs<'a> {
    /// Stored observations only.
    #[must_use]
    pub fn stored(stored: &'a Figures) -> Inputs<'a> {
        Inputs { stored, resolved: None }
    }

    /// Stored observations, and values that were resolved before for other periods.
    pub(crate) fn with_resolved(stored: &'a Figures, resolved: &'a ResolvedFigures) -> Inputs<'a> {
        Inputs { stored, resolved: Some(resolved) }
    }

    /// Whether there is nothing to derive from.
    pub(crate) fn is_empty(self) -> bool {
        self.stored.is_empty() && self.resolved.is_none_or(HashMap::is_empty)
    }

    /// The inputs of one breakdown, in the order of their periods; of one period the stored one first.
    pub(crate) fn of(self, breakdown: &Breakdown) -> Vec<Input<'a>> {
        let stored = self.stored.get(breakdown).into_iter().flatten().map(Input::Stored);
        let resolved = self.resolved.and_then(|resolved| resolved.get(breakdown)).into_iter().flatten();
        let mut inputs: Vec<Input<'a>> = stored.chain(resolved.map(|(period, value)| Input::Resolved(*period, value))).collect();
        inputs.sort_by_key(|input| input.period());
        inputs
    }
}
