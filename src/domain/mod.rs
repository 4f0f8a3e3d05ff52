//! What is true whatever the database or the protocol.
//! Pure: no diesel, no actix, no clock, no environment.

pub mod area;
pub mod attainment;
pub mod breakdown;
pub mod catalogue;
pub mod claim;
pub mod comparison;
mod consistency;
pub mod decimal;
pub mod derivation;
pub mod fault;
pub mod figure;
pub mod formed;
pub mod goal;
pub mod indicator;
pub mod observation;
pub mod parts;
pub mod period;
pub mod province;
pub mod quantity;
pub mod ranking;
pub mod reason;
pub mod reorganisation;
pub mod revision;
pub mod role;
pub mod sentence;
pub mod series;
pub mod submission;
pub mod succession;
pub mod target;
pub mod territory;
pub mod text;
pub mod units;
pub mod way;
pub mod written;
