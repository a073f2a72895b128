//! Whom a client believes.

use vetch::UserAgentBuilder;
use vetch_tests::{Internet, answer};

const SECURE: &str = "https://secure.example";

async fn code(builder: UserAgentBuilder) -> Option<String> {
    let page = builder
        .build()
        .expect("a user agent")
        .page("https://app.example/");
    let error = page.expect("a page").fetch(SECURE).send().await.err()?;
    Some(error.network_error().expect("a network error").code())
}

#[tokio::test]
async fn a_certificate_of_another_name_is_not_believed() {
    let authority = vetch_tests::Authority::new();
    let open = [("access-control-allow-origin", "*")];
    for (name, expected) in [
        ("secure.example", None),
        ("other.example", Some("tls-failed")),
    ] {
        let certificates = |_: &str| authority.issue(name);
        let serve = move |_: &vetch_tests::Seen| answer("200 OK", &open, "");
        let internet = Internet::with_certificates(&[SECURE], certificates, serve).await;
        let builder = internet
            .builder()
            .root_certificate_pem(authority.pem().as_bytes());
        assert_eq!(code(builder).await.as_deref(), expected, "{name}");
        assert_eq!(internet.seen().len(), usize::from(expected.is_none()));
    }
}
