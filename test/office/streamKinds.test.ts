import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nameOfKind,
  type StreamKind,
  streamOfKind,
  streamParts,
  transactionStream,
} from '../../src/office/streamKinds.js';
import { tried } from '../support/seeded.js';

/** The stored names: they never change. */
const names: Readonly<Record<StreamKind, string>> = {
  till: 'till:a:b',
  receipts: 'receipts:a:b',
  patron: 'patron:a:b',
  remittances: 'remittances:a:b',
  bank: 'bank:a:b',
  seals: 'seals:a:b',
  closings: 'closings:a:b',
  purges: 'purges:a:b',
  policies: 'policies:a:b',
  notices: 'notices:a:b',
  files: 'files:a:b',
  online: 'online:a:b',
  onlinePatron: 'onlinePatron:a:b',
  onlineKept: 'onlineKept:a:b',
  providerRow: 'providerRow:a:b',
};
const kinds = Object.keys(names) as StreamKind[];

describe('streams of the office', () => {
  it.each(kinds)('have stored names: %s', (kind) => {
    expect(streamOfKind('north', kind, 'a:b')).toEqual({ institution: 'north', stream: names[kind] });
    expect(streamOfKind('north', kind).stream).toBe(`${kind}:`);
  });

  it('have names with their kind and their subject', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.constantFrom(...kinds), fc.string(), (kind, other, name) => {
        const stream = streamOfKind('north', kind, name);
        expect(streamParts(stream)).toEqual({ kind, name });
        expect(nameOfKind(other, stream)).toBe(other === kind ? name : null);
      }),
      tried(300),
    );
  });

  it('of transactions are of no kind', () => {
    for (const kind of ['capture', 'return'] as const) {
      const { stream } = transactionStream('north', kind, 'till:1');
      expect(stream).toBe(`${kind}:till:1`);
      expect(streamParts({ institution: 'north', stream })).toBeNull();
      const name = transactionStream('north', kind, 'x'.repeat(201));
      expect(name.stream.startsWith(`${kind}#`)).toBe(true);
      expect(streamParts(name)).toBeNull();
    }
  });

  it('of other names are of no kind', () => {
    for (const stream of ['', 'till', ':', 'tills:CIRC', 'constructor:x', 'parked:p1']) {
      expect(streamParts({ institution: 'north', stream })).toBeNull();
    }
  });
});
