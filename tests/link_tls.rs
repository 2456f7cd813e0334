//! The link over TLS: whom it trusts, and whom it does not.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

mod common;

use std::fs;

use common::{Display, Server, scene};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate authority, and a certificate of it for these names.
fn authority(called: &str, names: &[&str]) -> (String, CertificateDer<'static>, PrivateKeyDer<'static>) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, called);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    (issuer.pem(), certificate.der().clone(), key)
}

#[test]
fn a_server_of_our_own_authority_is_followed() {
    let (pem, certificate, key) = authority("ours", &["localhost"]);
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    fs::write(&ca_file, pem).unwrap();
    let server = Server::with_tls(certificate, key);
    let mut display = Display::with(&server.url(), |o| o.queue.ca_file = Some(ca_file));
    display.update();
    let mut peer = server.accept();
    peer.snapshot(1, &scene::hall());
    peer.event(&scene::called("A-002", "2"));
    display.until("the call is shown", |d| scene::serving(d.hall(), "2") == Some("A-002"));
}

#[test]
fn a_server_that_nobody_vouches_for_is_refused_and_told_nothing() {
    let (_, certificate, key) = authority("ours", &["localhost"]);
    let (other, ..) = authority("other", &["localhost"]);
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    let token = folder.path().join("token");
    fs::write(&token, "hush").unwrap();
    fs::write(&ca_file, other).unwrap();
    let server = Server::with_tls(certificate, key);
    for trusted in [None, Some(ca_file)] {
        let mut display = Display::with(&server.url(), |o| {
            o.queue.ca_file = trusted;
            o.queue.token_file = Some(token.clone());
        });
        display.update();
        for _ in 0..2 {
            // The handshake of TLS fails, so no request, and no token, was ever sent.
            let error = server.try_accept().err().unwrap();
            assert!(error.contains("UnknownCA"), "{error}");
        }
        display.update();
        assert!(!display.status().connected);
    }
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let (pem, certificate, key) = authority("ours", &["antrean.example"]);
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    fs::write(&ca_file, pem).unwrap();
    let server = Server::with_tls(certificate, key);
    let mut display = Display::with(&server.url(), |o| o.queue.ca_file = Some(ca_file));
    display.update();
    assert!(server.try_accept().is_err());
}

#[test]
fn with_an_authority_that_cannot_be_read_the_display_does_not_knock_until_it_can() {
    let (pem, certificate, key) = authority("ours", &["localhost"]);
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    let server = Server::with_tls(certificate, key);
    fs::write(&ca_file, "no certificate").unwrap();
    let mut display = Display::with(&server.url(), |o| o.queue.ca_file = Some(ca_file.clone()));
    display.update();
    // Its connection ends before TLS begins.
    assert!(server.try_accept().is_err());
    // The file is replaced whole, as an administrator would.
    let new = folder.path().join("new");
    fs::write(&new, pem).unwrap();
    fs::rename(new, ca_file).unwrap();
    let mut peer = loop {
        if let Ok(peer) = server.try_accept() {
            break peer;
        }
    };
    peer.snapshot(1, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
}
