//! `qsh`: the claim of a Connect token with a hash of the method, the path and the query.
//!
//! It does not cover the body or the headers. Sources: Atlassian's documentation "Understanding JWT for Connect apps", and
//! the test vectors of Atlassian's Java library (`jwt-signed-urls.json`, 2016).

use percent_encoding::percent_encode;
use sha2::{Digest, Sha256};

use crate::auth::url_token::{ENCODED, decoded, parameters};

/// The query parameter that may contain the token. The hash excludes it.
const TOKEN_PARAMETER: &str = "jwt";

/// Returns the `qsh` of a request. `base_path` is the path of the app's base URL.
pub fn query_string_hash(method: &str, target: &str, base_path: &str) -> String {
    hash(&canonical_request(method, target, base_path))
}

/// Returns the canonical request: the method in upper case, the path after the app's base URL, and the sorted query, joined
/// with ampersands.
pub fn canonical_request(method: &str, target: &str, base_path: &str) -> String {
    format!("{}&{}&{}", method.to_uppercase(), canonical_path(target, base_path), canonical_query(target))
}

/// Returns the SHA-256 of a canonical request, in lower-case hex.
pub(super) fn hash(canonical_request: &str) -> String {
    hex::encode(Sha256::digest(canonical_request))
}

/// Returns the path after the base URL, without a slash at the end. The path is not decoded.
pub(super) fn canonical_path(target: &str, base_path: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let base = base_path.trim_end_matches('/');
    let path = match path.strip_prefix(base) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => path,
    };
    let path = path.replace('&', "%26");
    let path = if path.starts_with('/') { path } else { format!("/{path}") };
    match path.strip_suffix('/') {
        Some(without) if !without.is_empty() => without.to_owned(),
        _ => path,
    }
}

/// Returns the query, sorted, with names and values decoded and encoded again. The values of a repeated name are joined with
/// commas.
pub(super) fn canonical_query(target: &str) -> String {
    let encode = |text: &str| percent_encode(&decoded(text), ENCODED).to_string();
    let pairs = parameters(target).map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")));
    let mut pairs: Vec<_> = pairs.map(|(name, value)| (encode(name), encode(value))).collect();
    pairs.retain(|(name, _)| name != TOKEN_PARAMETER);
    pairs.sort_unstable();
    let parameters = pairs.chunk_by(|(one, _), (other, _)| one == other).map(|alike| {
        let values: Vec<_> = alike.iter().map(|(_, value)| value.as_str()).collect();
        format!("{}={}", alike[0].0, values.join(","))
    });
    parameters.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Atlassian's vectors: GET requests of `https://example.com`.
    #[rustfmt::skip]
    const OFFICIAL: &[(&str, &str, &str)] = &[
        ("/test?param=value", "GET&/test&param=value", "be16910858a41fd19ea5c1b4e9decca9a784d1024cb00b2158defe2f29dc86dd"),
        ("/test?query=connect*", "GET&/test&query=connect%2A", "0d28bc10d1972d9cab59e123ce17976eb32aad6957a13cfb8b97ced6d3fc8a29"),
        ("/test?ids=10%2C2%2C20%2C1", "GET&/test&ids=10%2C2%2C20%2C1", "2e617b65f966650789990e5cac8ff295ee5b453834d04798f466ff6035bd8829"),
        ("/test?title=1+%2B+1+equals+3", "GET&/test&title=1%20%2B%201%20equals%203", "ce0a866ce0c34cbde70deb63f6915192f58500d2b49b12e1ffc8cdf91edabc91"),
        ("/test?json=%5B%22val1%22%2C%22val2%22%5D", "GET&/test&json=%5B%22val1%22%2C%22val2%22%5D", "5a69d35f16534290a4ed2f9e53a45e6872cf0c3a1163295c42947d42931a1f73"),
        ("/test?param=%28%29", "GET&/test&param=%28%29", "46b9787a8983560f446f82d6143122d99e153affd5688fa45343074a091573eb"),
        ("/test?rfc=+%3C%3E%22%23%25%7B%7D%7C%5C%5E%7E%5B%5D%60", "GET&/test&rfc=%20%3C%3E%22%23%25%7B%7D%7C%5C%5E~%5B%5D%60", "36ba39c5379d752bbef1349ba58df98ecaa456b78c7c2e3245e2f33eac712a49"),
        ("/test?rfc=%24-_.%2B%21*%27%28%29%2C", "GET&/test&rfc=%24-_.%2B%21%2A%27%28%29%2C", "0e36229cc459ff8ccb4845c11433cfbbe25bfa45e8c1ea14d2a124231cb0a2e9"),
        ("/test?rfc=%3A%2F%3F%23%5B%5D%40", "GET&/test&rfc=%3A%2F%3F%23%5B%5D%40", "96041ee45ad4b8ea29bce42f3e2835490591f55e84bddbbab82151d4a1ac1a11"),
        ("/test?notmuch=", "GET&/test&notmuch=", "20fecded9951516a3447b1b556d0eb350de29770505253a30dc739502e05ddc7"),
        ("/test?ids=-1&ids=1&ids=10&ids=2&ids=20", "GET&/test&ids=-1,1,10,2,20", "a646c48741faaeb649f9ca7888ae029ead432e3806f56c4a57b80b3e2ac628a9"),
        ("/test?chars=%E5%AE%AE&chars=%E5%B4%8E&chars=%E9%A7%BF", "GET&/test&chars=%E5%AE%AE,%E5%B4%8E,%E9%A7%BF", "72a7f7ce9f93157f296b86338315423d6f3b6aba5081f04bbdb6bb18218b65ee"),
        ("/test?%231=value", "GET&/test&%231=value", "eccb4a232d50ca41ac40398675b6487a711d9e972917d8a61cbc120f9fbda597"),
        ("/test?%241=value", "GET&/test&%241=value", "a9f61f1c8250ebfb9234654e71dec233c93c16a54fe30a649dfd65badf3c0171"),
        ("/test?a=x1&a=x10&b=y1&b=y10", "GET&/test&a=x1,x10&b=y1,y10", "310ba3ff7e1e9a8cacd33dd6172501304bf325096d81ccad449465427e58a9c4"),
        ("/test?a=1%2C2%2C3&a=4%2C5%2C6&b=a%2Cb%2Cc&b=d%2Ce%2Cf", "GET&/test&a=1%2C2%2C3,4%2C5%2C6&b=a%2Cb%2Cc,d%2Ce%2Cf", "06b76eb63acccce2356cdfc66f4abd1e3a061c0305c9fc76b616ae71fe3b6ab5"),
        ("/test?A=A&a=a&b=b&B=B", "GET&/test&A=A&B=B&a=a&b=b", "539adc2b0aef2ec8659825893b8b92e6a53c9483e2150b8185b08490d8b6de60"),
        ("/test", "GET&/test&", "bad328fac990349a8c88393c1755bc4f984a9c387202229b8ed52e04ff7e9fec"),
        ("/endsWithDelimiter/", "GET&/endsWithDelimiter&", "4c799e91fc8e1be9b1f034f2191ae80cb2080b54a85e9a2464ad2f2115f8d987"),
        ("/path!$&'()*+,;=?a=b", "GET&/path!$%26'()*+,;=&a=b", "9ef803f9cb8dea4f7f875caff8d31e95962c6e8bd44d64a848d6ebb055b2144b"),
    ];

    /// Webhook requests: method, target, path of the base URL. The `atlassian-jwt` packages for Node and Python agree.
    #[rustfmt::skip]
    const WEBHOOKS: &[(&str, &str, &str, &str, &str)] = &[
        ("POST", "/webhooks/page_created", "", "POST&/webhooks/page_created&", "cce0b0eb5116f015b6a0a0b5738b78c392148b47ab0bb1ae0b6b9325cac81d28"),
        ("POST", "/webhooks/page_created?lic=active", "", "POST&/webhooks/page_created&lic=active", "9174283f9bb856957bfaf8c92351e37939b95e9df889eb40661db1f3ad6bf728"),
        ("POST", "/hook?event=page_created&lic=none", "", "POST&/hook&event=page_created&lic=none", "940bacffde088b128a53285777da3abfb9fb185378db3b0dafd807702c17e651"),
        ("POST", "/connect/webhooks/page_created?lic=active", "/connect", "POST&/webhooks/page_created&lic=active", "9174283f9bb856957bfaf8c92351e37939b95e9df889eb40661db1f3ad6bf728"),
        ("POST", "/connect/webhooks/page_created", "/connect/", "POST&/webhooks/page_created&", "cce0b0eb5116f015b6a0a0b5738b78c392148b47ab0bb1ae0b6b9325cac81d28"),
        ("POST", "/", "", "POST&/&", "6dfb58321692d08d44565d1331846fc24e7dc08b33259d262f4eff79b21d8e05"),
        ("POST", "/hook/", "", "POST&/hook&", "7c68a95ae565874370690548bfbd92b2c63843300c89f8a8a6e959f64c9e5f95"),
        ("POST", "/a%20b/c", "", "POST&/a%20b/c&", "ed7fcc91dec6f3543ab93de0e75f8b0df049428958863d33934fbe296d51429c"),
        ("POST", "/a&b", "", "POST&/a%26b&", "463fbdd58bc0e045ac29db1b2f327b26e0ea6fb618853ba38364c3e40397219f"),
        ("POST", "/hook?x=b&x=a", "", "POST&/hook&x=a,b", "acd3c495dee64a42f58aed994381447f456fc2bc4ff20ec91132e169c8aa268f"),
        ("POST", "/hook?t=a+b", "", "POST&/hook&t=a%20b", "ac223d393b09a0dd09bca3f974200c735a98f063770c765688aee77cd55d03d9"),
        ("POST", "/hook?jwt=abc&lic=none", "", "POST&/hook&lic=none", "11c42a49c446e42f687e0ba4c746c81e28b97f40b061be8ae3222df129a0d430"),
        ("POST", "/hook?q=%c3%a9", "", "POST&/hook&q=%C3%A9", "76a5a9f2bba2c62a09a90642322b0a85ff58970e78cde61936815474c5df5388"),
        ("POST", "/installed", "", "POST&/installed&", "4a2e1de8ca74e6cafe8862d332fa3ac7a8e51e692bc6d798ea4dfedc14948bf4"),
        // From the tests of a Go library.
        ("GET", "/something?simple=key", "", "GET&/something&simple=key", "3c1ebfedcd634a4146672368a8bee5ae364496a7fabcbda591398c00f03771d2"),
        ("POST", "/something?simple=key", "", "POST&/something&simple=key", "eafb48e8c78a5b09bc2ce7b0b86289ee4a7bd58179e47006d0141b33d5165af7"),
        ("GET", "", "", "GET&/&", "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"),
        ("GET", "/something?ids=-1&ids=1&ids=20&ids=2&ids=10", "", "GET&/something&ids=-1,1,10,2,20", "cfb9607f936f9523743b25897bd3a4ae822536fd18678b984b9dc0b31bfd8c46"),
    ];

    #[test]
    fn known_answers() {
        for (target, canonical, qsh) in OFFICIAL {
            assert_eq!(canonical_request("get", target, ""), *canonical);
            assert_eq!(query_string_hash("GET", target, "/"), *qsh, "{target}");
        }
        for (method, target, base, canonical, qsh) in WEBHOOKS {
            assert_eq!(canonical_request(method, target, base), *canonical);
            assert_eq!(query_string_hash(method, target, base), *qsh, "{target}");
        }
    }

    #[test]
    fn the_path_of_the_base_url_is_whole_segments() {
        assert_eq!(canonical_path("/connected/hook", "/connect"), "/connected/hook");
        assert_eq!(canonical_path("/connect", "/connect"), "/");
        assert_eq!(canonical_path("/connect/", "/connect"), "/");
    }
}
