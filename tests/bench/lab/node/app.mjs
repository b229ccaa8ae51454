// A function that has N secrets in hand when it starts, in each of the ways that are compared.
//
// `LAB_WAY` names the way, `BENCH_PARAMETERS` the secrets, as `ALIAS=NAME,ALIAS=NAME`. The moments
// are seconds of the monotonic clock that every process of the machine shares.

const now = () => Number(process.hrtime.bigint()) / 1e9;
const moments = { code: now() };
const mark = (moment) => {
  moments[moment] = now();
};

const PARAMETERS_IN_A_CALL = 10;

const WAYS = {
  // They are in the environment: in clear, or by Warmkey's exec wrapper.
  environment: (names) => [...names.keys()].map((alias) => process.env[alias]),

  // By Warmkey's thin client.
  warmkey: async (names) => {
    const { get } = await import("warmkey");
    mark("imported");
    return Promise.all([...names.keys()].map((alias) => get(alias)));
  },

  // From an extension by plain HTTP, over a connection that is kept.
  http: async (names) => {
    const http = await import("node:http");
    mark("imported");
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const values = await Promise.all([...names.keys()].map((alias) => read(http, agent, alias)));
    agent.destroy();
    return values;
  },

  // By AWS's SDK, in as few calls as there can be, side by side.
  sdk: async (names) => {
    const ssm = await import("@aws-sdk/client-ssm");
    mark("imported");
    const client = new ssm.SSMClient({});
    mark("client");
    const wanted = [...names.values()];
    if (wanted.length === 1) {
      const one = new ssm.GetParameterCommand({ Name: wanted[0], WithDecryption: true });
      return [(await client.send(one)).Parameter.Value];
    }
    const calls = [];
    for (let first = 0; first < wanted.length; first += PARAMETERS_IN_A_CALL) {
      const Names = wanted.slice(first, first + PARAMETERS_IN_A_CALL);
      calls.push(client.send(new ssm.GetParametersCommand({ Names, WithDecryption: true })));
    }
    const found = (await Promise.all(calls)).flatMap((answer) => answer.Parameters);
    const values = new Map(found.map(({ Name, Value }) => [Name, Value]));
    return wanted.map((name) => values.get(name));
  },
};

// One read; the plain extension listens late, so a refused connection is tried again.
function read(http, agent, alias) {
  const options = { agent, host: "127.0.0.1", port: process.env.BENCH_PORT };
  return new Promise((resolve, reject) => {
    const ask = () =>
      http
        .get({ ...options, path: `/v1/secrets/${alias}` }, async (answer) => {
          let text = "";
          for await (const part of answer.setEncoding("utf8")) text += part;
          resolve(text);
        })
        .on("error", (error) => {
          if (error.code === "ECONNREFUSED") setTimeout(ask, 1);
          else reject(error);
        });
    ask();
  });
}

const names = new Map(process.env.BENCH_PARAMETERS.split(",").map((pair) => pair.split("=")));
const values = await WAYS[process.env.LAB_WAY](names);
mark("values");

export const handler = async () => {
  mark("handler");
  return { values, moments };
};
