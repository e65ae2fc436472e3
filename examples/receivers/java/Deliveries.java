import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Takes each delivery once, and works on it after the response, in any order.
 *
 * <p>Confluence may send a delivery twice, and sends deliveries in any order. All of this is in memory: a restart loses it,
 * and with it deliveries that got a 200. In production use two tables: known, with the identity as its unique key, and pages.
 */
final class Deliveries {
    /** The body is not a delivery. */
    static final class InvalidDelivery extends Exception {
        InvalidDelivery(String message) {
            super(message);
        }
    }

    record Page(String id, String title, boolean isDeleted, long time) {}

    private static final int MOST_KNOWN = 100_000;
    private static final Pattern DELETED = Pattern.compile("trashed|removed|deleted");
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final Map<String, Page> pages = new HashMap<>();
    private final Map<String, Boolean> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> oldest) {
            return size() > MOST_KNOWN;
        }
    };
    private int done;

    /** Takes a delivery, unless it is known already. */
    void add(byte[] body, String eventInUrl) throws InvalidDelivery, GeneralSecurityException {
        ObjectNode delivery = parse(body);
        String event = delivery.path("event").asText(delivery.path("eventType").asText(eventInUrl));
        if (event.isEmpty()) throw new InvalidDelivery("no event in the body or in the URL");
        // Not the identifier in a header: no signature covers it.
        byte[] text = (event + " " + delivery).getBytes(StandardCharsets.UTF_8);
        String identity = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        synchronized (this) {
            if (known.putIfAbsent(identity, true) != null) return;
        }
        worker.execute(() -> {
            try {
                handle(event, delivery);
            } catch (RuntimeException error) {
                System.err.println("cannot handle " + event + ": " + error);
            }
        });
    }

    private static ObjectNode parse(byte[] body) throws InvalidDelivery {
        try {
            JsonNode delivery = JSON.readTree(body);
            if (delivery.has("payload")) delivery = delivery.get("payload"); // an example of Atlassian shows Forge's so
            if (delivery instanceof ObjectNode object) {
                object.remove("retryContext"); // in Forge's retries only
                return object;
            }
        } catch (IOException | StackOverflowError error) {
            throw new InvalidDelivery("the body is not JSON");
        }
        throw new InvalidDelivery("the body is not a JSON object");
    }

    /** Your work. Ignore an event without a branch: it is new, or does not matter to you. */
    private synchronized void handle(String event, JsonNode delivery) {
        done += 1;
        if (event.startsWith("page_")) {
            savePage(event, delivery.path("page"), delivery.path("timestamp").asLong());
        } else if (event.endsWith(":page")) { // of Forge: avi:confluence:updated:page
            long time = Instant.parse(delivery.path("eventCreatedDate").asText()).toEpochMilli();
            savePage(event, delivery.path("content"), time);
        }
    }

    /** Keeps the newest. A deleted page stays: an older update may still arrive. */
    private void savePage(String event, JsonNode page, long time) {
        String id = page.path("id").asText(); // a number or a text
        Page saved = pages.get(id);
        if (saved != null && saved.time() >= time) return;
        pages.put(id, new Page(id, page.path("title").asText(null), DELETED.matcher(event).find(), time));
    }

    /** For {@code cfwh probe --state}. */
    synchronized byte[] state() throws IOException {
        return JSON.writeValueAsBytes(Map.of("done", done, "pages", pages.values()));
    }
}
