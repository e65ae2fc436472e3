import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executors;

/**
 * A receiver of Confluence webhooks on the JDK's HTTP server.
 *
 * <pre>
 * javac -cp 'lib/*' -d classes *.java
 * SENDER=spec WEBHOOK_SECRET=… java -cp 'classes:lib/*' Receiver
 * </pre>
 */
public final class Receiver {
    private static final int LARGEST_BODY = 4 * 1024 * 1024; // bytes

    private final Auth.Check check = Auth.check();
    private final Deliveries deliveries = new Deliveries();

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));
        Receiver receiver = new Receiver();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newFixedThreadPool(64));
        // Confluence Cloud does not name the event in the body: register a URL for each event.
        server.createContext("/hooks", exchange -> respond(exchange, receiver::receive));
        if (System.getenv("SHOW_STATE") != null) { // for `cfwh probe --state`, never in production
            Handler state = request -> new Response(200, receiver.deliveries.state());
            server.createContext("/state", exchange -> respond(exchange, state));
        }
        server.start();
    }

    record Response(int status, byte[] body) {
        Response(int status, String text) {
            this(status, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    interface Handler {
        Response handle(Auth.Request request) throws Exception;
    }

    private static void respond(HttpExchange exchange, Handler handler) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
            URI url = exchange.getRequestURI();
            String query = Objects.requireNonNullElse(url.getRawQuery(), "");
            Response response;
            try {
                String method = exchange.getRequestMethod();
                var headers = exchange.getRequestHeaders(); // finds names in any case
                response = handler.handle(new Auth.Request(method, url.getRawPath(), query, headers, body));
            } catch (Auth.Unauthorized error) {
                response = new Response(401, error.getMessage());
            } catch (Deliveries.InvalidDelivery error) {
                response = new Response(400, error.getMessage());
            } catch (Exception error) {
                System.err.println(error); // among others, the keys cannot be fetched: Forge tries again
                response = new Response(500, "");
            }
            if (response.status() == 405) exchange.getResponseHeaders().set("Allow", "POST");
            boolean isEmpty = response.body().length == 0;
            exchange.sendResponseHeaders(response.status(), isEmpty ? -1 : response.body().length);
            if (!isEmpty) exchange.getResponseBody().write(response.body());
        }
    }

    private Response receive(Auth.Request request) throws Exception {
        if (!request.path().equals("/hooks") && !request.path().startsWith("/hooks/")) return new Response(404, "");
        if (!request.method().equals("POST")) return new Response(405, "POST only");
        if (request.body().length > LARGEST_BODY) return new Response(413, "the body is too large");
        if (Auth.isConnectionTest(request)) return new Response(200, "");
        check.authenticate(request);
        String mediaType = request.header("Content-Type").split(";")[0].strip().toLowerCase(Locale.ROOT);
        if (!mediaType.equals("application/json")) return new Response(415, "the body must be application/json");
        deliveries.add(request.body(), request.path().replaceFirst("^/hooks/?", ""));
        return new Response(200, "");
    }
}
