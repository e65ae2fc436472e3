import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Is a request from your Confluence? One method for each sender: copy the one that you need.
 *
 * <p>Environment: SENDER is spec, datacenter, cloud, connect or forge; check() has the variables of each.
 */
final class Auth {
    /** The request is not from your Confluence. */
    static final class Unauthorized extends Exception {
        Unauthorized(String message) {
            super(message);
        }
    }

    /**
     * A request. The path and the query are as received, percent-encoded. The body too: JSON that was parsed and written again
     * has another signature. A header's name is found in any case.
     */
    record Request(String method, String path, String query, Map<String, List<String>> headers, byte[] body) {
        /** Returns the value of a header that occurs once, otherwise "". */
        String header(String name) {
            List<String> values = headers.getOrDefault(name, List.of());
            return values.size() == 1 ? values.get(0) : "";
        }
    }

    interface Check {
        void authenticate(Request request) throws Unauthorized, GeneralSecurityException;
    }

    private static final String SENDER = System.getenv().getOrDefault("SENDER", "spec");

    /** Returns the check of the sender. */
    static Check check() {
        return switch (SENDER) {
            case "spec", "datacenter" -> requiring(Auth::checkSignature, "WEBHOOK_SECRET");
            case "cloud" -> requiring(Auth::checkUrlToken, "WEBHOOK_TOKEN");
            case "connect" -> requiring(Auth::checkConnect, "CONNECT_CLIENT_KEY", "CONNECT_SHARED_SECRET");
            case "forge" -> requiring(Auth::checkForge, "FORGE_APP_ID");
            default -> throw new IllegalArgumentException("no sender " + SENDER);
        };
    }

    private static Check requiring(Check check, String... names) {
        for (String name : names) {
            // An empty secret would accept everybody.
            if (env(name).isEmpty()) throw new IllegalStateException("set " + name);
        }
        return check;
    }

    private static String env(String name) {
        return System.getenv().getOrDefault(name, "");
    }

    /** In constant time. */
    private static boolean isSame(String given, String expected) {
        return MessageDigest.isEqual(bytes(given), bytes(expected));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] hmacSha256(String secret, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(bytes(secret), "HmacSHA256"));
        return mac.doFinal(message);
    }

    /** The published document, and Data Center: HMAC-SHA256 of the body. */
    static void checkSignature(Request request) throws Unauthorized, GeneralSecurityException {
        byte[] digest = hmacSha256(env("WEBHOOK_SECRET"), request.body());
        if (!isSame(request.header("X-Hub-Signature"), "sha256=" + HexFormat.of().formatHex(digest))) {
            throw new Unauthorized("X-Hub-Signature is missing or wrong");
        }
    }

    /** Data Center's button "Test connection" sends this without a signature, also when there is a secret. */
    static boolean isConnectionTest(Request request) {
        boolean isPing = request.header("X-Event-Key").equals("diagnostics:ping");
        return SENDER.equals("datacenter") && isPing && MessageDigest.isEqual(request.body(), bytes("{\"test\": true}"));
    }

    /** Confluence Cloud signs nothing: register the URL with {@code ?token=…}, and keep the token out of logs. */
    static void checkUrlToken(Request request) throws Unauthorized {
        List<String> given = parameters(request.query()).getOrDefault("token", List.of());
        if (given.size() != 1 || !isSame(given.get(0), env("WEBHOOK_TOKEN"))) {
            throw new Unauthorized("the token in the URL is missing or wrong");
        }
    }

    /** A Connect app: a token signed with the secret of the installation, for one method, path and query. */
    static void checkConnect(Request request) throws Unauthorized, GeneralSecurityException {
        // One entry for each installation. Your callback for "installed" stores them.
        Map<String, String> sharedSecrets = Map.of(env("CONNECT_CLIENT_KEY"), env("CONNECT_SHARED_SECRET"));
        Token token = Token.after("JWT", request);
        String secret = sharedSecrets.get(token.claims().path("iss").asText());
        if (secret == null) throw new Unauthorized("no installation has this client key");
        token.verifyHs256(secret);
        if (!isSame(token.claims().path("qsh").asText(), queryStringHash(request))) {
            throw new Unauthorized("the token is for another request");
        }
    }

    /** https://developer.atlassian.com/cloud/confluence/understanding-jwt-for-connect-apps/ */
    private static String queryStringHash(Request request) throws GeneralSecurityException {
        String basePath = env("CONNECT_BASE_PATH"); // the path of the app's base URL is not covered
        String path = request.path().startsWith(basePath) ? request.path().substring(basePath.length()) : request.path();
        path = "/" + path.replaceAll("^/+|/+$", "").replace("&", "%26");
        Map<String, String> encoded = new TreeMap<>();
        parameters(request.query()).forEach((name, values) -> {
            if (!name.equals("jwt")) {
                encoded.put(encode(name), values.stream().map(Auth::encode).sorted().collect(Collectors.joining(",")));
            }
        });
        String query = encoded.entrySet().stream().map(Objects::toString).collect(Collectors.joining("&"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes(request.method() + "&" + path + "&" + query));
        return HexFormat.of().formatHex(digest);
    }

    private static Map<String, List<String>> parameters(String query) {
        Map<String, List<String>> parameters = new TreeMap<>();
        for (String parameter : query.isEmpty() ? new String[0] : query.split("&")) {
            String[] parts = parameter.split("=", 2);
            String value = parts.length == 2 ? parts[1] : "";
            parameters.computeIfAbsent(decode(parts[0]), name -> new ArrayList<>()).add(decode(value));
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        // URLEncoder writes forms, not URIs.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }

    private static final KeySet FORGE_KEYS = new KeySet(System.getenv()
            .getOrDefault("FORGE_JWKS_URL", "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"));

    /** A Forge app's remote backend: a token that Atlassian signs for your app. */
    static void checkForge(Request request) throws Unauthorized, GeneralSecurityException {
        Token token = Token.after("Bearer", request);
        token.verifyRs256(FORGE_KEYS);
        JsonNode audience = token.claims().path("aud");
        boolean isOurs = audience.asText().equals(env("FORGE_APP_ID"));
        for (JsonNode one : audience) isOurs |= one.asText().equals(env("FORGE_APP_ID"));
        if (!isOurs || !token.claims().path("iss").asText().equals("forge/invocation-token")) {
            throw new Unauthorized("the token is for another app");
        }
    }
}
