import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/account/circumstances.js';
import type { Command } from '../../src/account/commands/command.js';
import { fieldsByCommand } from '../../src/account/commands/parseCommand.js';
import {
  commandDigest,
  digestOf,
  digestsAgree,
  isDigestOf,
  reasonIsCode,
  redactedDigest,
  splitItem,
} from '../../src/account/digest.js';
import { seeded } from '../support/seeded.js';
import { placesIn, wholeCommands } from '../support/wholeCommands.js';

const all = Object.values(wholeCommands);
const command = fc.constantFrom<Command>(...all);
const circumstantial = ['at', 'by', 'approvedBy', 'comment', 'staffNote', 'metadata'];

/**
 * Commands with the digests that their events store, and those in one part that events before 0.1.0 store. A release that
 * computes another one would take a repeated command for a new one. Never change an entry: a new command, or a new field,
 * gets an entry of its own.
 */
const stored: readonly { readonly digest: string; readonly onePart?: string; readonly command: Command }[] =
  JSON.parse(readFileSync(new URL('./storedDigests.json', import.meta.url), 'utf8'));

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
    for (const { digest, command } of stored) expect(commandDigest(command), command.type).toBe(digest);
  });

  it('recognises the digests of one part, of events before 0.1.0', () => {
    const old = stored.filter(({ onePart }) => onePart !== undefined);
    expect(new Set(old.map(({ command }) => command.type)).size).toBe(all.length);
    for (const { digest, onePart, command } of old) {
      expect(isDigestOf(onePart as string, command, digest), command.type).toBe(true);
      const other = { ...command, id: 'another' };
      expect(isDigestOf(onePart as string, other, commandDigest(other))).toBe(false);
    }
  });

  it.each(Object.values(wholeCommands))('has a stored digest with every field of $type', (command) => {
    const of = stored.filter(({ command: { type } }) => type === command.type);
    const missing = Object.keys(fieldsByCommand[command.type]).filter(
      (field) => !of.some(({ command }) => field in command),
    );
    const entry = JSON.stringify({ digest: commandDigest(command), command }, null, 2);
    const message = `storedDigests.json has no ${command.type} with ${missing.join(', ')}; add one, such as\n${entry}\n`;
    expect(missing, message).toEqual([]);
  });

  it('returns sixteen hexadecimal digits for what a redaction keeps, and for what it erases', () => {
    for (const one of all) expect(commandDigest(one)).toMatch(/^[0-9a-f]{16}\.([0-9a-f]{16}|-)$/);
    const { reason: _, ...withoutReason } = wholeCommands.ReceivePayment;
    expect(commandDigest(withoutReason as Command)).toMatch(/\.-$/);
    expect(commandDigest(wholeCommands.WaiveFees), 'a code of the policy').toMatch(/\.-$/);
  });

  it('has a first part that depends on no title, call number, id or barcode of an item, and no reason in free text', () => {
    const texts = fc.string();
    fc.assert(
      fc.property(command, texts, texts, (one, a, b) => {
        const withTexts = (text: string): Command => ({
          ...one,
          ...(one.type !== 'WaiveFees' && one.type !== 'IssueCredit' && { reason: text }),
          ...('item' in one && {
            item: { ...one.item, title: text, callNumber: text, id: text, barcode: text },
          }),
        });
        const [digestA, digestB] = [commandDigest(withTexts(a)), commandDigest(withTexts(b))];
        expect(redactedDigest(digestA)).toBe(redactedDigest(digestB));
        expect(digestsAgree(redactedDigest(digestA), digestB)).toBe(true);
        if (one.type !== 'WaiveFees' && a !== b) expect(digestA).not.toBe(digestB);
      }),
      seeded('digest, erased texts'),
    );
  });

  it('keeps the reason of a waiver and of a manual credit in its first part: it is a code', () => {
    for (const one of [wholeCommands.WaiveFees, wholeCommands.IssueCredit] as const) {
      const [kept] = commandDigest({ ...one, cause: 'manual' } as Command).split('.');
      expect(commandDigest({ ...one, cause: 'manual', reason: 'OTHER' } as Command).split('.')[0]).not.toBe(
        kept,
      );
    }
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

describe('digestsAgree', () => {
  const [kept, texts, others] = ['0123456789abcdef', 'aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'];

  it.each([
    [`${kept}.${texts}`, `${kept}.${texts}`, true],
    [`${kept}.${texts}`, `${kept}.`, true],
    [`${kept}.`, `${kept}.-`, true],
    [`${kept}.${texts}`, `${kept}.${others}`, false],
    [`${kept}.${texts}`, `${kept}.-`, false],
    [`${others}.${texts}`, `${kept}.${texts}`, false],
    [`${others}.`, `${kept}.`, false],
    ['.', `${kept}.${texts}`, true],
    ['.', kept, true],
    [kept, `${kept}.-`, false],
    [kept, others, false],
    ['', kept, false],
    [null, kept, false],
    [null, '.', false],
    [null, null, true],
  ])('of %s and %s: %s', (one, other, expected) => {
    expect(digestsAgree(one, other)).toBe(expected);
    expect(digestsAgree(other, one)).toBe(expected);
  });
});

describe('redactedDigest', () => {
  it.each([
    ['0123456789abcdef.aaaaaaaaaaaaaaaa', '0123456789abcdef.'],
    ['0123456789abcdef.-', '0123456789abcdef.-'],
    ['0123456789abcdef.', '0123456789abcdef.'],
    ['0123456789abcdef', '.'],
    ['.', '.'],
    ['anything else', '.'],
  ])('of %s is %s', (digest, expected) => {
    expect(redactedDigest(digest)).toBe(expected);
    expect(redactedDigest(expected)).toBe(expected);
  });
});

describe('digestOf', () => {
  it('depends on all fields of any data, but not on their order; stored, so it never changes', () => {
    expect(digestOf({ id: 'd1', at: 'now', list: [1, 2] })).toBe('bd340146edf4c460');
    expect(digestOf({ list: [1, 2], at: 'now', id: 'd1' })).toBe('bd340146edf4c460');
    expect(digestOf({ id: 'd1', at: 'then', list: [1, 2] })).not.toBe('bd340146edf4c460');
  });
});

describe('splitItem', () => {
  const item = {
    id: 'i1',
    barcode: '0017',
    title: 'Walden',
    callNumber: 'PS 3048',
    library: 'MAIN',
    location: 'stacks',
  };

  it('erases title, call number, id and barcode, and keeps the rest', () => {
    expect(splitItem(item)).toEqual({
      kept: { library: 'MAIN', location: 'stacks' },
      erased: { id: 'i1', barcode: '0017', title: 'Walden', callNumber: 'PS 3048' },
    });
    expect(splitItem({ library: 'MAIN' })).toEqual({ kept: { library: 'MAIN' }, erased: null });
    expect(splitItem({ title: '' })).toEqual({ kept: {}, erased: { title: '' } });
  });

  it('puts every field into exactly one of the two parts', () => {
    fc.assert(
      fc.property(fc.subarray(Object.entries(item)), (entries) => {
        const some = Object.fromEntries(entries) as Item;
        const { kept, erased } = splitItem(some);
        expect({ ...kept, ...erased }).toEqual(some);
        expect(Object.keys(kept).filter((name) => name in (erased ?? {}))).toEqual([]);
      }),
    );
  });
});

describe('reasonIsCode', () => {
  it.each([
    ['WaiveFees', undefined, true],
    ['FeeWaived', undefined, true],
    ['IssueCredit', 'manual', true],
    ['IssueCredit', 'imported', false],
    ['CreditIssued', 'manual', true],
    ['CreditIssued', 'waived', true],
    ['CreditIssued', 'cancelled', false],
    ['LostItemCreditIssued', 'waived', true],
    ['LostItemCreditIssued', 'returned', false],
    ['ResolveDispute', undefined, false],
    ['AssessFee', 'manual', false],
  ])('of %s, cause %s: %s', (type, cause, expected) => {
    expect(reasonIsCode({ type, cause })).toBe(expected);
  });
});
