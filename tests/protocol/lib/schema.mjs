// SPDX-License-Identifier: Apache-2.0
// As much of JSON Schema 2020-12 as protocol/events uses; a keyword that is not here is refused, so
// that nothing in a schema is there for show.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kFolder = fileURLToPath(new URL('../../../protocol/events/', import.meta.url));

/** File name -> schema. */
export const kSchemas = new Map(
  readdirSync(kFolder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(join(kFolder, name), 'utf8'))]),
);

/** `client.join-room`, `server.access-revoked`, … */
export const schemaOf = (side, event, suffix = '') =>
  kSchemas.get(`${side}.${event.replaceAll(':', '-')}${suffix}.json`);

const kDocuments = new Map();
/** One more whose references may be followed, and into the schemas from there. */
export const addDocument = (file, document) => kDocuments.set(file, document);

function resolve(reference, file) {
  const [name, pointer = ''] = reference.split('#');
  const home = name.replace(/^events\//, '') || file;
  let schema = kSchemas.get(home) ?? kDocuments.get(home);
  for (const step of pointer.split('/').slice(1)) schema = schema?.[step];
  if (schema === undefined) throw new Error(`${file}: nothing at ${reference}`);
  return { schema, file: home };
}

const kTypes = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

const kFormats = {
  'date-time': (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text),
};

const isObject = kTypes.object;
const isText = kTypes.string;
const isList = Array.isArray;
const characters = (text) => [...text].length;

/** keyword -> (value, what the keyword says, context) -> what is wrong, as a list. */
const kKeywords = {
  type: (value, type) => (kTypes[type](value) ? [] : [`is no ${type}`]),
  const: (value, only) => (value === only ? [] : [`is not ${JSON.stringify(only)}`]),
  enum: (value, list) => (list.includes(value) ? [] : [`is none of ${list}`]),
  pattern: (value, pattern) =>
    !isText(value) || new RegExp(pattern, 'u').test(value) ? [] : [`does not match ${pattern}`],
  format: (value, format) => (!isText(value) || kFormats[format](value) ? [] : [`no ${format}`]),
  minLength: (value, min) => (!isText(value) || characters(value) >= min ? [] : ['too short']),
  maxLength: (value, max) => (!isText(value) || characters(value) <= max ? [] : ['too long']),
  minimum: (value, min) => (typeof value !== 'number' || value >= min ? [] : ['too small']),
  maximum: (value, max) => (typeof value !== 'number' || value <= max ? [] : ['too large']),
  minItems: (value, min) => (!isList(value) || value.length >= min ? [] : ['too few items']),
  required: (value, names) =>
    isObject(value) ? names.filter((name) => !(name in value)).map((name) => `no ${name}`) : [],
  items: (value, schema, context) =>
    isList(value) ? value.flatMap((item, at) => inside(at, item, schema, context)) : [],
  properties: (value, schemas, context) => {
    if (!isObject(value)) return [];
    return Object.entries(value).flatMap(([name, member]) => {
      if (schemas[name] !== undefined) return inside(name, member, schemas[name], context);
      return context.strict ? [`has ${name}, which nobody described`] : [];
    });
  },
  maxItems: (value, max) => (!isList(value) || value.length <= max ? [] : ['too many items']),
  allOf: (value, schemas, context) =>
    schemas.flatMap((schema) => problemsOf(value, schema, context)),
  anyOf: (value, schemas, context) => {
    const answers = schemas.map((schema) => problemsOf(value, schema, context));
    return answers.some((problems) => problems.length === 0) ? [] : answers.flat();
  },
  $ref: (value, reference, context) => {
    const { schema, file } = resolve(reference, context.file);
    return problemsOf(value, schema, { ...context, file });
  },
};
const kWords = new Set(['$schema', '$id', '$defs', 'title', 'description', 'default']);

const inside = (name, value, schema, context) =>
  problemsOf(value, schema, context).map((problem) => `${name}: ${problem}`);

function problemsOf(value, schema, context) {
  return Object.entries(schema).flatMap(([keyword, says]) => {
    if (kWords.has(keyword)) return [];
    if (!kKeywords[keyword]) throw new Error(`${context.file}: unknown keyword ${keyword}`);
    return kKeywords[keyword](value, says, context);
  });
}

/** What is wrong with a value; `strict`: members that the schema does not name are wrong too. */
export function problems(value, schema, { strict = false } = {}) {
  return problemsOf(value, schema, { strict, file: schema.$id });
}

/** Walks a schema: every keyword known, every reference there. */
export function checkSchema(schema, file) {
  for (const [keyword, says] of Object.entries(schema)) {
    if (keyword === '$ref') resolve(says, file);
    else if (keyword === 'properties' || keyword === '$defs') {
      for (const member of Object.values(says)) checkSchema(member, file);
    } else if (keyword === 'items') checkSchema(says, file);
    else if (keyword === 'anyOf' || keyword === 'allOf')
      for (const one of says) checkSchema(one, file);
    else if (!kWords.has(keyword) && !kKeywords[keyword]) {
      throw new Error(`${file}: unknown keyword ${keyword}`);
    }
  }
}
