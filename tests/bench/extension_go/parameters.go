package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// largestBatch is how many names GetParameters takes.
const largestBatch = 10

// batch is what one call brought: values by name, or an error.
type batch struct {
	values map[string]string
	err    error
}

// readParameters reads parameters: one by GetParameter, more by GetParameters, side by side.
func readParameters(ctx context.Context, names []string) (map[string]string, error) {
	configuration, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("loading the AWS configuration: %w", err)
	}
	client := ssm.NewFromConfig(configuration)
	if len(names) == 1 {
		return readOne(ctx, client, names[0])
	}
	results := make(chan batch)
	calls := 0
	for start := 0; start < len(names); start += largestBatch {
		some := names[start:min(start+largestBatch, len(names))]
		calls++
		go func() {
			values, err := readBatch(ctx, client, some)
			results <- batch{values, err}
		}()
	}
	values := make(map[string]string, len(names))
	for range calls {
		result := <-results
		if result.err != nil {
			return nil, result.err
		}
		for name, value := range result.values {
			values[name] = value
		}
	}
	return values, nil
}

func readOne(ctx context.Context, client *ssm.Client, name string) (map[string]string, error) {
	output, err := client.GetParameter(ctx, &ssm.GetParameterInput{
		Name:           aws.String(name),
		WithDecryption: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return map[string]string{name: aws.ToString(output.Parameter.Value)}, nil
}

func readBatch(ctx context.Context, client *ssm.Client, names []string) (map[string]string, error) {
	output, err := client.GetParameters(ctx, &ssm.GetParametersInput{
		Names:          names,
		WithDecryption: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("reading %d parameters: %w", len(names), err)
	}
	if len(output.InvalidParameters) > 0 {
		return nil, fmt.Errorf("no parameters: %v", output.InvalidParameters)
	}
	values := make(map[string]string, len(names))
	for _, parameter := range output.Parameters {
		values[aws.ToString(parameter.Name)] = aws.ToString(parameter.Value)
	}
	return values, nil
}
