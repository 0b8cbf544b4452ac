import * as v from 'valibot';
import type { Fault } from '../errors.js';
import { englishFaultWords, type FaultCode, type FaultParameters, type FaultWords } from '../faultWords.js';
import { codeOf } from './faultCodes.js';
import { interpolate } from './interpolate.js';
import { nearest } from './nearest.js';
import { hasOnlyFigures, PROMISE, shown } from './shown.js';

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
 * Whether faults show the texts that were found, as those of a configuration do, or only describe them: faults of what
 * is said about a patron are logged, and a title or a comment in the wrong field must not be in a log.
 */
export type FoundTexts = 'shown' | 'described';

/**
 * Converts validation issues to faults. Faults that describe texts also have codes, for translations.
 *
 * @param schema - the schema that found the issues; it says what a missing field was expected to be
 */
export function faultsOf(
  issues: readonly Issue[],
  schema: v.GenericSchema,
  texts: FoundTexts = 'shown',
): Fault[] {
  return issues.map((issue) => {
    const path = shorten(pathOf(issue));
    const isAbsent = issue.path?.at(-1)?.origin === 'key' && issue.received === 'undefined';
    const expected =
      isAbsent && issue.path !== undefined
        ? expectedField(issue.path, schema as SchemaNode)
        : expectedBy(issue);
    const found = foundIn(issue);
    if (texts === 'described') return describedFault(path, expected, found, issue);
    const isFreeText = freeText.test(path) && typeof issue.input === 'string';
    return isFreeText ? describedText({ path, expected }, issue.input) : { path, expected, found };
  });
}

/**
 * Returns what was found. The schema library calls an object without a prototype, such as a part of a command, null.
 */
function foundIn({ received, input }: Issue): string {
  if (received === 'undefined') return MISSING;
  if (received === 'Promise') return PROMISE;
  return received === 'null' && typeof input === 'object' && input !== null ? 'Object' : shorten(received);
}

/** The fields of free text, and those of items. Digits are not shown there either: they are barcodes. */
const freeText = /(^|\.)(item|reason|comment|staffNote|reference|externalReference)\b/;

/** The kinds of values whose figures and signs are shown. */
const figures: ReadonlySet<string | undefined> = new Set<FaultCode>([
  'amount',
  'amountOrZero',
  'instant',
  'date',
]);

/** The fields of events with figures, whose schemas have no codes. */
const figureField = /(^|\.)(amount|float|commission|surplus|total|at)$/;

function describedFault(path: string, expected: string, found: string, { input, received }: Issue): Fault {
  const coded = codeOf(expected);
  const code = coded?.code;
  const parameters: FaultParameters = coded?.parameters ?? {};
  const isUnknownField = code === 'unknownField';
  if (typeof input === 'number' && freeText.test(path)) {
    return withCode({ path, expected, found: englishFaultWords.foundNumber }, code, parameters);
  }
  if (typeof input !== 'string' || isUnknownField || received === 'undefined') {
    return withCode({ path, expected, found }, code, parameters);
  }
  const { options } = parameters;
  const known = Array.isArray(options) ? nearest(input, options) : undefined;
  const isFigures = (figures.has(code) || figureField.test(path)) && hasOnlyFigures(input);
  const more = known === undefined ? parameters : { ...parameters, nearest: known };
  // A misspelt word of a list is no text about anybody.
  if (known !== undefined || isFigures) return withCode({ path, expected, found }, code, more);
  return describedText({ path, expected }, input, code, more);
}

/** A fault about a text that is not shown. */
export function describedText(
  { path, expected }: Pick<Fault, 'path' | 'expected'>,
  text: string,
  code?: FaultCode,
  parameters: FaultParameters = {},
): Fault {
  const { length } = text;
  const found = interpolate(englishFaultWords.foundText, { length });
  return withCode({ path, expected, found }, code, { ...parameters, length });
}

function withCode(fault: Fault, code: FaultCode | undefined, parameters: FaultParameters): Fault {
  return code === undefined ? fault : { ...fault, code, parameters };
}

/** Options of {@link faultText}. */
export type FaultTextOptions = {
  /**
   * The texts in another language, for some or all codes.
   *
   * @defaultValue English
   */
  readonly words?: Partial<FaultWords>;
  /**
   * The name of the whole input, where a fault has no path.
   *
   * @defaultValue `input`
   */
  readonly whole?: string;
};

/**
 * Returns one sentence about a fault, for example of an {@link InvalidCommand}: `method: missing (expected a code)`, or
 * `at: expected a string, found 7`.
 *
 * @param fault - the fault
 * @param options - texts in another language
 * @returns the sentence, without a full stop
 *
 * @example
 * ```ts
 * import { decide, definePolicy, emptyAccount, faultText } from 'patron-fees';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const command = { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1' }], reason: 'OTHER', at: '3 May' } as const;
 * const decision = decide(command, emptyAccount(), policy);
 * const [fault] = !decision.accepted && decision.rejection.type === 'InvalidCommand' ? decision.rejection.faults : [];
 * fault && faultText(fault); //=> 'at: expected an ISO 8601 date and time with a zone, found a string of 5 characters'
 * fault?.code; //=> 'instant'
 * const words = { instant: 'Datum und Zeit', mismatch: '{path}: erwartet: {expected}' };
 * fault && faultText(fault, { words }); //=> 'at: erwartet: Datum und Zeit'
 * ```
 */
export function faultText(fault: Fault, { words: own = {}, whole }: FaultTextOptions = {}): string {
  const words: FaultWords = { ...englishFaultWords, ...own };
  const { code, parameters = {} } = fault;
  const expected = code === undefined ? fault.expected : interpolate(words[code], parameters);
  const found =
    parameters.length !== undefined
      ? interpolate(words.foundText, parameters)
      : fault.found === englishFaultWords.foundNumber
        ? words.foundNumber
        : fault.found;
  const path = fault.path === '' ? (whole ?? words.input) : fault.path;
  const hint = parameters.nearest === undefined ? '' : interpolate(words.didYouMean, parameters);
  const template = fault.found === MISSING ? words.missing : words.mismatch;
  return interpolate(template, { path, expected, found }) + hint;
}

/**
 * One sentence for a value that a check outside of a schema refuses: `text: missing (expected text)` if it is
 * undefined.
 *
 * @param found - a description of the actual value, unless it is missing
 */
export function mismatchText(path: string, expected: string, given: unknown, found = shown(given)): string {
  return faultText({ path, expected, found: given === undefined ? MISSING : found });
}
