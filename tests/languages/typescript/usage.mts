// What a handler in TypeScript writes, as an ES module. `tsc` checks it; nobody runs it.

import * as warmkey from "warmkey";
import { Client, get, getAll, getBytes, getJson, SecretNotFound, WarmkeyError } from "warmkey";

const key: string = await get("STRIPE_SECRET_KEY");
const bytes: Uint8Array = await getBytes("KEYSTORE");
const all: Record<string, string> = await getAll();
const db = await getJson<{ user: string; ports: number[] }>("DB");
const ports: number[] = db.ports;
const unknown: unknown = await getJson("DB");

const client: Client = new Client({ WARMKEY_PORT: "9000" }, { clock: () => 0, timeout: 1000 });
const { get: getKey } = client;
const same: Promise<string> = getKey("STRIPE_SECRET_KEY");
const either: string | Uint8Array = await client.read("STRIPE_SECRET_KEY");
const renewed: string | Uint8Array = await client.read("STRIPE_SECRET_KEY", { refresh: true });

try {
  await warmkey.get("STRIPE_SECRET_KEY");
} catch (error) {
  if (error instanceof SecretNotFound) error.message.trim();
  if (error instanceof WarmkeyError) {
    const status: number | undefined = error.status;
    const cause: unknown = error.cause;
    [status, cause];
  }
}

// @ts-expect-error: an alias is a text
await get(1);
// @ts-expect-error: a value is still on its way
const early: string = get("STRIPE_SECRET_KEY");
// @ts-expect-error: there is no such function
warmkey.put("STRIPE_SECRET_KEY");

export { all, bytes, early, either, key, ports, renewed, same, unknown };
