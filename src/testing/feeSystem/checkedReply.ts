import * as v from 'valibot';
import { parsed } from '../../input/checkedArgument.js';
import { faultText } from '../../input/faults.js';
import { nearest } from '../../input/nearest.js';
import { shown } from '../../input/shown.js';

const answerSchema = v.looseObject({
  accepted: v.boolean('true or false'),
  reason: v.optional(v.string('a text')),
  notOffered: v.optional(v.boolean('true or false')),
});

/** Every amount is a decimal string with all decimals of the currency, so that a system that counts in floats shows. */
function balancesSchema(digits: number) {
  const example = digits === 0 ? '5' : `5.${'0'.repeat(digits)}`;
  const expected = `a text like "${example}"`;
  const form = new RegExp(`^-?[0-9]+${digits === 0 ? '' : `\\.[0-9]{${digits}}`}$`);
  const amount = v.pipe(v.string(expected), v.regex(form, expected));
  const total = v.optional(amount);
  return v.looseObject({
    fees: v.array(v.looseObject({ feeId: v.string('the id of a fee'), owed: amount }), 'a list of fees'),
    owed: total,
    disputed: total,
    refundable: total,
    external: total,
  });
}

/** Returns what is wrong with an answer to a request, in one sentence; undefined if nothing is. */
export function faultInAnswer(answer: unknown): string | undefined {
  return faultIn(answerSchema, answer);
}

/** Returns what is wrong with the balances of a system, in one sentence; undefined if nothing is. */
export function faultInBalances(balances: unknown, digits: number): string | undefined {
  return faultIn(balancesSchema(digits), balances);
}

/**
 * Returns the field that a reply misspells, in one sentence; undefined if it misspells none. It would be left out
 * silently, or be missing under its right name.
 */
export function misspeltField(reply: unknown, known: readonly string[]): string | undefined {
  for (const field of Object.keys(Object(reply))) {
    const meant = known.includes(field) ? undefined : nearest(field, known);
    if (meant !== undefined) return `expected the field ${meant}, found ${shown(field)}`;
  }
  return undefined;
}

type Entries = { readonly entries: Readonly<Record<string, unknown>> };

function faultIn(schema: v.GenericSchema & Entries, reply: unknown): string | undefined {
  const misspelt = misspeltField(reply, Object.keys(schema.entries));
  if (misspelt !== undefined) return misspelt;
  const result = parsed(schema, reply);
  if ('output' in result) return undefined;
  const [fault] = result.faults;
  if (fault === undefined) return undefined;
  return faultText(fault, { whole: 'the reply' });
}
