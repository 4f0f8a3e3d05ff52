//! Comparisons with the same period last year, worked by hand: what a statistician expects of each, line by line.
//! Figures that are formed of others, calendars, territories and definitions are in `worked_periods`.

use crate::support::worked::{code, define, figure, numbers, row, statistician, verdict};
use crate::support::{TestApp, on_both};

on_both! {
    figures_rise_fall_and_stand_still,
    halves_are_rounded_away_from_zero_and_only_once,
    nothing_and_less_than_nothing_are_no_base_of_a_percentage,
    large_and_long_numbers_are_exact_or_not_given,
    figures_of_different_standing_are_told_apart,
    a_missing_figure_is_neither_zero_nor_a_declaration_of_nothing,
    a_bound_against_a_number_is_a_bound,
    a_bound_against_a_bound_is_a_bound_or_nothing,
    ranges_are_compared_end_by_end,
    bounds_are_rounded_so_that_they_stay_true,
}

/// Measure with its decimals, figure of 2024-05, figure of 2023-05, then: change, change in percent, index, points; whether they
/// may be compared with the reasons against it; and why.
type Line = (&'static str, &'static str, &'static str, [&'static str; 4], &'static str, &'static str);

async fn figures_rise_fall_and_stand_still(app: TestApp) {
    #[rustfmt::skip]
    work(&app, &[
        ("flow 1",    "1135 E",  "1100 E",  ["35",    "3.2",    "103.2",  ""],      "yes", "an estimate against an estimate"),
        ("flow 1",    "1135",    "1200",    ["-65",   "-5.4",   "94.6",   ""],      "yes", "a fall"),
        ("flow 1",    "230",     "230",     ["0",     "0",      "100",    ""],      "yes", "as it was"),
        ("flow 1",    "1135.0",  "1100.00", ["35",    "3.2",    "103.2",  ""],      "yes", "printed zeros change nothing"),
        ("flow 1",    "0.3",     "0.1",     ["0.2",   "200",    "300",    ""],      "yes", "not 0.19999999999999998"),
        ("flow 2",    "1.1",     "1.0",     ["0.1",   "10",     "110",    ""],      "yes", "not 10.000000000000009"),
        ("flow 0",    "52",      "39",      ["13",    "33.3",   "133.3",  ""],      "yes", "a third more"),
        ("flow 0",    "39",      "52",      ["-13",   "-25",    "75",     ""],      "yes", "a quarter less, not a third"),
        ("flow 0",    "3",       "1",       ["2",     "200",    "300",    ""],      "yes", "three times as many are 200 % more"),
        ("flow 0",    "1",       "3",       ["-2",    "-66.7",  "33.3",   ""],      "yes", "a third of it"),
        ("flow 0",    "2",       "3",       ["-1",    "-33.3",  "66.7",   ""],      "yes", "two thirds of it"),
        ("flow 0",    "0",       "4",       ["-4",    "-100",   "0",      ""],      "yes", "nothing any more is a figure"),
        ("stock 0",   "1596",    "1500",    ["96",    "6.4",    "106.4",  ""],      "yes", "percentages of counts have a decimal"),
        ("stock 0",   "1930360", "1911754", ["18606", "1",      "101",    ""],      "yes", "0.973… and 100.973…"),
        ("stock 0",   "11754",   "12345",   ["-591",  "-4.8",   "95.2",   ""],      "yes", "a state falls too"),
        ("stock 2",   "29.65",   "29.60",   ["0.05",  "0.17",   "100.17", ""],      "yes", "as fine as its indicator"),
        ("rate 2",    "77.15",   "74.75",   ["",      "3.21",   "103.21", "2.4"],   "yes", "2.4 points, which are 3.21 %"),
        ("rate 2",    "34.11",   "40",      ["",      "-14.73", "85.28",  "-5.89"], "yes", "-14.725 and 85.275 exactly"),
        ("rate 1",    "97.4",    "97.4",    ["",      "0",      "100",    "0"],     "yes", "as it was"),
        ("rate 0",    "100",     "95",      ["",      "5.3",    "105.3",  "5"],     "yes", "5.26 %"),
        ("rate 2",    "0",       "34.11",   ["",      "-100",   "0",      "-34.11"], "yes", "to nothing"),
        ("rate 1",    "250.5",   "200",     ["",      "25.3",   "125.3",  "50.5"],  "yes", "a rate that is no share: 25.25 %"),
        ("average 1", "20.5",    "20",      ["0.5",   "2.5",    "102.5",  ""],      "yes", "a level changes by an amount"),
        ("average 1", "7700",    "8000",    ["-300",  "-3.8",   "96.3",   ""],      "yes", "-3.75 and 96.25 exactly"),
    ]).await;
}

async fn halves_are_rounded_away_from_zero_and_only_once(app: TestApp) {
    #[rustfmt::skip]
    work(&app, &[
        ("flow 0",     "413",          "400",          ["13",          "3.3",    "103.3",  ""],       "yes", "3.25; to even it were 3.2"),
        ("flow 0",     "387",          "400",          ["-13",         "-3.3",   "96.8",   ""],       "yes", "-3.25, not 96.8 - 100"),
        ("flow 0",     "415",          "400",          ["15",          "3.8",    "103.8",  ""],       "yes", "3.75"),
        ("flow 1",     "41.3",         "40",           ["1.3",         "3.3",    "103.3",  ""],       "yes", "3.25"),
        ("flow 1",     "38.7",         "40",           ["-1.3",        "-3.3",   "96.8",   ""],       "yes", "-3.25, upwards it were -3.2"),
        ("flow 1 ±",   "-413",         "400",          ["-813",        "-203.3", "-103.3", ""],       "yes", "-103.25 as far as 103.25"),
        ("stock 0",    "2001",         "2000",         ["1",           "0.1",    "100.1",  ""],       "yes", "0.05"),
        ("stock 0",    "1999",         "2000",         ["-1",          "-0.1",   "100",    ""],       "yes", "-0.05 and 99.95: a fall"),
        ("flow 2",     "200.01",       "200",          ["0.01",        "0.01",   "100.01", ""],       "yes", "0.005"),
        ("flow 2",     "199.99",       "200",          ["-0.01",       "-0.01",  "100",    ""],       "yes", "-0.005 and 99.995"),
        ("rate 0",     "77.15",        "74.9",         ["",            "3",      "103",    "2.3"],    "yes", "2.25 points; 3.004 %"),
        ("rate 0",     "74.9",         "77.15",        ["",            "-2.9",   "97.1",   "-2.3"],   "yes", "-2.25 points; -2.916 %"),
        ("rate 2",     "40.005",       "40",           ["",            "0.01",   "100.01", "0.01"],   "yes", "0.005 points; 0.0125 %"),
        ("rate 2",     "39.995",       "40",           ["",            "-0.01",  "99.99",  "-0.01"],  "yes", "-0.005 points; 99.9875"),
        ("rate 6",     "50.0000005",   "50",           ["",     "0.000001", "100.000001", "0.000001"], "yes", "0.0000005 points"),
        ("rate 6",     "49.9999995",   "50",           ["",   "-0.000001", "99.999999", "-0.000001"], "yes", "the other way"),
        ("average 6",  "200.000001",   "200",          ["0.000001",  "0.000001", "100.000001", ""],   "yes", "0.0000005 %"),
        ("average 6",  "199.999999",   "200",          ["-0.000001", "-0.000001", "100",  ""],        "yes", "99.9999995"),
        ("flow 1",     "103249999999", "100000000000", ["3249999999",  "3.2",    "103.2",  ""],       "yes", "not by way of 3.25"),
        ("flow 1",     "103250000001", "100000000000", ["3250000001",  "3.3",    "103.3",  ""],       "yes", "just above"),
        ("flow 1",     "96750000001",  "100000000000", ["-3249999999", "-3.2",   "96.8",   ""],       "yes", "just above -3.25"),
        ("flow 1",     "96749999999",  "100000000000", ["-3250000001", "-3.3",   "96.7",   ""],       "yes", "just below"),
    ]).await;
}

async fn nothing_and_less_than_nothing_are_no_base_of_a_percentage(app: TestApp) {
    #[rustfmt::skip]
    work(&app, &[
        ("flow 0",    "4",    "0",    ["4",   "", "", ""],         "limited base_zero",                 "4 more, of nothing"),
        ("flow 0",    "0",    "0",    ["0",   "", "", ""],         "limited base_zero",                 "not 100, not 0 %"),
        ("flow 1",    "0.0",  "0.00", ["0",   "", "", ""],         "limited base_zero",                 "however it is printed"),
        ("flow 0",    "4 E",  "0",    ["4",   "", "", ""],         "limited base_zero status_mismatch", "two reasons"),
        ("stock 0",   "12",   "0",    ["12",  "", "", ""],         "limited base_zero",                 "a state"),
        ("rate 2",    "12.5", "0",    ["",    "", "", "12.5"],     "limited base_zero",                 "points there are"),
        ("rate 2",    "0",    "0",    ["",    "", "", "0"],        "limited base_zero",                 "no points, and no percentage"),
        ("average 1", "20",   "0",    ["20",  "", "", ""],         "limited base_zero",                 "a level"),
        ("flow 1 ±",  "5",    "-10",  ["15",  "", "", ""],         "limited base_negative",             "a rise, not -150 %"),
        ("flow 1 ±",  "-5",   "-10",  ["5",   "", "", ""],         "limited base_negative",             "a rise, not -50 %"),
        ("flow 1 ±",  "-15",  "-10",  ["-5",  "", "", ""],         "limited base_negative",             "a fall, not +50 %"),
        ("flow 1 ±",  "0",    "-10",  ["10",  "", "", ""],         "limited base_negative",             "nothing is more than less"),
        ("flow 1 ±",  "-10",  "0",    ["-10", "", "", ""],         "limited base_zero",                 "below nothing"),
        ("flow 1 ±",  "-5",   "4",    ["-9",  "-225", "-125", ""], "yes",                               "from a gain to a loss"),
        ("rate 1 ±",  "-0.5", "-1.2", ["",    "", "", "0.7"],      "limited base_negative",             "shrinking less"),
        ("rate 1 ±",  "0.3",  "-0.4", ["",    "", "", "0.7"],      "limited base_negative",             "growing again"),
    ]).await;
}

async fn large_and_long_numbers_are_exact_or_not_given(app: TestApp) {
    #[rustfmt::skip]
    work(&app, &[
        ("flow 1", "999999999999999999", "999999999999999998", ["1", "0", "100", ""], "yes", "no float knows this difference"),
        ("flow 1", "999999999999999998", "999999999999999999", ["-1", "0", "100", ""], "yes", "too small to show: 0, not -0"),
        ("flow 0", "1", "999999999999999999", ["-999999999999999998", "-100", "0", ""], "yes", "next to nothing"),
        ("flow 1", "9999999999999999", "1", ["9999999999999998", "999999999999999800", "999999999999999900", ""], "yes", "18 digits"),
        ("flow 1", "999999999999999999", "1", ["999999999999999998", "", "", ""], "limited out_of_range", "twenty digits"),
        ("flow 6", "999999999999", "0.000001", ["999999999998.999999", "", "", ""], "limited out_of_range", "the same with decimals"),
        ("flow 1", "999999999999999999", "0.000000000000000001", ["", "", "", ""], "no out_of_range", "a difference of 36 digits"),
        ("stock 0", "1000000000", "3", ["999999997", "33333333233.3", "33333333333.3", ""], "yes", "a thousand million of three"),
        ("flow 6", "0.000003", "0.000002", ["0.000001", "50", "150", ""], "yes", "millionths"),
        ("flow 6", "123456789012.345678", "123456789012.345677", ["0.000001", "0", "100", ""], "yes", "the last digits"),
        ("flow 2", "0.000000000000000003", "0.000000000000000002", ["0.000000000000000001", "50", "150", ""], "yes", "eighteen decimals"),
        ("rate 6", "33.333333", "66.666667", ["", "-50.000001", "49.999999", "-33.333334"], "yes", "49.99999925"),
        ("average 6", "3.14159265358979", "2.71828182845905", ["0.42331082513074", "15.572735", "115.572735", ""], "yes", "long"),
    ]).await;
}

async fn figures_of_different_standing_are_told_apart(app: TestApp) {
    const MISMATCH: &str = "limited status_mismatch";
    #[rustfmt::skip]
    work(&app, &[
        ("flow 1",    "1135",    "1100",    ["35",    "3.2", "103.2", ""],    "yes",    "both official"),
        ("flow 1",    "1135 P",  "1100 P",  ["35",    "3.2", "103.2", ""],    "yes",    "both preliminary"),
        ("stock 0",   "1596 E",  "1500 E",  ["96",    "6.4", "106.4", ""],    "yes",    "both estimates"),
        ("flow 1",    "1135 E",  "1100",    ["35",    "3.2", "103.2", ""],    MISMATCH, "the report of June, and the yearbook"),
        ("flow 1",    "1135",    "1100 E",  ["35",    "3.2", "103.2", ""],    MISMATCH, "last year's was never confirmed"),
        ("flow 1",    "1135 P",  "1100",    ["35",    "3.2", "103.2", ""],    MISMATCH, "not yet confirmed"),
        ("stock 0",   "1596",    "1500 P",  ["96",    "6.4", "106.4", ""],    MISMATCH, "the other way round"),
        ("rate 2",    "77.15 E", "74.75 P", ["", "3.21", "103.21", "2.4"],    MISMATCH, "neither is final, and they are not alike"),
        ("average 1", "20.5 P",  "20 E",    ["0.5",   "2.5", "102.5", ""],    MISMATCH, "the other way round"),
    ]).await;
}

async fn a_missing_figure_is_neither_zero_nor_a_declaration_of_nothing(app: TestApp) {
    const NONE: [&str; 4] = [""; 4];
    #[rustfmt::skip]
    work(&app, &[
        ("flow 1",    "1135",  "",      NONE, "no base_missing",                  "nothing on record is not 0"),
        ("flow 1",    "",      "1100",  NONE, "no current_missing",               "the report is late"),
        ("flow 1",    "",      "",      NONE, "no base_missing current_missing",  "asked for by name it has a line"),
        ("stock 0",   "",      "1500",  NONE, "no current_missing",               "a state of last year is none of this"),
        ("rate 2",    "77.15", "",      NONE, "no base_missing",                  "no points against nothing"),
        ("average 1", "",      "20",    NONE, "no current_missing",               "a level"),
        ("flow 1",    ">29.6", "",      NONE, "no base_missing",                  "a bound against nothing bounds nothing"),
        ("flow 0",    "nil",   "5",     NONE, "no current_missing nil_declared",  "nothing to report is not 0"),
        ("flow 0",    "5",     "nil",   NONE, "no base_missing nil_declared",     "nor was it last year"),
        ("flow 0",    "nil",   "",      NONE, "no base_missing current_missing nil_declared", "and nothing on record"),
        ("flow 0",    "0",     "nil",   NONE, "no base_missing nil_declared",     "zero is a figure, against none"),
        ("stock 0",   ">30 P", "nil",   NONE, "no base_missing nil_declared",     "a bound against none"),
    ]).await;
}

/// What every comparison of a bound has against it.
const INEXACT: &str = "limited qualifier_inexact";
/// What one that leaves nothing certain has.
const NOTHING: &str = "no qualifier_inexact";

async fn a_bound_against_a_number_is_a_bound(app: TestApp) {
    #[rustfmt::skip]
    work(&app, &[
        ("flow 1",    ">29.6",  "25",    [">4.6", ">18.4",   ">118.4",  ""],   INEXACT, "trên"),
        ("flow 1",    ">=30",   "25",    [">=5",  ">=20",    ">=120",   ""],   INEXACT, "ít nhất"),
        ("flow 1",    "<30",    "25",    ["<5",   "<20",     "<120",    ""],   INEXACT, "gần"),
        ("flow 1",    "<=30",   "25",    ["<=5",  "<=20",    "<=120",   ""],   INEXACT, "nhiều nhất"),
        ("flow 1",    "~30",    "25",    ["~5",   "~20",     "~120",    ""],   INEXACT, "khoảng"),
        ("flow 1",    "~>30",   "25",    ["~>5",  "~>20",    "~>120",   ""],   INEXACT, "khoảng trên"),
        ("flow 1",    "~<30",   "25",    ["~<5",  "~<20",    "~<120",   ""],   INEXACT, "khoảng dưới"),
        ("flow 1",    "30",     ">25",   ["<5",   "<20",     "<120",    ""],   INEXACT, "more than 25 leaves less than 5"),
        ("flow 1",    "30",     ">=25",  ["<=5",  "<=20",    "<=120",   ""],   INEXACT, "at least 25"),
        ("flow 1",    "30",     "<25",   [">5",   ">20",     ">120",    ""],   INEXACT, "less than 25"),
        ("flow 1",    "30",     "<=25",  [">=5",  ">=20",    ">=120",   ""],   INEXACT, "at most 25"),
        ("flow 1",    "30",     "~25",   ["~5",   "~20",     "~120",    ""],   INEXACT, "about 25"),
        ("flow 1",    "30",     "~>25",  ["~<5",  "~<20",    "~<120",   ""],   INEXACT, "about over 25"),
        ("flow 1",    "30",     "~<25",  ["~>5",  "~>20",    "~>120",   ""],   INEXACT, "about under 25"),
        ("flow 1",    "20",     ">25",   ["<-5",  "<-20",    "<80",     ""],   INEXACT, "certainly a fall"),
        ("stock 0",   ">30 E",  "25",    [">5",   ">20",     ">120",    ""],   "limited qualifier_inexact status_mismatch", "an estimate"),
        ("rate 2",    ">77",    "74.75", ["",     ">3.01",   ">103.01", ">2.25"], INEXACT, "more than so many points"),
        ("average 1", "<=19",   "20",    ["<=-1", "<=-5",    "<=95",    ""],   INEXACT, "a level"),
        ("flow 1",    ">5",     "0",     [">5",   "",        "",        ""],   "limited base_zero qualifier_inexact", "of nothing"),
        ("flow 1",    "5",      ">0",    ["<5",   "",        "",        ""],   INEXACT, "of as little as one likes: any percentage"),
        ("flow 1",    "~5",     "~0",    ["~5",   "",        "",        ""],   INEXACT, "of about nothing"),
        ("flow 1 ±",  "30",     "<25",   [">5",   "",        "",        ""],   INEXACT, "the base may be below zero"),
    ]).await;
}

async fn a_bound_against_a_bound_is_a_bound_or_nothing(app: TestApp) {
    #[rustfmt::skip]
    work(&app, &[
        ("flow 1",    ">30",  "<25",  [">5",  ">20",  ">120",  ""],     INEXACT, "they pull the same way"),
        ("flow 1",    ">=30", "<=25", [">=5", ">=20", ">=120", ""],     INEXACT, "both may be just so"),
        ("flow 1",    ">=30", "<25",  [">5",  ">20",  ">120",  ""],     INEXACT, "one may not"),
        ("flow 1",    "<30",  ">25",  ["<5",  "<20",  "<120",  ""],     INEXACT, "the other way round"),
        ("flow 1",    "<=30", ">=25", ["<=5", "<=20", "<=120", ""],     INEXACT, "both may be just so"),
        ("flow 1",    "~30",  "~25",  ["~5",  "~20",  "~120",  ""],     INEXACT, "about and about"),
        ("flow 1",    "~>30", "~25",  ["~>5", "~>20", "~>120", ""],     INEXACT, "about over and about"),
        ("flow 1",    "~30",  ">25",  ["~<5", "~<20", "~<120", ""],     INEXACT, "about less"),
        ("flow 1",    "~30",  "<25",  ["~>5", "~>20", "~>120", ""],     INEXACT, "about more"),
        ("rate 1",    ">80",  "<75",  ["", ">6.6", ">106.6", ">5"],     INEXACT, "80 of 75 is 106.67, and it is more"),
        ("flow 1",    ">30",  ">25",  ["", "", "", ""],                 NOTHING, "31 and 500 fit"),
        ("flow 1",    ">=30", ">=30", ["", "", "", ""],                 NOTHING, "the same words are not the same numbers"),
        ("flow 1",    "~>30", ">25",  ["", "", "", ""],                 NOTHING, "nor about"),
        ("stock 0",   ">30 E", ">25", ["", "", "", ""], "no qualifier_inexact status_mismatch", "two reasons"),
        ("rate 2",    ">77",  ">70",  ["", "", "", ""],                 NOTHING, "no points either"),
    ]).await;
}

async fn ranges_are_compared_end_by_end(app: TestApp) {
    #[rustfmt::skip]
    work(&app, &[
        ("flow 1",    "20-23",    "20",    ["0..3",  "0..15",     "100..115",    ""],  INEXACT, "none to three more"),
        ("flow 1",    "20",       "20-23", ["-3..0", "-13.1..0",  "86.9..100",   ""],  INEXACT, "20 of 23 is 86.96"),
        ("flow 1",    "20-23",    "20-21", ["-1..3", "-4.8..15",  "95.2..115",   ""],  INEXACT, "20 of 21 is 95.24, 23 of 20 is 115"),
        ("average 1", "20-23",    "20-23", ["-3..3", "-13.1..15", "86.9..115",   ""],  INEXACT, "the same words: nothing says unchanged"),
        ("average 1", "20-23",    "19",    ["1..4",  "5.2..21.1", "105.2..121.1", ""], INEXACT, "105.26 and 121.05"),
        ("flow 1",    "20-23",    ">25",   ["<-2",   "<-8",       "<92",         ""],  INEXACT, "23 of more than 25"),
        ("flow 1",    "20-23",    "<25",   [">-5",   ">-20",      ">80",         ""],  INEXACT, "20 of less than 25"),
        ("flow 1",    "20-23",    ">=20",  ["<=3",   "<=15",      "<=115",       ""],  INEXACT, "23 of 20 or more"),
        ("flow 1",    ">30",      "20-23", [">7",    ">30.4",     ">130.4",      ""],  INEXACT, "more than 30 of 23"),
        ("flow 1",    "<=30",     "20-23", ["<=10",  "<=50",      "<=150",       ""],  INEXACT, "30 of 20"),
        ("flow 1",    "5",        "0-2",   ["3..5",  ">=150",     ">=250",       ""],  INEXACT, "of 2, or of next to nothing"),
        ("flow 1",    "0",        "0-1",   ["-1..0", "",          "",            ""],  INEXACT, "nothing of nothing is no percentage"),
        ("flow 1",    "0-5",      "0-5",   ["-5..5", "",          "",            ""],  INEXACT, "a base that may be nothing"),
        ("flow 1",    "20-23",    "0",     ["20..23", "",         "",            ""],  "limited base_zero qualifier_inexact", "of nothing"),
        ("flow 1",    "~30",      "20-23", ["",      "",          "",            ""],  NOTHING, "a range that is only about right"),
        ("rate 2",    "70-77.15", "74.75", ["", "-6.36..3.22", "93.64..103.22", "-4.75..2.4"], INEXACT, "93.645 and 103.211"),
    ]).await;
}

async fn bounds_are_rounded_so_that_they_stay_true(app: TestApp) {
    #[rustfmt::skip]
    work(&app, &[
        ("flow 1", ">1",      "3",    [">-2",    ">-66.7",  ">33.3",   ""],      INEXACT, "33.33: more than 33.4 were too much said"),
        ("flow 1", "<1",      "3",    ["<-2",    "<-66.6",  "<33.4",   ""],      INEXACT, "33.33: less than 33.3 were too much said"),
        ("flow 1", "1",       ">3",   ["<-2",    "<-66.6",  "<33.4",   ""],      INEXACT, "the same from the base"),
        ("flow 1", "1",       "<3",   [">-2",    ">-66.7",  ">33.3",   ""],      INEXACT, "the same from the base"),
        ("flow 1", "<2",      "3",    ["<-1",    "<-33.3",  "<66.7",   ""],      INEXACT, "66.67"),
        ("flow 1", ">2",      "3",    [">-1",    ">-33.4",  ">66.6",   ""],      INEXACT, "66.67"),
        ("flow 1", ">=413",   "400",  [">=13",   ">=3.2",   ">=103.2", ""],      INEXACT, "103.25: a lower end goes down"),
        ("flow 1", "<=413",   "400",  ["<=13",   "<=3.3",   "<=103.3", ""],      INEXACT, "103.25: an upper end goes up"),
        ("flow 1", "~413",    "400",  ["~13",    "~3.3",    "~103.3",  ""],      INEXACT, "103.25: about, as a number goes"),
        ("flow 1", ">=387",   "400",  [">=-13",  ">=-3.3",  ">=96.7",  ""],      INEXACT, "96.75"),
        ("flow 1", "<=387",   "400",  ["<=-13",  "<=-3.2",  "<=96.8",  ""],      INEXACT, "96.75"),
        ("rate 0", "~77.15",  "74.9", ["",       "~3",      "~103",    "~2.3"],  INEXACT, "2.25 points"),
        ("rate 0", ">=77.15", "74.9", ["",       ">=3",     ">=103",   ">=2.2"], INEXACT, "2.25 points: a lower end goes down"),
        ("rate 0", "<=77.15", "74.9", ["",       "<=3.1",   "<=103.1", "<=2.3"], INEXACT, "103.004: an upper end goes up"),
    ]).await;
}

/// Defines an indicator for each line, submits the figures of both years and compares all of them in one call.
async fn work(app: &TestApp, lines: &[Line]) {
    let user = statistician(app).await;
    let mut rows = Vec::new();
    for (n, (measure, current, last_year, ..)) in lines.iter().enumerate() {
        define(&user, &code(n), measure).await;
        let said = [(current, "2024-05"), (last_year, "2023-05")].into_iter().filter(|(figure, _)| !figure.is_empty());
        rows.extend(said.map(|(figure, period)| row(&code(n), figure, period)));
    }
    user.submit(&serde_json::json!({"province": "bac-giang-1997", "observations": rows})).await;

    let codes: Vec<String> = (0..lines.len()).map(code).collect();
    let path = format!("/v1/comparisons?province=bac-giang-1997&period=2024-05&indicator={}", codes.join(","));
    let table = app.anyone().get(&path).await.expect(200);

    let items = table["items"].as_array().unwrap();
    assert_eq!(items.len(), lines.len());
    let mut wrong = Vec::new();
    for ((item, (measure, current, last_year, expected, judged, why)), code) in items.iter().zip(lines).zip(codes) {
        assert_eq!(item["indicator"]["code"], code.as_str(), "in the order they were asked for");
        let against = &item["same_period_last_year"];
        let shown =
            |figure: &str| if figure == "nil" { String::new() } else { figure.replacen('-', "..", usize::from(!figure.starts_with('-'))) };
        assert_eq!([figure(&item["current"]), figure(&against["baseline"])], [shown(current), shown(last_year)], "{why}");
        let (found, verdict) = (numbers(against), verdict(against));
        if found != *expected || verdict != *judged {
            wrong.push(format!("{measure}: {current} against {last_year} ({why}): {expected:?} {judged}, not {found:?} {verdict}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
