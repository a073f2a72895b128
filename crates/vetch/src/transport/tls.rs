//! TLS: whom to trust, and who we are. Nothing of it is read before the first `https` exchange.

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::OnceCell;
use vetch_core::{Credentials, TransportFailure};

use super::no_verification::NoVerification;
use super::root_as_server::RootAsServer;

/// The embedder's choices.
#[derive(Debug, Default)]
pub(crate) struct TlsSettings {
    /// Trusted besides the system's roots.
    pub(crate) extra_roots: Vec<CertificateDer<'static>>,
    /// Chain and key, shown only for requests with credentials.
    pub(crate) identity: Option<Arc<CertifiedIdentity>>,
    pub(crate) verification: Verification,
}

/// A client certificate chain and its key.
pub(crate) struct CertifiedIdentity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl std::fmt::Debug for CertifiedIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CertifiedIdentity(hidden)")
    }
}

/// Whether server certificates are verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Verification {
    #[default]
    Full,
    None,
}

/// Certificates in PEM; none at all is a mistake.
pub(crate) fn parse_certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|reason| format!("it is not PEM ({reason})"))?;
    if certificates.is_empty() {
        return Err("it has no certificate; give PEM with BEGIN CERTIFICATE".to_owned());
    }
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store
            .add(certificate.clone())
            .map_err(|reason| format!("a certificate in it does not parse ({reason})"))?;
    }
    Ok(certificates)
}

/// A chain and its key in PEM, checked to belong together.
pub(crate) fn parse_identity(pem: &[u8]) -> Result<CertifiedIdentity, String> {
    let chain = parse_certificates(pem)?;
    let key = PrivateKeyDer::from_pem_slice(pem)
        .map_err(|reason| format!("it has no private key that can be read ({reason})"))?;
    CertifiedKey::from_der(chain.clone(), key.clone_key(), &provider())
        .map_err(|reason| format!("certificate and key do not fit ({reason})"))?;
    Ok(CertifiedIdentity { chain, key })
}

/// ring, which builds without the tool chain that aws-lc asks for.
fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

/// Makes the configuration of each pool's connections.
#[derive(Debug)]
pub(super) struct Tls {
    settings: TlsSettings,
    provider: Arc<CryptoProvider>,
    /// Its roots are read from the disk once, by the first that needs them.
    verifier: OnceCell<Arc<RootAsServer>>,
}

impl Tls {
    pub(super) fn new(settings: TlsSettings) -> Self {
        Self {
            settings,
            provider: Arc::new(provider()),
            verifier: OnceCell::new(),
        }
    }

    /// For connections that never speak TLS: reqwest wants a configuration all the same.
    pub(super) fn unused(&self) -> Result<ClientConfig, TransportFailure> {
        Ok(self
            .builder()?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth())
    }

    /// For connections that carry credentials, or for those that do not.
    pub(super) async fn config(
        &self,
        credentials: Credentials,
    ) -> Result<ClientConfig, TransportFailure> {
        let verifier: Arc<dyn ServerCertVerifier> = match self.settings.verification {
            Verification::Full => {
                let loaded = self.verifier.get_or_try_init(|| self.load_roots());
                Arc::clone(loaded.await?) as _
            }
            Verification::None => {
                let algorithms = self.provider.signature_verification_algorithms;
                Arc::new(NoVerification(algorithms))
            }
        };
        let builder = self
            .builder()?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match (&self.settings.identity, credentials) {
            (Some(identity), Credentials::Include) => builder
                .with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())
                .map_err(|reason| failed(&reason))?,
            _ => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        // A ticket would tell a server that two pools are one client.
        config.resumption = Resumption::in_memory_sessions(64);
        Ok(config)
    }

    fn builder(
        &self,
    ) -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, TransportFailure> {
        ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|reason| failed(&reason))
    }

    /// The system's roots, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR` where they are set, and the embedder's.
    async fn load_roots(&self) -> Result<Arc<RootAsServer>, TransportFailure> {
        let system = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs)
            .await
            .map_err(|reason| failed(&reason))?;
        let mut certificates = system.certs;
        certificates.extend_from_slice(&self.settings.extra_roots);
        let mut roots = RootCertStore::empty();
        // What the system trusts but rustls cannot parse is passed over, as every client on rustls does.
        roots.add_parsable_certificates(certificates.iter().cloned());
        if roots.is_empty() {
            let errors: Vec<String> = system.errors.iter().map(ToString::to_string).collect();
            let because = if errors.is_empty() {
                String::new()
            } else {
                format!(" ({})", errors.join("; "))
            };
            return Err(TransportFailure::Tls {
                detail: format!(
                    "no certificate authority is trusted{because}; install the system's CA certificates, or name a file of them in SSL_CERT_FILE"
                ),
            });
        }
        let provider = Arc::clone(&self.provider);
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|reason| failed(&reason))?;
        Ok(Arc::new(RootAsServer {
            webpki,
            roots: certificates,
        }))
    }
}

fn failed(reason: &impl ToString) -> TransportFailure {
    TransportFailure::Tls {
        detail: reason.to_string(),
    }
}
