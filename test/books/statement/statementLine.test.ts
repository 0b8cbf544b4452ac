import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StatementKind, statementMovement } from '../../../src/books/statement/statementLine.js';
import { eventFields, eventSchemas } from '../../../src/history/eventSchemas.js';
import {
  balancesInMinorUnits,
  type Command,
  decide,
  definePolicy,
  emptyAccount,
  fold,
} from '../../../src/index.js';
import { accountStatement, statementHtml, statementText } from '../../../src/jobs/reports/index.js';
import {
  acceptedEvents,
  ask,
  assess,
  assessLost,
  policy,
  policyWith,
  transfer,
} from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { goldenEvents } from '../../support/goldenEvents.js';
import { histories } from '../../support/institutionHistories.js';
import { tried } from '../../support/seeded.js';

const linesOf = (commands: Parameters<typeof accountWith>[0]) =>
  accountStatement(accountWith(commands), policy, { patron: { name: 'Ada' } }).lines;

it('a refund and its reversal show the method', () => {
  const lines = linesOf([
    ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH', reference: 'cheque 7' }),
    ask('RefundCredit', 'b1', { creditId: 'p1#1', method: 'CHECK', externalTransactionId: 'x' }),
    ask('ReverseRefund', 'u1', { refundId: 'b1' }),
    ask('ReversePayment', 'r1', { paymentId: 'p1', method: 'CREDIT_CARD' }),
  ]);
  expect(lines.map(({ kind, method, reference, undoes }) => [kind, method, reference, undoes])).toEqual([
    ['payment', 'CASH', 'cheque 7', null],
    ['refund', 'CHECK', 'x', null],
    ['refundReversed', 'CHECK', null, 'b1'],
    ['paymentReversed', 'CREDIT_CARD', null, 'p1'],
  ]);
  expect(lines.every(({ creditId }) => creditId === 'p1#1')).toBe(true);
});

it('a reason is shown by its label if the policy lists it, else as written', () => {
  const [goodwill, fee, cancelled] = linesOf([
    ask('IssueCredit', 'g1', { amount: '1', purpose: 'goodwill', cause: 'manual', reason: 'OTHER' }),
    ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '5', owner: 'MAIN', reason: 'Coffee on page 3' }),
    ask('CancelFee', 'c1', { feeId: 'f1', reason: 'OTHER' }),
  ]);
  expect(goodwill?.reasonLabel).toBe(policy.creditReasons.OTHER);
  expect([fee?.reasonLabel, cancelled?.reasonLabel]).toEqual(['Coffee on page 3', 'OTHER']);
});

it('a transfer is shown with its label and its reference', () => {
  const rules = { ...policy, destinations: { BURSAR: 'Student accounts' } };
  const events = accountWith(
    [
      ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '5', owner: 'MAIN' }),
      ask('TransferFees', 't1', {
        fees: [{ feeId: 'f1' }],
        destination: 'BURSAR',
        externalReference: 'B-9',
      }),
      ask('RecallTransfer', 'b1', { transferId: 't1' }),
    ],
    rules,
  );
  const { lines } = accountStatement(events, rules, { patron: { name: 'Ada' } });
  expect(lines.map(({ kind, destinationLabel, reference }) => [kind, destinationLabel, reference])).toEqual([
    ['assessed', null, null],
    ['transfer', 'Student accounts', 'B-9'],
    ['recall', 'Student accounts', null],
  ]);
});

it('a write-off differs from a waiver, also as a credit and when it is undone', () => {
  const BADDEBT = { label: 'Uncollectable', kind: 'writeOff' } as const;
  const rules = definePolicy({
    ...policy,
    overpayment: 'credit',
    waiveReasons: { OTHER: 'Other', BADDEBT },
    transfers: { expectsSettlement: true },
  });
  const waive = (id: string, feeId: string, reason: string) =>
    ask('WaiveFees', id, { fees: [{ feeId }], reason });
  const lines = (reason: string) => {
    const events = accountWith(
      [
        assess('f1', '4.00'),
        assessLost('f2', '20.00'),
        assess('f3', '7.00'),
        transfer('t', 'f3'),
        ...['f1', 'f2', 'f3'].map((feeId) => waive(`waive ${feeId}`, feeId, reason)),
        ask('ReverseWaiver', 'back 1', { waiverId: 'waive f1' }),
        ask('ReverseWaiver', 'back 2', { waiverId: 'waive f2' }),
        ask('IssueCredit', 'g1', { amount: '1', purpose: 'goodwill', cause: 'manual', reason: 'OTHER' }),
      ],
      rules,
    );
    const statement = accountStatement(events, rules, { patron: { name: 'Ada' } });
    const place = { locale: 'en-US', timeZone: 'UTC' };
    return { statement, texts: [statementText(statement, place), statementHtml(statement, place)] };
  };
  const writtenOff = lines('BADDEBT');
  expect(
    writtenOff.statement.lines.filter(({ writeOff }) => writeOff).map(({ kind, id }) => [kind, id]),
  ).toEqual([
    ['waiver', 'waive f1'],
    ['creditIssued', 'waive f2'],
    ['creditIssued', 'waive f3'],
    ['waiverReversed', 'back 1'],
    ['creditCancelled', 'back 2'],
  ]);
  for (const text of writtenOff.texts) expect(text.match(/written off/g)).toHaveLength(5);
  expect(writtenOff.texts[0]).toContain('Waiver, written off, ');
  const forgiven = lines('OTHER');
  expect(forgiven.statement.lines.some(({ writeOff }) => writeOff)).toBe(false);
  for (const text of forgiven.texts) expect(text).not.toContain('written off');
});

const balanceOf = (account: Parameters<typeof balancesInMinorUnits>[0]) => {
  const { active, disputed } = balancesInMinorUnits(account);
  return active + disputed;
};

const everyKind: Readonly<Record<StatementKind, true>> = {
  assessed: true,
  increased: true,
  decreased: true,
  payment: true,
  paymentReversed: true,
  waiver: true,
  waiverReversed: true,
  creditIssued: true,
  creditCancelled: true,
  creditForfeited: true,
  refund: true,
  refundReversed: true,
  transfer: true,
  settlementReversed: true,
  recall: true,
  cancellation: true,
};

describe('the effect of an event on the balance', () => {
  it('is the balance after it, less the balance before it', () => {
    fc.assert(
      fc.property(histories, ({ events, account }) => {
        let before = fold([]);
        for (const { event } of events) {
          const after = fold([event], before);
          const effect = statementMovement(event, account)?.effect ?? 0;
          expect([event.type, effect]).toEqual([event.type, balanceOf(after) - balanceOf(before)]);
          before = after;
        }
      }),
      tried(300),
    );
  });

  it('is tested for every type of event and every kind of movement', () => {
    const types = new Set<string>();
    const kinds = new Set<StatementKind>();
    fc.assert(
      fc.property(histories, ({ events, account }) => {
        for (const { event } of events) {
          types.add(event.type);
          const movement = statementMovement(event, account);
          if (movement !== null) kinds.add(movement.kind);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
    // A purge leaves nothing that a statement could be about; see below.
    const all = Object.keys(eventSchemas(eventFields(2))).filter((type) => type !== 'AccountPurged');
    expect([...types].sort()).toEqual(all.sort());
    expect([...kinds].sort()).toEqual(Object.keys(everyKind).sort());
  });

  it('is nothing for a purge, whose account is settled', () => {
    const purged = goldenEvents.find(({ type }) => type === 'AccountPurged');
    expect(purged && statementMovement(purged, fold([purged]))).toBeNull();
  });

  it('is the sum of the amounts of its fees, if it affects only fees', () => {
    fc.assert(
      fc.property(histories, ({ events, account }) => {
        for (const { event } of events) {
          const movement = statementMovement(event, account);
          if (movement === null || movement.creditId !== null || movement.effect === 0) continue;
          const parts = movement.fees.map(({ amount }) => Number(amount.replace('.', '')));
          const sum = parts.reduce((total, part) => total + part, 0);
          expect([movement.kind, sum]).toEqual([movement.kind, Math.abs(movement.effect)]);
        }
      }),
      tried(200),
    );
  });
});

describe('a reversed settlement', () => {
  const policy = policyWith({ transfers: { expectsSettlement: true } });

  /** The effect of each event of the last command on the balance. */
  function movements(...commands: readonly Command[]) {
    const events = acceptedEvents(decide(commands, emptyAccount(), policy));
    const last = commands.at(-1)?.id;
    const account = fold(events);
    return events
      .filter(({ metadata }) => metadata?.commandId === last)
      .map((event) => {
        const movement = statementMovement(event, account);
        return [
          event.type,
          movement && { kind: movement.kind, effect: movement.effect, undoes: movement.undoes },
        ];
      });
  }
  const settled = [
    assess('f1', '10.00'),
    ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }] }),
    ask('SettleTransfer', 's1', { transferId: 't1', amount: '12.00' }),
  ];
  const reverse = (more: object = {}) => ask('ReverseSettlement', 'u1', { settlementId: 's1', ...more });
  const withdrawn = (effect: number) => ({ kind: 'settlementReversed', effect, undoes: 's1' });

  it('changes the balance by the withdrawn surplus credit, not by the amount that is pending again', () => {
    expect(movements(...settled, reverse())).toEqual([['SettlementReversed', withdrawn(200)]]);
    expect(movements(...settled, reverse({ amount: '1.50' }))).toEqual([
      ['SettlementReversed', withdrawn(150)],
    ]);
    const exact = ask('SettleTransfer', 's1', { transferId: 't1', amount: '10.00' });
    expect(movements(...settled.slice(0, 2), exact, reverse())).toEqual([['SettlementReversed', null]]);
  });

  it('moves nothing if all of the surplus was used: the shortfall is charged as a fee', () => {
    const refunded = ask('RefundCredit', 'b1', { creditId: 's1#1', method: 'CASH' });
    const shortfallFee = { feeId: 'f2', feeType: 'OTHER', owner: 'MAIN' };
    expect(movements(...settled, refunded, reverse({ shortfallFee }))).toEqual([
      ['FeeAssessed', { kind: 'assessed', effect: 200, undoes: null }],
      ['SettlementReversed', null],
    ]);
  });
});
