//! Technical words, which identify nobody. The lists are closed: all other words are replaced.

/// Names of protocols. They stay unchanged everywhere, because every URL has one.
const PROTOCOLS: [&str; 7] = ["ftp", "http", "https", "mailto", "tcp", "ws", "wss"];

/// Words in descriptive headers: media types, codings, languages, dates, directives and products.
const HEADER_WORDS: &[&str] = &[
    // Media types and charsets.
    "application ascii audio binary boundary charset css csv data form gif html image iso javascript jpeg json",
    "latin1 mixed multipart ndjson octet plain png problem q stream svg text us utf utf8 utf16 urlencoded",
    "video webp windows www x xhtml xml",
    // Codings, connections and caches.
    "age br brotli cache chunked close compress continue control deflate gzip h2 h2c h3 identity immutable",
    "keep alive max must no only private proxy public revalidate s stale store timeout tls trailers transform",
    "upgrade websocket zstd",
    // Days, months and time zones.
    "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec gmt utc",
    // Languages and countries.
    "cn cs da de en es fi fr gb it ja jp ko nl pl pt ru sv uk zh",
    // Products.
    "aiohttp apache applewebkit asynchttpclient atlassian axios caddy cfwh chrome client cloudflare cloudfront",
    "confluence curl datacenter default envoy express fetch firefox forge gecko go got gunicorn haproxy",
    "httpclient httpie httpx hyper insomnia java jdk jetty jira k6 khtml like linux mozilla nginx ngrok node",
    "okhttp openssl postman postmanruntime python reactor reqwest requests rest ruby safari server tomcat",
    "traefik undici urllib urllib3 varnish webhook webhooks wget x11 x64 x86",
    // The parameters of `Forwarded`.
    "by for host proto unknown",
];

/// Words of the media types of office files.
const OFFICE_WORDS: &[&str] = &[
    "document excel jgraph macroenabled ms msword mxfile oasis officedocument opendocument openxmlformats",
    "outlook pdf powerpoint presentation presentationml project sheet slideshow spreadsheet spreadsheetml",
    "template visio vnd word wordprocessingml zip",
];

/// Actions of Confluence's web interface: `viewpage.action`.
const ACTIONS: &[&str] = &[
    "copypage createpage dashboard diffpages diffpagesbyversion editattachment editpage index",
    "listattachmentsforspace login pageinfo releaseview viewattachments viewblogposts viewinfo viewlabel",
    "viewmyprofile viewpage viewpageattachments viewpagesrc viewpreviousversions viewrecentblogposts viewspace",
    "viewspacesummary viewuserprofile",
];

/// Returns whether a word, in lower case, is the name of a protocol.
pub(super) fn is_protocol(word: &str) -> bool {
    PROTOCOLS.contains(&word)
}

/// Returns whether a word, in lower case, stays unchanged in descriptive headers.
pub(super) fn is_header_word(word: &str) -> bool {
    is_protocol(word) || has(HEADER_WORDS, word)
}

/// Returns whether a word, in lower case, occurs in media types.
pub(super) fn is_media_word(word: &str) -> bool {
    has(HEADER_WORDS, word) || has(OFFICE_WORDS, word)
}

/// Returns whether a name is an action of Confluence's web interface.
pub(super) fn is_action(name: &str) -> bool {
    has(ACTIONS, name)
}

/// Returns whether a list has a word. Each line of a list has several words.
fn has(list: &[&str], word: &str) -> bool {
    list.iter().flat_map(|line| line.split(' ')).any(|known| known == word)
}
