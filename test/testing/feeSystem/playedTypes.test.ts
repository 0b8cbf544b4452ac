import { expect, it } from 'vitest';
import { definePolicy, type FeeTypeInput } from '../../../src/index.js';
import { playedTypes } from '../../../src/testing/feeSystem/playedTypes.js';

const played = (feeTypes: Readonly<Record<string, FeeTypeInput>>) =>
  playedTypes(definePolicy({ currency: 'USD', feeTypes })).map(([code]) => code);

const label = 'Any';
const [ordinary, fixed, old] = [{ label }, { label, waiveable: false }, { label, retired: true }];
const lost = { label, lostItem: true };

it('returns one ordinary type and every lost-item type', () => {
  expect(played({ OLD: old, FIXED: fixed, A: ordinary, B: ordinary, LOST: lost, GONE: lost })).toEqual([
    'A',
    'LOST',
    'GONE',
  ]);
});

it('returns types that may not be waived only if there are no others', () => {
  expect(played({ FIXED: fixed, LOST: { ...lost, waiveable: false } })).toEqual(['FIXED', 'LOST']);
  expect(played({ FIXED: fixed, LOST: lost })).toEqual(['LOST']);
  expect(played({ OLD: old })).toEqual([]);
});
