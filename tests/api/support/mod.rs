//! A real server on a database of its own for each test, and clients to call it with.

pub mod answer;
pub mod app;
pub mod audited;
pub mod claims;
pub mod figures;
pub mod jwt;
pub mod postgres;
pub mod worked;

pub use answer::{Answer, User};
pub use app::TestApp;

/// Makes each test of a file run on both databases. A test is an `async fn name(app: TestApp)`; one that is not listed is
/// unused code, which the build refuses.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[actix_web::test]
            async fn sqlite() {
                super::$name(crate::support::TestApp::on_sqlite()).await;
            }

            #[actix_web::test]
            async fn postgres() {
                if let Some(app) = crate::support::TestApp::on_postgres() {
                    super::$name(app).await;
                }
            }
        })+
    };
}
pub(crate) use on_both;
