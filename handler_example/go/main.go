// Command bootstrap is a notes app's billing: it charges a card with Stripe, with the key of the
// stage it runs in.
package main

import (
	"context"
	"errors"
	"log"

	"github.com/aws/aws-lambda-go/lambda"

	"notes/warmkey"
)

const stripeKey = "stripeSecretKey" // its alias, in warmkey.json

type order struct {
	ID    string `json:"order"`
	Cents int    `json:"cents"`
}

type receipt struct {
	Charge string `json:"charge"`
	Status string `json:"status"`
}

func main() {
	// While the environment starts: without its key the function takes no order.
	if _, err := warmkey.Get(context.Background(), stripeKey); err != nil {
		log.Fatal(err)
	}
	lambda.Start(handle)
}

// handle answers the event {"order": "an id", "cents": 400}.
func handle(ctx context.Context, event order) (receipt, error) {
	if event.ID == "" {
		return receipt{}, errors.New(`the event must be like {"order": "an id", "cents": 400}`)
	}
	// At every invocation: a key that is rotated needs no new cold start.
	key, err := warmkey.Get(ctx, stripeKey)
	if err != nil {
		return receipt{}, err
	}
	charge, err := chargeCard(ctx, key, event.ID, event.Cents)
	if err != nil {
		return receipt{}, err
	}
	return receipt{Charge: charge.ID, Status: charge.Status}, nil
}
