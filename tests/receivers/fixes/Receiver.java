// The fixes of docs/how-to/probe-fixes.md for Spring. A test compiles them.
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class Receiver {
    private final byte[] secret;
    private final byte[] expectedToken = System.getenv("TOKEN").getBytes(UTF_8);
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final ObjectMapper json = new ObjectMapper();

    Receiver() throws IOException {
        secret = Files.readString(Path.of(System.getenv("SECRET_FILE"))).stripTrailing().getBytes(UTF_8);
        if (secret.length == 0) throw new IllegalStateException("the secret is empty");
    }

    @PostMapping(path = "/hooks", headers = "X-Event-Key=diagnostics:ping")
    void ping() {}

    @PostMapping({"/hooks", "/hooks/{event}"})
    ResponseEntity<Void> receive(
            @PathVariable(required = false) String event,
            @RequestParam(defaultValue = "") String token,
            @RequestHeader(name = "X-Hub-Signature", required = false) List<String> signatures,
            @RequestHeader(name = "X-Atlassian-Webhook-Identifier", required = false) String identifier,
            @RequestHeader(name = "Content-Type", defaultValue = "text/plain") String type,
            @RequestBody(required = false) byte[] body) throws GeneralSecurityException {
        if (body == null) body = new byte[0];
        if (!isSigned(body, signatures) && !hasToken(token)) return ResponseEntity.status(401).build();
        if (!MediaType.parseMediaType(type).isCompatibleWith(MediaType.APPLICATION_JSON))
            return ResponseEntity.status(415).build();
        JsonNode delivery;
        try {
            delivery = json.readTree(body);
        } catch (IOException e) {
            return ResponseEntity.badRequest().build();
        }
        String name = delivery.path("event").asText(event);
        String id = identifier != null ? identifier : name + delivery.path("page").path("id").asText();
        if (seen.add(id)) executor.submit(() -> work(name, delivery));
        return ResponseEntity.ok().build();
    }

    private boolean isSigned(byte[] body, List<String> signatures) throws GeneralSecurityException {
        if (signatures == null) return false;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        String right = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        return signatures.size() == 1 && MessageDigest.isEqual(signatures.get(0).getBytes(UTF_8), right.getBytes(UTF_8));
    }

    private boolean hasToken(String token) {
        return expectedToken.length > 0 && MessageDigest.isEqual(token.getBytes(UTF_8), expectedToken);
    }

    private void work(String event, JsonNode delivery) {
        switch (event) {
            case "page_created":
                break;
            default:
        }
    }
}
