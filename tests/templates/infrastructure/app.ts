// An app for the CDK with a function for each case, and one that an aspect reaches.
import { readFileSync } from "node:fs";

import { App, Aspects, Stack } from "aws-cdk-lib";
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { Warmkey, WarmkeyEverywhere, type WarmkeyOptions } from "warmkey-infrastructure/cdk";

interface Input {
  layerArn: string;
  cases: Record<string, WarmkeyOptions>;
}

const { layerArn, cases }: Input = JSON.parse(readFileSync("cases.json", "utf8"));
const app = new App();

function billing(stack: Stack, id: string): LambdaFunction {
  return new LambdaFunction(stack, id, {
    architecture: Architecture.ARM_64,
    code: Code.fromInline("exports.handler = async () => {}"),
    handler: "index.handler",
    runtime: Runtime.NODEJS_22_X,
    tracing: Tracing.ACTIVE,
  });
}

const each = new Stack(app, "each");
const warmkey = new Warmkey(each, "Warmkey", { layerArn });
for (const [id, options] of Object.entries(cases)) warmkey.attach(billing(each, id), options);

const bundled = new Stack(app, "bundled");
new NodejsFunction(bundled, "External", {
  entry: "handler.ts",
  depsLockFilePath: "package-lock.json",
  runtime: Runtime.NODEJS_22_X,
  bundling: { externalModules: ["@aws-sdk/*", "warmkey"] },
});

const all = new Stack(app, "all");
const everywhere = new Warmkey(all, "Warmkey", { layerArn, stage: "prod", exec: true });
for (const id of ["One", "Two", "Left"]) billing(all, id);
Aspects.of(all).add(
  new WarmkeyEverywhere(everywhere, (fn) => (fn.node.id === "Left" ? undefined : { secrets: { KEY: `/${fn.node.id}` } })),
);
