/** What is wrong with what a function is to have, and what to do about it. */
export class WarmkeyMistake extends Error {}

/** How many layers a function can have. */
export const MOST_LAYERS: number;

/** The variable that names a runtime's wrapper, the exec wrapper's path, and where the next one stands. */
export const WRAPPER: { variable: string; value: string; next: string };

/** `warmkey.json`, as its schema says. */
export interface Config {
  secrets?: Record<string, string | { ref: string; roleArn?: string }>;
  stages?: Record<string, Record<string, string | { ref: string; roleArn?: string }>>;
  fallback?: string;
}

/** What a function is to have, as `warmkey attach` takes it. */
export interface Wanted {
  /** References by the variables that declare them: `{ STRIPE_KEY: "/stripeKey/{stage}" }`. */
  secrets?: Record<string, string>;
  /** What the package's warmkey.json declares besides, for the role's permissions. */
  config?: Config;
  /** The stage, which becomes `WARMKEY_STAGE`. */
  stage?: string;
  /** What `{stage}` becomes in each stage, `*` in any other, which becomes `WARMKEY_STAGES`. */
  stages?: Record<string, string>;
  /** Whether the runtime is started through the exec wrapper. */
  exec?: boolean;
  /** The function's runtime, such as `nodejs22.x`, to see whether it runs wrappers. */
  runtime?: string;
}

/** Where names lie; each may be a placeholder of CloudFormation's or a token of the CDK's. */
export interface Place {
  partition: string;
  region: string;
  account: string;
}

/** A statement of an IAM policy. */
export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/**
 * The variables of a function, and the references that its role may read.
 *
 * @throws WarmkeyMistake - A name, a stage or the runtime can't be.
 */
export function wanted(wanted?: Wanted): { variables: Record<string, string>; references: string[] };

/** The references that hold in a stage, with `{stage}` filled in. */
export function declared(
  config?: Config,
  secrets?: Record<string, string>,
  stage?: string,
  stages?: Record<string, string>,
): string[];

/**
 * The statements that let a role read some references, and nothing else.
 *
 * @param options - `kmsKey`: ARN, id or `alias/NAME` of the customer managed key that encrypts them;
 *   AWS's own keys need no statement.
 * @throws WarmkeyMistake - A reference has no form that is known.
 */
export function statements(references: string[], place: Place, options?: { kmsKey?: string }): Statement[];
