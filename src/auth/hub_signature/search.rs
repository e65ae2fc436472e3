//! The search for the mistakes in one signature.

use std::borrow::Cow;

use super::bodies::{CUT, GUNZIPPED};
use super::candidates::{body_candidates, common_lengths, key_candidates, rewritten_json};
use super::constructions;
use super::digest::Digest;
use crate::auth::explanation::{Cause, Explanation, Searched};
use crate::auth::secret::Secret;
use crate::models::gzip::{self, gunzip};
use crate::models::request::Request;

const MIB: usize = 1024 * 1024;

/// How far a search goes.
pub(super) struct SearchLimits {
    /// The maximum number of bytes to hash for one kind of change, with all secrets together.
    single: usize,
    /// The maximum number of bytes to hash for two changes at once.
    pairs: usize,
    /// The maximum size of a body for which every length is tried.
    every_length: usize,
    /// The maximum size of a decompressed body.
    gunzipped: usize,
}

pub(super) static THOROUGH: SearchLimits =
    SearchLimits { single: usize::MAX, pairs: 256 * MIB, every_length: 4 * MIB, gunzipped: 16 * MIB };
pub(super) static QUICK: SearchLimits =
    SearchLimits { single: 3 * MIB, pairs: 0, every_length: 4 * 1024, gunzipped: MIB };

/// A marker for a correct digest: only its form or its header can be wrong.
pub(super) const UNCHANGED: Cause = Cause::new("as-it-is", "", "");

pub(super) struct SignatureSearch<'a> {
    pub(super) digest: &'a Digest,
    pub(super) limits: &'static SearchLimits,
    /// The number of secrets.
    pub(super) secrets: usize,
    pub(super) found: Vec<Cause>,
    pub(super) explanation: &'a mut Explanation,
}

impl SignatureSearch<'_> {
    pub(super) fn request(&mut self, secrets: &[Secret], request: &Request) {
        let body = request.body();
        let gunzipped = gunzip(body, self.limits.gunzipped);
        if gunzipped.is_none() && body.starts_with(gzip::MAGIC) {
            self.skip("the decompressed body: it is too large or damaged");
        }
        for secret in secrets {
            self.body(secret.bytes(), request, gunzipped.is_none());
        }
        let Some(body) = gunzipped.filter(|_| self.found.is_empty()) else { return };
        let decompressed = request.with_body(body);
        for secret in secrets {
            self.body(secret.bytes(), &decompressed, true);
        }
        if !self.found.is_empty() {
            self.found.insert(0, GUNZIPPED);
        }
    }

    /// Tries one change at a time. If none matches, tries two changes at once.
    fn body(&mut self, key: &[u8], request: &Request, is_text: bool) {
        let (body, length, limits) = (request.body(), request.body().len(), self.limits);
        let (single, pairs) = (limits.single / self.secrets, limits.pairs / self.secrets);
        let is_signed = |digest: &Digest, varied: &Cow<'_, [u8]>| digest.is_hmac(key, &[varied]);
        let unchanged = std::iter::once((vec![UNCHANGED], Cow::Borrowed(body)));
        if self.compare("the form only", length, single, unchanged, is_signed) {
            return;
        }
        let (constructions, missing) = constructions::all(request);
        if let Some(missing) = missing {
            self.skip(&missing);
        }
        let computed = || constructions.iter().map(|construction| (vec![construction.cause.clone()], construction));
        let mut any = false;
        if is_text {
            any |= self.compare("the body", length, single, body_candidates(body), is_signed);
            match rewritten_json(body) {
                Ok(rewritten) => any |= self.compare("the JSON", length, single, rewritten, is_signed),
                Err(error) => self.skip(&format!("rewritten JSON: {error}")),
            }
        }
        any |=
            self.compare("the secret", length, single, key_candidates(key), |digest, key| digest.is_hmac(key, &[body]));
        any |= self.compare("the computation", length, single, computed(), |digest, construction| {
            construction.matches(digest, key, body)
        });
        if any || self.cut(key, body) {
            return;
        }
        if pairs == 0 {
            return self.skip("two changes at once: only `cfwh verify --explain` tries them");
        }
        let bodies = || {
            let rewritten = rewritten_json(body).ok().into_iter().flatten();
            body_candidates(body).chain(rewritten).filter(|_| is_text)
        };
        let both = key_candidates(key).flat_map(|(cause, key)| {
            bodies().map(move |(causes, body)| ([&cause[..], &causes[..]].concat(), (key.clone(), body)))
        });
        self.compare(PAIRS[0], length, pairs, both, |digest, (key, body)| digest.is_hmac(key, &[body]));
        let computed_of_bodies = bodies().flat_map(|(causes, body)| {
            computed()
                .map(move |(more, construction)| ([&causes[..], &more[..]].concat(), (body.clone(), construction)))
        });
        self.compare(PAIRS[1], length, pairs, computed_of_bodies, |digest, (body, construction)| {
            construction.matches(digest, key, body)
        });
        let computed_with_keys = key_candidates(key).flat_map(|(cause, key)| {
            let computed = computed().filter(|(_, construction)| construction.uses_secret());
            computed.map(move |(more, construction)| ([&cause[..], &more[..]].concat(), (key.clone(), construction)))
        });
        self.compare(PAIRS[2], length, pairs, computed_with_keys, |digest, (key, construction)| {
            construction.matches(digest, key, body)
        });
    }

    /// Compares the digest with the digests of all candidates, up to `limit` hashed bytes. Returns whether any candidate matches.
    fn compare<T>(
        &mut self,
        what: &'static str,
        length: usize,
        limit: usize,
        candidates: impl Iterator<Item = (Vec<Cause>, T)>,
        matches: impl Fn(&Digest, &T) -> bool,
    ) -> bool {
        /// The bytes that an HMAC hashes besides the message.
        const KEY_BLOCKS: usize = 256;
        let before = self.found.len();
        let mut hashed = 0_usize;
        for (causes, candidate) in candidates {
            let cost = length + KEY_BLOCKS;
            if hashed > 0 && cost > limit.saturating_sub(hashed) {
                self.skip(&format!("more changes to {what}: the body has {length} bytes"));
                break;
            }
            hashed = hashed.saturating_add(cost);
            self.count(what, 1, causes.first().filter(|_| !PAIRS.contains(&what)).map(|cause| cause.id));
            if matches(self.digest, &candidate) {
                self.found.extend(causes);
            }
        }
        self.found.len() > before
    }

    /// Finds the length at which the body was cut before it was signed. Returns whether there is one.
    fn cut(&mut self, key: &[u8], body: &[u8]) -> bool {
        let every = body.len() <= self.limits.every_length;
        let lengths: Box<dyn Iterator<Item = usize>> =
            if every { Box::new(1..body.len()) } else { Box::new(common_lengths(body).into_iter()) };
        let mut compared = 0;
        let length = self.digest.find_cut(key, body, lengths.inspect(|_| compared += 1));
        self.count(if every { LENGTHS[0] } else { LENGTHS[1] }, compared, Some(CUT.id));
        self.found.extend(length.map(|length| {
            let message = format!("only the first {length} of {} bytes of the body were signed", body.len());
            Cause { message: message.into(), ..CUT }
        }));
        length.is_some()
    }

    fn count(&mut self, what: &'static str, compared: usize, id: Option<&'static str>) {
        self.explanation.tried += compared;
        let searched = &mut self.explanation.searched;
        let index = searched.iter().position(|group| group.what == what).unwrap_or_else(|| {
            searched.push(Searched { what, compared: 0, causes: Vec::new() });
            searched.len() - 1
        });
        searched[index].compared += compared;
        let causes = &mut searched[index].causes;
        causes.extend(id.filter(|id| *id != UNCHANGED.id && !causes.contains(id)));
    }

    fn skip(&mut self, what: &str) {
        let left_out = &mut self.explanation.left_out;
        if !left_out.iter().any(|known| known == what) {
            left_out.push(what.to_owned());
        }
    }
}

/// The groups of candidates that cut the body: at every length, or at common lengths.
pub(super) const LENGTHS: [&str; 2] = ["every length of the body", "common lengths of the body"];

/// The groups of candidates with two changes. They have too many causes to list.
const PAIRS: [&str; 3] = ["the secret and the body", "the body and the computation", "the secret and the computation"];
