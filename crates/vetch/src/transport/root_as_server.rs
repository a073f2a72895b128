//! A verifier that also believes a server whose certificate is itself one of the trusted roots.
//!
//! A certificate for one test server is mostly made by `openssl req -x509`, which signs it with its own key and says
//! `CA:TRUE` in it. Whoever then trusts exactly this certificate means the server that shows it, and browsers and curl
//! take it so. webpki does not: to it an authority is never a server (`CaUsedAsEndEntity`).

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

/// webpki's verifier, and the roots that it was built from.
///
/// What is believed beyond webpki has been trusted byte for byte, names the server in its `subjectAltName`, and is in
/// its validity period, which webpki looks at before it looks for an authority. The peer must hold the certificate's
/// key as ever.
#[derive(Debug)]
pub(super) struct RootAsServer {
    pub(super) webpki: Arc<WebPkiServerVerifier>,
    pub(super) roots: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for RootAsServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.webpki.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            Err(error) if is_authority_as_server(&error) && self.roots.contains(end_entity) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.webpki
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.webpki
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

/// rustls has no variant for it, and webpki's own type is no dependency; its name is all that it prints.
fn is_authority_as_server(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::Other(reason)) => {
            reason.0.to_string() == "CaUsedAsEndEntity"
        }
        _ => false,
    }
}
