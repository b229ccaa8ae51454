"use strict";
// What a function gets: its variables, and what its role may do. rules.json says how, written from
// what `warmkey attach` and `warmkey policy` use; rules.d.ts says what everything is for.

const rules = require("./rules.json");

class WarmkeyMistake extends Error {}

/** The variables of a function, and the references that its role may read. */
function wanted({ secrets = {}, config, stage = "", stages = {}, exec = false, runtime = "" } = {}) {
  for (const alias of Object.keys(secrets)) check(alias);
  if (exec && new RegExp(rules.wrapper.unsupported).test(runtime))
    throw new WarmkeyMistake(`the runtime ${runtime} does not support exec wrappers; leave out exec and read the endpoint`);
  const variables = {};
  for (const [alias, reference] of Object.entries(secrets)) variables[alias] = rules.mark + reference;
  if (stage) variables[rules.stage] = stage;
  if (Object.keys(stages).length)
    variables[rules.stages] = Object.entries(stages).map((each) => each.join("=")).join(",");
  if (exec) variables[rules.wrapper.variable] = rules.wrapper.value;
  return { variables, references: declared(config, secrets, stage, stages) };
}

/** The references that hold in a stage, with {stage} filled in. */
function declared(config = {}, secrets = {}, stage = "", stages = {}) {
  const known = config.stages ?? {};
  let own = stage;
  if (Object.keys(known).length && !(stage in known)) {
    if (!config.fallback)
      throw new WarmkeyMistake(`the stage ${stage || "(none)"} is not in warmkey.json; known stages: ${Object.keys(known).sort().join(", ")}; add it, or a "fallback"`);
    own = config.fallback;
  }
  const texts = { ...config.secrets, ...known[own], ...secrets };
  return Object.entries(texts).map(([alias, given]) => {
    const text = typeof given === "string" ? given : withRole(given);
    if (!text.includes("{stage}")) return text;
    const target = mapped(stages, stage in stages ? stage : own);
    if (!target)
      throw new WarmkeyMistake(`${alias}: ${text} needs a stage that is known; set stage, or add *=… to stages`);
    return text.replaceAll("{stage}", target);
  });
}

/** The statements that let a role read some references, and nothing else. */
function statements(references, place, { kmsKey } = {}) {
  const roles = new Set();
  const sources = new Map();
  for (const reference of references.flatMap(through)) {
    const role = /[?&]roleArn=([^&#]+)/.exec(reference);
    if (role) roles.add(decodeURIComponent(role[1]));
    else {
      const source = sourceOf(reference, place);
      sources.set(source.arn, source);
    }
  }
  const all = [...sources.values()];
  return [
    ...grouped(all, (each) => each.statement).map(([sid, some]) =>
      allow(sid, some[0].actions, some.map((each) => each.arn).sort())),
    ...batches(all),
    ...(kmsKey ? decryptions(all, kmsKey, place) : []),
    ...(roles.size ? [allow("AssumeRoles", ["sts:AssumeRole"], [...roles].sort())] : []),
  ];
}

function check(alias) {
  if (rules.reserved.includes(alias))
    throw new WarmkeyMistake(`${alias} is one of the variables that Lambda sets itself, and refuses to have set; choose another alias`);
  if (!new RegExp(rules.alias).test(alias))
    throw new WarmkeyMistake(`${alias} is not a valid name of a function's variable; use letters, digits and _, the first a letter; declare other aliases in warmkey.json`);
}

function withRole({ ref, roleArn }) {
  if (!roleArn) return ref;
  const [rest, field] = ref.split("#");
  return `${rest}${rest.includes("?") ? "&" : "?"}roleArn=${roleArn}${field === undefined ? "" : `#${field}`}`;
}

function mapped(stages, stage) {
  return Object.keys(stages).length ? stages[stage] ?? stages["*"] : stage;
}

function through(reference) {
  const match = new RegExp(rules.through.pattern).exec(plain(reference));
  return match ? [reference, fill(rules.through.reference, { 1: match[1] })] : [reference];
}

/** A reference without its options and its field. */
function plain(reference) {
  return /^[^?#]*/.exec(reference)[0];
}

function sourceOf(reference, place) {
  const text = plain(reference);
  for (const form of rules.forms) {
    const match = new RegExp(form.pattern).exec(text);
    if (!match) continue;
    const names = { ...place, service: form.service, 1: match[1], 2: match[2] };
    const region = form.region ? fill(form.region, names) : place.region;
    const arn = fill(form.arn, names);
    const current = !/[?&]version(Id|Stage)=/.test(reference);
    return { ...form, arn, region, current, context: arn + form.below };
  }
  throw new WarmkeyMistake(`${reference} is not a reference; it is like /name, ssm:/path/*, secretsmanager:name or an ARN`);
}

function fill(template, names) {
  return template.replaceAll(/\{(\w+)}/g, (_, name) => names[name]);
}

/** Where a service has more to read than there are connections, it is read together. */
function batches(sources) {
  const actions = grouped(sources, (each) => each.service)
    .filter(([service, some]) =>
      rules.services[service].batch && some.length > rules.connections &&
      some.filter((each) => each.current).length > 1)
    .map(([service]) => rules.services[service].batch);
  return actions.length ? [allow("ReadSecretsTogether", actions, "*")] : [];
}

function decryptions(sources, kmsKey, place) {
  const alias = /(?:^|:)(alias\/.+)$/.exec(kmsKey)?.[1];
  const key = alias
    ? fill("arn:{partition}:kms:{region}:{account}:key/*", place)
    : kmsKey.startsWith("arn:") ? kmsKey : fill("arn:{partition}:kms:{region}:{account}:key/", place) + kmsKey;
  return grouped(sources, (each) => `${each.service}.${each.region}.amazonaws.com`).map(([via, some], number) => {
    const values = some.map((each) => each.context).sort();
    const exact = !values.some((each) => /[*?]/.test(each));
    const context = { [`kms:EncryptionContext:${rules.services[some[0].service].context}`]: values };
    return {
      ...allow(`Decrypt${number + 1}`, ["kms:Decrypt"], [key]),
      Condition: {
        StringEquals: { "kms:ViaService": place.partition === "aws-cn" ? [via, `${via}.cn`] : via, ...(exact ? context : {}) },
        ...(exact ? {} : { StringLike: context }),
        ...(alias ? { "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias } } : {}),
      },
    };
  });
}

function grouped(sources, key) {
  const groups = new Map();
  for (const source of sources) groups.set(key(source), [...(groups.get(key(source)) ?? []), source]);
  return [...groups];
}

function allow(sid, actions, resources) {
  return { Sid: sid, Effect: "Allow", Action: actions, Resource: resources };
}

module.exports = { WarmkeyMistake, MOST_LAYERS: rules.layers, WRAPPER: rules.wrapper, declared, statements, wanted };
