//! Whom a client believes.

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};
use vetch::UserAgentBuilder;
use vetch_tests::{Answer, Authority, Internet, Seen, ServerCertificate, answer};

const SECURE: &str = "https://secure.example";

async fn code(builder: UserAgentBuilder) -> Option<String> {
    let page = builder
        .build()
        .expect("a user agent")
        .page("https://app.example/");
    let error = page.expect("a page").fetch(SECURE).send().await.err()?;
    Some(error.network_error().expect("a network error").code())
}

fn open(_: &Seen) -> Answer {
    answer("200 OK", &[("access-control-allow-origin", "*")], "")
}

#[tokio::test]
async fn a_certificate_of_another_name_is_not_believed() {
    let authority = Authority::new();
    for (name, expected) in [
        ("secure.example", None),
        ("other.example", Some("tls-failed")),
    ] {
        let certificates = |_: &str| authority.issue(name);
        let internet = Internet::with_certificates(&[SECURE], certificates, open).await;
        let builder = internet
            .builder()
            .root_certificate_pem(authority.pem().as_bytes());
        assert_eq!(code(builder).await.as_deref(), expected, "{name}");
        assert_eq!(internet.seen().len(), usize::from(expected.is_none()));
    }
}

/// A server that shows a certificate signed by its own key, for that name, and the certificate.
async fn self_signed(
    name: &str,
    change: impl FnOnce(&mut CertificateParams),
) -> (Internet, String) {
    let mut certificate = Some(ServerCertificate::self_signed(name, change));
    let pem = certificate.as_ref().expect("one").pem().to_owned();
    let certificates = |_: &str| certificate.take().expect("one server");
    let internet = Internet::with_certificates(&[SECURE], certificates, open).await;
    (internet, pem)
}

#[tokio::test]
async fn a_server_is_believed_that_shows_a_trusted_certificate_itself() {
    // As openssl makes it by itself, and as a server's certificate should be.
    for is_ca in [None, Some(IsCa::ExplicitNoCa), Some(IsCa::NoCa)] {
        let (internet, pem) = self_signed("secure.example", |params| {
            params.is_ca = is_ca.unwrap_or(params.is_ca);
        })
        .await;
        assert_eq!(
            code(internet.builder()).await.as_deref(),
            Some("tls-failed")
        );
        let builder = internet.builder().root_certificate_pem(pem.as_bytes());
        assert_eq!(code(builder).await, None);
        assert_eq!(internet.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_trusted_certificate_must_still_name_the_server() {
    let (internet, pem) = self_signed("other.example", |_| {}).await;
    let builder = internet.builder().root_certificate_pem(pem.as_bytes());
    assert_eq!(code(builder).await.as_deref(), Some("tls-failed"));
}

#[tokio::test]
async fn a_trusted_certificate_must_still_be_in_its_time() {
    for (from, until) in [(2001, 2002), (4001, 4002)] {
        let (internet, pem) = self_signed("secure.example", |params| {
            params.not_before = date_time_ymd(from, 1, 1);
            params.not_after = date_time_ymd(until, 1, 1);
        })
        .await;
        let builder = internet.builder().root_certificate_pem(pem.as_bytes());
        assert_eq!(code(builder).await.as_deref(), Some("tls-failed"), "{from}");
    }
}

#[tokio::test]
async fn a_certificate_that_only_looks_like_a_trusted_one_is_not_believed() {
    let trusted = ServerCertificate::self_signed("secure.example", |_| {});
    let (internet, _) = self_signed("secure.example", |_| {}).await;
    let builder = internet
        .builder()
        .root_certificate_pem(trusted.pem().as_bytes());
    assert_eq!(code(builder).await.as_deref(), Some("tls-failed"));
}

#[tokio::test]
async fn a_trusted_certificate_for_clients_is_not_a_servers() {
    let (internet, pem) = self_signed("secure.example", |params| {
        params.is_ca = IsCa::NoCa;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    })
    .await;
    let builder = internet.builder().root_certificate_pem(pem.as_bytes());
    assert_eq!(code(builder).await.as_deref(), Some("tls-failed"));
}
