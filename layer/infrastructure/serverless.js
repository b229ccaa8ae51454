"use strict";
// A plugin of the Serverless Framework: layer, variables and least privilege for every function
// that declares secrets, or whose service has a warmkey.json.

const { existsSync, readFileSync } = require("node:fs");
const path = require("node:path");

const { MOST_LAYERS, WRAPPER, WarmkeyMistake, statements, wanted } = require("./rules.js");

const TEXT = { type: "string" };
const REFERENCES = { type: "object", additionalProperties: TEXT };
const OPTIONS = {
  secrets: REFERENCES,
  stages: REFERENCES,
  exec: { type: "boolean" },
};
const PLACE = { partition: "${AWS::Partition}", region: "${AWS::Region}", account: "${AWS::AccountId}" };

class WarmkeyPlugin {
  constructor(serverless, options) {
    this.serverless = serverless;
    this.options = options;
    const optional = (properties) => ({ type: "object", properties, additionalProperties: false });
    const schema = serverless.configSchemaHandler;
    schema.defineCustomProperties({
      type: "object",
      properties: { warmkey: { ...optional({ ...OPTIONS, layer: TEXT, config: TEXT, kmsKey: TEXT }), required: ["layer"] } },
    });
    schema.defineFunctionProperties("aws", { properties: { warmkey: optional(OPTIONS) } });
    this.hooks = { "before:package:initialize": () => this.attach() };
  }

  attach() {
    const { service } = this.serverless;
    const settings = service.custom?.warmkey;
    if (!settings) throw this.mistake("custom.warmkey.layer is missing: the layer's ARN, as `warmkey publish` prints it");
    const config = this.config(settings.config);
    const stage = this.serverless.getProvider("aws").getStage();
    const found = new Set();
    for (const [name, fn] of Object.entries(service.functions ?? {})) {
      if (!config && !fn.warmkey) continue;
      const given = { ...settings, ...fn.warmkey, config, stage };
      try {
        const { variables, references } = wanted({ ...given, runtime: fn.runtime ?? service.provider.runtime });
        this.add(fn, settings.layer, variables);
        for (const reference of references) found.add(reference);
      } catch (error) {
        throw error instanceof WarmkeyMistake ? this.mistake(`function ${name}: ${error.message}`) : error;
      }
    }
    this.allow(statements([...found], PLACE, settings));
  }

  add(fn, layer, variables) {
    const { provider } = this.serverless.service;
    const layers = [...(fn.layers ?? provider.layers ?? [])];
    if (!layers.includes(layer)) layers.push(layer);
    if (layers.length > MOST_LAYERS) throw new WarmkeyMistake(`it would have ${layers.length} layers, and Lambda allows ${MOST_LAYERS}`);
    const there = { ...provider.environment, ...fn.environment };
    const wrapper = there[WRAPPER.variable];
    if (variables[WRAPPER.variable] && wrapper && wrapper !== WRAPPER.value) {
      fn.environment = { ...fn.environment, [WRAPPER.variable]: WRAPPER.value };
      variables[WRAPPER.next] = there[WRAPPER.next] ?? wrapper;
      there[WRAPPER.variable] = WRAPPER.value;
    }
    const taken = Object.keys(variables).filter((name) => name in there && there[name] !== variables[name]);
    if (taken.length) throw new WarmkeyMistake(`${taken.join(", ")}: set already, to another value; remove one of the two`);
    fn.layers = layers;
    fn.environment = { ...variables, ...fn.environment };
  }

  /** The functions of a service share a role, unless they have one of their own. */
  allow(found) {
    const { provider } = this.serverless.service;
    if (!found.length || typeof provider.role === "string" || typeof provider.iam?.role === "string") return;
    const role = ((provider.iam ??= {}).role ??= {});
    role.statements = [...(role.statements ?? []), ...found.map(substituted)];
  }

  /** warmkey.json of the service, or where custom.warmkey.config says that it is. */
  config(named) {
    const file = path.join(this.serverless.serviceDir, named ?? "warmkey.json");
    if (!existsSync(file)) {
      if (named) throw this.mistake(`there is no ${named}`);
      return undefined;
    }
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      throw this.mistake(`${file} is not JSON: ${error.message}`);
    }
  }

  mistake(message) {
    return new this.serverless.classes.Error(`warmkey: ${message}`);
  }
}

/** What holds a placeholder becomes Fn::Sub. */
function substituted(value) {
  if (typeof value === "string") return value.includes("${AWS::") ? { "Fn::Sub": value } : value;
  if (Array.isArray(value)) return value.map(substituted);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, substituted(each)]));
}

module.exports = WarmkeyPlugin;
