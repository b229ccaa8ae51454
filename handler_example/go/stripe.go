package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const stripeVersion = "2026-10-28.endive" // of Stripe's API, which this is written for

var stripe = &http.Client{Timeout: 80 * time.Second}

type charge struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// chargeCard charges an order once, however often it is sent, with Stripe's test card: yours comes
// from your page.
func chargeCard(ctx context.Context, key, order string, cents int) (charge, error) {
	form := url.Values{
		"amount":                         {strconv.Itoa(cents)},
		"currency":                       {"usd"},
		"payment_method":                 {"pm_card_visa"},
		"allowed_payment_method_types[]": {"card"},
		"confirm":                        {"true"},
		"expand[]":                       {"latest_charge"},
	}
	base := cmp.Or(os.Getenv("STRIPE_API_BASE"), "https://api.stripe.com")
	body := strings.NewReader(form.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/v1/payment_intents", body)
	if err != nil {
		return charge{}, err
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Idempotency-Key", order)
	request.Header.Set("Stripe-Version", stripeVersion)
	response, err := stripe.Do(request)
	if err != nil {
		return charge{}, err
	}
	defer response.Body.Close()
	return latestCharge(response)
}

func latestCharge(response *http.Response) (charge, error) {
	var payment struct {
		LatestCharge charge `json:"latest_charge"`
		Error        struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := json.NewDecoder(response.Body).Decode(&payment); err != nil {
		return charge{}, fmt.Errorf("stripe: %s: %w", response.Status, err)
	}
	if response.StatusCode != http.StatusOK {
		return charge{}, fmt.Errorf("stripe: %s: %s", response.Status, payment.Error.Message)
	}
	return payment.LatestCharge, nil
}
