package notes;

import com.google.gson.Gson;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** Reads secrets from the Warmkey layer's endpoint on localhost. */
final class Warmkey {
    // One read may have to wait for the prefetch, which has 5 s by default.
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    // The endpoint turns connections away beyond 512: further reads wait for one of these.
    private static final Semaphore CONNECTIONS = new Semaphore(64, true);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    private Warmkey() {}

    /** A secret that can't be read. */
    static final class SecretException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private SecretException(String alias, String reason) {
            super("secret \"" + alias + "\": " + reason);
        }
    }

    /**
     * Reads a secret by its alias. The layer has it in memory and renews it when its time is up:
     * call this wherever the secret is needed, rather than keep what it returned.
     */
    static String get(String alias) {
        CONNECTIONS.acquireUninterruptibly();
        try {
            var response = CLIENT.sendAsync(request(alias), BodyHandlers.ofString()).join();
            if (response.statusCode() != 200) {
                throw new SecretException(alias, reason(response));
            }
            if (!contentType(response).startsWith("text/")) {
                throw new SecretException(alias, "it is binary");
            }
            return response.body();
        } catch (CompletionException e) {
            throw new SecretException(alias, "is Warmkey's layer attached? " + e.getCause());
        } finally {
            CONNECTIONS.release();
        }
    }

    // No program can change what System.getenv gives: the token is always that of the start.
    private static HttpRequest request(String alias) {
        var port = firstSet("2773", "WARMKEY_PORT", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT");
        var token =
                firstSet("", "WARMKEY_TOKEN", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN");
        var name = URLEncoder.encode(alias, StandardCharsets.UTF_8).replace("+", "%20");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/secrets/" + name))
                .header("X-Aws-Parameters-Secrets-Token", token)
                .timeout(TIMEOUT)
                .build();
    }

    private static String firstSet(String otherwise, String... names) {
        return Stream.of(names)
                .map(System::getenv)
                .filter(value -> value != null && !value.isBlank())
                .map(String::strip)
                .findFirst()
                .orElse(otherwise);
    }

    private static String contentType(HttpResponse<String> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    private static String reason(HttpResponse<String> response) {
        var status = "status " + response.statusCode();
        if (!contentType(response).startsWith("application/problem+json")) {
            return status; // something else answers there
        }
        var problem = new Gson().fromJson(response.body(), Problem.class);
        var reason = problem.detail() == null ? status : status + ": " + problem.detail();
        return problem.hint() == null ? reason : reason + " (" + problem.hint() + ")";
    }

    /** What is read of the endpoint's problem documents (RFC 9457). */
    private record Problem(String detail, String hint) {}
}
