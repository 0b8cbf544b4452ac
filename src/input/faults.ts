import * as v from 'valibot';
import type { Fault } from '../errors.js';
import { shown } from './shown.js';

/** The part of a schema library's issue that a fault is made of. */
type Issue = {
  readonly expected: string | null;
  readonly received: string;
  readonly message: string;
  readonly path?:
    | readonly { readonly key?: unknown; readonly origin?: 'key' | 'value' | undefined }[]
    | undefined;
};

/** What a fault says was found where a required field is absent. */
export const MISSING = 'missing';

const FOUND_LENGTH_MAX = 80;

/** Writes a path as a programmer would: `allocations[0].amount`. */
function pathOf(issue: Issue): string {
  return (issue.path ?? []).reduce((path, { key }) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, '');
}

/** Keeps a description of hostile input short. */
function shorten(text: string): string {
  return text.length > FOUND_LENGTH_MAX
    ? `${text.slice(0, FOUND_LENGTH_MAX)}… (${text.length} characters)`
    : text;
}

/** English for the schema library's names of types. */
const typeWords: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  Object: 'an object',
  Array: 'a list',
};

/** A schema's own message if it has one, else what the schema library calls it. */
function expectedBy({ expected, message }: Issue): string {
  if (expected === 'never') return 'no such field';
  if (!message.startsWith('Invalid')) return message;
  return expected === null ? message : (typeWords[expected] ?? expected);
}

/** The parts of a schema that may have fields or entries. */
type SchemaNode = {
  readonly pipe?: readonly SchemaNode[];
  readonly wrapped?: SchemaNode;
  readonly options?: readonly unknown[];
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly item?: SchemaNode;
  readonly value?: unknown;
};

/** A schema without its wrappers: the parts of a pipe, the options of a union, what an optional one wraps. */
function unwrapped(schema: SchemaNode): readonly SchemaNode[] {
  if (schema.pipe !== undefined) return schema.pipe.flatMap(unwrapped);
  if (schema.wrapped !== undefined) return unwrapped(schema.wrapped);
  return [schema];
}

/** The schema of a field or an entry. */
function childOf(schema: SchemaNode | undefined, key: unknown): SchemaNode | undefined {
  if (schema === undefined) return undefined;
  for (const { entries, item, value } of unwrapped(schema)) {
    const child = entries?.[String(key)] ?? item ?? (value as SchemaNode | undefined);
    if (child !== undefined) return child;
  }
  return undefined;
}

/** What a required field should have been. The schema library reports only that its key is missing. */
function expectedField(issue: Issue, schema: SchemaNode): string {
  const field = (issue.path ?? []).reduce<SchemaNode | undefined>(
    (parent, { key }) => childOf(parent, key),
    schema,
  );
  if (field === undefined) return 'a value';
  const [first] = v.safeParse(field as v.GenericSchema, undefined).issues ?? [];
  return first === undefined ? 'a value' : expectedBy(first);
}

/**
 * Turns the issues of a validation into faults: where, what was expected, what was found.
 *
 * @param schema - the schema that was validated against: says what a missing field should have been
 */
export function faultsOf(issues: readonly Issue[], schema: v.GenericSchema): Fault[] {
  return issues.map((issue) => ({
    path: shorten(pathOf(issue)),
    expected:
      issue.path?.at(-1)?.origin === 'key' && issue.received === 'undefined'
        ? expectedField(issue, schema as SchemaNode)
        : expectedBy(issue),
    found: issue.received === 'undefined' ? MISSING : shorten(issue.received),
  }));
}

/**
 * One sentence for a fault: `method: missing (expected a code)`, or `at: expected a string, found 7`.
 *
 * @param whole - what to call the whole input, for a fault without a path
 */
export function faultText({ path, expected, found }: Fault, whole = 'input'): string {
  const place = path === '' ? whole : path;
  return found === MISSING
    ? `${place}: missing (expected ${expected})`
    : `${place}: expected ${expected}, found ${found}`;
}

/**
 * One sentence for a value that a check outside of a schema refuses: `text: missing (expected text)` if it is undefined.
 *
 * @param found - what it is instead, if it is there
 */
export function mismatchText(path: string, expected: string, given: unknown, found = shown(given)): string {
  return faultText({ path, expected, found: given === undefined ? MISSING : found });
}
