//! What people look at. Calls `service`, never `store`.

pub mod home;
