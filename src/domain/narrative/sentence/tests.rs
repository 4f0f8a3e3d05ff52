//! Sentences, row by row: stored figures, and the sentence of a report in each language.
//! Row format: `indicator[breakdown] period: figure status @day; same period last year; target@period`, `-` for none.

use crate::domain::reason::Reason;
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::catalogue::indicator::Direction;
use crate::domain::number::decimal::NumberLocale;
use crate::domain::number::notation::{Medium, Notation};
use crate::domain::target::attainment::ApplicableTarget;
use crate::domain::target::path::TargetContext;
use crate::domain::testing::{figure, indicator, target};
use crate::domain::time::period_code::PeriodCode;

type Row = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const STATUSES: &[Row] = &[
    ("revenue 2024-05: 230",    "Doanh thu tháng 5/2024 đạt 230 tỷ đồng.",         "Revenue in May 2024 was 230 billion VND."),
    ("revenue 2024-05: 230 E",  "Doanh thu tháng 5/2024 ước đạt 230 tỷ đồng.",     "Revenue in May 2024 was an estimated 230 billion VND."),
    ("revenue 2024-05: 230 P",  "Doanh thu tháng 5/2024 sơ bộ đạt 230 tỷ đồng.",
        "Revenue in May 2024 was a preliminary 230 billion VND."),
    ("phones 2024-05: 1596",    "Số thuê bao đến hết tháng 5/2024 đạt 1.596 thuê bao.",
                                "Phone subscribers at the end of May 2024 was 1,596 subscribers."),
    ("phones 2024-05: 1596 E",  "Số thuê bao đến hết tháng 5/2024 ước đạt 1.596 thuê bao.",
                                "Phone subscribers at the end of May 2024 was an estimated 1,596 subscribers."),
    ("phones 2024-05: 1596 P",  "Số thuê bao đến hết tháng 5/2024 sơ bộ đạt 1.596 thuê bao.",
                                "Phone subscribers at the end of May 2024 was a preliminary 1,596 subscribers."),
    ("filing 2024-05: 77.150",  "Tỷ lệ trực tuyến tháng 5/2024 đạt 77,150%.",      "Online rate in May 2024 was 77.150%."),
    ("filing 2024-05: 77.15 E", "Tỷ lệ trực tuyến tháng 5/2024 ước đạt 77,15%.",   "Online rate in May 2024 was an estimated 77.15%."),
    ("filing 2024-05: 77.15 P", "Tỷ lệ trực tuyến tháng 5/2024 sơ bộ đạt 77,15%.", "Online rate in May 2024 was a preliminary 77.15%."),
    ("radio 2024-05: 20.5",     "Số chương trình tháng 5/2024 là 20,5 chương trình/tháng.",
                                "Programmes in May 2024 was 20.5 programmes a month."),
    ("radio 2024-05: 20.5 E",   "Số chương trình tháng 5/2024 ước đạt 20,5 chương trình/tháng.",
                                "Programmes in May 2024 was an estimated 20.5 programmes a month."),
    ("radio 2024-05: 20.5 P",   "Số chương trình tháng 5/2024 sơ bộ đạt 20,5 chương trình/tháng.",
                                "Programmes in May 2024 was a preliminary 20.5 programmes a month."),
    ("incidents 2024-05: 0",    "Số sự cố tháng 5/2024 đạt 0 sự cố.",              "Incidents in May 2024 was 0 incidents."),
    ("incidents 2024-05: 1",    "Số sự cố tháng 5/2024 đạt 1 sự cố.",              "Incidents in May 2024 was 1 incident."),
    ("radio 2024-05: 1",        "Số chương trình tháng 5/2024 là 1 chương trình/tháng.",
                                "Programmes in May 2024 was 1 programme a month."),
    ("radio 2024-05: 1.0",      "Số chương trình tháng 5/2024 là 1,0 chương trình/tháng.",
                                "Programmes in May 2024 was 1.0 programmes a month."),
    ("phones[line_type:fixed] 2024-05: 11754 E", "Số thuê bao (fixed) đến hết tháng 5/2024 ước đạt 11.754 thuê bao.",
                                "Phone subscribers (fixed) at the end of May 2024 was an estimated 11,754 subscribers."),
    ("dossiers[topic:health,channel:online] 2024-05: 5", "Số hồ sơ (online, health) tháng 5/2024 đạt 5 hồ sơ.",
                                "Dossiers (online, health) in May 2024 was 5 dossiers."),
    ("dossiers 2024-05: nil",   "Số hồ sơ tháng 5/2024: không phát sinh.",         "Dossiers in May 2024: nothing to report."),
    ("phones 2024-H1: nil; 5; >=9@2024", "Số thuê bao đến hết 6 tháng đầu năm 2024: không phát sinh.",
                                "Phone subscribers at the end of the first six months of 2024: nothing to report."),
];

#[rustfmt::skip]
const BOUNDS: &[Row] = &[
    ("revenue 2024: >29.6",     "Doanh thu năm 2024 đạt trên 29,6 tỷ đồng.",           "Revenue in 2024 was over 29.6 billion VND."),
    ("revenue 2024: >29.6 E",   "Doanh thu năm 2024 ước đạt trên 29,6 tỷ đồng.",
        "Revenue in 2024 was estimated to be over 29.6 billion VND."),
    ("revenue 2024: >29.6 P",   "Doanh thu năm 2024 sơ bộ đạt trên 29,6 tỷ đồng.",
        "Revenue in 2024 was preliminarily over 29.6 billion VND."),
    ("revenue 2024: >=30",      "Doanh thu năm 2024 đạt ít nhất 30 tỷ đồng.",          "Revenue in 2024 was at least 30 billion VND."),
    ("revenue 2024: <30 E",     "Doanh thu năm 2024 ước đạt gần 30 tỷ đồng.",
        "Revenue in 2024 was estimated to be nearly 30 billion VND."),
    ("revenue 2024: <=30 P",    "Doanh thu năm 2024 sơ bộ đạt không quá 30 tỷ đồng.",
        "Revenue in 2024 was preliminarily at most 30 billion VND."),
    ("revenue 2024: ~30 E",     "Doanh thu năm 2024 ước đạt khoảng 30 tỷ đồng.",
        "Revenue in 2024 was estimated to be about 30 billion VND."),
    ("revenue 2024: ~>30",      "Doanh thu năm 2024 đạt khoảng trên 30 tỷ đồng.",      "Revenue in 2024 was about over 30 billion VND."),
    ("revenue 2024: ~<30",      "Doanh thu năm 2024 đạt khoảng dưới 30 tỷ đồng.",      "Revenue in 2024 was about under 30 billion VND."),
    ("revenue 2024: 20-23",     "Doanh thu năm 2024 đạt 20–23 tỷ đồng.",               "Revenue in 2024 was 20–23 billion VND."),
    ("revenue 2024: 1200-1300 E", "Doanh thu năm 2024 ước đạt 1.200–1.300 tỷ đồng.",
        "Revenue in 2024 was an estimated 1,200–1,300 billion VND."),
    ("phones 2024: >=1600 E",   "Số thuê bao đến hết năm 2024 ước đạt ít nhất 1.600 thuê bao.",
                                "Phone subscribers at the end of 2024 was estimated to be at least 1,600 subscribers."),
    ("phones 2024: ~1600 P",    "Số thuê bao đến hết năm 2024 sơ bộ đạt khoảng 1.600 thuê bao.",
                                "Phone subscribers at the end of 2024 was preliminarily about 1,600 subscribers."),
    ("phones 2024: 0-1",        "Số thuê bao đến hết năm 2024 đạt 0–1 thuê bao.",
        "Phone subscribers at the end of 2024 was 0–1 subscribers."),
    ("filing 2024: <80",        "Tỷ lệ trực tuyến năm 2024 đạt gần 80%.",              "Online rate in 2024 was nearly 80%."),
    ("filing 2024: ~>99.5 E",   "Tỷ lệ trực tuyến năm 2024 ước đạt khoảng trên 99,5%.",
        "Online rate in 2024 was estimated to be about over 99.5%."),
    ("filing 2024: 75.5-80 P",  "Tỷ lệ trực tuyến năm 2024 sơ bộ đạt 75,5–80%.",       "Online rate in 2024 was a preliminary 75.5–80%."),
    ("radio 2024: 20-23",       "Số chương trình năm 2024 là 20–23 chương trình/tháng.",
        "Programmes in 2024 was 20–23 programmes a month."),
    ("radio 2024: ~20",         "Số chương trình năm 2024 là khoảng 20 chương trình/tháng.",
        "Programmes in 2024 was about 20 programmes a month."),
    ("radio 2024: <=20 E",      "Số chương trình năm 2024 ước đạt không quá 20 chương trình/tháng.",
                                "Programmes in 2024 was estimated to be at most 20 programmes a month."),
    ("radio 2024: ~<20 P",      "Số chương trình năm 2024 sơ bộ đạt khoảng dưới 20 chương trình/tháng.",
                                "Programmes in 2024 was preliminarily about under 20 programmes a month."),
    // A bound has no exact comparison with last year or with a target.
    ("revenue 2024: >30; 25; >=60@2024", "Doanh thu năm 2024 đạt trên 30 tỷ đồng.",    "Revenue in 2024 was over 30 billion VND."),
    ("revenue 2024: 30; ~25",   "Doanh thu năm 2024 đạt 30 tỷ đồng.",                  "Revenue in 2024 was 30 billion VND."),
];

#[rustfmt::skip]
const LAST_YEAR: &[Row] = &[
    ("revenue 2024-Q2: 1200; 1135",  "Doanh thu quý II năm 2024 đạt 1.200 tỷ đồng, bằng 105,7% so với cùng kỳ năm 2023.",
        "Revenue in the second quarter of 2024 was 1,200 billion VND, 105.7% of the same period of 2023."),
    ("revenue 2024-05: 1135 E; 1200", "Doanh thu tháng 5/2024 ước đạt 1.135 tỷ đồng, bằng 94,6% so với cùng kỳ năm 2023.",
        "Revenue in May 2024 was an estimated 1,135 billion VND, 94.6% of the same period of 2023."),
    ("revenue 2024-05: 38.0; 38",    "Doanh thu tháng 5/2024 đạt 38,0 tỷ đồng, bằng cùng kỳ năm 2023.",
        "Revenue in May 2024 was 38.0 billion VND, the same as in the same period of 2023."),
    ("revenue 2024: 2500 P; 2400",   "Doanh thu năm 2024 sơ bộ đạt 2.500 tỷ đồng, bằng 104,2% so với năm 2023.",
        "Revenue in 2024 was a preliminary 2,500 billion VND, 104.2% of 2023."),
    ("revenue 2024: 2400; 2400",     "Doanh thu năm 2024 đạt 2.400 tỷ đồng, bằng năm 2023.",
        "Revenue in 2024 was 2,400 billion VND, the same as in 2023."),
    ("revenue 2024-05: 5; -10",      "Doanh thu tháng 5/2024 đạt 5 tỷ đồng, tăng 15 tỷ đồng so với cùng kỳ năm 2023.",
        "Revenue in May 2024 was 5 billion VND, up 15 billion VND on the same period of 2023."),
    ("revenue 2024-05: -15.5; -10",  "Doanh thu tháng 5/2024 đạt -15,5 tỷ đồng, giảm 5,5 tỷ đồng so với cùng kỳ năm 2023.",
        "Revenue in May 2024 was -15.5 billion VND, down 5.5 billion VND on the same period of 2023."),
    ("revenue 2024-05: -5; 10",      "Doanh thu tháng 5/2024 đạt -5 tỷ đồng, giảm 15 tỷ đồng so với cùng kỳ năm 2023.",
        "Revenue in May 2024 was -5 billion VND, down 15 billion VND on the same period of 2023."),
    ("dossiers 2024-05: 4; 0",       "Số hồ sơ tháng 5/2024 đạt 4 hồ sơ, tăng 4 hồ sơ so với cùng kỳ năm 2023.",
        "Dossiers in May 2024 was 4 dossiers, up 4 dossiers on the same period of 2023."),
    ("dossiers 2024: 1; 0",          "Số hồ sơ năm 2024 đạt 1 hồ sơ, tăng 1 hồ sơ so với năm 2023.",
        "Dossiers in 2024 was 1 dossier, up 1 dossier on 2023."),
    ("dossiers 2024-05: 0; 4",       "Số hồ sơ tháng 5/2024 đạt 0 hồ sơ, bằng 0% so với cùng kỳ năm 2023.",
        "Dossiers in May 2024 was 0 dossiers, 0% of the same period of 2023."),
    ("dossiers 2024-05: 0; 0",       "Số hồ sơ tháng 5/2024 đạt 0 hồ sơ, bằng cùng kỳ năm 2023.",
        "Dossiers in May 2024 was 0 dossiers, the same as in the same period of 2023."),
    ("dossiers 2024-05: 1000001; 1000000", "Số hồ sơ tháng 5/2024 đạt 1.000.001 hồ sơ, bằng 100% so với cùng kỳ năm 2023.",
        "Dossiers in May 2024 was 1,000,001 dossiers, 100% of the same period of 2023."),
    ("incidents 2024-05: 6; 4",      "Số sự cố tháng 5/2024 đạt 6 sự cố, bằng 150% so với cùng kỳ năm 2023.",
        "Incidents in May 2024 was 6 incidents, 150% of the same period of 2023."),
    ("phones 2024-05: 1930360 E @2024-05-31; 1900000 P",
        "Số thuê bao tính đến 31/5/2024 ước đạt 1.930.360 thuê bao, bằng 101,6% so với cùng kỳ năm 2023.",
        "Phone subscribers as of 31 May 2024 was an estimated 1,930,360 subscribers, 101.6% of the same period of 2023."),
    ("phones 2024: 1410; 1500",      "Số thuê bao đến hết năm 2024 đạt 1.410 thuê bao, bằng 94% so với năm 2023.",
        "Phone subscribers at the end of 2024 was 1,410 subscribers, 94% of 2023."),
    ("phones 2024-05: 1500; 1500",   "Số thuê bao đến hết tháng 5/2024 đạt 1.500 thuê bao, bằng cùng kỳ năm 2023.",
        "Phone subscribers at the end of May 2024 was 1,500 subscribers, the same as in the same period of 2023."),
    ("points 2024-H1: 12; 0",        "Số điểm đến hết 6 tháng đầu năm 2024 đạt 12 điểm, tăng 12 điểm so với cùng kỳ năm 2023.",
        "Points at the end of the first six months of 2024 was 12 points, up 12 points on the same period of 2023."),
    ("radio 2024-05: 20.5; 20",      "Số chương trình tháng 5/2024 là 20,5 chương trình/tháng, bằng 102,5% so với cùng kỳ năm 2023.",
        "Programmes in May 2024 was 20.5 programmes a month, 102.5% of the same period of 2023."),
    ("radio 2024-05: 18 P; 20",      "Số chương trình tháng 5/2024 sơ bộ đạt 18 chương trình/tháng, bằng 90% so với cùng kỳ năm 2023.",
        "Programmes in May 2024 was a preliminary 18 programmes a month, 90% of the same period of 2023."),
    ("radio 2024: 20; 20.0",         "Số chương trình năm 2024 là 20 chương trình/tháng, bằng năm 2023.",
        "Programmes in 2024 was 20 programmes a month, the same as in 2023."),
    ("filing 2024-05: 77.15; 74.75", "Tỷ lệ trực tuyến tháng 5/2024 đạt 77,15%, tăng 2,4 điểm phần trăm so với cùng kỳ năm 2023.",
        "Online rate in May 2024 was 77.15%, up 2.4 percentage points on the same period of 2023."),
    ("filing 2024-05: 34.11 E; 40",  "Tỷ lệ trực tuyến tháng 5/2024 ước đạt 34,11%, giảm 5,89 điểm phần trăm so với cùng kỳ năm 2023.",
        "Online rate in May 2024 was an estimated 34.11%, down 5.89 percentage points on the same period of 2023."),
    ("filing 2024-05: 12.5; 0",      "Tỷ lệ trực tuyến tháng 5/2024 đạt 12,5%, tăng 12,5 điểm phần trăm so với cùng kỳ năm 2023.",
        "Online rate in May 2024 was 12.5%, up 12.5 percentage points on the same period of 2023."),
    ("filing 2024-05: 100; 100",     "Tỷ lệ trực tuyến tháng 5/2024 đạt 100%, không đổi so với cùng kỳ năm 2023.",
        "Online rate in May 2024 was 100%, unchanged on the same period of 2023."),
    ("filing 2024: 76; 75",          "Tỷ lệ trực tuyến năm 2024 đạt 76%, tăng 1 điểm phần trăm so với năm 2023.",
        "Online rate in 2024 was 76%, up 1 percentage point on 2023."),
    ("filing 2024: 75; 75",          "Tỷ lệ trực tuyến năm 2024 đạt 75%, không đổi so với năm 2023.",
        "Online rate in 2024 was 75%, unchanged on 2023."),
    ("late 2024-05: 3; 5",           "Tỷ lệ trễ hạn tháng 5/2024 đạt 3%, giảm 2 điểm phần trăm so với cùng kỳ năm 2023.",
        "Late rate in May 2024 was 3%, down 2 percentage points on the same period of 2023."),
    ("late 2024-05: 5; 3",           "Tỷ lệ trễ hạn tháng 5/2024 đạt 5%, tăng 2 điểm phần trăm so với cùng kỳ năm 2023.",
        "Late rate in May 2024 was 5%, up 2 percentage points on the same period of 2023."),
    ("index 2024-05: 4; 0",          "Chỉ số tháng 5/2024 đạt 4%, tăng 4 điểm phần trăm so với cùng kỳ năm 2023.",
        "Index in May 2024 was 4%, up 4 percentage points on the same period of 2023."),
    ("dossiers 2021-02-24/2021-08-31: 52; 50", "Số hồ sơ từ 24/2/2021 đến 31/8/2021 đạt 52 hồ sơ, bằng 104% so với cùng kỳ năm 2020.",
        "Dossiers from 24 February 2021 to 31 August 2021 was 52 dossiers, 104% of the same period of 2020."),
    ("dossiers 2023-12-20/2024-01-10: 52; 50", "Số hồ sơ từ 20/12/2023 đến 10/1/2024 đạt 52 hồ sơ, bằng 104% so với cùng kỳ năm trước.",
        "Dossiers from 20 December 2023 to 10 January 2024 was 52 dossiers, 104% of the same period a year earlier."),
    ("dossiers 2024-01 nd09: 52; 50", "Số hồ sơ tháng 1/2024 (theo Nghị định 09/2019) đạt 52 hồ sơ, bằng 104% so với cùng kỳ năm 2023.",
        "Dossiers in January 2024 (administrative calendar) was 52 dossiers, 104% of the same period of 2023."),
    ("dossiers 2024 nd09: 52; 50",   "Số hồ sơ năm 2024 (theo Nghị định 09/2019) đạt 52 hồ sơ, bằng 104% so với năm 2023.",
        "Dossiers in 2024 (administrative calendar) was 52 dossiers, 104% of 2023."),
];

#[rustfmt::skip]
const TARGETS: &[Row] = &[
    ("telecom 2024-H1: 1135 E; 1100; >=2400@2024",
        "Doanh thu viễn thông, Internet 6 tháng đầu năm 2024 ước đạt 1.135 tỷ đồng, bằng 103,2% so với cùng kỳ năm 2023; \
         đạt 47,3% kế hoạch năm.",
        "Telecom and Internet revenue in the first six months of 2024 was an estimated 1,135 billion VND, \
         103.2% of the same period of 2023; 47.3% of the annual plan."),
    ("revenue 2024-9M: 1700; -; >=2400@2024",   "Doanh thu 9 tháng đầu năm 2024 đạt 1.700 tỷ đồng; đạt 70,8% kế hoạch năm.",
        "Revenue in the first nine months of 2024 was 1,700 billion VND; 70.8% of the annual plan."),
    ("revenue 2024-9M: 2501; -; >=2400@2024",   "Doanh thu 9 tháng đầu năm 2024 đạt 2.501 tỷ đồng; vượt 4,2% kế hoạch năm.",
        "Revenue in the first nine months of 2024 was 2,501 billion VND; 4.2% above the annual plan."),
    ("revenue 2024-9M: 2400; -; >=2400@2024",   "Doanh thu 9 tháng đầu năm 2024 đạt 2.400 tỷ đồng; hoàn thành kế hoạch năm.",
        "Revenue in the first nine months of 2024 was 2,400 billion VND; meets the annual plan."),
    // 99,996 % is printed as 100 but does not meet the plan; 100,004 % exceeds it.
    ("revenue 2024-9M: 2399.9; -; >=2400@2024", "Doanh thu 9 tháng đầu năm 2024 đạt 2.399,9 tỷ đồng; đạt gần 100% kế hoạch năm.",
        "Revenue in the first nine months of 2024 was 2,399.9 billion VND; nearly 100% of the annual plan."),
    ("revenue 2024-9M: 2400.1; -; >=2400@2024", "Doanh thu 9 tháng đầu năm 2024 đạt 2.400,1 tỷ đồng; vượt kế hoạch năm.",
        "Revenue in the first nine months of 2024 was 2,400.1 billion VND; above the annual plan."),
    ("revenue 2024-05: 985; -; >=1000@2024-05", "Doanh thu tháng 5/2024 đạt 985 tỷ đồng; đạt 98,5% kế hoạch.",
        "Revenue in May 2024 was 985 billion VND; 98.5% of the plan."),
    ("revenue 2024-06-YTD: 985; -; >=1000@2024-H1", "Doanh thu 6 tháng đầu năm 2024 đạt 985 tỷ đồng; đạt 98,5% kế hoạch.",
        "Revenue in the first six months of 2024 was 985 billion VND; 98.5% of the plan."),
    ("revenue 2024: 1042; 1000; >=1000@2024",
        "Doanh thu năm 2024 đạt 1.042 tỷ đồng, bằng 104,2% so với năm 2023; vượt 4,2% kế hoạch.",
        "Revenue in 2024 was 1,042 billion VND, 104.2% of 2023; 4.2% above the plan."),
    ("revenue 2024: 1000; -; >=1000@2024",      "Doanh thu năm 2024 đạt 1.000 tỷ đồng; hoàn thành kế hoạch.",
        "Revenue in 2024 was 1,000 billion VND; meets the plan."),
    ("revenue 2024-H1: 0; 0; >=1000@2024",      "Doanh thu 6 tháng đầu năm 2024 đạt 0 tỷ đồng, bằng cùng kỳ năm 2023; đạt 0% kế hoạch năm.",
        "Revenue in the first six months of 2024 was 0 billion VND, the same as in the same period of 2023; 0% of the annual plan."),
    ("fines 2024-H1: 1200; -; <=1500@2024",     "Tiền phạt 6 tháng đầu năm 2024 đạt 1.200 triệu đồng; bằng 80% mức tối đa năm.",
        "Fines in the first six months of 2024 was 1,200 million VND; 80% of the annual ceiling."),
    ("fines 2024: 1200; -; <=1500@2024",        "Tiền phạt năm 2024 đạt 1.200 triệu đồng; bằng 80% mức tối đa.",
        "Fines in 2024 was 1,200 million VND; 80% of the ceiling."),
    ("incidents 2024: 5; -; <=5@2024",          "Số sự cố năm 2024 đạt 5 sự cố; bằng 100% mức tối đa.",
        "Incidents in 2024 was 5 incidents; 100% of the ceiling."),
    ("incidents 2024: 6; -; <=5@2024",          "Số sự cố năm 2024 đạt 6 sự cố; bằng 120% mức tối đa.",
        "Incidents in 2024 was 6 incidents; 120% of the ceiling."),
    ("incidents 2024-H1: 3; -; <=0@2024",       "Số sự cố 6 tháng đầu năm 2024 đạt 3 sự cố; cao hơn 3 sự cố so với mức tối đa năm.",
        "Incidents in the first six months of 2024 was 3 incidents; 3 incidents above the annual ceiling."),
    ("incidents 2024: 0; 2; <=0@2024",          "Số sự cố năm 2024 đạt 0 sự cố, bằng 0% so với năm 2023; bằng mức tối đa.",
        "Incidents in 2024 was 0 incidents, 0% of 2023; at the ceiling."),
    ("dossiers 2024-H1: 50; -; ==40@2024",      "Số hồ sơ 6 tháng đầu năm 2024 đạt 50 hồ sơ; bằng 125% kế hoạch năm.",
        "Dossiers in the first six months of 2024 was 50 dossiers; 125% of the annual plan."),
    ("dossiers 2024: 30; -; ==40@2024",         "Số hồ sơ năm 2024 đạt 30 hồ sơ; bằng 75% kế hoạch.",
        "Dossiers in 2024 was 30 dossiers; 75% of the plan."),
    ("dossiers 2024: 40; -; ==40@2024",         "Số hồ sơ năm 2024 đạt 40 hồ sơ; đúng kế hoạch.",
        "Dossiers in 2024 was 40 dossiers; exactly the plan."),
    ("phones 2024-05: 1596 @2024-05-14; -; >=1600@2024", "Số thuê bao tính đến 14/5/2024 đạt 1.596 thuê bao; đạt 99,8% kế hoạch năm.",
        "Phone subscribers as of 14 May 2024 was 1,596 subscribers; 99.8% of the annual plan."),
    ("phones 2024: 1600; 1500; >=1600@2024",
        "Số thuê bao đến hết năm 2024 đạt 1.600 thuê bao, bằng 106,7% so với năm 2023; hoàn thành kế hoạch.",
        "Phone subscribers at the end of 2024 was 1,600 subscribers, 106.7% of 2023; meets the plan."),
    ("phones 2024-05: 1760; -; ==1600@2024",    "Số thuê bao đến hết tháng 5/2024 đạt 1.760 thuê bao; bằng 110% kế hoạch năm.",
        "Phone subscribers at the end of May 2024 was 1,760 subscribers; 110% of the annual plan."),
    ("points 2024-H1: 8; -; <=10@2024",         "Số điểm đến hết 6 tháng đầu năm 2024 đạt 8 điểm; bằng 80% mức tối đa năm.",
        "Points at the end of the first six months of 2024 was 8 points; 80% of the annual ceiling."),
    ("radio 2024-05: 20.5 E; -; >=25@2024-05",  "Số chương trình tháng 5/2024 ước đạt 20,5 chương trình/tháng; đạt 82% kế hoạch.",
        "Programmes in May 2024 was an estimated 20.5 programmes a month; 82% of the plan."),
    ("radio 2024-05: 30; -; >=25@2024-05",      "Số chương trình tháng 5/2024 là 30 chương trình/tháng; vượt 20% kế hoạch.",
        "Programmes in May 2024 was 30 programmes a month; 20% above the plan."),
    ("filing 2024-05: 77.15; 74.75; >=80@2024",
        "Tỷ lệ trực tuyến tháng 5/2024 đạt 77,15%, tăng 2,4 điểm phần trăm so với cùng kỳ năm 2023; thấp hơn kế hoạch 2,85 điểm phần trăm.",
        "Online rate in May 2024 was 77.15%, up 2.4 percentage points on the same period of 2023; 2.85 percentage points below the plan."),
    ("filing 2024: 82.85; -; >=80@2024",        "Tỷ lệ trực tuyến năm 2024 đạt 82,85%; vượt kế hoạch 2,85 điểm phần trăm.",
        "Online rate in 2024 was 82.85%; 2.85 percentage points above the plan."),
    ("filing 2024: 80; -; >=80@2024",           "Tỷ lệ trực tuyến năm 2024 đạt 80%; đạt kế hoạch.",
        "Online rate in 2024 was 80%; meets the plan."),
    ("late 2024: 3; 5; <=5@2024",
        "Tỷ lệ trễ hạn năm 2024 đạt 3%, giảm 2 điểm phần trăm so với năm 2023; thấp hơn mức tối đa 2 điểm phần trăm.",
        "Late rate in 2024 was 3%, down 2 percentage points on 2023; 2 percentage points below the ceiling."),
    ("late 2024-05: 6; -; <=5@2024",            "Tỷ lệ trễ hạn tháng 5/2024 đạt 6%; cao hơn mức tối đa 1 điểm phần trăm.",
        "Late rate in May 2024 was 6%; 1 percentage point above the ceiling."),
    ("late 2024: 5; -; <=5@2024",               "Tỷ lệ trễ hạn năm 2024 đạt 5%; bằng mức tối đa.",
        "Late rate in 2024 was 5%; at the ceiling."),
    ("late 2024: 6.5; -; ==5@2024",             "Tỷ lệ trễ hạn năm 2024 đạt 6,5%; cao hơn kế hoạch 1,5 điểm phần trăm.",
        "Late rate in 2024 was 6.5%; 1.5 percentage points above the plan."),
    ("late 2024: 3; -; ==5@2024",               "Tỷ lệ trễ hạn năm 2024 đạt 3%; thấp hơn kế hoạch 2 điểm phần trăm.",
        "Late rate in 2024 was 3%; 2 percentage points below the plan."),
    ("late 2024: 5; -; ==5@2024",               "Tỷ lệ trễ hạn năm 2024 đạt 5%; đúng kế hoạch.",
        "Late rate in 2024 was 5%; exactly the plan."),
    ("revenue 2024-02-YTD: 400; -; >=600@2024-Q1", "Doanh thu lũy kế 2 tháng đầu năm 2024 đạt 400 tỷ đồng; đạt 66,7% kế hoạch quý I năm 2024.",
        "Revenue in the first two months of 2024 was 400 billion VND; 66.7% of the plan for the first quarter of 2024."),
    ("phones 2024-05: 1500; -; >=2000@2030 from:1000@2020",
        "Số thuê bao đến hết tháng 5/2024 đạt 1.500 thuê bao; đạt 75% mục tiêu đến năm 2030.",
        "Phone subscribers at the end of May 2024 was 1,500 subscribers; 75% of the target for 2030."),
    ("filing 2024: 80; -; >=95@2030 from:60@2020",
        "Tỷ lệ trực tuyến năm 2024 đạt 80%; thấp hơn 15 điểm phần trăm so với mục tiêu đến năm 2030.",
        "Online rate in 2024 was 80%; 15 percentage points below the target for 2030."),
    ("filing 2024: 85; -; >=80@2024 each_province", "Tỷ lệ trực tuyến năm 2024 đạt 85%; vượt mục tiêu quốc gia 5 điểm phần trăm.",
        "Online rate in 2024 was 85%; 5 percentage points above the national target."),
    ("phones 2024-05: 90; -; 80..100@2024",     "Số thuê bao đến hết tháng 5/2024 đạt 90 thuê bao; trong khung kế hoạch năm.",
        "Phone subscribers at the end of May 2024 was 90 subscribers; within the annual planned range."),
    ("phones 2024: 70; -; 80..100@2024",        "Số thuê bao đến hết năm 2024 đạt 70 thuê bao; thấp hơn khung kế hoạch 10 thuê bao.",
        "Phone subscribers at the end of 2024 was 70 subscribers; 10 subscribers below the planned range."),
];

fn number_of(text: &str) -> Decimal {
    Decimal::parse_json(text).expect("a number")
}

fn period(text: &str) -> Period {
    let (code, calendar) = text.strip_suffix(" nd09").map_or((text, Calendar::Civil), |code| (code, Calendar::Nd09));
    Period::parse(code, calendar).expect("a period")
}

fn indicator_of(word: &str) -> Indicator {
    use Measure::{Average, Flow, Rate, Stock};
    let (name, name_en, measure, unit, unit_mult, decimals) = match word {
        "telecom" => ("Doanh thu viễn thông, Internet", "Telecom and Internet revenue", Flow, "VND", 9, 1),
        "revenue" => ("Doanh thu", "Revenue", Flow, "VND", 9, 1),
        "fines" => ("Tiền phạt", "Fines", Flow, "VND", 6, 1),
        "dossiers" => ("Số hồ sơ", "Dossiers", Flow, "dossier", 0, 0),
        "incidents" => ("Số sự cố", "Incidents", Flow, "incident", 0, 0),
        "phones" => ("Số thuê bao", "Phone subscribers", Stock, "subscriber", 0, 0),
        "points" => ("Số điểm", "Points", Stock, "point", 0, 0),
        "filing" => ("Tỷ lệ trực tuyến", "Online rate", Rate, "percent", 0, 2),
        "late" => ("Tỷ lệ trễ hạn", "Late rate", Rate, "percent", 0, 2),
        "radio" => ("Số chương trình", "Programmes", Average, "programme_per_month", 0, 1),
        "index" => ("Chỉ số", "Index", Flow, "percent", 0, 1),
        other => panic!("no indicator {other}"),
    };
    let direction = if ["incidents", "points", "late"].contains(&word) { Direction::Down } else { Direction::Up };
    let (name, name_en, unit) = (name.into(), name_en.into(), unit.into());
    Indicator { name, name_en, unit, unit_mult, direction, ..indicator(measure, decimals) }
}

/// The sentences of a row, in Vietnamese and English.
fn sentences(row: &str) -> [Option<String>; 2] {
    let (subject, rest) = row.split_once(": ").expect("a row has a subject");
    let (what, of) = subject.split_once(' ').expect("a subject has a period");
    let (word, part) = what.split_once('[').map_or((what, ""), |(word, part)| (word, part.trim_end_matches(']')));
    let mut parts = rest.split("; ").map(|part| (part != "-").then_some(part));
    let mut next = || parts.next().flatten();
    let said_now = next();
    let (indicator, period) = (indicator_of(word), period(of));
    let current = said_now.filter(|text| *text != "nil").map(|text| match text.split_once(" @") {
        Some((text, day)) => Figure { as_of: Some(day.parse().expect("a day")), ..figure(text) },
        None => figure(text),
    });
    let year_on_year = Comparison::of(&indicator, current.as_ref(), next().map(figure).as_ref(), &[]);
    let target = next().map(|text| target(text, period.calendar()));
    let applicable = target.as_ref().and_then(|target| Some(ApplicableTarget { target, terms: target.terms.as_ref()? }));
    let attained = applicable.map(|applicable| Attainment::of(&indicator, period, current.as_ref(), &TargetContext::default(), applicable));
    let said = Statement {
        indicator: &indicator,
        breakdown: &Breakdown::parse(part).expect("a part"),
        period,
        current: current.as_ref(),
        nil: said_now == Some("nil"),
        before: period.same_period_last_year(),
        year_on_year: &year_on_year,
        target: attained.as_ref(),
    };
    [sentence(&said, Vietnamese), sentence(&said, English)]
}

#[test]
fn sentences_as_a_department_would_write_them() {
    for (row, vietnamese, english) in [STATUSES, BOUNDS, LAST_YEAR, TARGETS].into_iter().flatten() {
        let [vi, en] = sentences(row);
        assert_eq!(vi.as_deref(), Some(*vietnamese), "{row}");
        assert_eq!(en.as_deref(), Some(*english), "{row}");
    }
}

/// Official, estimated, preliminary. An official average uses "là", the others use "đạt".
#[test]
fn every_measure_says_every_status_and_bound() {
    #[rustfmt::skip]
    let table = [
        ("30",    ["đạt 30", "ước đạt 30", "sơ bộ đạt 30"], ["was 30", "was an estimated 30", "was a preliminary 30"]),
        ("30-35", ["đạt 30–35", "ước đạt 30–35", "sơ bộ đạt 30–35"], ["was 30–35", "was an estimated 30–35", "was a preliminary 30–35"]),
        (">30",   ["đạt trên 30", "ước đạt trên 30", "sơ bộ đạt trên 30"],
                  ["was over 30", "was estimated to be over 30", "was preliminarily over 30"]),
        (">=30",  ["đạt ít nhất 30", "ước đạt ít nhất 30", "sơ bộ đạt ít nhất 30"],
                  ["was at least 30", "was estimated to be at least 30", "was preliminarily at least 30"]),
        ("<30",   ["đạt gần 30", "ước đạt gần 30", "sơ bộ đạt gần 30"],
                  ["was nearly 30", "was estimated to be nearly 30", "was preliminarily nearly 30"]),
        ("<=30",  ["đạt không quá 30", "ước đạt không quá 30", "sơ bộ đạt không quá 30"],
                  ["was at most 30", "was estimated to be at most 30", "was preliminarily at most 30"]),
        ("~30",   ["đạt khoảng 30", "ước đạt khoảng 30", "sơ bộ đạt khoảng 30"],
                  ["was about 30", "was estimated to be about 30", "was preliminarily about 30"]),
        ("~>30",  ["đạt khoảng trên 30", "ước đạt khoảng trên 30", "sơ bộ đạt khoảng trên 30"],
                  ["was about over 30", "was estimated to be about over 30", "was preliminarily about over 30"]),
        ("~<30",  ["đạt khoảng dưới 30", "ước đạt khoảng dưới 30", "sơ bộ đạt khoảng dưới 30"],
                  ["was about under 30", "was estimated to be about under 30", "was preliminarily about under 30"]),
    ];
    #[rustfmt::skip]
    let measures = [
        ("revenue", "Doanh thu năm 2024", "Revenue in 2024", " tỷ đồng", " billion VND"),
        ("phones", "Số thuê bao đến hết năm 2024", "Phone subscribers at the end of 2024", " thuê bao", " subscribers"),
        ("filing", "Tỷ lệ trực tuyến năm 2024", "Online rate in 2024", "%", "%"),
        ("radio", "Số chương trình năm 2024", "Programmes in 2024", " chương trình/tháng", " programmes a month"),
    ];
    for (number, in_vietnamese, in_english) in table {
        for (word, subject_vi, subject_en, unit_vi, unit_en) in measures {
            for (n, status) in ["A", "E", "P"].into_iter().enumerate() {
                let row = format!("{word} 2024: {number} {status}");
                let level = if row.starts_with("radio") && n == 0 {
                    in_vietnamese[n].replacen("đạt", "là", 1)
                } else {
                    in_vietnamese[n].into()
                };
                let expected = [format!("{subject_vi} {level}{unit_vi}."), format!("{subject_en} {}{unit_en}.", in_english[n])];
                assert_eq!(sentences(&row), expected.map(Some), "{row}");
            }
        }
    }
}

#[test]
fn of_nothing_nothing_is_said() {
    for row in ["revenue 2024-05: -", "revenue 2024-05: -; 1100; >=2400@2024", "filing 2024-05: -; -; >=80@2024"] {
        assert_eq!(sentences(row), [None, None], "{row}");
    }
}

#[test]
fn a_target_of_the_other_calendar_is_not_held_against() {
    let target = target(">=2400@2024", Calendar::Nd09);
    let terms = target.terms.as_ref().expect("it stands");
    let (indicator, current) = (indicator_of("revenue"), figure("230"));
    let said = Statement {
        indicator: &indicator,
        breakdown: &Breakdown::default(),
        period: period("2024-01"),
        current: Some(&current),
        nil: false,
        before: period("2023-01"),
        year_on_year: &Comparison::of(&indicator, Some(&current), None, &[]),
        target: Some(&Attainment::none(ApplicableTarget { target: &target, terms }, Reason::CalendarMismatch)),
    };
    assert_eq!(sentence(&said, English).as_deref(), Some("Revenue in January 2024 was 230 billion VND."));
}

#[test]
fn periods_as_reports_name_them() {
    // Period code, text for a flow, text for the end of the period.
    #[rustfmt::skip]
    let table = [
        ("2024-05", ["tháng 5/2024", "in May 2024"], ["đến hết tháng 5/2024", "at the end of May 2024"]),
        ("2024-12", ["tháng 12/2024", "in December 2024"], ["đến hết tháng 12/2024", "at the end of December 2024"]),
        ("2024-01-YTD", ["tháng 1/2024", "in January 2024"], ["đến hết tháng 1/2024", "at the end of January 2024"]),
        ("2024-Q1", ["quý I năm 2024", "in the first quarter of 2024"],
            ["đến hết quý I năm 2024", "at the end of the first quarter of 2024"]),
        ("2024-03-YTD", ["quý I năm 2024", "in the first quarter of 2024"],
            ["đến hết quý I năm 2024", "at the end of the first quarter of 2024"]),
        ("2024-Q2", ["quý II năm 2024", "in the second quarter of 2024"],
            ["đến hết quý II năm 2024", "at the end of the second quarter of 2024"]),
        ("2024-Q3", ["quý III năm 2024", "in the third quarter of 2024"],
            ["đến hết quý III năm 2024", "at the end of the third quarter of 2024"]),
        ("2024-Q4", ["quý IV năm 2024", "in the fourth quarter of 2024"],
            ["đến hết quý IV năm 2024", "at the end of the fourth quarter of 2024"]),
        ("2024-H1", ["6 tháng đầu năm 2024", "in the first six months of 2024"],
            ["đến hết 6 tháng đầu năm 2024", "at the end of the first six months of 2024"]),
        ("2024-06-YTD", ["6 tháng đầu năm 2024", "in the first six months of 2024"],
            ["đến hết 6 tháng đầu năm 2024", "at the end of the first six months of 2024"]),
        ("2024-H2", ["6 tháng cuối năm 2024", "in the last six months of 2024"],
            ["đến hết 6 tháng cuối năm 2024", "at the end of the last six months of 2024"]),
        ("2024-9M", ["9 tháng đầu năm 2024", "in the first nine months of 2024"],
            ["đến hết 9 tháng đầu năm 2024", "at the end of the first nine months of 2024"]),
        ("2024-09-YTD", ["9 tháng đầu năm 2024", "in the first nine months of 2024"],
            ["đến hết 9 tháng đầu năm 2024", "at the end of the first nine months of 2024"]),
        ("2024", ["năm 2024", "in 2024"], ["đến hết năm 2024", "at the end of 2024"]),
        ("2024-12-YTD", ["năm 2024", "in 2024"], ["đến hết năm 2024", "at the end of 2024"]),
        ("2024-02-YTD", ["lũy kế 2 tháng đầu năm 2024", "in the first two months of 2024"],
            ["đến hết 2 tháng đầu năm 2024", "at the end of the first two months of 2024"]),
        ("2024-05-YTD", ["lũy kế 5 tháng đầu năm 2024", "in the first five months of 2024"],
            ["đến hết 5 tháng đầu năm 2024", "at the end of the first five months of 2024"]),
        ("2024-11-YTD", ["lũy kế 11 tháng đầu năm 2024", "in the first eleven months of 2024"],
            ["đến hết 11 tháng đầu năm 2024", "at the end of the first eleven months of 2024"]),
        ("2021-02-24/2021-08-31", ["từ 24/2/2021 đến 31/8/2021", "from 24 February 2021 to 31 August 2021"],
            ["đến hết ngày 31/8/2021", "at the end of 31 August 2021"]),
        ("2021-05-23/2021-05-23", ["ngày 23/5/2021", "on 23 May 2021"], ["đến hết ngày 23/5/2021", "at the end of 23 May 2021"]),
    ];
    for (code, of_flow, of_stock) in table {
        for (word, [vi, en]) in [("dossiers", of_flow), ("phones", of_stock)] {
            for (calendar, note_vi, note_en) in [("", "", ""), (" nd09", " (theo Nghị định 09/2019)", " (administrative calendar)")] {
                let row = format!("{word} {code}{calendar}: nil");
                let Indicator { name, name_en, .. } = indicator_of(word);
                let expected = [format!("{name} {vi}{note_vi}: không phát sinh."), format!("{name_en} {en}{note_en}: nothing to report.")];
                assert_eq!(sentences(&row), expected.map(Some), "{row}");
            }
        }
    }
    let dated = sentences("phones 2024-05 nd09: 5 @2024-05-14");
    assert_eq!(dated[0].as_deref(), Some("Số thuê bao tính đến 14/5/2024 đạt 5 thuê bao."), "a day is a day in both calendars");
}

#[test]
fn numbers_keep_their_digits() {
    for (plain, vi, en) in [
        ("0", "0", "0"),
        ("999", "999", "999"),
        ("1135", "1.135", "1,135"),
        ("1596", "1.596", "1,596"),
        ("11754", "11.754", "11,754"),
        ("192860", "192.860", "192,860"),
        ("1930360", "1.930.360", "1,930,360"),
        ("77.15", "77,15", "77.15"),
        ("77.150", "77,150", "77.150"),
        ("2.4", "2,4", "2.4"),
        ("0.0001", "0,0001", "0.0001"),
        ("1234.5678", "1.234,5678", "1,234.5678"),
        ("-5", "-5", "-5"),
        ("-999", "-999", "-999"),
        ("-1000.50", "-1.000,50", "-1,000.50"),
        ("999999999999999999", "999.999.999.999.999.999", "999,999,999,999,999,999"),
    ] {
        assert_eq!([number(number_of(plain), Vietnamese), number(number_of(plain), English)], [vi, en]);
    }
}

#[test]
fn units_are_said_with_their_power_of_ten() {
    for (unit, unit_mult, value, vi, en) in [
        ("VND", 0, "1000", "1.000 đồng", "1,000 VND"),
        ("VND", 3, "230", "230 nghìn đồng", "230 thousand VND"),
        ("VND", 6, "230", "230 triệu đồng", "230 million VND"),
        ("VND", 9, "1", "1 tỷ đồng", "1 billion VND"),
        ("VND", 12, "2.5", "2,5 nghìn tỷ đồng", "2.5 trillion VND"),
        ("subscriber", 0, "1", "1 thuê bao", "1 subscriber"),
        ("subscriber", 3, "1", "1 nghìn thuê bao", "1 thousand subscribers"),
        ("subscriber", 6, "1.93", "1,93 triệu thuê bao", "1.93 million subscribers"),
        ("USD", 6, "5", "5 triệu đô la Mỹ", "5 million USD"),
        ("tonne", 0, "1", "1 tấn", "1 tonne"),
        ("tonne", 3, "5", "5 nghìn tấn", "5 thousand tonnes"),
        ("percent", 0, "5.0", "5,0%", "5.0%"),
        // A power of ten without a word uses another one that has a word; it is never left out.
        ("VND", 4, "5", "50 nghìn đồng", "50 thousand VND"),
        ("subscriber", 2, "5", "500 thuê bao", "500 subscribers"),
        ("subscriber", -3, "1500", "1,5 thuê bao", "1.5 subscribers"),
        ("percent", 3, "5", "5.000%", "5,000%"),
    ] {
        let indicator = Indicator { unit: unit.into(), unit_mult, ..indicator_of("revenue") };
        let said = [Vietnamese, English].map(|language| amount(&indicator, &[number_of(value)], language));
        assert_eq!(said, [vi, en].map(|text| Some(text.to_owned())), "{value} × 10^{unit_mult} {unit}");
    }
    let beyond = Indicator { unit_mult: 11, ..indicator_of("revenue") };
    assert_eq!(amount(&beyond, &[number_of("999999999999999999")], Vietnamese), None);
}

#[test]
fn every_unit_of_the_shipped_catalogue_has_its_words() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/indicators");
    let mut shipped = BTreeSet::new();
    for file in std::fs::read_dir(folder).expect("the shipped indicators") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a readable file");
        let indicators: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let units = indicators.as_array().expect("a list of indicators").iter().map(|indicator| indicator["unit"].as_str());
        shipped.extend(units.map(|unit| unit.expect("each has a unit").to_owned()));
    }
    let listed: BTreeSet<String> =
        crate::domain::catalogue::unit::units().iter().map(|unit| unit.code.to_owned()).chain([PERCENT.to_owned()]).collect();
    let unlisted: Vec<&String> = shipped.difference(&listed).collect();
    assert_eq!(unlisted, Vec::<&String>::new());
}

#[test]
fn the_unit_of_figures_is_written_as_forms_write_it() {
    for (code, power, written, why) in [
        ("VND", 9, "tỷ đồng", "a power with a word"),
        ("VND", 6, "triệu đồng", "another"),
        ("VND", 7, "10^7 đồng", "a power without one"),
        ("VND", -1, "10^-1 đồng", "a tenth"),
        ("subscriber", 0, "thuê bao", "as they are"),
        ("percent", 0, "%", "a rate"),
        ("furlong", 3, "nghìn furlong", "a unit of an old definition without names"),
    ] {
        let of = Indicator { unit: code.into(), unit_mult: power, ..indicator(Measure::Flow, 0) };
        assert_eq!(unit(&of), written, "{why}");
    }
}

#[test]
fn every_combination_is_well_formed() {
    let mut said = BTreeSet::new();
    for word in ["revenue", "dossiers", "phones", "filing", "radio"] {
        for period in ["2024-05", "2024-05-YTD nd09", "2024", "2021-02-24/2021-08-31"] {
            for (mark, status) in ["", ">", ">=", "<", "<=", "~", "~>", "~<"].into_iter().flat_map(|m| ["A", "E", "P"].map(|s| (m, s))) {
                for before in ["-", "0", "40", "50", "60"] {
                    for target in ["-", ">=0@2024", ">=40@2024", "<=50@2024", "==60@2024"] {
                        said.extend(
                            sentences(&format!("{word} {period}: {mark}50 {status}; {before}; {target}")).map(|text| text.expect("said")),
                        );
                    }
                }
            }
        }
    }
    for text in &said {
        let torn = ["  ", " ,", " ;", " .", ",,", ",;", ";,", ",.", ";.", ".."].iter().any(|slip| text.contains(slip));
        assert!(text.ends_with('.') && text.trim() == text && !torn, "{text}");
    }
    assert!(said.len() > 1000, "{}", said.len());
}

proptest! {
    #[test]
    fn a_number_in_vietnamese_reads_back_digit_for_digit(
        digits in -999_999_999_999_999_999i64..=999_999_999_999_999_999,
        decimals in 0i32..=18,
    ) {
        let value = Decimal::from_scaled(digits, decimals).expect("18 digits");
        let again = Notation::new(Some(NumberLocale::Vi), Medium::Figures).read(&number(value, Vietnamese)).expect("a number");
        prop_assert_eq!(again.to_string(), value.to_string());
    }
}

#[test]
fn the_periods_of_sentences_read_back_as_themselves() {
    for calendar in [Calendar::Civil, Calendar::Nd09] {
        for code in ["2024-05", "2024-Q2", "2024-H1", "2024-H2", "2024-9M", "2024", "2024-05-YTD", "2024-11-YTD", "2024-02-24/2024-08-30"] {
            let period = Period::parse(code, calendar).unwrap();
            let written = during(period, Vietnamese);
            let read = PeriodCode::parse_vietnamese(&written).map(|read| read.in_calendar(calendar));
            assert_eq!(read, Ok(period), "{written}");
        }
    }
}
