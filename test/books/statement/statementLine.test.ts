import { expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { accountStatement, statementHtml, statementText } from '../../../src/jobs/reports/index.js';
import { ask, assess, assessLost, policy, transfer } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

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
