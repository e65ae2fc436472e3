import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** The public keys at a URL (RFC 7517). They are fetched again when a key is unknown, at most every 30 s. */
final class KeySet {
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final URI url;
    private Map<String, PublicKey> keys = Map.of();
    private Instant fetched = Instant.MIN;

    KeySet(String url) {
        this.url = URI.create(url);
    }

    /** Returns the key with this id. An UncheckedIOException means that the keys cannot be fetched. */
    synchronized PublicKey find(String id) throws Auth.Unauthorized, GeneralSecurityException {
        if (!keys.containsKey(id) && fetched.isBefore(Instant.now().minusSeconds(30))) {
            try {
                keys = fetch();
            } catch (IOException error) {
                throw new UncheckedIOException("the public keys cannot be fetched", error);
            }
            fetched = Instant.now();
        }
        PublicKey key = keys.get(id);
        if (key == null) throw Token.invalid();
        return key;
    }

    private Map<String, PublicKey> fetch() throws IOException, GeneralSecurityException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(3)).build();
        HttpResponse<byte[]> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new IOException(error);
        }
        if (response.statusCode() != 200) throw new IOException("status " + response.statusCode());
        Map<String, PublicKey> keys = new HashMap<>();
        for (JsonNode key : new ObjectMapper().readTree(response.body()).path("keys")) {
            if (key.path("kty").asText().equals("RSA")) {
                RSAPublicKeySpec numbers = new RSAPublicKeySpec(number(key, "n"), number(key, "e"));
                keys.put(key.path("kid").asText(), KeyFactory.getInstance("RSA").generatePublic(numbers));
            }
        }
        return keys;
    }

    private static BigInteger number(JsonNode key, String member) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(member).asText()));
    }
}
