package notes;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** A notes app's billing: charges a card with Stripe, with the key of the stage it runs in. */
public final class Handler implements RequestHandler<Map<String, Object>, Map<String, String>> {
    private static final String STRIPE_KEY = "stripeSecretKey"; // its alias, in warmkey.json
    private static final String EVENT = "{\"order\": \"an id\", \"cents\": 400}";

    /** While the environment starts: without its key the function takes no order. */
    public Handler() {
        Warmkey.get(STRIPE_KEY);
    }

    @Override
    public Map<String, String> handleRequest(Map<String, Object> event, Context context) {
        if (!(event.get("order") instanceof String order
                && event.get("cents") instanceof Integer cents)) {
            throw new IllegalArgumentException("the event must be like " + EVENT);
        }
        // At every invocation: a key that is rotated needs no new cold start.
        var charge = Stripe.chargeCard(Warmkey.get(STRIPE_KEY), order, cents);
        return Map.of("charge", charge.id(), "status", charge.status());
    }
}
