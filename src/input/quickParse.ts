import * as v from 'valibot';

/** Returns whether plain JSON matches a schema, without the reasons if not. */
export type QuickCheck = (value: unknown) => boolean;

/** Parses plain data as a schema does; undefined if the schema may refuse it. */
export type QuickParse<Output> = (value: unknown) => Output | undefined;

/** The kinds of schemas and actions that are read without the schema library, with the fields used here. */
type Part = { readonly pipe?: readonly Part[] } & (
  | { readonly type: 'string' | 'number' | 'boolean' }
  | { readonly type: 'literal'; readonly literal: unknown }
  | { readonly type: 'picklist'; readonly options: readonly unknown[] }
  | { readonly type: 'custom'; readonly check: QuickCheck }
  | { readonly type: 'check' | 'safe_integer'; readonly requirement: QuickCheck }
  | { readonly type: 'regex'; readonly requirement: RegExp }
  | { readonly type: 'gt_value' | 'min_value' | 'max_value'; readonly requirement: number }
  | { readonly type: 'transform'; readonly operation: Parse }
  | { readonly type: 'exact_optional'; readonly wrapped: Part }
  | { readonly type: 'array'; readonly item: Part }
  | { readonly type: 'strict_object'; readonly entries: Entries }
);

type Entries = Readonly<Record<string, Part>>;

/** Returns the parsed value, or {@link REFUSED}. */
type Parse = (value: unknown) => unknown;

/** The result of a value that the schema may refuse. */
const REFUSED = /* @__PURE__ */ Symbol('refused');

/**
 * Builds a quick check from a schema. Nearly every stored event is valid, and the check takes a fraction of the time of
 * the schema, which also copies the event and collects every fault. So the schema runs only if the check fails.
 *
 * @param schema - a schema of plain JSON without transformations
 * @returns the check
 */
export function quickCheck(schema: v.GenericSchema): QuickCheck {
  return checkOf(schema as unknown as Part);
}

/**
 * Builds a parser from a schema of an object, for the same reason as {@link quickCheck}.
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
  const parse = parseOf(schema as unknown as Part);
  return (value) => {
    const output = parse(value);
    return output === REFUSED ? undefined : (output as Output);
  };
}

function checkOf(part: Part): QuickCheck {
  if (part.pipe !== undefined) return pipeCheck(part.pipe);
  switch (part.type) {
    case 'exact_optional':
      return checkOf(part.wrapped);
    case 'array':
      return listCheck(checkOf(part.item));
    case 'strict_object':
      return objectCheck(part.entries);
    default:
      return valueCheck(part) ?? checkBySchema(part);
  }
}

function parseOf(part: Part): Parse {
  if (part.pipe !== undefined) return inTurn(part.pipe.map(parseOf));
  switch (part.type) {
    case 'transform':
      return part.operation;
    case 'exact_optional':
      return parseOf(part.wrapped);
    case 'array':
      return listParse(parseOf(part.item));
    case 'strict_object':
      return objectParse(part.entries);
    default: {
      const check = valueCheck(part);
      return check === undefined ? bySchema(part) : (value) => (check(value) ? value : REFUSED);
    }
  }
}

/** The check of one value without parts; undefined for a kind of schema or action that is not known here. */
function valueCheck(part: Part): QuickCheck | undefined {
  switch (part.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return (value) => typeof value === 'number';
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'literal':
      return (value) => value === part.literal;
    case 'picklist':
      return (value) => part.options.includes(value);
    case 'custom':
      return part.check;
    case 'check':
    case 'safe_integer':
      return part.requirement;
    case 'regex':
      return (value) => part.requirement.test(value as string);
    case 'gt_value':
      return (value) => (value as number) > part.requirement;
    case 'min_value':
      return (value) => (value as number) >= part.requirement;
    case 'max_value':
      return (value) => (value as number) <= part.requirement;
    default:
      return undefined;
  }
}

/** Parses with the schema itself; also rules between fields, which are actions. */
function bySchema(part: Part): Parse {
  const schema = part as unknown as v.GenericSchema;
  const whole = schema.kind === 'schema' ? schema : v.pipe(v.any(), schema);
  return (value) => {
    const result = v.safeParse(whole, value);
    return result.success ? result.output : REFUSED;
  };
}

function checkBySchema(part: Part): QuickCheck {
  const parse = bySchema(part);
  return (value) => parse(value) !== REFUSED;
}

function pipeCheck(pipe: readonly Part[]): QuickCheck {
  const checks = pipe.map(checkOf);
  const [first, second] = checks;
  if (checks.length !== 2 || first === undefined || second === undefined) {
    return (value) => checks.every((check) => check(value));
  }
  // Most fields of events are texts with one check.
  return pipe[0]?.type === 'string' && pipe[0].pipe === undefined
    ? (value) => typeof value === 'string' && second(value)
    : (value) => first(value) && second(value);
}

function inTurn(steps: readonly Parse[]): Parse {
  return (value) => {
    let output = value;
    for (const step of steps) {
      output = step(output);
      if (output === REFUSED) return REFUSED;
    }
    return output;
  };
}

function listCheck(check: QuickCheck): QuickCheck {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (let index = 0; index < value.length; index++) {
      if (!check(value[index])) return false;
    }
    return true;
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

/** A field that an object may have, and how it is read. */
type Field<Read> = { readonly name: string; readonly read: Read; readonly isRequired: boolean };

function fieldsOf<Read>(entries: Entries, readerOf: (part: Part) => Read): Field<Read>[] {
  return Object.entries(entries).map(([name, part]) => ({
    name,
    read: readerOf(part),
    isRequired: part.type !== 'exact_optional',
  }));
}

function objectCheck(entries: Entries): QuickCheck {
  const list = fieldsOf(entries, checkOf);
  const fields = new Map(list.map((field) => [field.name, field]));
  const required = list.filter(({ isRequired }) => isRequired).length;
  // The fields of the last objects, in their order: the next object most likely has the same ones.
  const order: Field<QuickCheck>[] = [];
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    let found = 0;
    let place = 0;
    for (const name in value) {
      let field = order[place];
      if (field?.name !== name) {
        field = fields.get(name);
        if (field === undefined) return false;
        order[place] = field;
      }
      place += 1;
      if (!field.read((value as Record<string, unknown>)[name])) return false;
      if (field.isRequired) found += 1;
    }
    return found === required;
  };
}

function objectParse(entries: Entries): Parse {
  const fields = fieldsOf(entries, parseOf);
  return (value) => {
    if (typeof value !== 'object' || value === null) return REFUSED;
    const given = value as Readonly<Record<string, unknown>>;
    const output: Record<string, unknown> = {};
    let found = 0;
    for (const { name, read, isRequired } of fields) {
      const field = given[name];
      if (field !== undefined) {
        const parsed = read(field);
        if (parsed === REFUSED) return REFUSED;
        output[name] = parsed;
        found += 1;
      } else if (isRequired) return REFUSED;
    }
    return Object.keys(given).length === found ? output : REFUSED;
  };
}
