import * as v from 'valibot';

/** Parses plain data as a schema does; undefined if the schema may refuse it. */
export type QuickParse<Output> = (value: unknown) => Output | undefined;

/** The kinds of schemas and actions that are parsed without the schema, with the fields used here. */
type Part =
  | { readonly type: 'string' | 'boolean' }
  | { readonly type: 'picklist'; readonly options: readonly unknown[] }
  | { readonly type: 'custom'; readonly check: Check }
  | { readonly type: 'check'; readonly requirement: Check }
  | { readonly type: 'transform'; readonly operation: Parse }
  | { readonly type: 'exact_optional'; readonly wrapped: Part }
  | { readonly type: 'array'; readonly item: Part }
  | { readonly type: 'strict_object'; readonly entries: Readonly<Record<string, Part>> };

type Check = (value: unknown) => boolean;

/** Returns the parsed value, or {@link REFUSED}. */
type Parse = (value: unknown) => unknown;

/** The result of a value that the schema may refuse. */
const REFUSED = /* @__PURE__ */ Symbol('refused');

/**
 * Builds a parser from a schema of an object. Nearly every command is valid, and a parser takes a fraction of the time
 * of the schema, which collects every fault. So the schema runs only if the parser refuses a value.
 *
 * The parser takes plain data without undefined fields: lists, and objects without a prototype. It returns what the
 * schema does, with the fields in the order of the schema.
 *
 * @param schema - a schema whose outputs are objects
 * @returns the parser
 */
export function quickParse<Output extends object>(
  schema: v.GenericSchema<unknown, Output>,
): QuickParse<Output> {
  const parse = parseOf(schema);
  return (value) => {
    const output = parse(value);
    return output === REFUSED ? undefined : (output as Output);
  };
}

function parseOf(schema: v.GenericSchema): Parse {
  if (!('pipe' in schema)) return ownParseOf(schema);
  const steps = (schema.pipe as readonly v.GenericSchema[]).map(parseOf);
  return (value) => {
    let output = value;
    for (const step of steps) {
      output = step(output);
      if (output === REFUSED) return REFUSED;
    }
    return output;
  };
}

function ownParseOf(schema: v.GenericSchema): Parse {
  const part = schema as unknown as Part;
  switch (part.type) {
    case 'string':
    case 'boolean':
      return accepting((value) => typeof value === part.type);
    case 'picklist':
      return accepting((value) => part.options.includes(value));
    case 'custom':
      return accepting(part.check);
    case 'check':
      return accepting(part.requirement);
    case 'transform':
      return part.operation;
    case 'exact_optional':
      return parseOf(part.wrapped as unknown as v.GenericSchema);
    case 'array':
      return listParse(parseOf(part.item as unknown as v.GenericSchema));
    case 'strict_object':
      return objectParse(part.entries);
    default:
      return bySchema(schema);
  }
}

function accepting(check: Check): Parse {
  return (value) => (check(value) ? value : REFUSED);
}

/** Parses with the schema itself; also rules between fields, which are actions. */
function bySchema(schema: v.GenericSchema): Parse {
  const whole = schema.kind === 'schema' ? schema : v.pipe(v.any(), schema);
  return (value) => {
    const result = v.safeParse(whole, value);
    return result.success ? result.output : REFUSED;
  };
}

function listParse(parse: Parse): Parse {
  return (value) => {
    if (!Array.isArray(value)) return REFUSED;
    const output: unknown[] = [];
    for (const entry of value) {
      const parsed = parse(entry);
      if (parsed === REFUSED) return REFUSED;
      output.push(parsed);
    }
    return output;
  };
}

function objectParse(entries: Readonly<Record<string, Part>>): Parse {
  const fields = Object.entries(entries).map(([name, part]) => ({
    name,
    parse: parseOf(part as unknown as v.GenericSchema),
    isRequired: part.type !== 'exact_optional',
  }));
  return (value) => {
    if (typeof value !== 'object' || value === null) return REFUSED;
    const given = value as Readonly<Record<string, unknown>>;
    const output: Record<string, unknown> = {};
    let found = 0;
    for (const { name, parse, isRequired } of fields) {
      const field = given[name];
      if (field !== undefined) {
        const parsed = parse(field);
        if (parsed === REFUSED) return REFUSED;
        output[name] = parsed;
        found += 1;
      } else if (isRequired) return REFUSED;
    }
    return Object.keys(given).length === found ? output : REFUSED;
  };
}
