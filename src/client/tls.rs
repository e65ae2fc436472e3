//! Configures which certificates of HTTPS endpoints are trusted, for single requests and loads.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::error::SendError;

/// The trusted certificates.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// The certificates of the system.
    #[default]
    System,
    /// The certificates of the system, and these.
    Also(Vec<CertificateDer<'static>>),
    /// Any certificate. This gives no protection, and is for endpoints with self-signed certificates.
    Any,
}

impl Trust {
    /// Trusts the certificates of the system and those in a PEM text.
    ///
    /// # Errors
    /// Returns an error if the text has no certificate, or one that cannot be parsed.
    pub fn also(pem: &[u8]) -> Result<Self, SendError> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match certificates {
            Ok(certificates) if !certificates.is_empty() => Ok(Self::Also(certificates)),
            Ok(_) => {
                Err(SendError::Tls("it does not contain a PEM certificate (-----BEGIN CERTIFICATE-----)".to_owned()))
            }
            Err(error) => Err(SendError::Tls(error.to_string())),
        }
    }

    /// Returns the TLS configuration of a client for HTTP/1.1.
    pub(super) fn client_config(&self) -> Result<ClientConfig, SendError> {
        let setup = |error: rustls::Error| SendError::Tls(format!("cannot set up TLS: {error}"));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let (pinned, roots) = match self {
            Self::System => (Vec::new(), Some(Verifier::new(Arc::clone(&provider)).map_err(setup)?)),
            Self::Also(certificates) => {
                let roots = Verifier::new_with_extra_roots(certificates.iter().cloned(), Arc::clone(&provider));
                (certificates.clone(), Some(roots.map_err(setup)?))
            }
            Self::Any => (Vec::new(), None),
        };
        let verifier = CertificateVerifier { pinned, roots, provider: Arc::clone(&provider) };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(setup)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// Accepts the given certificates, for their names, and certificates that the roots signed. A certificate of
/// `openssl req -x509` is self-signed and marked as an authority, so only the first rule accepts it.
#[derive(Debug)]
struct CertificateVerifier {
    pinned: Vec<CertificateDer<'static>>,
    /// Without roots, every certificate is accepted. The server must still prove that it has the key.
    roots: Option<Verifier>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for CertificateVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match &self.roots {
            Some(_) if self.pinned.contains(certificate) => {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            Some(roots) => roots.verify_server_cert(certificate, intermediates, name, ocsp_response, now),
            None => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
