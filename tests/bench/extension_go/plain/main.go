// Command plain is the extension on the AWS SDK for Go v2.
package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"warmkey/tests/bench/extension_go/extension"
)

func main() {
	extension.Main(connect)
}

// client is the SDK's client of SSM.
type client struct{ ssm *ssm.Client }

func connect(ctx context.Context) (extension.Client, error) {
	configuration, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("loading the AWS configuration: %w", err)
	}
	return client{ssm.NewFromConfig(configuration)}, nil
}

func (c client) GetParameter(ctx context.Context, name string) (map[string]string, error) {
	output, err := c.ssm.GetParameter(ctx, &ssm.GetParameterInput{
		Name:           aws.String(name),
		WithDecryption: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return map[string]string{name: aws.ToString(output.Parameter.Value)}, nil
}

func (c client) GetParameters(ctx context.Context, names []string) (map[string]string, error) {
	output, err := c.ssm.GetParameters(ctx, &ssm.GetParametersInput{
		Names:          names,
		WithDecryption: aws.Bool(true),
	})
	if err != nil {
		return nil, err
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
