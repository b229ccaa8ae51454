import type { IAspect } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct, type IConstruct } from "constructs";

import { type Wanted, WarmkeyMistake } from "./rules.js";

export { WarmkeyMistake };

/** What a function gets, as `warmkey attach` takes it. */
export interface WarmkeyOptions extends Omit<Wanted, "runtime"> {
  /** ARN, id or `alias/NAME` of the customer managed KMS key that encrypts the secrets, if any. */
  kmsKey?: string;
}

export interface WarmkeyProps extends WarmkeyOptions {
  /** The layer version's ARN, as `warmkey publish` prints it, for the functions' region and architecture. */
  layerArn: string;
}

/** A published version of the layer, and what holds for every function that gets it. */
export class Warmkey extends Construct {
  constructor(scope: Construct, id: string, props: WarmkeyProps);

  /**
   * Give a function the layer, its variables, and the permission to read just that.
   *
   * @param options - They replace those of the construct.
   * @throws WarmkeyMistake - It can't be done as asked.
   */
  attach(fn: LambdaFunction, options?: WarmkeyOptions): void;
}

/** An aspect that attaches the layer to every function of a scope: `Aspects.of(stack).add(…)`. */
export class WarmkeyEverywhere implements IAspect {
  /**
   * @param options - For each function the same, or what is returned for it; nothing leaves it alone.
   */
  constructor(
    warmkey: Warmkey,
    options?: WarmkeyOptions | ((fn: LambdaFunction) => WarmkeyOptions | undefined),
  );

  visit(node: IConstruct): void;
}
