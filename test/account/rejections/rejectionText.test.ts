import { describe, expect, it } from 'vitest';
import {
  englishRejectionWords,
  type Rejection,
  type RejectionType,
  rejectionKinds,
  rejectionText,
} from '../../../src/index.js';
import { rejectionSentences } from '../../support/rejectionSentences.js';

const types = Object.keys(rejectionSentences) as RejectionType[];

describe('rejectionText', () => {
  it.each(types)('describes %s in one sentence for staff', (type) => {
    for (const [fields, sentence] of rejectionSentences[type]) {
      const rejection = { type, kind: rejectionKinds[type], ...fields } as Rejection;
      expect(rejectionText(rejection)).toBe(sentence);
    }
  });

  it.each(types)('formats every amount of %s for the reader', (type) => {
    const amount = (text: string) => `<${text}>`;
    for (const [fields, sentence] of rejectionSentences[type]) {
      const rejection = { type, kind: rejectionKinds[type], ...fields } as Rejection;
      expect(rejectionText(rejection, { amount })).toBe(sentence.replace(/\d+\.\d\d/g, amount));
      // Words in another language may use every field.
      const values = Object.entries(fields).filter(([, value]) => /^\d+\.\d\d$/.test(String(value)));
      for (const [field, value] of values) {
        const said = rejectionText(rejection, { amount, words: { [type]: `{${field}}` } });
        expect(said, `amountFields of rejectionText.ts lacks ${field}`).toBe(`<${value}>`);
      }
    }
  });

  it('has a text and a kind for every type, and for no other', () => {
    expect(Object.keys(englishRejectionWords).sort()).toEqual([...types].sort());
    expect(Object.keys(rejectionKinds).sort()).toEqual([...types].sort());
  });

  const notFound = { type: 'FeeNotFound', kind: 'notFound', feeId: 'f{id}1' } as const;

  it('accepts custom texts, as a template or as a function, with English as the default', () => {
    expect(rejectionText(notFound, { words: { FeeNotFound: 'Keine Gebühr {feeId} ({other})' } })).toBe(
      'Keine Gebühr f{id}1 ({other})',
    );
    expect(rejectionText(notFound, { words: { FeeNotFound: ({ feeId }) => `Nichts: ${feeId}` } })).toBe(
      'Nichts: f{id}1',
    );
    expect(rejectionText(notFound, { words: {} })).toBe('This patron has no fee f{id}1.');
    const inherited = Object.create({ FeeNotFound: 'not my word' });
    expect(rejectionText(notFound, { words: inherited })).toBe('This patron has no fee f{id}1.');
  });

  it('inserts field values literally, without expanding templates in them', () => {
    expect(rejectionText({ ...notFound, feeId: '$& {feeId}' })).toBe('This patron has no fee $& {feeId}.');
  });

  it('formats amounts for the reader, and nothing else', () => {
    const amount = (text: string) => text.replace('.', ',');
    const ended = { feeId: 'f1.50', total: '0.50', requested: '1.00' };
    const limited = { commandType: 'WaiveFees', needs: ['A.B'], limit: '10.00', amount: '10.01' } as const;
    const differs = { feeId: 'f1', field: 'owner', recorded: null, given: 'A.B' } as const;
    expect(rejectionText({ type: 'AccrualHasEnded', kind: 'conflict', ...ended }, { amount })).toBe(
      'Fee f1.50 has stopped growing at 0,50; it cannot become 1,00.',
    );
    expect(rejectionText({ type: 'NotPermitted', kind: 'forbidden', ...limited }, { amount })).toBe(
      'You may do this up to 10,00, not 10,01. This needs the role A.B.',
    );
    expect(rejectionText({ type: 'AccruingFeeDiffers', kind: 'conflict', ...differs }, { amount })).toBe(
      'Fee f1 has the owner (none), not A.B.',
    );
  });

  it('lists the fields of a rejection without text, a list or an object as JSON', () => {
    const faults = [{ path: 'at', expected: 'a timestamp', found: 'noon' }];
    expect(rejectionText({ type: 'NoText', kind: 'notFound', faults, at: null, count: 2 })).toBe(
      'NoText (faults: [{"path":"at","expected":"a timestamp","found":"noon"}], at: null, count: 2).',
    );
  });

  it('formats no amount where the rejection has none', () => {
    const amount = (text: string) => `$${text.length}`;
    const page = { commandType: 'WaiveFees', needs: ['CLERK'], limit: null, amount: null } as const;
    expect(rejectionText({ type: 'NotPermitted', kind: 'forbidden', ...page }, { amount })).toBe(
      'You may not do this. This needs the role CLERK.',
    );
  });
});
