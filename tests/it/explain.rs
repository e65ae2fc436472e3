//! `cfwh verify --explain` finds every cause in signatures of other tools, and lists what it tried.

use serde_json::{Value, json};

use crate::support::{Listener, Run, Sandbox};

/// A received delivery with a signature.
fn delivery(headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        "POST /hook?lic=active HTTP/1.1\r\nHost: hooks.example.com\r\nX-Timestamp: 1700000000\r\nwebhook-id: msg_1\r\n";
    [head.as_bytes(), headers.as_bytes(), b"\r\n\r\n", body].concat()
}

fn explain(secret: &[u8], headers: &str, body: &[u8], more: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.write("secret", secret);
    sandbox.write("a.http", delivery(headers, body));
    sandbox.run(&[&["verify", "a.http", "--secret-file", "secret", "--explain"], more].concat()).expect(1)
}

fn causes(line: &Value) -> Vec<&str> {
    line["causes"].as_array().expect("a list").iter().filter_map(|cause| cause["cause"].as_str()).collect()
}

/// Secret, body, signature and causes.
type Signed = (&'static [u8], &'static [u8], &'static str, &'static [&'static str]);

/// Python 3.11 computed the digests with `hmac`, `hashlib`, `json` and its codecs; what
/// Gson and System.Text.Json write is written out here as their documentation has it.
#[rustfmt::skip]
const SIGNED: &[Signed] = &[
    (b"s3cret", b"{\"a\":1,\n\"b\":\"c\"}\n", "sha256=419b1937b8c709e60d4fde2515339eb63c22b3fbae3e545e5274ebed47467929", &["without-line-ends"]),
    (b"s3cret", b"{\"a\":1,\r\n\"b\":\"c\"}\r\n", "sha256=419b1937b8c709e60d4fde2515339eb63c22b3fbae3e545e5274ebed47467929", &["without-line-ends"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=9baf7c35fccb8a6457cf8981539964617d417ee888a599e581b9a258dfc8e19d", &["ascii-body"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=58775d404248610d8334ccf6587fc4515a0d43c3dd4e4c7445a7d2d75b16bf0c", &["ascii-body-by-unit"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=6aa11db1d4d6794a00773875eb00e6f447218552af6d858736884594ea5a8001", &["ascii-body-by-byte"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=cde3024c78f7686187ed28d03e3efc2c4c0d97491f094129133d1d44fb19c8ae", &["latin-1-body"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=264f151a9eb6d34311d1d7e27f4baffabd89e2e88f1a29f2c83ce0515c18e983", &["latin-1-body-low-bytes"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=d6f77c094af830dc7e9c3e21d1568ea7e8bbeef4c8e4107fe0649969ff04376b", &["windows-1252-body"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=ed2b14b981705c5d69584340b2ab63f62f6550e88fcb7b3204b1d1ee0023b9f8", &["utf-16le-body"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=b9bd85cbec89b0e897771ecf4d596e963e8f54833a9cd8af47597eb2c8b7f36d", &["utf-16be-body"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=ae5b0ee72b8985de553c3956b2d7f69c836a7f5b46e8b1e75b0536df551fbd05", &["utf-16le-mark-body"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=ac50eeec7ebed76a15dcefb3fbe68d1e41febb85b3af4ef4d95701c4a2939630", &["utf-16be-mark-body"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}", "sha256=54d087b7aac4783b8b946304611d2bffe57369ea919a5d70acbb8fc6379df8d8", &["double-utf-8-body"]),
    (b"s3cret", b"{\"title\":\"\xc3\xa9\xe2\x82\xac\"}", "sha256=dcf384920e096c1ebce4da60329c33629f99d08e372945bae36ec47b58f4093c", &["double-utf-8-windows-body"]),
    (b"s3cret", b"{\"a\":\"\xff\"}", "sha256=baed50ef27ffc20d1a6ff400689ffdb86e87f438307545e5112ce1db610513de", &["lossy-utf-8-body"]),
    (b"s3cret", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xabVJ-K\xcd+Q\xb2R*HLO\x8dO.JM,IMQ\xd2Q*\xc9\xccM-.I\xcc-P\xb2247\x80\x02C#c\x1d\xb0B%\xabj\xa0\x8a\x92\x1c C)\x11\xa8:3\x05\xa8LG\xa9B\xc9*\xaf4'\xa7\xb6\x16\x00UmG$W\x00\x00\x00", "sha256=0fa73b72963d13e5c48cc1122e62930ff106c1f309f8e137ae36163d2d8b3107", &["gunzipped"]),
    (b"s3cret", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xabVJ-K\xcd+Q\xb2R*HLO\x8dO.JM,IMQ\xd2Q*\xc9\xccM-.I\xcc-P\xb2247\x80\x02C#c\x1d\xb0B%\xabj\xa0\x8a\x92\x1c C)\x11\xa8:3\x05\xa8LG\xa9B\xc9*\xaf4'\xa7\xb6\x16\x00UmG$W\x00\x00\x00", "sha256=ba07d37d706396109369c3a93d6356ca65df6ecd324c373b499886a6163cbe69", &["gunzipped", "python-json"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=d48cbfa387977d9bb024215d33238c1f1f2295915be02d2ea47c5f9c1a82544a", &["cut"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=0ffead5f86d1ec7599f77552f7faaf15da8f998e2ccc9fdd39c38b756bf31a37", &["cut"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=3a5f9626636c54314a08758b73387bc1b42f14acb39b2bb51a56559667a6bd33", &["cut"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=dde7a21a8fb21201b6c5efb0aab26010f427b0c40a9bdcb170dbd38f1ebc404c", &["secret-empty"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=bc5a97c4dafed903d60af6ecea67dfbbf42dfd8c28e8a0a58c65a701245b45a1", &["secret-undefined"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=07ad52105de8ca771820c3b6177cbb06d8a9be5ac63c54a39bb1796e441b7cee", &["secret-null"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=ca7c7304f7e7ed796b4d82b6c716bac7f6163ac01946079313272715e5f231ff", &["secret-none"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=2315a3f54f15934c0dd442522570994582c85de330659c6c099ebbc6874d23ba", &["secret-with-byte-order-mark"]),
    (b"\xef\xbb\xbfs3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=0fa73b72963d13e5c48cc1122e62930ff106c1f309f8e137ae36163d2d8b3107", &["secret-without-byte-order-mark"]),
    (b"\xff\xfes\x003\x00c\x00r\x00e\x00t\x00\r\x00\n\x00", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=0fa73b72963d13e5c48cc1122e62930ff106c1f309f8e137ae36163d2d8b3107", &["secret-from-utf-16"]),
    (b"\xfe\xff\x00s\x003\x00c\x00r\x00e\x00t", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=0fa73b72963d13e5c48cc1122e62930ff106c1f309f8e137ae36163d2d8b3107", &["secret-from-utf-16"]),
    (b"p\xc3\xa4ssw\xe2\x82\xacrd\xf0\x9f\x98\x80", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=746cafb78fdcbdb0bcd09bbe302f49ba9530536df498d41b1c2c865c172c917c", &["secret-in-ascii"]),
    (b"p\xc3\xa4ssw\xe2\x82\xacrd\xf0\x9f\x98\x80", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=82cd133a3516fe366e4b331cfced6db48a6af37f8972e8f0d735a118251cdac4", &["secret-in-latin-1"]),
    (b"p\xc3\xa4ssw\xe2\x82\xacrd\xf0\x9f\x98\x80", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=9d27cca92b81fdcc319915bf0879c48fc1e51a90e9fe882f1ea0a0964743dc4b", &["secret-in-windows-1252"]),
    (b"p\xc3\xa4ssw\xe2\x82\xacrd\xf0\x9f\x98\x80", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=d9a938071e0bc56777db7f2b9e9b0749bfa11933c197c18942d13209ecaf4f31", &["secret-in-utf-16le"]),
    (b"p\xc3\xa4ssw\xe2\x82\xacrd\xf0\x9f\x98\x80", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=b98ac069b215d2e9b5769f80dd425c6f795acd28f6dd4bc79b0e8310cdf31161", &["secret-in-utf-16be"]),
    (b"p\xc3\xa4ssw\xe2\x82\xacrd\xf0\x9f\x98\x80", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=7644d68a2c3b11b497d3e8d1aef82c6863b67b4730fd989cf89d34473c0bdf75", &["secret-in-utf-16le-mark"]),
    (b"p\xc3\xa4ssw\xe2\x82\xacrd\xf0\x9f\x98\x80", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=3abc444ce020c45abe7068ce8657368e87400392ef9600590805805fea639bb8", &["secret-in-double-utf-8"]),
    (b"pa$word!", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=e3e438e14e2b056d92bf657c89bbbfcf92e7bce1c9f1dcc5d3072b83f0dc6845", &["secret-expanded"]),
    (b"pa${word}!", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=e3e438e14e2b056d92bf657c89bbbfcf92e7bce1c9f1dcc5d3072b83f0dc6845", &["secret-expanded"]),
    (b"pa$$word", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=6bf2c4e5c1751fb8208285bc61ea877f51bf45ea92277c02ee587a6494391f01", &["secret-single-dollars"]),
    (b"pa\\\\word\\\"", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=6066c8be939f82785a1842251ecc4b6227f24c22f1e1482825d7c4359ad9f352", &["secret-unescaped"]),
    (b"p%40ss%20w+rd", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=b5bd5652a9e18e9c580fd55b32fa99a51eeb83f4425019a98ac2741e9892253d", &["secret-percent-decoded"]),
    (b"p%40ss%20w+rd", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=fc968cda265df64e9f4453a09c54a43e5ee7d18ba91d54144b82c1aed3b9c601", &["secret-form-decoded"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=451daf429e3b25740900a7c6515cb5c8ecf039f4bee34d8c7c3460023ea612e2", &["swapped"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=0934e0dd96d25d2f1ebad806e342d01d6db8ae9085af2158b3d17719a343565c", &["plain-hash"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=e8019177662f4b818a72dfc478cc2e73918e1a79fabfd947771122ccc78b5b35", &["secret-and-body-hash"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=20279b495b7d7acf059206fab9af3126425b82bab933fde636b10cbc0cfc0250", &["body-and-secret-hash"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "md5=d0858473184f69d4658b1ac0a99b75f9", &["md5"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "md5=e558eb94fa8236b9f2bb99089f8e80ec", &["plain-hash", "md5"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "214fde90e56f310a6e93a8b569dfc10950919a74", &["sha1", "no-prefix"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha384=677b036e95817f4bb871e0589796d588bb5c891aa344cda6bc6dfe7940bed238f8d9aefd72a212c2cc89a0f0fea4d3c9", &["sha384"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=0fa73b72963d13e5c48cc1122e62930f", &["half"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "t=1700000000,v1=fa40b5db5a5babaf162af1ab961fa2637a73cea86386279a36efdcbf643711a6", &["timestamp-dot-body", "listed"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "v0=7126740c85193559649eeef69317288ec420cd552a840ee30a13506db85afb4d", &["v0-timestamp-body", "other-prefix"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "v1,O1g10UJHGg4eEpVKgliEInp07Vve651ojGEjrXDcATU=", &["id-timestamp-body", "listed"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=49ea965ce964a8caa616bf410051fcc63ab48614c8dd95359dbd1dd01be70d83", &["timestamp-dot-body"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=7bdb7d8d105497227d13798fc7a1b67ea912abcd02a0626b3972abc2aa2a1473", &["url-and-body"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=b8e2ce96c479dbe899fde64cd4af33796ef47ad57c4855e78bde7682169fb9fe", &["url-and-body"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=697d516d19fe875e8118d5991e61115e183a55e5b5ad00265053e5522d0b71ca", &["body-and-url"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=3a428e098cce5492153acece4b8dfc555096c796a7704fdfcc06e70976ecbe6a", &["method-url-and-body"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=d161e603ced1f0ac5dbea37a0963eb68693b4eff459736dc9bb8721cf551ab16", &["method-url-body-and-timestamp"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "\"sha256=0fa73b72963d13e5c48cc1122e62930ff106c1f309f8e137ae36163d2d8b3107\"", &["quotes"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "HMAC-SHA2-256(body.json)= 0fa73b72963d13e5c48cc1122e62930ff106c1f309f8e137ae36163d2d8b3107", &["openssl-line", "no-prefix"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "SHA2-256(stdin)= 0fa73b72963d13e5c48cc1122e62930ff106c1f309f8e137ae36163d2d8b3107", &["openssl-line", "no-prefix"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "MGZhNzNiNzI5NjNkMTNlNWM0OGNjMTEyMmU2MjkzMGZmMTA2YzFmMzA5ZjhlMTM3YWUzNjE2M2QyZDhiMzEwNw==", &["base64-of-hex", "no-prefix"]),
    (b"s3cret", b"{\"t\":\"<a href='x'>\xc3\xa9&+`\xf0\x9f\x98\x80\\\"/\",\"n\":1,\"big\":1700000000123,\"f\":0.5,\"z\":null}", "sha256=acef4beb7a9f21a362641e2780892e47c9b71215c59933fac81eb4ba99a8d1e0", &["gson-json"]),
    (b"s3cret", b"{\"t\":\"<a href='x'>\xc3\xa9&+`\xf0\x9f\x98\x80\\\"/\",\"n\":1,\"big\":1700000000123,\"f\":0.5,\"z\":null}", "sha256=b3ab925ad42cf575ac160dfd257ca37cb0af3b30b767927a42be81d943fece4a", &["gson-nulls-json"]),
    (b"s3cret", b"{\"t\":\"<a href='x'>\xc3\xa9&+`\xf0\x9f\x98\x80\\\"/\",\"n\":1,\"big\":1700000000123,\"f\":0.5,\"z\":null}", "sha256=f9ea3e78ea4bcc5796d0c2b62c48df9338610def873fa591a7518c5f39aaeade", &["gson-map-json"]),
    (b"s3cret", b"{\"t\":\"<a href='x'>\xc3\xa9&+`\xf0\x9f\x98\x80\\\"/\",\"n\":1,\"big\":1700000000123,\"f\":0.5,\"z\":null}", "sha256=7e2cad28349ee378f90e4e4965599174ed4f74ba7a68db59ec38d9a3da5a96d1", &["system-text-json"]),
    (b"s3cret", b"{\"t\":\"<a href='x'>\xc3\xa9&+`\xf0\x9f\x98\x80\\\"/\",\"n\":1,\"big\":1700000000123,\"f\":0.5,\"z\":null}", "sha256=9de26115c89442b67b4e487074421b56695456a83213b1798532076d2debba54", &["system-text-json-indented"]),
    (b"s3cret", b"{\"a\":1,\"b\":null}", "sha256=5910e62016ef5034272c926c27071992a465c2335cecf41851bda071577f4f6d", &["minified-without-nulls-json"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=9320353e4098474b3d27379392d1d564da2b0ba60952c009a5b209a144b5b438", &["secret-with-lf", "python-json"]),
    (b"czNjcmV0", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=ba07d37d706396109369c3a93d6356ca65df6ecd324c373b499886a6163cbe69", &["secret-base64-decoded", "python-json"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=48c5629636b97d48831a2732562ae2dc690d060b09d3c61d4f45d6b9a495b3f3", &["python-json", "timestamp-dot-body"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha256=83e055112ab8cb9c949cfbcccd6b71bfe0f3bd60a9878c1c48537403a72efe6d", &["secret-with-lf", "secret-and-body-hash"]),
    (b"s3cret", b"{\"event\":\"page_created\",\"timestamp\":1700000000123,\"page\":{\"title\":\"a\",\"id\":1,\"x\":null}}", "sha1=9d2ae0a984e2ae1fbeaadb8ad85a10d966b8fd2e", &["secret-empty", "python-json", "sha1"]),
    (b"s3cret", b"{\x00\"\x00t\x00i\x00t\x00l\x00e\x00\"\x00:\x00\"\x00\xe9\x00\xac \"\x00}\x00", "sha256=46a003c77c2e0fb31274ad668ed62fcb78741d4635a08d3b9f13855164861eb1", &["received-in-utf-16le"]),
    (b"s3cret", b"\xff\xfe{\x00\"\x00t\x00i\x00t\x00l\x00e\x00\"\x00:\x00\"\x00\xe9\x00\xac \"\x00}\x00", "sha256=46a003c77c2e0fb31274ad668ed62fcb78741d4635a08d3b9f13855164861eb1", &["received-in-utf-16le"]),
    (b"s3cret", b"\x00{\x00\"\x00t\x00i\x00t\x00l\x00e\x00\"\x00:\x00\"\x00\xe9 \xac\x00\"\x00}", "sha256=46a003c77c2e0fb31274ad668ed62fcb78741d4635a08d3b9f13855164861eb1", &["received-in-utf-16be"]),
    (b"s3cret", b"{\"title\":\"\xe9\"}", "sha256=17507b46fa540510367131b1434e28485bfe83b08dc219f7b354b1547e352bd8", &["received-in-latin-1"]),
    (b"s3cret", b"{\"title\":\"\xe9\x80\"}", "sha256=46a003c77c2e0fb31274ad668ed62fcb78741d4635a08d3b9f13855164861eb1", &["received-in-windows-1252"]),
    (b"s3cret", b"{\"title\":\"\xc3\x83\xc2\xa9\xc3\xa2\xc2\x82\xc2\xac\"}", "sha256=46a003c77c2e0fb31274ad668ed62fcb78741d4635a08d3b9f13855164861eb1", &["received-in-double-utf-8"]),
    (b"s3cret", b"{\"title\":\"\xc3\x83\xc2\xa9\xc3\xa2\xe2\x80\x9a\xc2\xac\"}", "sha256=46a003c77c2e0fb31274ad668ed62fcb78741d4635a08d3b9f13855164861eb1", &["received-in-double-utf-8-windows"]),
];

#[test]
fn every_cause_is_named_for_a_signature_that_was_made_elsewhere() {
    for (secret, body, signature, expected) in SIGNED {
        let run = explain(secret, &format!("X-Hub-Signature: {signature}"), body, &["--json"]);
        let line = run.json().remove(0);
        let causes = causes(&line);
        assert!(expected.iter().all(|cause| causes.contains(cause)), "{expected:?} {signature}: {line}");
        assert!(line["tried"].as_u64() > Some(0), "{line}");
    }
}

const WRONG: &str = "X-Hub-Signature: sha256=0000000000000000000000000000000000000000000000000000000000000000";

#[test]
fn without_a_cause_everything_that_was_tried_is_listed_and_counted() {
    let body = b"{\"a\": 1}\n";
    let line = explain(b"s", WRONG, body, &["--json"]).json().remove(0);
    assert_eq!(line["causes"], json!([]));
    let searched = line["searched"].as_array().expect("a list");
    let compared: u64 = searched.iter().filter_map(|group| group["compared"].as_u64()).sum();
    assert_eq!(line["tried"], json!(compared));
    assert_eq!(line["left_out"], json!([]));

    let run = explain(b"s", WRONG, body, &[]);
    let text = run.text();
    assert!(text.contains(&format!("no cause found; {compared} digests compared, with changes to:\n")), "{text}");
    for group in searched {
        let line = format!("  {}, {}", group["what"].as_str().expect("text"), group["compared"]);
        assert!(text.contains(&line), "{line}: {text}");
        for cause in group["causes"].as_array().expect("a list") {
            assert!(text.contains(cause.as_str().expect("an id")), "{cause}: {text}");
        }
    }
    assert!(text.lines().all(|line| line.len() <= 100), "{text}");
    assert!(!text.contains("not tried") && !text.contains("ruled out"), "{text}");
}

#[test]
fn skipped_candidates_are_reported() {
    let run = explain(b"s", WRONG, b"{\"a\":\"\\ud800\", b}", &[]);
    let text = run.text().replace("\n             ", " ");
    assert!(text.contains("not tried: rewritten JSON: the body is not JSON"), "{text}");
    let run = Sandbox::new().run_with(&["verify", "--secret", "s", "--signature", &WRONG[17..], "--explain"], "{}");
    let text = run.expect(1).text().replace("\n             ", " ");
    assert!(text.contains("the request has no timestamp, id, URL, method"), "{text}");
    assert!(text.contains("not tried: timestamp-dot-body, v0-timestamp-body, id-timestamp-body, "), "{text}");
}

/// Of `{}` with the secret `s`.
const RIGHT: &str = "sha256=143ca8d517ba1b181025d732b1cf275d90104fca57bb02a565542978aa18c4b6";

#[test]
fn a_signature_in_the_header_of_another_name_is_named() {
    for name in ["X-Hub-Signature-256", "x-hub-signature-256", "X-Atlassian-Signature", "Signature-Value"] {
        let header = format!("{name}: {RIGHT}");
        let line = explain(b"s", &header, b"{}", &["--json"]).json().remove(0);
        assert_eq!(line["verdict"], "unsigned");
        assert!(line["reason"].as_str().expect("text").contains(name), "{line}");
        assert_eq!(causes(&line), ["other-header"]);
        assert_eq!(
            line["causes"][0]["message"],
            format!("the signature is in the {name} header, not in X-Hub-Signature")
        );
    }
    let run = explain(b"s", "X-Hub-Signature-256: sha256=00", b"{}", &[]);
    assert!(run.text().contains("X-Hub-Signature-256 is the header of GitHub"), "{run:?}");
    // A signature on the command line is explained too. Next to the correct header, other headers do not matter.
    let sandbox = Sandbox::new();
    let given = format!("X-Hub-Signature-256: {RIGHT}");
    let run = sandbox.run_with(&["verify", "--secret", "s", "--signature", &given], "{}").expect(1);
    assert!(run.text().starts_with("malformed ") && run.text().contains("name of another header"), "{run:?}");
    sandbox.write("both.http", delivery(&format!("{given}\r\nX-Hub-Signature: {RIGHT}"), b"{}"));
    sandbox.run(&["verify", "both.http", "--secret", "s"]).expect(0);
}

#[test]
fn a_signature_in_quotes_or_as_openssl_prints_it_is_called_that() {
    let digits = &RIGHT[7..];
    for (signature, reason) in [
        (format!("\"{RIGHT}\""), "quotes"),
        (format!("'{digits}'"), "quotes"),
        (format!("HMAC-SHA2-256(body.json)= {digits}"), "openssl"),
        (format!("HMAC-SHA256(body.json)= {digits}"), "openssl"),
        (format!("SHA2-256(stdin)= {digits}"), "openssl"),
        (format!("(stdin)= {digits}"), "openssl"),
        (format!("{digits} *body.json"), "openssl"),
        (format!("{digits}  body.json"), "sha256sum"),
    ] {
        let run = Sandbox::new().run_with(&["verify", "--secret", "s", "--signature", &signature], "{}").expect(1);
        assert!(run.text().starts_with("malformed ") && run.text().contains(reason), "{signature}: {run:?}");
    }
}

#[test]
fn a_repeated_header_is_a_cause_when_one_of_them_is_right() {
    for headers in [format!("{WRONG}\r\nX-Hub-Signature: {RIGHT}"), format!("X-Hub-Signature: {RIGHT}\r\n{WRONG}")] {
        let line = explain(b"s", &headers, b"{}", &["--json"]).json().remove(0);
        assert_eq!((line["verdict"].as_str(), causes(&line)), (Some("malformed"), vec!["repeated-header"]));
    }
}

#[test]
fn listen_names_the_header_and_the_skipped_parts_of_a_quick_search() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", "s", "--count", "2", "-v"]);
    let headers = ["Content-Type: application/json", &format!("X-Hub-Signature-256: {RIGHT}")];
    assert_eq!(listener.post("/webhooks/confluence", &headers, b"{}").status, 401);
    let line = listener.next();
    assert_eq!((&line["signature"], causes(&line)), (&json!("unsigned"), vec!["other-header"]));
    assert_eq!(listener.post("/webhooks/confluence", &["Content-Type: application/json", WRONG], b"{}").status, 401);
    let line = listener.next();
    assert!(line["tried"].as_u64() > Some(50), "{line}");
    assert!(line["left_out"][1].as_str().expect("text").starts_with("two changes at once"), "{line}");
    listener.finish().expect(0);
}

#[test]
fn a_variable_that_a_shell_replaced_by_its_value_is_named_and_listed() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", "{}");
    // HMAC-SHA256 of `{}` with the key `hello`, by Python.
    let signature = "sha256=617d6b5b93c8a511648e02232e7e29f62ca5e6bf6458b607a90518c4060a2604";
    let explain = |value: &str| {
        let arguments = ["verify", "a.json", "--signature", signature, "--secret", "$MYSEC", "--explain", "--json"];
        let mut command = sandbox.command(&arguments);
        command.env("MYSEC", value);
        sandbox.finish(command).expect(1).json().remove(0)
    };
    assert_eq!(causes(&explain("hello")), ["secret-expanded-by-value"]);
    let line = explain("other");
    assert!(causes(&line).is_empty() && line.to_string().contains("secret-expanded-by-value"), "{line}");
}
