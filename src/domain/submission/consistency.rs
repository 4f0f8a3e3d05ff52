//! Consistency: the rows of a batch checked with all stored figures of their years, for totals of parts and for rules.
//! A year to date that falls, and a figure that others contradict, only give warnings.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::revised::Revised;
use super::warning::{RowWarning, Warning};
use crate::domain::batch::rows::Checked;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Access, Indicator};
use crate::domain::catalogue::rule::{Rule, Severity};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::whole::Whole;
use crate::domain::derivation::derived::{DerivedValue, ResolvedValue, Unavailable, ValueOrigin};
use crate::domain::derivation::input::{Input, Inputs};
use crate::domain::derivation::over_parts::{self, Mismatch};
use crate::domain::derivation::resolve::{falls, resolve};
use crate::domain::fault::{Code, Fault};
use crate::domain::language::Language;
use crate::domain::message::{Message, message};
use crate::domain::observation::history::Figures;
use crate::domain::observation::observation::{Content, Observation};
use crate::domain::outcome::Outcome;
use crate::domain::reason::Reason;
use crate::domain::time::period::{Period, PeriodYear};
use crate::domain::validation::evaluate::{Outcome as Judgement, RuleEvaluation, evaluate};

/// The stored figures after the batch, grouped by unit, indicator and year, because no figure is derived across years. A renamed unit
/// includes the figures under its old name.
pub(crate) struct ProposedRecord<'c> {
    groups: HashMap<Group, (&'c Indicator, Figures)>,
}

/// Province key, indicator code, and the group of periods that can be derived from one another.
type Group = (String, String, PeriodYear);

/// A broken rule in a period, and the indexes of the changed rows involved.
struct RuleViolation {
    severity: Severity,
    message: Message,
    rows: Vec<usize>,
}

fn group_of(observation: &Observation) -> Group {
    let SeriesKey { province, indicator, .. } = &observation.series;
    (province.clone(), indicator.clone(), observation.period.within())
}

impl<'c> ProposedRecord<'c> {
    /// Takes the stored observations of the years of the rows, and the rows themselves.
    pub(crate) fn new(
        observations: HashMap<(SeriesKey, Period), Observation>,
        revised: &[Revised],
        catalogue: &'c Catalogue,
    ) -> ProposedRecord<'c> {
        let units: BTreeSet<&String> = revised.iter().map(|row| &row.observation.series.province).collect();
        let mut goes_on_as: HashMap<String, Vec<&String>> = HashMap::new();
        for key in units {
            let continued = catalogue.provinces.get(key).map(|unit| catalogue.provinces.continued(unit));
            for before in continued.into_iter().flatten() {
                goes_on_as.entry(before).or_default().push(key);
            }
        }
        let mut groups: HashMap<Group, (&Indicator, Figures)> = HashMap::new();
        for observation in observations.into_values().filter(|observation| observation.content != Content::Withdrawn) {
            let Some(found) = catalogue.current(&observation.series.indicator) else { continue };
            for unit in goes_on_as.get(&observation.series.province).into_iter().flatten() {
                let (_, indicator, year) = group_of(&observation);
                let of_group = groups.entry(((*unit).clone(), indicator, year));
                let (_, figures) = of_group.or_insert_with(|| (found.indicator, Figures::new()));
                figures.entry(observation.series.breakdown.clone()).or_default().push(observation.clone());
            }
        }
        // In one order, so that a batch is always answered alike.
        for of_part in groups.values_mut().flat_map(|(_, figures)| figures.values_mut()) {
            of_part.sort_by_key(|observation| observation.period);
        }
        ProposedRecord { groups }
    }

    /// Rejects parts that do not add up to their total, once per total. If the sender of one of them set `force`, it gives a warning
    /// instead. A total with a rejected row is not judged. Returns the provinces and indicators with such a difference.
    pub(crate) fn check_wholes(
        &self,
        revised: &mut [Revised],
        refused: &HashSet<(SeriesKey, Period)>,
        batch: &mut Checked,
    ) -> HashSet<(String, String)> {
        let mut broken = HashSet::new();
        let places: HashMap<(SeriesKey, Period), usize> =
            revised.iter().enumerate().map(|(n, row)| ((row.observation.series.clone(), row.observation.period), n)).collect();
        let mut seen = HashSet::new();
        for n in 0..revised.len() {
            let Observation { series, period, .. } = revised[n].observation.clone();
            let of_group = self.groups.get(&group_of(&revised[n].observation));
            let Some((indicator, figures)) = of_group.filter(|_| revised[n].outcome != Outcome::Unchanged) else { continue };
            for Mismatch { whole, message } in over_parts::mismatches(indicator, &series.breakdown, period, figures) {
                let of_part = |breakdown: &Breakdown| (SeriesKey { breakdown: breakdown.clone(), ..series.clone() }, period);
                let judged = !members(&whole).any(|part| refused.contains(&of_part(part)));
                if !judged || !seen.insert((of_part(&whole.total), whole.parts.clone())) {
                    continue;
                }
                broken.insert((series.province.clone(), series.indicator.clone()));
                let rows = members(&whole).filter_map(|part| places.get(&of_part(part)).copied());
                let insisting = rows.filter(|place| revised[*place].row.force).min();
                if let Some(insisting) = insisting {
                    revised[insisting].warnings.push(RowWarning { code: Warning::PartsDisagree, message });
                } else {
                    let message = message!(
                        en: "{message}; where the report says so, send `force` with a `reason`",
                        vi: "{message}; nếu báo cáo đúng là như vậy, gửi `force` kèm `reason`"; message
                    );
                    // It is unknown which of them is wrong, so all of them are rejected together.
                    let rows = members(&whole).filter_map(|part| places.get(&of_part(part)).copied());
                    let mut of_whole: Vec<usize> = rows.map(|place| revised[place].row.position).collect();
                    of_whole.sort_unstable();
                    batch.reject(&of_whole, &Fault::new(Code::PartsDisagree, message));
                }
            }
        }
        broken
    }

    /// Checks the rules on the figures of every unit and year with a changed row. The rows involved in a broken rule get a warning or
    /// are rejected, by the severity of the rule. Returns the warnings of rows with `force`, by index; they need no acknowledgement.
    pub(crate) fn check_rules(
        &self,
        rules: &[Rule],
        catalogue: &Catalogue,
        revised: &mut [Revised],
        refused: &HashSet<(SeriesKey, Period)>,
        batch: &mut Checked,
    ) -> Vec<(usize, RowWarning)> {
        let mut changed: BTreeMap<(String, PeriodYear), Vec<usize>> = BTreeMap::new();
        for (n, row) in revised.iter().enumerate().filter(|(_, row)| row.outcome != Outcome::Unchanged) {
            let (unit, _, year) = group_of(&row.observation);
            changed.entry((unit, year)).or_default().push(n);
        }
        let mut insisted_on = Vec::new();
        for ((unit, year), places) in changed {
            let rows: Vec<(usize, &Observation)> = places.iter().map(|n| (*n, &revised[*n].observation)).collect();
            let touches = |rule: &&Rule| rows.iter().any(|(_, row)| rule.figures().any(|(code, _)| code == row.series.indicator));
            let touching = rules.iter().filter(touches);
            let breaches: Vec<RuleViolation> =
                touching.flat_map(|rule| self.breaches(rule, catalogue, &unit, year, &rows, refused)).collect();
            for RuleViolation { severity, message, rows } in breaches {
                let insisting = rows.iter().find(|n| revised[**n].row.force);
                match (severity, insisting) {
                    (Severity::Warning, _) => {
                        for n in rows {
                            revised[n].warnings.push(RowWarning { code: Warning::RuleBroken, message: message.clone() });
                        }
                    }
                    (Severity::Error, Some(n)) => insisted_on.push((*n, RowWarning { code: Warning::RuleBroken, message })),
                    (Severity::Error, None) => {
                        let mut positions: Vec<usize> = rows.iter().map(|n| revised[*n].row.position).collect();
                        positions.sort_unstable();
                        let message = message!(
                            en: "{message}; where the report says so, send `force` with a `reason`",
                            vi: "{message}; nếu báo cáo đúng là như vậy, gửi `force` kèm `reason`"; message
                        );
                        batch.reject(&positions, &Fault::new(Code::RuleBroken, message));
                    }
                }
            }
        }
        insisted_on
    }

    /// The rules broken by the rows of a unit and year, for each reported period of the figures in the rule. A period with a rejected
    /// row is not judged.
    fn breaches(
        &self,
        rule: &Rule,
        catalogue: &Catalogue,
        unit: &str,
        year: PeriodYear,
        rows: &[(usize, &Observation)],
        refused: &HashSet<(SeriesKey, Period)>,
    ) -> Vec<RuleViolation> {
        let breach = |period: Period| {
            let of_term = |series: &SeriesKey, of: Period| {
                let named = |(code, part): (&str, &Breakdown)| code == series.indicator && *part == series.breakdown;
                of == period && series.province == unit && rule.figures().any(named)
            };
            let held = self.evaluate(rule, catalogue, unit, year, period).filter(|held| held.outcome == Judgement::Broken)?;
            if refused.iter().any(|(series, of)| of_term(series, *of)) {
                return None;
            }
            let ids: HashSet<String> = held.observations().collect();
            let concerned = |of: &dyn Fn(&Observation) -> bool| rows.iter().filter(|(_, row)| of(row)).map(|(n, _)| *n).collect();
            let mut found: Vec<usize> = concerned(&|row| ids.contains(&row.id) || of_term(&row.series, row.period));
            if found.is_empty() {
                // A withdrawn part does not appear in any remaining figure.
                let gone =
                    |row: &Observation| row.figure().is_none() && period.start() <= row.period.start() && row.period.end() <= period.end();
                found = concerned(&|row| gone(row) && rule.figures().any(|(code, _)| code == row.series.indicator));
            }
            // The message is stored with the row, and some of its later readers may not see figures that are not open.
            let is_open = |code: &str| catalogue.current(code).is_some_and(|found| found.indicator.access == Access::Open);
            let message = if rule.figures().all(|(code, _)| is_open(code)) {
                let (english, vietnamese) = (held.in_codes(period), held.say(Language::Vietnamese));
                Message::new(
                    format!("{} ({}): {english}", rule.code, rule.name_en),
                    format!("quy tắc {} ({}), kỳ {period}: {vietnamese}", rule.code, rule.name),
                )
            } else {
                message!(
                    en: "a rule between figures that are not open is broken in {period}; ask somebody who may read these figures",
                    vi: "kỳ {period} vi phạm một quy tắc giữa các số liệu không công khai; hãy hỏi người được xem các số liệu này"
                )
            };
            Some(RuleViolation { severity: rule.severity, message, rows: found })
        };
        self.periods_of(rule, unit, year, rows.iter().map(|(_, row)| *row)).into_iter().filter_map(breach).collect()
    }

    /// The periods of a year with reported figures of the rule's indicators, and with figures that a row withdraws.
    fn periods_of<'o>(&self, rule: &Rule, unit: &str, year: PeriodYear, rows: impl Iterator<Item = &'o Observation>) -> BTreeSet<Period> {
        let codes: BTreeSet<&str> = rule.figures().map(|(code, _)| code).collect();
        let figures = codes.iter().filter_map(|code| self.groups.get(&(unit.to_owned(), (*code).to_owned(), year)));
        let on_record = figures.flat_map(|(_, figures)| figures.values().flatten()).map(|observation| observation.period);
        let of_rows =
            rows.filter(|observation| codes.contains(observation.series.indicator.as_str())).map(|observation| observation.period);
        on_record.chain(of_rows).collect()
    }

    fn evaluate<'k>(
        &self,
        rule: &Rule,
        catalogue: &'k Catalogue,
        unit: &str,
        year: PeriodYear,
        period: Period,
    ) -> Option<RuleEvaluation<'k>> {
        evaluate(rule, period, catalogue, |indicator, part| match self.groups.get(&(unit.to_owned(), indicator.code.clone(), year)) {
            Some((_, figures)) => resolve(indicator, part, period, Inputs::stored(figures)),
            None => Err(Unavailable::from_reason(Reason::LowCoverage)),
        })
    }

    /// Adds warnings to rows whose new figures look wrong beside the other stored figures.
    pub(crate) fn warn(&self, revised: &mut [Revised]) {
        let changed: HashMap<String, usize> = revised
            .iter()
            .enumerate()
            .filter(|(_, row)| row.outcome != Outcome::Unchanged)
            .map(|(n, row)| (row.observation.id.clone(), n))
            .collect();
        let mut touched: Vec<Group> = changed.values().map(|n| group_of(&revised[*n].observation)).collect();
        touched.sort();
        touched.dedup();
        for (indicator, figures) in touched.iter().filter_map(|group| self.groups.get(group)) {
            for (about, warning) in falling(indicator, figures).into_iter().chain(disagreements(indicator, figures)) {
                for n in about.iter().filter_map(|id| changed.get(id)) {
                    let warnings = &mut revised[*n].warnings;
                    // One disagreement per row is enough: further ones are the same one from another side.
                    if warning.code != Warning::Disagreement || warnings.iter().all(|known| known.code != Warning::Disagreement) {
                        warnings.push(warning.clone());
                    }
                }
            }
        }
    }
}

fn members(whole: &Whole) -> impl Iterator<Item = &Breakdown> {
    std::iter::once(&whole.total).chain(&whole.parts)
}

/// Years to date that are below earlier ones, each with the ids of both.
fn falling(indicator: &Indicator, figures: &Figures) -> Vec<(Vec<String>, RowWarning)> {
    let quantity = |o: &Observation| o.figure().map(|figure| figure.quantity);
    let warning = |later: &Observation, earlier: &Observation| {
        let (now, before) = (quantity(later), quantity(earlier));
        let message = message!(
            en: "{} {now} is below {} {before}",
            vi: "{} là {now}, nhỏ hơn {before} của {}"; now, before; later.period, earlier.period
        );
        (vec![later.id.clone(), earlier.id.clone()], RowWarning { code: Warning::FallingYearToDate, message })
    };
    let mut found = Vec::new();
    for of_part in in_order(figures) {
        for later in of_part {
            found.extend(
                of_part
                    .iter()
                    .filter(|earlier| falls(indicator, Input::Stored(later), Input::Stored(earlier)))
                    .map(|earlier| warning(later, earlier)),
            );
        }
    }
    found
}

/// Reported figures that other figures contradict, each with the ids of all figures involved. Disagreements of a figure itself come
/// before those of figures derived from it.
fn disagreements(indicator: &Indicator, figures: &Figures) -> Vec<(Vec<String>, RowWarning)> {
    let mut own = Vec::new();
    let mut of_parts = Vec::new();
    for of_part in in_order(figures) {
        for observation in of_part {
            // The same disagreement that a reader of the figure gets.
            let formed = resolve(indicator, &observation.series.breakdown, observation.period, Inputs::stored(figures));
            let Ok(ResolvedValue { origin: ValueOrigin::Reported { disagreement: Some(derived), .. }, .. }) = formed else { continue };
            let warning = RowWarning { code: Warning::Disagreement, message: in_words(observation, &derived) };
            own.push((vec![observation.id.clone()], warning.clone()));
            of_parts.push((derived.parts.iter().map(|part| part.observation.clone()).collect(), warning));
        }
    }
    own.into_iter().chain(of_parts).collect()
}

fn in_words(observation: &Observation, derived: &DerivedValue) -> Message {
    let part = &observation.series.breakdown;
    let part = if part.is_total() { String::new() } else { format!("{part} ") };
    let (reported, formed) = (observation.figure().map(|figure| figure.quantity), derived.figure.quantity);
    message!(
        en: "{part}{} is reported as {reported}, but {derived} is {formed}",
        vi: "{part}{} được báo cáo là {reported}, nhưng {derived} là {formed}"; reported, derived, formed; observation.period
    )
}

/// The observations of each breakdown, in the order of the breakdowns.
fn in_order(figures: &Figures) -> impl Iterator<Item = &Vec<Observation>> {
    let mut parts: Vec<(&Breakdown, &Vec<Observation>)> = figures.iter().collect();
    parts.sort_by_key(|(breakdown, _)| *breakdown);
    parts.into_iter().map(|(_, of_part)| of_part)
}
