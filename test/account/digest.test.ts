import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/account/commands/command.js';
import { commandDigest } from '../../src/account/digest.js';
import { seeded } from '../support/seeded.js';
import { placesIn, wholeCommands } from '../support/wholeCommands.js';

const all = Object.values(wholeCommands);
const command = fc.constantFrom<Command>(...all);
const circumstantial = ['at', 'by', 'comment', 'staffNote', 'metadata'];

/**
 * Digests are stored in events: a release that computes other ones would take every repeated command for another one.
 * These must never change.
 */
const golden: Readonly<Record<Command['type'], string>> = {
  AssessFee: 'eab4856b942c9fbc',
  AccrueFine: '7c63c81d2d92199f',
  ReceivePayment: '2f2cc19001aa10e2',
  WaiveFees: 'c4d4967462e16ef0',
  ReturnLostItem: 'f71571ad1abdebd9',
  DisputeFee: '5fdc57eb0ef4d718',
  ResolveDispute: '946a61101b6b8bf0',
  TransferFees: 'a4c855dd12fc7d60',
  SettleTransfer: '3eb8f019d77b2a88',
  ReverseSettlement: 'e062fe7118bd4298',
  RecallTransfer: '17c664732a87bd28',
  IssueCredit: '3ca3a0d1da588408',
  CancelCredit: '1bf7bf1e5a6fb6a7',
  ApplyCredit: '3ff4cdda092619f6',
  RefundCredit: '2f8b4a819ccd4c05',
  CancelFee: 'e9b97e63d7810992',
  ReversePayment: '4eece93684bac0be',
  ReverseWaiver: '3969c5fdd8db7355',
  ReverseCreditApplication: '9d2889997bfabeab',
  ReverseRefund: 'ca201d5d607ceb23',
  AgreePaymentPlan: 'af5ccd2f15bbcfb7',
  EndPaymentPlan: 'c303a1cee418ea12',
};

/** A copy with the keys of every object in another order. */
function reordered<Data>(data: Data, order: (keys: string[]) => string[]): Data {
  if (Array.isArray(data)) return data.map((entry) => reordered(entry, order)) as Data;
  if (typeof data !== 'object' || data === null) return data;
  const source = data as Record<string, unknown>;
  return Object.fromEntries(
    order(Object.keys(source)).map((key) => [key, reordered(source[key], order)]),
  ) as Data;
}

describe('commandDigest', () => {
  it('returns the digests stored in the events of earlier releases', () => {
    expect(Object.fromEntries(all.map((one) => [one.type, commandDigest(one)]))).toEqual(golden);
  });

  it('returns sixteen hexadecimal digits', () => {
    for (const one of all) expect(commandDigest(one)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('ignores the order of fields', () => {
    const shuffled = (random: number) => (keys: string[]) =>
      keys
        .map((key, index) => [key, (random * (index + 7)) % 13] as const)
        .sort((a, b) => a[1] - b[1])
        .map(([key]) => key);
    fc.assert(
      fc.property(command, fc.nat(10_000), (one, random) => {
        expect(commandDigest(reordered(one, shuffled(random)))).toBe(commandDigest(one));
      }),
      seeded('digest, order of keys'),
    );
  });

  it('ignores time, actor and comments', () => {
    fc.assert(
      fc.property(command, fc.constantFrom(...circumstantial), fc.jsonValue(), (one, field, value) => {
        expect(commandDigest({ ...one, [field]: value } as Command)).toBe(commandDigest(one));
        const { [field as 'at']: _left, ...without } = one;
        expect(commandDigest(without as Command)).toBe(commandDigest(one));
      }),
      seeded('digest, circumstances'),
    );
  });

  it('depends on everything else, at any depth', () => {
    const places = all.flatMap((one) =>
      placesIn(one)
        .filter(({ path }) => !circumstantial.includes(path.split('.')[0] as string))
        .map((place) => ({ one, place })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), ({ one, place }, value) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(place.value));
        expect(commandDigest(place.with(value) as Command)).not.toBe(commandDigest(one));
        expect(commandDigest(place.without() as Command)).not.toBe(commandDigest(one));
      }),
      seeded('digest, contents'),
    );
  });

  it('depends on the order of lists: it decides who is paid first', () => {
    const { ReturnLostItem } = wholeCommands;
    const swapped = { ...ReturnLostItem, feeIds: ['f2', 'f1'] };
    expect(commandDigest(swapped)).not.toBe(commandDigest(ReturnLostItem));
  });

  it('distinguishes values that only look alike when serialised', () => {
    const alike = [
      ['f1', 'f2'],
      ['f1,f2'],
      ['f1","f2'],
      ['["f1","f2"]'],
      ['f2', 'f1'],
      ['f1 ', 'f2'],
      ['f1', 'f2', ''],
    ];
    const digests = alike.map((feeIds) => commandDigest({ ...wholeCommands.ReturnLostItem, feeIds }));
    expect(new Set(digests).size).toBe(alike.length);
  });

  it('has no collision in 100,000 commands with small differences', () => {
    const digests = new Set<string>();
    for (let number = 0; number < 50_000; number++) {
      const amount = `${Math.floor(number / 100)}.${String(number % 100).padStart(2, '0')}`;
      digests.add(commandDigest({ ...wholeCommands.AssessFee, amount }));
      digests.add(commandDigest({ ...wholeCommands.WaiveFees, id: `w${number}` }));
    }
    expect(digests.size).toBe(100_000);
  });

  it('has no collision in 100,000 random commands', () => {
    const texts = fc.sample(fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }), {
      numRuns: 200_000,
      seed: 17,
    });
    const distinct = [...new Set(texts)].slice(0, 100_000);
    const digests = new Set(distinct.map((feeId) => commandDigest({ ...wholeCommands.DisputeFee, feeId })));
    expect(distinct.length).toBe(100_000);
    expect(digests.size).toBe(100_000);
  });
});
