import { describe, expect, it } from 'vitest';
import type { RemittanceRejection } from '../../src/bursar/index.js';
import { rejectionKinds, rejectionText } from '../../src/index.js';
import {
  type BankRejection,
  englishOfficeRejectionWords,
  type OfficeRejection,
  officeRejectionText,
  type TillRejection,
} from '../../src/office/index.js';
import type { MergeRejection, SeparationRejection } from '../../src/patron/index.js';

type Refused =
  | OfficeRejection
  | TillRejection
  | RemittanceRejection
  | BankRejection
  | MergeRejection
  | SeparationRejection;
type Sample = { readonly [Type in Refused['type']]: [Extract<Refused, { readonly type: Type }>, string] };

const kim = { channel: 'desk', userId: 'kim' } as const;
const fault = { path: 'at', expected: 'an instant', found: '"x"' };

/** One rejection of each type, which the compiler checks, and its sentence. */
const samples: Sample = {
  InvalidOfficeCommand: [
    { type: 'InvalidOfficeCommand', kind: 'invalid', faults: [fault] },
    'The request is not valid: at: expected an instant, found "x".',
  ],
  OfficeIdAlreadyUsed: [
    { type: 'OfficeIdAlreadyUsed', kind: 'conflict', id: 'c1' },
    'The id c1 was used before for something else.',
  ],
  OfficeInOtherCurrency: [
    { type: 'OfficeInOtherCurrency', kind: 'conflict', recordedCurrency: 'EUR', policyCurrency: 'USD' },
    'The events so far are in EUR, the policy is in USD.',
  ],
  TooFarBack: [
    { type: 'TooFarBack', kind: 'forbidden', at: '1970-01-01T09:00:00Z', earliest: '2026-03-01T09:00:00Z' },
    'The time 1970-01-01T09:00:00Z lies too far back. The earliest is 2026-03-01T09:00:00Z.',
  ],
  InTheFuture: [
    { type: 'InTheFuture', kind: 'invalid', at: '2062-03-02T09:00:00Z', latest: '2026-03-02T09:15:00Z' },
    'The time 2062-03-02T09:00:00Z lies in the future.',
  ],
  LooksLikeCardNumber: [
    { type: 'LooksLikeCardNumber', kind: 'invalid', field: 'reference' },
    'The reference contains what looks like the number of a payment card. Remove it.',
  ],
  NotPermitted: [
    {
      type: 'NotPermitted',
      kind: 'forbidden',
      commandType: 'CloseTill',
      needs: ['BOSS'],
      limit: null,
      amount: null,
    },
    'You may not do this. This needs the role BOSS.',
  ],
  TillMethodUnknown: [
    {
      type: 'TillMethodUnknown',
      kind: 'invalid',
      method: 'GOLD',
      known: { nearest: null, codes: ['A', 'B'], count: 2 },
    },
    'There is no payment method GOLD. The policy has A, B.',
  ],
  TillAlreadyOpen: [
    {
      type: 'TillAlreadyOpen',
      kind: 'conflict',
      sessionId: 's1',
      openedAt: '2026-03-02T09:00:00Z',
      openedBy: kim,
    },
    'The till has been open since 2026-03-02T09:00:00Z: close session s1 first.',
  ],
  TillSessionNotFound: [
    { type: 'TillSessionNotFound', kind: 'notFound', sessionId: 's1' },
    'This till has no session s1.',
  ],
  TillSessionClosed: [
    {
      type: 'TillSessionClosed',
      kind: 'conflict',
      sessionId: 's1',
      closedAt: '2026-03-02T17:00:00Z',
      closedBy: kim,
    },
    'Session s1 was closed at 2026-03-02T17:00:00Z.',
  ],
  TillMethodNotCounted: [
    { type: 'TillMethodNotCounted', kind: 'invalid', method: 'CASH', expected: '1.00' },
    'Count CASH: 1.00 should be there.',
  ],
  TillDepositExceedsCount: [
    { type: 'TillDepositExceedsCount', kind: 'invalid', method: 'CASH', available: '1.00', deposit: '2.00' },
    'The deposit of 2.00 is more than the 1.00 of CASH that was counted or dropped to the safe.',
  ],
  RemittanceDestinationUnknown: [
    {
      type: 'RemittanceDestinationUnknown',
      kind: 'invalid',
      destination: 'X',
      known: { nearest: null, codes: ['A', 'B'], count: 2 },
    },
    'There is no external billing system X. The policy has A, B.',
  ],
  RemittanceSurplusExceedsAmount: [
    { type: 'RemittanceSurplusExceedsAmount', kind: 'invalid', amount: '1.00', surplus: '2.00' },
    'The surplus of 2.00 is more than the 1.00 that patrons paid.',
  ],
  RemittanceNotFound: [
    { type: 'RemittanceNotFound', kind: 'notFound', remittanceId: 'r1' },
    'There is no remittance r1.',
  ],
  RemittanceAlreadyReversed: [
    { type: 'RemittanceAlreadyReversed', kind: 'conflict', remittanceId: 'r1' },
    'Remittance r1 is already reversed.',
  ],
  BankMethodUnknown: [
    {
      type: 'BankMethodUnknown',
      kind: 'invalid',
      method: 'CAHS',
      known: { codes: ['CASH'], count: 1, nearest: 'CASH' },
    },
    'There is no payment method CAHS. Did you mean CASH? The policy has CASH.',
  ],
  BankAmountsDiffer: [
    { type: 'BankAmountsDiffer', kind: 'invalid', amount: '61.50', expected: '62.00' },
    'The entry of the bank is 61.50, and 62.00 is to be confirmed by it.',
  ],
  BankEntryAlreadyConfirmed: [
    { type: 'BankEntryAlreadyConfirmed', kind: 'conflict', entryId: 'B77', confirmationId: 'c1' },
    'The entry B77 of the bank is confirmed already.',
  ],
  BankItemAlreadyConfirmed: [
    { type: 'BankItemAlreadyConfirmed', kind: 'conflict', bank: null, confirmationId: 'c1' },
    'Another entry of the bank confirms this already: c1.',
  ],
  BankRecordNotFound: [
    { type: 'BankRecordNotFound', kind: 'notFound', recordId: 'd1' },
    'There is no deposit and no confirmation d1.',
  ],
  BankRecordClosed: [
    { type: 'BankRecordClosed', kind: 'conflict', recordId: 'd1', confirmationId: 'c1' },
    'The bank confirmed the deposit d1: reverse c1 first.',
  ],
  MergeIntoItself: [
    { type: 'MergeIntoItself', kind: 'invalid', patronId: 'p1' },
    'This is one account: patron p1.',
  ],
  MergeAcrossInstitutions: [
    { type: 'MergeAcrossInstitutions', kind: 'invalid', from: 'north', into: 'south' },
    'The accounts belong to two institutions, north and south.',
  ],
  MergeLeadsBack: [
    { type: 'MergeLeadsBack', kind: 'conflict', path: ['p1', 'p2'] },
    'The accounts are merged already, in the other direction: patrons p1, p2.',
  ],
  MergeNotFound: [
    { type: 'MergeNotFound', kind: 'notFound', mergeId: 'm1' },
    'The account was not merged by m1.',
  ],
  AccountMerged: [
    { type: 'AccountMerged', kind: 'conflict', into: 'p1' },
    'The account is merged into that of patron p1. Use that one for new fees, credits and payment plans.',
  ],
  AccountInOtherCurrency: [
    { type: 'AccountInOtherCurrency', kind: 'conflict', accountCurrency: 'EUR', policyCurrency: 'USD' },
    'The account is in EUR, the policy in USD.',
  ],
  IdAlreadyUsed: [
    { type: 'IdAlreadyUsed', kind: 'conflict', id: 'm1' },
    'The id m1 was used before for something else.',
  ],
  AlreadyUndone: [{ type: 'AlreadyUndone', kind: 'conflict', id: 'm1' }, 'm1 is already undone.'],
};

describe('officeRejectionText', () => {
  it.each(Object.values(samples))('returns the sentence of $type', (rejection, sentence) => {
    expect(officeRejectionText(rejection)).toBe(sentence);
    expect(Object.values(rejectionKinds)).toContain(rejection.kind);
  });

  const refused = Object.values(samples).map(([rejection]) => rejection);

  it.each(refused)('formats every amount of $type for the reader', (rejection) => {
    const amounts = Object.entries(rejection).filter(([, value]) => /^\d+\.\d\d$/.test(String(value)));
    for (const [field, value] of amounts) {
      const words = { [rejection.type]: `{${field}}` };
      const said = officeRejectionText(rejection, { amount: (text) => `<${text}>`, words });
      expect(said, `amountFields of officeRejectionText.ts lacks ${field}`).toBe(`<${value}>`);
    }
  });

  it('formats amounts for the reader, and nothing else', () => {
    const amount = (text: string) => `${text} EUR`;
    const [deposit] = samples.TillDepositExceedsCount;
    expect(officeRejectionText(deposit, { amount })).toBe(
      'The deposit of 2.00 EUR is more than the 1.00 EUR of CASH that was counted or dropped to the safe.',
    );
    const above = { ...samples.NotPermitted[0], limit: '5.00', amount: '9.00' };
    expect(officeRejectionText(above, { amount })).toBe(rejectionText(above, { amount }));
    expect(officeRejectionText(samples.TillSessionNotFound[0], { amount })).toBe(
      'This till has no session s1.',
    );
  });

  it('uses texts in another language, and English for the rest', () => {
    const words = {
      TillMethodNotCounted: 'Bitte {method} zählen: {expected} erwartet.',
      NotPermitted: 'Das dürfen Sie nicht.',
    };
    expect(officeRejectionText(samples.TillMethodNotCounted[0], { words })).toBe(
      'Bitte CASH zählen: 1.00 erwartet.',
    );
    expect(officeRejectionText(samples.NotPermitted[0], { words })).toBe('Das dürfen Sie nicht.');
    expect(officeRejectionText(samples.RemittanceNotFound[0], { words })).toBe('There is no remittance r1.');
    expect(Object.keys(englishOfficeRejectionWords)).not.toContain('NotPermitted');
  });
});
