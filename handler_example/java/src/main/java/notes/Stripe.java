package notes;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Charges cards over Stripe's HTTP API. */
final class Stripe {
    private static final String VERSION = "2026-10-28.endive"; // of the API this is written for
    private static final String BASE =
            System.getenv().getOrDefault("STRIPE_API_BASE", "https://api.stripe.com");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Stripe() {}

    record Charge(String id, String status) {}

    private record Refusal(String message) {}

    private record Answer(@SerializedName("latest_charge") Charge latestCharge, Refusal error) {}

    /**
     * Charges an order once, however often it is sent, with Stripe's test card: yours comes from
     * your page.
     */
    static Charge chargeCard(String key, String order, int cents) {
        var form = Map.of(
                "amount", Integer.toString(cents),
                "currency", "usd",
                "payment_method", "pm_card_visa",
                "allowed_payment_method_types[]", "card",
                "confirm", "true",
                "expand[]", "latest_charge");
        var request = HttpRequest.newBuilder(URI.create(BASE + "/v1/payment_intents"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Idempotency-Key", order)
                .header("Stripe-Version", VERSION)
                .timeout(Duration.ofSeconds(80))
                .POST(BodyPublishers.ofString(encoded(form)))
                .build();
        var response = CLIENT.sendAsync(request, BodyHandlers.ofString()).join();
        if (response.statusCode() != 200) {
            throw new IllegalStateException("stripe: " + reason(response));
        }
        return new Gson().fromJson(response.body(), Answer.class).latestCharge();
    }

    private static String reason(HttpResponse<String> response) {
        var status = "status " + response.statusCode();
        var contentType = response.headers().firstValue("Content-Type").orElse("");
        if (!contentType.startsWith("application/json")) {
            return status; // something between here and Stripe answers
        }
        return status + ": " + new Gson().fromJson(response.body(), Answer.class).error().message();
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
