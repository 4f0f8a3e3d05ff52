//! What stands against a number: the closed list of reasons, and whether figures may be compared in spite of them.

use super::fault::words;

words! {
    /// What stands against a comparison.
    pub enum Reason {
        /// Nothing is on record for the same period last year, or for the target.
        BaseMissing = "base_missing",
        /// The baseline is zero: there is a change, but no percentage of nothing.
        BaseZero = "base_zero",
        /// The baseline is negative: there is a change, but its percentage would point the wrong way.
        BaseNegative = "base_negative",
        /// Nothing is on record for the period itself.
        CurrentMissing = "current_missing",
        /// Not all parts of the period are there.
        LowCoverage = "low_coverage",
        /// One figure covers less of its period than the other: five months are held against six.
        PartialPeriod = "partial_period",
        /// One figure is final, the other is not.
        StatusMismatch = "status_mismatch",
        /// The figures are of different calendars.
        CalendarMismatch = "calendar_mismatch",
        /// The province did not have this territory then.
        TerritoryChanged = "territory_changed",
        /// The definition of the indicator changed between the figures.
        DefinitionChanged = "definition_changed",
        /// A figure is a bound ("trên 29,6") or a range ("20-23"), so an exact difference does not exist.
        QualifierInexact = "qualifier_inexact",
        /// The figure cannot be formed from its parts.
        NotAdditive = "not_additive",
        /// The figures it would be formed from contradict each other: a year to date that falls, more than all.
        PartsContradict = "parts_contradict",
        /// The report declares that there is nothing to report: neither zero nor missing.
        NilDeclared = "nil_declared",
        /// What was reported was wrong, and there is no figure; in histories only.
        Withdrawn = "withdrawn",
        /// The result has more digits than can be given exactly.
        OutOfRange = "out_of_range",
    }
}

impl Reason {
    /// Whether the two figures are still of the same thing and the same part of the year.
    #[must_use]
    pub fn leaves_figures_comparable(self) -> bool {
        match self {
            Reason::StatusMismatch | Reason::BaseZero | Reason::BaseNegative | Reason::OutOfRange | Reason::QualifierInexact => true,
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

words! {
    /// Whether two figures may be held against each other.
    pub enum Comparable {
        /// No reason stands against it.
        Yes = "yes",
        /// Numbers are given; read the reasons.
        Limited = "limited",
        /// No number is given.
        No = "no",
    }
}
