import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;

/** A JSON Web Token (RFC 7519), as far as Confluence sends them. In Spring, {@code NimbusJwtDecoder} does the same. */
record Token(String signed, byte[] signature, JsonNode header, JsonNode claims) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the token after this scheme in Authorization. It is not verified yet. */
    static Token after(String scheme, Auth.Request request) throws Auth.Unauthorized {
        String value = request.header("Authorization");
        String[] parts = value.substring(value.indexOf(' ') + 1).split("\\.", -1);
        if (!value.startsWith(scheme + " ") || parts.length != 3) throw new Auth.Unauthorized("no Authorization: " + scheme);
        try {
            Base64.Decoder base64 = Base64.getUrlDecoder();
            JsonNode header = JSON.readTree(base64.decode(parts[0]));
            JsonNode claims = JSON.readTree(base64.decode(parts[1]));
            return new Token(parts[0] + "." + parts[1], base64.decode(parts[2]), header, claims);
        } catch (IOException | IllegalArgumentException error) {
            throw invalid();
        }
    }

    /** The algorithm is ours to choose, never the token's. */
    void verifyHs256(String secret) throws Auth.Unauthorized, GeneralSecurityException {
        byte[] expected = Auth.hmacSha256(secret, signed.getBytes(StandardCharsets.UTF_8));
        if (!header.path("alg").asText().equals("HS256") || !MessageDigest.isEqual(signature, expected)) throw invalid();
        checkTimes();
    }

    void verifyRs256(KeySet keys) throws Auth.Unauthorized, GeneralSecurityException {
        if (!header.path("alg").asText().equals("RS256")) throw invalid();
        Signature rsa = Signature.getInstance("SHA256withRSA");
        rsa.initVerify(keys.find(header.path("kid").asText()));
        rsa.update(signed.getBytes(StandardCharsets.UTF_8));
        boolean isValid;
        try {
            isValid = rsa.verify(signature);
        } catch (GeneralSecurityException error) {
            throw invalid(); // the signature has another length
        }
        if (!isValid) throw invalid();
        checkTimes();
    }

    private void checkTimes() throws Auth.Unauthorized {
        long now = Instant.now().getEpochSecond();
        if (claims.path("exp").asLong(0) <= now || claims.path("nbf").asLong(0) > now) throw invalid();
    }

    static Auth.Unauthorized invalid() {
        return new Auth.Unauthorized("the token is not valid");
    }
}
