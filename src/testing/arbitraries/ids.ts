import type { Arbitrary, FastCheck } from '../fastCheck.js';

/** Valid ids that often cause errors in other programs. */
export const strangeIds: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '17',
  '0',
  '-1',
  '1e3',
  ' ',
  'null',
  'undefined',
  '٣',
  'a#1',
  '😀',
  'e\u0301',
  'x'.repeat(190),
];

/** Values that are not valid ids. */
export const notIds: readonly unknown[] = [
  '',
  'x'.repeat(10_000),
  'a\u0000b',
  '\u0000',
  '\ud800',
  'a\udc00',
  '\udc00\ud800',
  null,
  17,
  17n,
  true,
  {},
  ['f1'],
  { toString: () => 'f1' },
  Symbol('f1'),
  new String('f1'),
  () => 'f1',
];

/** Generates ids that a command may have, including hostile ones. */
export function ids(fc: FastCheck): Arbitrary<string> {
  return fc.oneof(
    fc.nat(99).map((number) => `id-${number}`),
    fc.constantFrom(...strangeIds),
    fc
      .string({ unit: 'binary', minLength: 1, maxLength: 95 })
      .filter((id) => !id.includes('\u0000') && !/\p{Surrogate}/u.test(id)),
  );
}

/** Returns the id of a story's command by its position. */
export type Naming = (index: number) => string;

const hostile = [
  '__proto__',
  '17',
  'constructor',
  '3',
  'toString',
  '\u{1F4DA} é',
  '9007199254740993',
  'c4#1',
];

/** The namings of stories by name, so that a counterexample is readable. */
export const namings = {
  /** `c0`, `c1` ... */
  plain: (index: number) => `c${index}`,
  /** Names that cause errors when used as keys of plain objects. */
  hostile: (index: number) => hostile[index] ?? `${hostile[index % hostile.length]}/${index}`,
} as const satisfies Readonly<Record<string, Naming>>;

/** The name of a naming. */
export type NamingName = keyof typeof namings;
