import type { DoorAnswer } from '../doorRequest.js';
import type { KohaAccess, KohaCredentials } from './kohaOptions.js';

/** Returns an error as Koha's clients read it: older ones `error`, newer ones `errors`. */
export function kohaError(status: number, error: string, path = '/'): DoorAnswer {
  return { status, body: { error, errors: [{ message: error, path }] } };
}

/** Reads what the hooks get of a request. */
export function kohaAccess({ method, headers }: Request, path: readonly string[]): KohaAccess {
  return {
    credentials: credentialsOf(headers.get('authorization') ?? ''),
    isWrite: method === 'POST',
    patronId: path[0] === 'patrons' ? (path[1] ?? '') : '',
    library: headers.get('x-koha-library') || undefined,
  };
}

/** Reads the header `Authorization`: Bearer with a token, or Basic with a user and a password. */
export function credentialsOf(header: string): KohaCredentials | undefined {
  const [scheme = '', value = ''] = header.split(' ', 2);
  if (value === '') return undefined;
  if (scheme.toLowerCase() === 'bearer') return { token: value };
  if (scheme.toLowerCase() !== 'basic') return undefined;
  try {
    const bytes = Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
    const [user = '', ...rest] = new TextDecoder().decode(bytes).split(':');
    return rest.length === 0 ? undefined : { user, password: rest.join(':') };
  } catch {
    return undefined;
  }
}

type Row = Readonly<Record<string, unknown>>;
type Test = (row: Row) => boolean;

/** Filters are nested no deeper; those of clients are four deep. */
const DEPTH_MAX = 20;

/** Why a filter is not read. */
class UnreadFilter extends Error {}

/**
 * Returns the rows that a list is asked for: by the filter `q`, the JSON of Koha's queries, and in the order of
 * `_order_by`; or the answer to a filter that cannot be read.
 */
export function queried(
  rows: readonly Row[],
  { q, _order_by: order }: Readonly<Record<string, string>>,
): readonly Row[] | DoorAnswer {
  // An empty list has no fields to compare.
  const [first] = rows;
  if (first === undefined) return [];
  try {
    const known = (name: string) => fieldNamed(name, first);
    const found = q === undefined ? rows : rows.filter(testOf(parsed(q), known, 0));
    return order === undefined ? found : ordered(found, order, known);
  } catch (error) {
    if (error instanceof UnreadFilter) return kohaError(400, error.message, '/query/q');
    throw error;
  }
}

function unread(what: string): never {
  throw new UnreadFilter(what);
}

function parsed(q: string): unknown {
  try {
    return JSON.parse(q);
  } catch {
    return unread('q: expected JSON.');
  }
}

/** Returns a field of the rows; Koha's staff pages write `me.` before it. */
function fieldNamed(name: string, row: Row): string {
  const field = name.replace(/^me\./, '');
  return Object.hasOwn(row, field) ? field : unread(`q: there is no field ${name.slice(0, 40)}.`);
}

type Known = (name: string) => string;

/** Reads a filter: an object, whose fields all have to match, or a list of filters, of which one has to. */
function testOf(filter: unknown, known: Known, depth: number): Test {
  if (depth > DEPTH_MAX) return unread('q: the filter is nested too deeply.');
  if (Array.isArray(filter)) return anyOf(filter.map((one) => testOf(one, known, depth + 1)));
  if (!isObject(filter)) return unread('q: expected an object or a list of objects.');
  return allOf(
    Object.entries(filter).map(([name, value]) => {
      const word = name.toLowerCase();
      if (word === '-or') return testOf(listed(value), known, depth + 1);
      if (word === '-and') return allOf(listed(value).map((one) => testOf(one, known, depth + 1)));
      const field = known(name);
      const test = valueTest(value);
      return (row) => test(row[field]);
    }),
  );
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

const allOf =
  (tests: readonly Test[]): Test =>
  (row) =>
    tests.every((test) => test(row));
const anyOf =
  (tests: readonly Test[]): Test =>
  (row) =>
    tests.some((test) => test(row));

/** Reads what a field has to be: a value, a list of values, or operators with theirs. */
function valueTest(wanted: unknown): (value: unknown) => boolean {
  if (!isObject(wanted)) {
    const values = listed(wanted);
    if (values.some((value) => typeof value === 'object' && value !== null))
      return unread('q: expected a value or a list of values.');
    return (value) => values.some((one) => isEqual(value, one));
  }
  const tests = Object.entries(wanted).map(([name, operand]) => {
    const word = name.toLowerCase().replace(/^-/, '').replaceAll('_', ' ');
    const operator = Object.hasOwn(operators, word) ? operators[word] : undefined;
    const read = operator?.(operand);
    return read ?? unread(`q: there is no operator ${name.slice(0, 20)} with such a value.`);
  });
  return (value) => tests.every((test) => test(value));
}

type Operator = (operand: unknown) => ((value: unknown) => boolean) | undefined;

const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** Compares numbers as numbers, and texts without regard to case, as Koha's database does; empty fields never. */
const comparing =
  (fits: (order: number) => boolean): Operator =>
  (operand) =>
    isPlain(operand) && operand !== null
      ? (value) => value !== null && fits(orderOf(value, operand))
      : undefined;

const negated =
  (operator: Operator): Operator =>
  (operand) => {
    const test = operator(operand);
    return test && ((value) => !test(value));
  };

const equal: Operator = (operand) =>
  isPlain(operand) || (Array.isArray(operand) && operand.every(isPlain)) ? valueTest(operand) : undefined;

const oneOf: Operator = (operand) => (Array.isArray(operand) ? equal(operand) : undefined);

const like: Operator = (operand) => (typeof operand === 'string' ? likeTest(operand) : undefined);

const operators: Readonly<Record<string, Operator>> = {
  '=': equal,
  '!=': negated(equal),
  '<>': negated(equal),
  '<': comparing((order) => order < 0),
  '<=': comparing((order) => order <= 0),
  '>': comparing((order) => order > 0),
  '>=': comparing((order) => order >= 0),
  in: oneOf,
  'not in': negated(oneOf),
  like,
  'not like': negated(like),
};

function isEqual(value: unknown, wanted: unknown): boolean {
  return value === null || wanted === null ? value === wanted : orderOf(value, wanted) === 0;
}

/** Returns how two values are ordered. */
function orderOf(value: unknown, other: unknown): number {
  const [one, two] = [value, other].map((each) => String(each).toLowerCase()) as [string, string];
  if (typeof value === 'number' || typeof other === 'number') return Number(value) - Number(other);
  return one < two ? -1 : Number(one > two);
}

/** Reads a pattern with `%` for any text and `_` for any character; no expression, which long patterns could stop. */
function likeTest(pattern: string): (value: unknown) => boolean {
  const parts = pattern.toLowerCase().split('%');
  return (value) => {
    const text = String(value ?? '').toLowerCase();
    const [start = '', ...rest] = parts;
    if (!matchesAt(text, start, 0)) return false;
    const last = rest.pop();
    if (last === undefined) return text.length === start.length;
    let at = start.length;
    for (const part of rest) {
      while (at + part.length <= text.length && !matchesAt(text, part, at)) at += 1;
      if (at + part.length > text.length) return false;
      at += part.length;
    }
    return text.length - last.length >= at && matchesAt(text, last, text.length - last.length);
  };
}

function matchesAt(text: string, part: string, at: number): boolean {
  return (
    at + part.length <= text.length &&
    [...part].every((character, index) => character === '_' || character === text[at + index])
  );
}

/** Orders rows by fields, such as `-date,+account_line_id`. */
function ordered(rows: readonly Row[], order: string, known: Known): readonly Row[] {
  // In an address, a plus stands for a blank.
  const fields = order.split(',').map((word) => {
    const name = word.trim();
    return { sign: name.startsWith('-') ? -1 : 1, field: known(name.replace(/^[-+]/, '')) };
  });
  return [...rows].sort((a, b) => {
    for (const { sign, field } of fields) {
      const by = sign * orderOf(a[field], b[field]);
      if (by !== 0) return by;
    }
    return 0;
  });
}
