//! Configures which certificates of HTTPS endpoints are trusted, for single requests and loads.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::error::SendError;

/// The trusted certificates.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// The certificates of the system, or Mozilla's on a system that has none.
    #[default]
    System,
    /// The same certificates, and these.
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
            Self::System => (Vec::new(), Some(roots(&[], &provider).map_err(setup)?)),
            Self::Also(certificates) => (certificates.clone(), Some(roots(certificates, &provider).map_err(setup)?)),
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

/// Returns a verifier with the roots of the system and these.
fn roots(
    more: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    let system = match Verifier::new(Arc::clone(provider)) {
        Err(_) if !are_roots_chosen() => return bundled_roots(more, provider),
        system => system?,
    };
    if more.is_empty() {
        return Ok(Arc::new(system));
    }
    Ok(Arc::new(Verifier::new_with_extra_roots(more.iter().cloned(), Arc::clone(provider))?))
}

/// Does the environment name the roots? Then `cfwh` trusts no others, even if it finds none.
fn are_roots_chosen() -> bool {
    ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|variable| std::env::var_os(variable).is_some())
}

/// Returns a verifier for systems without roots, such as empty containers: with the roots of Mozilla and these.
fn bundled_roots(
    more: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in more {
        store.add(certificate.clone())?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider)).build();
    Ok(verifier.map_err(|error| rustls::Error::General(error.to_string()))?)
}

/// Accepts the given certificates, for their names, and certificates that the roots signed. A certificate of
/// `openssl req -x509` is self-signed and marked as an authority, so only the first rule accepts it.
#[derive(Debug)]
struct CertificateVerifier {
    pinned: Vec<CertificateDer<'static>>,
    /// Without roots, every certificate is accepted. The server must still prove that it has the key.
    roots: Option<Arc<dyn ServerCertVerifier>>,
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

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    use rustls::CertificateError;

    use super::*;

    #[test]
    fn bundled_roots_are_mozillas_and_those_that_are_given() {
        assert!(webpki_roots::TLS_SERVER_ROOTS.len() > 100);
        let (root_key, leaf_key) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = authority.self_signed(&root_key).expect("a certificate").der().clone();
        let issuer = Issuer::new(authority, root_key);
        let leaf = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        let leaf = leaf.signed_by(&leaf_key, &issuer).expect("a certificate").der().clone();

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let name = ServerName::try_from("localhost").expect("a name");
        let verify = |more: &[CertificateDer<'static>]| {
            let roots = bundled_roots(more, &provider).expect("roots");
            roots.verify_server_cert(&leaf, &[], &name, &[], UnixTime::now())
        };
        let refused = verify(&[]).expect_err("nobody vouches for it");
        assert_eq!(refused, rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer));
        verify(&[root]).expect("the root vouches for it");
    }
}
