"use strict";
// The layer for the CDK; cdk.d.ts says what everything is for.

const { Stack, Token } = require("aws-cdk-lib");
const { PolicyStatement } = require("aws-cdk-lib/aws-iam");
const { Function: LambdaFunction, LayerVersion } = require("aws-cdk-lib/aws-lambda");
const { Construct } = require("constructs");

const { WarmkeyMistake, statements, wanted } = require("./rules.js");

class Warmkey extends Construct {
  #version;
  #defaults;

  constructor(scope, id, { layerArn, ...defaults }) {
    super(scope, id);
    if (!Token.isUnresolved(layerArn) && !/^arn:[^:]+:lambda:[^:]+:\d{12}:layer:[\w-]+:\d+$/.test(layerArn ?? ""))
      throw new WarmkeyMistake(`${layerArn} is not the ARN of a layer's version, as \`warmkey publish\` prints it`);
    this.#version = LayerVersion.fromLayerVersionArn(this, "Version", layerArn);
    this.#defaults = defaults;
  }

  attach(fn, options = {}) {
    const given = { ...this.#defaults, ...options };
    const { variables, references } = wanted({ ...given, runtime: fn.runtime.name });
    fn.addLayers(this.#version);
    for (const [name, value] of Object.entries(variables)) fn.addEnvironment(name, value);
    const { partition, region, account } = Stack.of(fn);
    for (const each of statements(references, { partition, region, account }, given))
      fn.addToRolePolicy(PolicyStatement.fromJson(each));
  }
}

class WarmkeyEverywhere {
  #warmkey;
  #options;

  constructor(warmkey, options = {}) {
    this.#warmkey = warmkey;
    this.#options = options;
  }

  visit(node) {
    if (!(node instanceof LambdaFunction)) return;
    const options = typeof this.#options === "function" ? this.#options(node) : this.#options;
    if (options) this.#warmkey.attach(node, options);
  }
}

module.exports = { Warmkey, WarmkeyEverywhere, WarmkeyMistake };
