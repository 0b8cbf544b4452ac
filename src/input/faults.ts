import * as v from 'valibot';
import type { Fault } from '../errors.js';
import { shown } from './shown.js';

/** The fields of a schema library's issue that a fault needs. */
type Issue = {
  readonly type?: string;
  readonly expected: string | null;
  readonly received: string;
  readonly input?: unknown;
  readonly message: string;
  readonly path?:
    | readonly { readonly key?: unknown; readonly origin?: 'key' | 'value' | undefined }[]
    | undefined;
};

/** The `found` of a fault about an absent required field. */
export const MISSING = 'missing';

const FOUND_LENGTH_MAX = 80;

/** Formats a path as code does: `allocations[0].amount`. */
function pathOf(issue: Issue): string {
  return (issue.path ?? []).reduce((path, { key }) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, '');
}

/** Cuts a description of hostile input. */
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

/** Returns the schema's own message, or else English for the schema library's name of the type. */
function expectedBy({ type, expected, message }: Issue): string {
  if (expected === 'never') return 'no such field';
  if (!message.startsWith('Invalid')) return message;
  if (expected === null) return message;
  // The schema library's name of a list of words is `("a" | "b")`.
  if (type === 'picklist') return `one of ${expected.replace(/[()"]/g, '').replaceAll(' | ', ', ')}`;
  return typeWords[expected] ?? expected;
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

/** Returns the schemas inside wrappers: the parts of a pipe, and the schema that an optional one wraps. */
function unwrapped(schema: SchemaNode): readonly SchemaNode[] {
  if (schema.pipe !== undefined) return schema.pipe.flatMap(unwrapped);
  if (schema.wrapped !== undefined) return unwrapped(schema.wrapped);
  return [schema];
}

/** Returns the schema of a field or a list entry. */
function childOf(schema: SchemaNode | undefined, key: unknown): SchemaNode | undefined {
  if (schema === undefined) return undefined;
  for (const { entries, item, value } of unwrapped(schema)) {
    const child = entries?.[String(key)] ?? item ?? (value as SchemaNode | undefined);
    if (child !== undefined) return child;
  }
  return undefined;
}

/** Returns what a missing field's schema expects. The schema library reports only that the key is missing. */
function expectedField(path: NonNullable<Issue['path']>, schema: SchemaNode): string {
  const field = path.reduce<SchemaNode | undefined>((parent, { key }) => childOf(parent, key), schema);
  if (field === undefined) return 'a value';
  const [first] = v.safeParse(field as v.GenericSchema, undefined).issues ?? [];
  return first === undefined ? 'a value' : expectedBy(first);
}

/**
 * Converts validation issues to faults.
 *
 * @param schema - the schema that found the issues; it says what a missing field was expected to be
 */
export function faultsOf(issues: readonly Issue[], schema: v.GenericSchema): Fault[] {
  return issues.map((issue) => ({
    path: shorten(pathOf(issue)),
    expected:
      issue.path?.at(-1)?.origin === 'key' && issue.received === 'undefined'
        ? expectedField(issue.path, schema as SchemaNode)
        : expectedBy(issue),
    found: foundIn(issue),
  }));
}

/** Returns what was found. The schema library calls an object without a prototype, such as a part of a command, null. */
function foundIn({ received, input }: Issue): string {
  if (received === 'undefined') return MISSING;
  return received === 'null' && typeof input === 'object' && input !== null ? 'Object' : shorten(received);
}

/**
 * Formats a fault as one sentence: `method: missing (expected a code)`, or `at: expected a string, found 7`.
 *
 * @param whole - the name of the whole input, used where the path is empty
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
 * @param found - a description of the actual value, unless it is missing
 */
export function mismatchText(path: string, expected: string, given: unknown, found = shown(given)): string {
  return faultText({ path, expected, found: given === undefined ? MISSING : found });
}
