//! How often a plain official figure is called odd, and how often a slip is found: each figure is judged by those before it.
//! The annual series are official; the monthly ones are simulated. The table in `docs/outliers.md` is what this prints.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Change, YEARS};
use crate::domain::catalogue::indicator::{Aggregation, Indicator, Measure};
use crate::domain::number::decimal::Decimal;
use crate::domain::testing::indicator;
use crate::domain::time::period::{Calendar, Period};

const BY_PROVINCE: &str = include_str!("../../../../data/demo/by-province.csv");
const NATIONAL: &str = include_str!("../../../../data/demo/national-telecom.json");

/// The start of the sequence of chance.
const SEED: u64 = 20_261_201;

type Series = BTreeMap<Period, Decimal>;

fn period(code: &str) -> Period {
    Period::parse(code, Calendar::Civil).unwrap()
}

/// The official annual series of the demonstration: retail sales and population by province, telecommunications of the country.
fn official() -> Vec<Series> {
    let mut series: BTreeMap<String, Series> = BTreeMap::new();
    for line in BY_PROVINCE.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let value = Decimal::parse_json(cells[4]).expect("a number");
        series.entry(format!("{} {}", cells[0], cells[1])).or_default().insert(period(cells[2]), value);
    }
    let national: serde_json::Value = serde_json::from_str(NATIONAL).unwrap();
    for row in national["observations"].as_array().unwrap() {
        let Some(value) = row.get("value") else { continue };
        let value = Decimal::parse_json(&value.to_string()).expect("a number");
        let name = format!("{} {}", row["indicator"], row["breakdown"]);
        series.entry(name).or_default().insert(period(row["period"].as_str().unwrap()), value);
    }
    series.into_values().collect()
}

/// A number between -1 and 1 with four decimals, by chance (xorshift64*).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> Decimal {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let of_20_001 = i64::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % 20_001;
        Decimal::new(of_20_001 - 10_000, 4)
    }
}

/// Simulated monthly sales of ten years: a trend, a season, more before Tết and less in it, and chance of 6 %.
fn simulated(chance: &mut Chance) -> Series {
    let one = Decimal::ONE;
    let share = |of: Decimal, percent: i64| of.checked_mul(Decimal::new(percent, 2)).unwrap();
    let trend = one + share(chance.next(), 1);
    let season: Vec<Decimal> = (0..12).map(|_| one + share(chance.next(), 20)).collect();
    let mut level = Decimal::from(1000);
    let mut series = Series::new();
    for (n, month) in (2015..2025)
        .flat_map(|year| Period::of_year(Calendar::Civil, year, crate::domain::time::period::Frequency::Monthly, false))
        .enumerate()
    {
        level = level.checked_mul(trend).unwrap().rounded(6).unwrap();
        let tet = Decimal::new(100 - 6 * i64::try_from(crate::domain::time::tet::days_in(month).unwrap()).unwrap(), 2);
        let value = [season[n % 12], tet, one + share(chance.next(), 6)].into_iter().try_fold(level, Decimal::checked_mul);
        series.insert(month, value.unwrap().rounded(1).unwrap());
    }
    series
}

/// What a slip makes of a number.
type Slip = fn(Decimal) -> Option<Decimal>;

/// The slips of typing that are tried, with their names.
const SLIPS: [(&str, Slip); 4] = [
    ("× 10", |value| value.times_power_of_ten(1)),
    ("÷ 10", |value| value.times_power_of_ten(-1)),
    ("× 1,000", |value| value.times_power_of_ten(3)),
    ("first two digits swapped", swapped),
];

/// The number with its first two digits swapped; `None` if they are the same, or there is one only.
fn swapped(value: Decimal) -> Option<Decimal> {
    let mut digits = value.to_string().into_bytes();
    if !digits.get(1)?.is_ascii_digit() || digits[0] == digits[1] {
        return None;
    }
    digits.swap(0, 1);
    Decimal::parse_json(std::str::from_utf8(&digits).ok()?.trim_start_matches('0')).ok()
}

/// Figures that were judged, those called odd, and for each slip how many were tried and found.
#[derive(Default)]
struct Tally {
    judged: usize,
    odd: usize,
    slips: [(usize, usize); SLIPS.len()],
}

impl Tally {
    fn judge(&mut self, indicator: &Indicator, series: &Series) {
        for (period, value) in series {
            let before: Series = series.iter().filter(|(other, _)| other.end() < period.start()).map(|(at, value)| (*at, *value)).collect();
            let Some(odd) = is_odd(indicator, *period, *value, &before) else { continue };
            self.judged += 1;
            self.odd += usize::from(odd);
            for ((tried, found), (_, slip)) in self.slips.iter_mut().zip(SLIPS) {
                let Some(slipped) = slip(*value) else { continue };
                *tried += 1;
                *found += usize::from(is_odd(indicator, *period, slipped, &before) == Some(true));
            }
        }
    }

    fn line(&self, of: &str) -> String {
        let per_mille = |part: usize, all: usize| format!("{}.{} %", part * 100 / all, part * 1000 / all % 10);
        let mut line = format!("| {of} | {} | {} ({})", self.judged, self.odd, per_mille(self.odd, self.judged));
        for (tried, found) in self.slips {
            write!(line, " | {}", per_mille(found, tried)).unwrap();
        }
        line + " |"
    }
}

/// Whether a figure is warned about in any way; `None` where it has no change to be judged by.
fn is_odd(indicator: &Indicator, at: Period, value: Decimal, before: &Series) -> Option<bool> {
    let mut known = before.clone();
    known.insert(at, value);
    let change = Change::of(indicator, at, &known)?;
    let mut earlier = Vec::new();
    let mut period = at;
    for _ in 1..YEARS {
        period = period.same_period_last_year();
        earlier.extend(Change::of(indicator, period, &known));
    }
    Some(change.jump(indicator).is_some() || change.outlier(&earlier).is_some())
}

#[test]
fn official_figures_are_rarely_odd_and_slips_are_found() {
    let limited = |measure| Indicator { yoy_limit: Some(Decimal::from(200)), ..indicator(measure, 1) };
    let (mut annual, mut monthly) = (Tally::default(), Tally::default());
    for series in official() {
        annual.judge(&limited(Measure::Stock), &series);
    }
    let sales = Indicator { time_aggregation: Aggregation::Sum, ..limited(Measure::Flow) };
    let mut chance = Chance(SEED);
    for _ in 0..10 {
        monthly.judge(&sales, &simulated(&mut chance));
    }

    println!("{}\n{}", annual.line("official, annual"), monthly.line("simulated, monthly"));
    // Of February only the sum with January is judged, which hides more of a slip.
    for (of, tally, least) in [("annual", annual, 99), ("monthly", monthly, 98)] {
        assert!(tally.odd * 100 <= tally.judged, "{of}: {} of {} are called odd", tally.odd, tally.judged);
        for ((tried, found), (name, _)) in tally.slips.iter().zip(SLIPS).take(3) {
            assert!(found * 100 >= tried * least, "{of}: {name} is found in {found} of {tried}");
        }
    }
}
