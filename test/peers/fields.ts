import * as v from 'valibot';
import { readFolioAmount } from './folioAmount.js';

export const text = v.string('text');
export const decimal = v.pipe(
  v.string('a decimal number as text'),
  v.check((amount) => readFolioAmount(amount) !== undefined, 'a decimal number as text'),
);
export const flag = v.boolean('true or false');
export const count = v.number('a number');
export const list = <Item extends v.GenericSchema>(item: Item) => v.array(item, 'a list');
export const accountList = <Item extends v.GenericSchema<unknown, { readonly ref: string }>>(item: Item) =>
  v.pipe(
    list(item),
    v.check(
      (rows) => new Set(rows.map(({ ref }) => ref)).size === rows.length,
      'accounts with a ref of their own each',
    ),
  );

/** Expectations may have any field: the comparison reports the unknown ones. */
export const record = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.looseObject(entries, 'an object');

const freeText = v.optional(v.unknown());

/** Given data and requests have only known fields, since an unknown one could change their meaning; remarks are allowed. */
export const given = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(
    { ...entries, note: freeText, comment: freeText, comments: freeText, description: freeText },
    'an object',
  );

/** An empty expectation would always hold. */
export const saying = <Expected extends object>(expected: v.GenericSchema<unknown, Expected>) =>
  v.pipe(expected, v.check<Expected, string>(says, 'at least one expectation of this library'));

function says(expected: object): boolean {
  return Object.entries(expected).some(([key, value]) =>
    key === 'steps' ? (value as readonly object[]).some(says) : key !== 'note' && value !== undefined,
  );
}

/** The fields of every scenario besides what is given, requested and expected. */
export const base = {
  id: text,
  source: v.optional(text),
  kind: v.optional(text),
  note: v.optional(text),
  defect: v.optional(
    v.pipe(
      text,
      v.check((words) => words.trim() !== '', 'what the defect is'),
    ),
  ),
};

/** An expected row. Rows that are not listed are not compared. */
export const rows = v.pipe(
  accountList(
    record({
      ref: text,
      remaining: v.optional(decimal),
      status: v.optional(text),
      paymentStatus: v.optional(text),
    }),
  ),
  v.minLength(1, 'at least one account'),
);
