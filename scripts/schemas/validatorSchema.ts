import type { FaultParameters } from '../../src/faultWords.js';
import { codeOf } from '../../src/input/faultCodes.js';

/** A JSON Schema, draft 2020-12: the keywords that are read here, among others. */
export type JsonSchema = {
  [keyword: string]: unknown;
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema | false;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
};

/** Returns a reference to a definition. */
export const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

/** A schema or an action of the schema library, as far as it is read here. */
type Node = {
  readonly kind: string;
  readonly type: string;
  readonly message?: unknown;
  readonly requirement?: unknown;
  readonly pipe?: readonly Node[];
  readonly entries?: Readonly<Record<string, Node>>;
  readonly item?: Node;
  readonly key?: Node;
  readonly value?: Node;
  readonly wrapped?: Node;
  readonly default?: unknown;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
  readonly getter?: (input: unknown) => Node;
};

/** What checks in code mean in JSON Schema. */
export type Checks = {
  /** By the code of what they expect. */
  readonly byCode: Readonly<Record<string, (parameters: FaultParameters, check: Check) => JsonSchema>>;
  /** By what they expect, for those without a code. */
  readonly byText: Readonly<Record<string, JsonSchema>>;
  /** By the path of the value, for checks between fields; an empty schema if JSON Schema cannot express it. */
  readonly byPath: Readonly<Record<string, JsonSchema>>;
};

type Check = (value: unknown) => unknown;

/** Inputs that tell apart the schemas that a lazy one chooses between. */
const probes = [{}, [], 'always', false, { everyYear: '' }, { currency: 'USD' }];

/**
 * Converts a validator into JSON Schema. Throws for a check that it has no keyword for, so that none is lost:
 * `@valibot/to-json-schema` drops what comes before the last schema of a pipe, and all checks in code.
 */
export function validatorSchema(validator: unknown, checks: Checks, root = ''): JsonSchema {
  const convert = (node: Node, path: string): JsonSchema => {
    if (node.pipe !== undefined) return piped(node.pipe, path);
    const named = node.type === 'string' && typeof node.message === 'string' && coded(node.message);
    if (named && named.$ref !== undefined) return named;
    switch (node.type) {
      case 'string':
      case 'number':
      case 'boolean':
      case 'null':
        return { type: node.type };
      case 'literal':
        return { const: node.literal };
      case 'picklist':
        return { type: 'string', enum: node.options };
      case 'custom':
        return { type: 'object' };
      case 'array':
        return { type: 'array', items: convert(node.item as Node, `${path}[]`) };
      case 'object':
      case 'strict_object':
        return objectSchema(node, path);
      case 'record':
        return {
          type: 'object',
          propertyNames: convert(node.key as Node, `${path}<key>`),
          additionalProperties: convert(node.value as Node, `${path}.*`),
        };
      case 'exact_optional':
      case 'optional': {
        const wrapped = convert(node.wrapped as Node, path);
        return node.default === undefined || typeof node.default === 'object'
          ? wrapped
          : { ...wrapped, default: node.default };
      }
      case 'nullable':
        return { anyOf: [convert(node.wrapped as Node, path), { type: 'null' }] };
      case 'union':
        return oneSchemaOf((node.options as Node[]).map((option) => convert(option, path)));
      case 'lazy':
        return oneSchemaOf(
          probes.map((probe) => convert((node.getter as (input: unknown) => Node)(probe), path)),
        );
      default:
        throw new Error(`${path}: no JSON Schema for ${node.kind} ${node.type}`);
    }
  };
  const objectSchema = ({ entries = {}, type }: Node, path: string): JsonSchema => ({
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [
        name,
        convert(entry, path === '' ? name : `${path}.${name}`),
      ]),
    ),
    required: Object.keys(entries).filter((name) => !/optional$/.test(entries[name]?.type ?? '')),
    ...(type === 'strict_object' && { additionalProperties: false }),
  });
  const piped = (pipe: readonly Node[], path: string): JsonSchema => {
    let schema: JsonSchema = {};
    for (const step of pipe) {
      // What follows checks the result of the transformation.
      if (step.kind === 'transformation') break;
      const part = step.kind === 'schema' ? convert(step, path) : actionSchema(step, path, schema);
      const clashes = Object.keys(part).some((keyword) => keyword !== 'type' && keyword in schema);
      if (part.$ref !== undefined) schema = part;
      else if (clashes || schema.$ref !== undefined) schema = { ...part, allOf: [schema] };
      else schema = { ...schema, ...part };
    }
    return schema;
  };
  const actionSchema = (action: Node, path: string, before: JsonSchema): JsonSchema => {
    const { type, requirement } = action;
    if (type === 'raw_check') return known(checks.byPath[path], `the check of ${path}`);
    if (type === 'min_value') return { minimum: requirement };
    if (type === 'max_value') return { maximum: requirement };
    if (type === 'gt_value') return { exclusiveMinimum: requirement };
    if (type === 'safe_integer') return { type: 'integer', maximum: Number.MAX_SAFE_INTEGER };
    if (type === 'non_empty') return before.type === 'array' ? { minItems: 1 } : { minLength: 1 };
    const text = String(action.message);
    return known(coded(text, requirement as Check) ?? checks.byText[text], `"${text}" (${type}) of ${path}`);
  };
  const coded = (text: string, check: Check = () => false): JsonSchema | undefined => {
    const found = codeOf(text);
    return found && checks.byCode[found.code]?.(found.parameters, check);
  };
  return convert(validator as Node, root);
}

function known(schema: JsonSchema | undefined, what: string): JsonSchema {
  if (schema === undefined) throw new Error(`no JSON Schema for ${what}`);
  return schema;
}

/** Returns the schema of a value that fits one of several. */
function oneSchemaOf(schemas: readonly JsonSchema[]): JsonSchema {
  const distinct = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  return distinct.length === 1 ? (distinct[0] as JsonSchema) : { anyOf: distinct };
}
