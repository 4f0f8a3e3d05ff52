//! Scopes: what a token allows.
//! Which scope an operation needs is in `role`.

use crate::domain::fault::code_list;

code_list! {
    /// What a token allows.
    pub enum Scope {
        /// Read figures that are not open.
        Read = "read",
        /// Submit figures.
        Submit = "submit",
        /// Approve what others submitted.
        Approve = "approve",
        /// Set targets.
        Targets = "targets",
        /// Change the catalogue.
        Catalogue = "catalogue",
        /// Administer clients.
        Admin = "admin",
    }
}
