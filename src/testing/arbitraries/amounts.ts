import { formatAmount } from '../../money/money.js';
import { checkedDigits } from '../checkedArguments.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';

/** The largest amount of one command, in minor units: twelve digits. */
export const AMOUNT_MAX = 999_999_999_999;

/**
 * Amounts that often cause errors: the smallest, carries, halves and thirds, values that floats cannot represent, the
 * largest.
 */
const edges = [1, 2, 9, 10, 11, 33, 50, 99, 100, 101, 277, 999, 1000, 1001, AMOUNT_MAX - 1, AMOUNT_MAX];

/** Generates amounts in minor units; every third one is from `edges`. */
export function minorAmounts(fc: FastCheck): Arbitrary<number> {
  return fc.oneof(
    fc.constantFrom(...edges),
    fc.integer({ min: 1, max: 10_000 }),
    fc.integer({ min: 1, max: AMOUNT_MAX }),
  );
}

/** Generates amounts of a currency in canonical form. */
export function amounts(fc: FastCheck, currency: string): Arbitrary<string> {
  const digits = checkedDigits(currency);
  return minorAmounts(fc).map((minor) => formatAmount(minor, digits));
}

/** Values that are not a valid amount in any currency, as written by attackers, other programs and in typing errors. */
export const notAmounts: readonly unknown[] = [
  '',
  ' ',
  '-0',
  '-0.00',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '\n1',
  '1e9',
  '1e3',
  '0x1',
  '0b1',
  '٣',
  '３',
  '１.００',
  '1.00005',
  '1,00',
  '1_000',
  '1.2.3',
  '1/2',
  '$1.00',
  '\u200b1',
  '1\u0000',
  'NaN',
  'Infinity',
  '-Infinity',
  'null',
  'undefined',
  '[object Object]',
  '\ud800',
  '9'.repeat(10_000),
  `0.${'0'.repeat(10_000)}1`,
  1,
  1.5,
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  12n,
  true,
  false,
  null,
  undefined,
  Symbol('1.00'),
  {},
  [],
  ['1.00'],
  [1],
  { toString: () => '1.00' },
  { valueOf: () => 1 },
  new String('1.00'),
  () => '1.00',
];
