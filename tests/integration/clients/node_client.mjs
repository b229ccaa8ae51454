// Makes the calls that come in, line by line, as the methods of a client for Node.js.
//
// In:  {"now": milliseconds, "calls": [["get", "ALIAS"], …]}, all made at once.
// Out: [{"value": …} | {"bytes": base64} | {"error": name, "message", "status", "shown"}, …]

import { createInterface } from "node:readline";
import { inspect } from "node:util";
import { Client, WarmkeyError } from "../../../layer/nodejs/node_modules/warmkey/index.js";

let now = 0;
const clock = () => now;
const client = new Client(process.env, { clock, timeout: Number(process.argv[2]) });
const everything = (it) => inspect(it, { depth: 9, showHidden: true });
const methods = {
  ...client,
  freeze: (seconds) => (now += 1000 * seconds),
  deface: async (alias) => (await client.getBytes(alias)).fill(0),
  inspect: () => everything(client),
  refreshAndMark: async (alias) => {
    const value = await client.read(alias, { refresh: true });
    await client.get("MARK");
    return value;
  },
  setToken: (token) => (process.env.AWS_SESSION_TOKEN = token),
  refresh: (alias) => client.read(alias, { refresh: true }),
};

async function outcome([name, ...args]) {
  try {
    const value = await methods[name](...args);
    const bytes = value instanceof Uint8Array && Buffer.from(value).toString("base64");
    return value instanceof Uint8Array ? { bytes } : { value };
  } catch (error) {
    const name = error instanceof WarmkeyError ? error.name : "not one of Warmkey's";
    return { error: name, message: error.message, status: error.status, shown: everything(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  now = request.now;
  console.log(JSON.stringify(await Promise.all(request.calls.map(outcome))));
}
