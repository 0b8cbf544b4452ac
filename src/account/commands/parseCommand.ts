import * as v from 'valibot';
import type { Fault } from '../../errors.js';
import { expects } from '../../input/faultCodes.js';
import { describedText, faultsOf, MISSING } from '../../input/faults.js';
import { nearest } from '../../input/nearest.js';
import { isPlainObject } from '../../input/plainObject.js';
import { type QuickParse, quickParse } from '../../input/quickParse.js';
import { shown } from '../../input/shown.js';
import type { Command } from './command.js';
import { fieldsByCommand } from './commandFields.js';
import { commandSchemas } from './commandSchemas.js';

/** A command in canonical form, or all faults of its shape. */
export type ParsedCommand = { readonly command: Command } | { readonly faults: readonly Fault[] };

/** The schema of each type of command, and its parser. */
type Parsers = ReadonlyMap<unknown, { readonly schema: v.GenericSchema; readonly quick: QuickParse<object> }>;

/** The parsers by number of decimals, created when first needed. */
const parsersByDigits = /* @__PURE__ */ new Map<number, Parsers>();

/**
 * Parses a command of any origin into canonical form: a copy without undefined fields, with amounts that have exactly
 * the currency's decimals. Never throws, even if reading the input throws.
 */
export function parseCommand(input: unknown, digits: number): ParsedCommand {
  try {
    return parse(definedParts(input), digits);
  } catch (error) {
    const expected = expects('readable');
    const found = typeof error === 'string' ? 'a text that was thrown' : shown(error);
    return { faults: [{ path: '', expected, found, code: 'readable', parameters: {} }] };
  }
}

function parse(input: unknown, digits: number): ParsedCommand {
  const type: unknown =
    typeof input === 'object' && input !== null ? (input as { type?: unknown }).type : undefined;
  const parsers = parsersFor(digits).get(type);
  if (parsers === undefined) {
    return { faults: [typeFault(type, input)] };
  }
  const { schema, quick } = parsers;
  const command = hasEnumerablePrototype() ? undefined : quick(input);
  if (command !== undefined) return { command: command as Command };
  const result = v.safeParse(schema, input);
  return result.success
    ? { command: result.output as Command }
    : { faults: faultsOf(result.issues, schema, 'described') };
}

/** Whether a program gave every object a field, by its prototype. Then the schemas refuse every command. */
function hasEnumerablePrototype(): boolean {
  for (const _ in {}) return true;
  return false;
}

/** The fault of something that has no name of a command, or an unknown one. */
function typeFault(type: unknown, input: unknown): Fault {
  const given = type ?? input;
  const options = Object.keys(fieldsByCommand);
  const fault = { path: 'type', expected: expects('command', { options }), code: 'command' } as const;
  if (typeof given !== 'string') {
    const isMissing = typeof input === 'object' && input !== null && type === undefined;
    const found = isMissing ? MISSING : shown(given);
    return { ...fault, found, parameters: { options } };
  }
  const known = nearest(given, options);
  return known === undefined
    ? describedText(fault, given, 'command', { options })
    : { ...fault, found: shown(given), parameters: { options, nearest: known } };
}

function parsersFor(digits: number): Parsers {
  const known = parsersByDigits.get(digits);
  if (known !== undefined) return known;
  const schemas = Object.entries(commandSchemas(digits));
  const made: Parsers = new Map(
    schemas.map(([type, schema]) => [type, { schema, quick: quickParse(schema) }]),
  );
  parsersByDigits.set(digits, made);
  return made;
}

/**
 * Reads every field once into a copy without undefined fields and without a prototype. Values other than lists and
 * plain objects (a date, a map) are returned unchanged, to be refused later.
 */
function definedParts(input: unknown): unknown {
  if (Array.isArray(input)) return entriesOf(input)?.map(definedParts);
  if (typeof input !== 'object' || !isPlainObject(input)) return input;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(input)) {
    const value = input[key];
    if (value !== undefined) copy[key] = definedParts(value);
  }
  return copy;
}

/**
 * Reads a list once, by its entries rather than by its claimed length. Returns undefined for a list with holes, which
 * may claim any length and cannot be written as JSON.
 */
export function entriesOf(list: readonly unknown[]): readonly unknown[] | undefined {
  const entries: readonly unknown[] = Object.values(list);
  return entries.length === list.length ? entries : undefined;
}
