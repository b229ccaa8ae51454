// A notes app's billing: charges a card with Stripe, with the key of the stage it runs in.

import Stripe from "stripe";
import * as warmkey from "warmkey";

const { protocol, hostname, port } = new URL(
  process.env.STRIPE_API_BASE ?? "https://api.stripe.com",
);

// While the environment starts, at module level: the key is there before this line is.
const stripe = new Stripe(await warmkey.get("stripeSecretKey"), {
  protocol: protocol.slice(0, -1),
  host: hostname,
  port: port || 443,
});

/** Answers `POST /billing` with body `{"order": "an id", "notes": 10}`. */
export async function handler(event) {
  const { order, notes } = JSON.parse(event.body);
  try {
    const charge = await chargeCard(order, await price(notes));
    console.info("Card charged", { order, charge: charge.id });
    return answer(200, { charge: charge.id, status: charge.status });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeCardError)) throw error;
    console.warn("Card declined", { order, code: error.code });
    return answer(402, { error: error.message });
  }
}

/** Charges an order once, however often it is sent. */
async function chargeCard(order, cents) {
  const payment = await stripe.paymentIntents.create(
    {
      amount: cents,
      currency: "usd",
      payment_method: "pm_card_visa", // Stripe's test card; yours comes from your page
      allowed_payment_method_types: ["card"],
      confirm: true,
      expand: ["latest_charge"],
    },
    // At every invocation, in the handler: a key that is rotated needs no new cold start.
    { apiKey: await warmkey.get("stripeSecretKey"), idempotencyKey: order },
  );
  return payment.latest_charge;
}

/** What keeping so many notes costs, in cents, by the price list in Parameter Store. */
async function price(notes) {
  const tiers = await warmkey.getJson("prices");
  return notes * tiers.find(({ upTo }) => notes <= upTo).cents;
}

/** Builds what API Gateway expects of a function. */
function answer(statusCode, body) {
  return {
    statusCode,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ stage: process.env.STAGE, ...body }),
  };
}
