package extension

import (
	"context"
	"fmt"
)

// largestBatch is how many names GetParameters takes.
const largestBatch = 10

// Client calls SSM, with decryption. Both calls return values by name.
type Client interface {
	GetParameter(ctx context.Context, name string) (map[string]string, error)
	GetParameters(ctx context.Context, names []string) (map[string]string, error)
}

// batch is what one call brought: values by name, or an error.
type batch struct {
	values map[string]string
	err    error
}

// readParameters reads parameters: one by GetParameter, more by GetParameters, side by side.
func readParameters(ctx context.Context, client Client, names []string) (map[string]string, error) {
	if len(names) == 1 {
		return client.GetParameter(ctx, names[0])
	}
	results := make(chan batch)
	calls := 0
	for start := 0; start < len(names); start += largestBatch {
		some := names[start:min(start+largestBatch, len(names))]
		calls++
		go func() {
			values, err := client.GetParameters(ctx, some)
			results <- batch{values, err}
		}()
	}
	values := make(map[string]string, len(names))
	for range calls {
		result := <-results
		if result.err != nil {
			return nil, fmt.Errorf("reading %d parameters: %w", len(names), result.err)
		}
		for name, value := range result.values {
			values[name] = value
		}
	}
	return values, nil
}
