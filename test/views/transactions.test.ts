import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/account/decide.js';
import { fold } from '../../src/account/fold.js';
import { emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { finesAndFees } from '../../src/views/finesAndFees.js';
import { transactionLabels } from '../../src/views/transactionKinds.js';
import { transactions } from '../../src/views/transactions.js';
import { forgetfulPolicy } from '../support/account.js';
import { tried } from '../support/seeded.js';
import { histories } from './histories.js';
import { applied, assessed, at, credited, disputed, lost, paid, waived, waivedLost } from './story.js';

const policy = definePolicy({
  currency: 'USD',
  waiveReasons: { OTHER: 'Some other reason' },
  creditReasons: { OTHER: 'Sorry' },
});
const by = { userId: 'staff-1', channel: 'desk', desk: 'FRONT' } as const;

describe('the labels of transactions', () => {
  const account = fold([assessed('f1', '25.00'), paid('p1', 'f1', '5.00')]);

  it('may be in another language, if all of them are', () => {
    const labels = { ...transactionLabels, assessed: 'Gebühr', payment: 'Zahlung' };
    const { lines } = transactions(account, policy, { id: 'f1', labels });
    expect(lines.map(({ label }) => label)).toEqual(['Gebühr', 'Zahlung']);
    const { payment, ...others } = labels;
    expect(() => transactions(account, policy, { id: 'f1', labels: others as never })).toThrow(
      'options.labels.payment: missing (expected a label)',
    );
  });
});

describe('the transactions of a fee', () => {
  it('are listed with what remained after each', () => {
    const account = fold([
      assessed('f1', '25.00', { by, comment: 'Returned late', reason: 'LATE' }),
      paid('p1', 'f1', '22.23', { reference: 'cheque 7' }),
      waived('w1', 'f1', '2.00', { reason: 'OTHER' }),
    ]);
    const view = transactions(account, policy, { id: 'f1' });
    const { lines, ...head } = view;
    expect(head).toEqual({
      kind: 'fee',
      vatPercent: null,
      remainingVat: '0.00',
      id: 'f1',
      currency: 'USD',
      status: 'active',
      original: '25.00',
      total: null,
      remaining: '0.77',
    });
    const absent = {
      by: null,
      method: null,
      methodLabel: null,
      reason: null,
      reasonLabel: null,
      comment: null,
    };
    expect(lines).toStrictEqual([
      {
        ...absent,
        kind: 'assessed',
        label: 'Fee assessed',
        id: 'f1',
        amount: '25.00',
        vat: '0.00',
        remaining: '25.00',
        at,
        by,
        reason: 'LATE',
        reasonLabel: 'LATE',
        comment: 'Returned late',
        references: {},
      },
      {
        ...absent,
        kind: 'payment',
        label: 'Payment',
        id: 'p1',
        amount: '22.23',
        vat: '0.00',
        remaining: '2.77',
        at,
        method: 'CASH',
        methodLabel: 'Cash',
        references: { reference: 'cheque 7' },
      },
      {
        ...absent,
        kind: 'waiver',
        label: 'Waiver',
        id: 'w1',
        amount: '2.00',
        vat: '0.00',
        remaining: '0.77',
        at,
        reason: 'OTHER',
        reasonLabel: 'Some other reason',
        references: {},
      },
    ]);
  });

  it('have the last reported total of a fine that grows, although a waived amount was not given back', () => {
    const fine = { feeType: 'OVERDUEFINE', owner: 'MAIN' };
    const growing = definePolicy({ currency: 'USD' });
    const decision = decide(
      [
        { type: 'AccrueFine', id: 'n1', feeId: 'f1', ...fine, total: '8', at },
        { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1', amount: '6' }], reason: 'OTHER', at },
        { type: 'AccrueFine', id: 'n2', feeId: 'f1', ...fine, total: '4', at },
      ],
      emptyAccount(),
      growing,
    );
    const { original, total, remaining } = transactions(fold(decision.events), growing, { id: 'f1' });
    expect([original, total, remaining]).toEqual(['6.00', '4.00', '0.00']);
  });

  it('show a credit, not a reduction, for the waiver of a lost item', () => {
    const account = fold([lost('f1', '40.00'), waivedLost('c1', 'f1', '40.00', { reason: 'OTHER' })]);
    expect(transactions(account, policy, { id: 'f1' }).lines[1]).toMatchObject({
      kind: 'creditIssued',
      amount: '40.00',
      remaining: '40.00',
      reasonLabel: 'Some other reason',
      references: { creditId: 'c1', cause: 'waived' },
    });
  });
});

describe('the transactions of a credit', () => {
  it('are positive, with what was unused after each', () => {
    const account = fold([
      assessed('f1', '3.00'),
      credited('c1', '5.00', { reason: 'OTHER' }),
      applied('a1', 'c1', 'f1', '3.00'),
    ]);
    const view = transactions(account, policy, { id: 'c1' });
    expect(view).toMatchObject({ kind: 'credit', status: 'active', original: '5.00', remaining: '2.00' });
    expect(view.lines.map(({ kind, amount, remaining }) => [kind, amount, remaining])).toEqual([
      ['creditIssued', '5.00', '5.00'],
      ['creditApplied', '3.00', '2.00'],
    ]);
    expect(view.lines[0]?.reasonLabel).toBe('Sorry');
  });

  it('have labels for the reasons of manual and imported credits only', () => {
    const imported = fold([credited('c1', '5.00', { reason: 'OTHER', cause: 'imported' })]);
    expect(transactions(imported, policy, { id: 'c1' }).lines[0]?.reasonLabel).toBe('Sorry');
    const settled = fold([
      credited('c1', '5.00', { reason: 'OTHER', cause: 'settlement', purpose: 'refundable' }),
    ]);
    expect(transactions(settled, policy, { id: 'c1' }).lines[0]?.reasonLabel).toBe('OTHER');
  });

  it('have the status disputed while the credit is set off against a disputed fee', () => {
    const account = fold([lost('f1', '40.00'), waivedLost('c1', 'f1', '5.00'), disputed('d1', 'f1')]);
    expect(transactions(account, policy, { id: 'c1' }).status).toBe('disputed');
  });
});

describe('transactions', () => {
  const account = fold([
    assessed('f1', '3.00', { staffNote: 'SECRET', reason: 'OTHER' }),
    paid('p1', 'f1', '1.00'),
  ]);

  it('includes staff notes only for the audience staff', () => {
    expect(JSON.stringify(transactions(account, policy, { id: 'f1' }))).not.toMatch(/SECRET|staffNote/);
    expect(JSON.stringify(transactions(account, policy, { id: 'f1', audience: 'patron' }))).not.toMatch(
      /SECRET|staffNote/,
    );
    const misspelt = { audience: 'stafff' } as unknown as { audience: 'staff' };
    expect(() => transactions(account, policy, { id: 'f1', ...misspelt })).toThrow(
      /^INVALID_ARGUMENT: options.audience/,
    );
    const { lines } = transactions(account, policy, { id: 'f1', audience: 'staff' });
    expect(lines.map(({ staffNote }) => staffNote)).toEqual(['SECRET', null]);
  });

  it('shows codes that the policy does not have', () => {
    const reasons = fold([
      lost('f1', '3.00'),
      waivedLost('c1', 'f1', '1.00', { reason: 'OTHER' }),
      credited('c2', '1.00', { reason: 'OTHER' }),
    ]);
    expect(transactions(account, forgetfulPolicy, { id: 'f1' }).lines[1]?.methodLabel).toBe('CASH');
    expect(transactions(reasons, forgetfulPolicy, { id: 'c1' }).lines[0]?.reasonLabel).toBe('OTHER');
    expect(transactions(reasons, forgetfulPolicy, { id: 'c2' }).lines[0]?.reasonLabel).toBe('OTHER');
  });

  it('does not use codes called "null" for an absent method or reason', () => {
    const named = { null: 'Nothing' };
    const odd = definePolicy({ currency: 'USD', paymentMethods: named, waiveReasons: named });
    const { lines } = transactions(fold([lost('f1', '3.00'), waivedLost('c1', 'f1', '1.00')]), odd, {
      id: 'c1',
    });
    expect(lines).toMatchObject([{ methodLabel: null, reasonLabel: null }]);
  });

  it('throws NOT_FOUND if the id is neither of a fee nor of a credit', () => {
    for (const id of ['p1', 'f2', '', '__proto__', 'constructor']) {
      expect(() => transactions(account, policy, { id })).toThrow(
        expect.objectContaining({
          code: 'NOT_FOUND',
          message: `NOT_FOUND: the account has no fee or credit ${id}`,
          details: { id },
        }),
      );
    }
    expect(() => transactions(emptyAccount(), policy, { id: 'f1' })).toThrow('NOT_FOUND');
    expect(() => transactions({} as PatronAccount, policy, { id: 'f1' })).toThrow('INVALID_ACCOUNT');
    expect(() => transactions(account, {} as typeof policy, { id: 'f1' })).toThrow('INVALID_POLICY');
  });

  it('ends with the remaining amount of the list, is plain JSON, and does not change the account', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const state = fold(events);
        const before = structuredClone(state);
        for (const row of finesAndFees(state, policy, { status: 'all' }).rows) {
          const view = transactions(state, policy, { id: row.id });
          expect(view.status).toBe(row.status);
          expect(view.kind).toBe(row.kind);
          expect(view.remaining).toBe(row.remaining.replace('-', ''));
          expect(view.lines.at(-1)?.remaining).toBe(view.remaining);
          expect(JSON.parse(JSON.stringify(view))).toStrictEqual(view);
          expect(JSON.stringify(view)).not.toContain('SECRET');
        }
        expect(structuredClone(state)).toEqual(before);
      }),
      tried(1_000),
    );
  });
});
