//! Pages for people. They call `service`, never `store`.

pub mod home;
