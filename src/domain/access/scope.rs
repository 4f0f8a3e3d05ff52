//! Scopes of access tokens.
//! The scopes of each permission are in `role`.

use crate::domain::fault::code_list;

code_list! {
    /// A scope of an access token.
    pub enum Scope {
        /// Read figures that are not open.
        Read = "read",
        /// Submit figures.
        Submit = "submit",
        /// Approve the submissions of others.
        Approve = "approve",
        /// Set targets.
        Targets = "targets",
        /// Change the catalogue.
        Catalogue = "catalogue",
        /// Administer clients.
        Admin = "admin",
    }
}
