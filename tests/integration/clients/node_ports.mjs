// Prints, for each environment in the JSON list that comes in, the port to which a client connects,
// or null where it refuses to.

import { text } from "node:stream/consumers";
import net from "node:net";
import { Client } from "../../../layer/nodejs/node_modules/warmkey/index.js";

let connectedTo = null;
net.connect = (port) => {
  connectedTo = port;
  throw new Error("not in this test");
};
const ports = [];
for (const env of JSON.parse(await text(process.stdin))) {
  connectedTo = null;
  await new Client(env).get("KEY").catch(() => {});
  ports.push(connectedTo);
}
console.log(JSON.stringify(ports));
