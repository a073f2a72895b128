//! A test authority, made at every start and never written anywhere but into a browser's throw-away profile.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PublicKeyData as _,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};

use crate::Trouble;
use crate::roles;

/// One certificate for every test host, and how a browser comes to trust it.
#[derive(Debug)]
pub struct Certificates {
    /// For the TLS listeners.
    pub server: Arc<ServerConfig>,
    /// The authority, for browsers that import one.
    pub authority_pem: String,
    /// Base64 of the SHA-256 of the server's public key, for browsers that pin one.
    pub key_hash: String,
}

/// Makes them.
pub fn make() -> Result<Certificates, Trouble> {
    make_with_rcgen().map_err(|error| Trouble::Certificates(error.to_string()))
}

fn make_with_rcgen() -> Result<Certificates, Box<dyn std::error::Error>> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(DnType::CommonName, "vetch test authority");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

    let mut hosts: Vec<String> = roles::test_hosts().into_iter().map(String::from).collect();
    hosts.push("localhost".into());
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(hosts)?.signed_by(&key, &authority)?;
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut server =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Certificates {
        server: Arc::new(server),
        authority_pem: authority.pem(),
        key_hash: STANDARD.encode(Sha256::digest(key.subject_public_key_info())),
    })
}
