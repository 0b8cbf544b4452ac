import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areTwoUsers, userKey } from '../../src/account/userKey.js';
import { tried } from '../support/seeded.js';

describe('users', () => {
  it.each([
    ['ana', 'Ana'],
    ['ana', ' ana\u00a0'],
    ['Zoë', 'ZOE\u0308'],
    ['ana', 'ａｎａ'],
    ['strauß', 'STRAUSS'],
    ['strauẞ', 'strauss'],
    ['οδός', 'ΟΔΌΣ'],
  ])('%s and %s are one user', (one, other) => {
    expect(areTwoUsers(one, other)).toBe(false);
    expect(userKey(one)).toBe(userKey(other));
  });

  it.each([
    ['ana', 'bo'],
    ['ana', 'a na'],
    ['zoe', 'zoë'],
    ['1', '01'],
    ['__proto__', 'constructor'],
  ])('%s and %s are two users', (one, other) => expect(areTwoUsers(one, other)).toBe(true));

  it.each([undefined, '', ' \t'])('%j is no user, and so never a second one', (nobody) => {
    for (const other of [undefined, '', 'ana']) {
      expect(areTwoUsers(nobody, other)).toBe(false);
      expect(areTwoUsers(other, nobody)).toBe(false);
    }
  });

  it('are the same in every case, Unicode form and with blanks around them', () => {
    const spellings = (text: string) => [
      text.toUpperCase(),
      text.toLowerCase(),
      ...['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => text.normalize(form)),
      `  ${text}\u2003`,
      userKey(text),
    ];
    const characters = fc.oneof(fc.integer({ min: 1, max: 0x24f }), fc.integer({ min: 0x370, max: 0xd7ff }));
    fc.assert(
      fc.property(fc.array(characters, { minLength: 1, maxLength: 6 }), (points) => {
        const text = String.fromCodePoint(...points);
        for (const spelling of spellings(text)) expect(userKey(spelling)).toBe(userKey(text));
      }),
      tried(2_000),
    );
  });
});
