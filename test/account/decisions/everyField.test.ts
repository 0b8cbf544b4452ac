// A decision that loses a field of its command fails here, because the field then makes no difference to its result.
import { expect, it } from 'vitest';
import type { fieldsByCommand } from '../../../src/account/commands/parseCommand.js';
import { encodeEvents } from '../../../src/history/codec.js';
import { type Command, type CommandType, decide, type PatronAccount } from '../../../src/index.js';
import { accountAfter, ask, assess, assessLost, at, pay, policyWith, waive } from '../../support/account.js';
import { placesIn } from '../../support/wholeCommands.js';

const policy = policyWith({
  feeTypes: {
    OVERDUEFINE: { label: 'Overdue fine' },
    OTHER: { label: 'Other' },
    AUTOMATIC: { label: 'Automatic', manual: false },
    LOST100: { label: 'Lost item', lostItem: true },
  },
  waiveReasons: { OTHER: 'Other', ILL: 'Ill' },
  destinations: { BURSAR: 'Bursar', STATE: 'State' },
  forfeitAfterDays: 1,
});

/** Commands of one type that give one field different values; undefined leaves it out. */
type Variants = readonly object[];

/** An account, a command that can be decided on it, and variants of the command for each of its own fields. */
type Trial<Type extends CommandType> = {
  readonly account: PatronAccount;
  readonly command: object;
  readonly fields: { readonly [Field in keyof (typeof fieldsByCommand)[Type]]: Variants };
};

const after = (...commands: readonly Command[]) => accountAfter(commands, policy);
const earlier = '2026-02-01T09:00:00Z';
const fees = [
  assess('f1', '10.00', { at: earlier }),
  assess('f2', '6.00', { owner: 'LAW', feeType: 'OTHER' }),
  assess('f3', '20.00', { owner: 'LAW' }),
];
const credit = (id: string, amount: string, owner: string) =>
  ask('IssueCredit', id, { cause: 'imported', amount, owner });
const credits = [credit('c1', '5.00', 'MAIN'), credit('c2', '7.00', 'LAW')];
const transfers = [
  ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }], expectsSettlement: true }),
  ask('TransferFees', 't2', { fees: [{ feeId: 'f3' }], expectsSettlement: true }),
];
const amounts = [{ amount: '1.00' }, { amount: '2.00' }];
const ofFee = [{ feeId: 'f1' }, { feeId: 'f2' }];
const ofCredit = [{ creditId: 'c1' }, { creditId: 'c2' }];
const ofTransfer = [{ transferId: 't1' }, { transferId: 't2' }];
const externalReference = [{ externalReference: 'x1' }, { externalReference: 'x2' }];
const externalTransactionId = [{ externalTransactionId: 'x1' }, { externalTransactionId: 'x2' }];
const externalTransactionTotal = ['40.00', '50.00'].map((total) => ({
  externalTransactionId: 'x1',
  externalTransactionTotal: total,
}));
const reference = [{ reference: 'r1' }, { reference: 'r2' }];
const owner = [{ owner: 'MAIN' }, { owner: 'LAW' }];
const item = [{ item: { title: 'Walden' } }, { item: { title: 'Emma' } }];
const loanId = [{ loanId: 'loan' }, { loanId: 'loan2' }];
const method = [{ method: 'CASH' }, { method: 'CHECK' }];
const feeIds = [{ feeIds: ['f1'] }, { feeIds: ['f2'] }];
const order = [{ order: 'oldest-first' }, { order: 'newest-first' }];
const allocations = ['f1', 'f2'].map((feeId) => ({ allocations: [{ feeId, amount: '4.00' }] }));
const feeType = [{ feeType: 'OVERDUEFINE' }, { feeType: 'OTHER' }];
const shortfall = { feeId: 'f9', feeType: 'OTHER', owner: 'MAIN' };
const shortfallFee = [
  { shortfallFee: shortfall },
  { shortfallFee: { ...shortfall, feeId: 'f8' } },
  { shortfallFee: { ...shortfall, feeType: 'OVERDUEFINE' } },
  { shortfallFee: { ...shortfall, owner: 'LAW' } },
];
const used = (creditId: string) => ask('RefundCredit', 'b9', { creditId, method: 'CASH' });

const trials: { readonly [Type in CommandType]: Trial<Type> } = {
  AssessFee: {
    account: after(),
    command: { feeType: 'OTHER', amount: '1.00', owner: 'MAIN' },
    fields: {
      ...{ feeType, amount: amounts, owner, item, loanId },
      incidentId: [{ incidentId: 'i1' }, { incidentId: 'i2' }],
      automatic: [true, false].map((automatic) => ({ feeType: 'AUTOMATIC', automatic })),
    },
  },
  AccrueFine: {
    account: after(),
    command: { feeId: 'f1', feeType: 'OTHER', total: '3.00', owner: 'MAIN' },
    fields: {
      ...{ feeId: ofFee, feeType, owner, item, loanId },
      total: [{ total: '1.00' }, { total: '2.00' }],
      ends: [{ ends: 'returned' }, { ends: 'lost' }, { ends: undefined }],
    },
  },
  ReceivePayment: {
    account: after(...fees),
    command: { amount: '4.00', method: 'CASH' },
    fields: {
      ...{ amount: amounts, method, allocations, feeIds, order, externalTransactionId, reference },
      overpayment: ['credit', 'refuse'].map((overpayment) => ({ amount: '90.00', overpayment })),
      externalTransactionTotal,
      part: ['whole', 'rest'].map((part) => ({ externalTransactionId: 'x1', part })),
    },
  },
  WaiveFees: {
    account: after(...fees),
    command: { fees: [{ feeId: 'f1' }], reason: 'OTHER' },
    fields: {
      fees: [{ feeId: 'f1' }, { feeId: 'f2' }, { feeId: 'f1', amount: '1.00' }].map((fee) => ({
        fees: [fee],
      })),
      reason: [{ reason: 'OTHER' }, { reason: 'ILL' }],
    },
  },
  ReturnLostItem: {
    account: after(assessLost('f1', '60.00'), assess('f2', '30.00', { feeType: 'LOST100', loanId: 'loan2' })),
    command: { feeIds: ['f1'] },
    fields: { feeIds, loanId: loanId.map((fields) => ({ feeIds: undefined, ...fields })) },
  },
  DisputeFee: { account: after(...fees), command: { feeId: 'f1' }, fields: { feeId: ofFee } },
  ResolveDispute: {
    account: after(
      ...fees,
      ask('DisputeFee', 'd1', { feeId: 'f1' }),
      ask('DisputeFee', 'd2', { feeId: 'f2' }),
    ),
    command: { feeId: 'f1', outcome: 'feeStands' },
    fields: {
      feeId: ofFee,
      outcome: [{ outcome: 'feeStands' }, { outcome: 'withdrawn' }],
      remedy: ['cancel', 'waive'].map((remedy) => ({ outcome: 'patronUpheld', reason: 'OTHER', remedy })),
    },
  },
  TransferFees: {
    account: after(...fees, ...credits),
    command: { fees: [{ feeId: 'f1' }] },
    fields: {
      fees: [{ feeId: 'f1' }, { feeId: 'f2' }, { feeId: 'f1', amount: '1.00' }].map((fee) => ({
        fees: [fee],
      })),
      credits: [{ creditId: 'c1' }, { creditId: 'c2' }, { creditId: 'c1', amount: '1.00' }].map((part) => ({
        credits: [part],
      })),
      eligible: [
        { fees: {} },
        { fees: { minimumAmount: '7.00' } },
        { fees: { minimumAgeDays: 1 } },
        { fees: { feeTypes: ['OTHER'] } },
        { fees: { owners: ['LAW'] } },
        { credits: {} },
        { credits: { minimumAmount: '6.00' } },
        { credits: { minimumAgeDays: 1 } },
        { credits: { owners: ['MAIN'] } },
      ].map((eligible) => ({ fees: undefined, eligible })),
      destination: [{ destination: 'BURSAR' }, { destination: 'STATE' }],
      expectsSettlement: [{ expectsSettlement: true }, { expectsSettlement: false }],
      externalReference,
    },
  },
  SettleTransfer: {
    account: after(...fees, ...transfers),
    command: { transferId: 't1', amount: '1.00' },
    fields: { transferId: ofTransfer, amount: amounts, externalReference },
  },
  ReverseSettlement: {
    account: after(
      ...fees,
      ...transfers,
      ask('SettleTransfer', 's1', { transferId: 't1', amount: '13.00' }),
      ask('SettleTransfer', 's2', { transferId: 't2', amount: '5.00' }),
      used('s1#1'),
    ),
    command: { settlementId: 's2' },
    fields: {
      settlementId: [{ settlementId: 's1' }, { settlementId: 's2' }],
      ...{ amount: amounts, externalReference },
      shortfallFee: shortfallFee.map((fields) => ({ settlementId: 's1', ...fields })),
    },
  },
  RecallTransfer: {
    account: after(...fees, ...transfers),
    command: { transferId: 't1' },
    fields: { transferId: ofTransfer, amount: amounts },
  },
  IssueCredit: {
    account: after(),
    command: { amount: '5.00', cause: 'imported' },
    fields: {
      ...{ amount: amounts, owner, item },
      cause: ['imported', 'manual'].map((cause) => ({ cause, reason: 'OTHER' })),
      purpose: [{ purpose: 'refundable' }, { purpose: 'goodwill' }],
    },
  },
  CancelCredit: {
    account: after(...credits),
    command: { creditId: 'c1', at: '2026-03-03T09:00:00Z' },
    fields: { creditId: ofCredit, amount: amounts, forfeit: [{}, { forfeit: true }] },
  },
  ApplyCredit: {
    account: after(...fees, ...credits),
    command: { creditId: 'c1', amount: '4.00' },
    fields: { creditId: ofCredit, amount: amounts, allocations, feeIds, order },
  },
  RefundCredit: {
    account: after(...credits),
    command: { creditId: 'c1', method: 'CASH' },
    fields: {
      ...{ creditId: ofCredit, amount: amounts, method, reference },
      ...{ externalTransactionId, externalTransactionTotal },
    },
  },
  CancelFee: {
    account: after(...fees),
    command: { feeId: 'f1' },
    fields: { feeId: ofFee, amount: amounts },
  },
  ReversePayment: {
    account: after(
      ...fees,
      pay('p1', '4.00', { feeIds: ['f1'] }),
      pay('p2', '90.00', { overpayment: 'credit' }),
      used('p2#1'),
    ),
    command: { paymentId: 'p1' },
    fields: {
      paymentId: [{ paymentId: 'p1' }, { paymentId: 'p2' }],
      ...{ amount: amounts, method, externalTransactionId, externalTransactionTotal },
      shortfallFee: shortfallFee.map((fields) => ({ paymentId: 'p2', ...fields })),
    },
  },
  ReverseWaiver: {
    account: after(...fees, waive('w1', 'f1', '1.00'), waive('w2', 'f1', '2.00')),
    command: { waiverId: 'w1' },
    fields: { waiverId: [{ waiverId: 'w1' }, { waiverId: 'w2' }] },
  },
  ReverseCreditApplication: {
    account: after(
      ...fees,
      ...credits,
      ask('ApplyCredit', 'a1', { creditId: 'c1' }),
      ask('ApplyCredit', 'a2', { creditId: 'c2' }),
    ),
    command: { applicationId: 'a1' },
    fields: { applicationId: [{ applicationId: 'a1' }, { applicationId: 'a2' }] },
  },
  AgreePaymentPlan: {
    account: after(assess('f1', '10.00'), assess('f2', '10.00')),
    command: { feeIds: ['f1'], instalments: [{ dueOn: '2026-05-01', amount: '10.00' }] },
    fields: {
      feeIds,
      instalments: ['2026-05-01', '2026-06-01'].map((dueOn) => ({
        instalments: [{ dueOn, amount: '10.00' }],
      })),
    },
  },
  EndPaymentPlan: {
    account: after(
      ...[assess('f1', '10.00'), assess('f2', '10.00')],
      ...['f1', 'f2'].map((feeId) =>
        ask('AgreePaymentPlan', `plan ${feeId}`, {
          feeIds: [feeId],
          instalments: [{ dueOn: '2026-05-01', amount: '10.00' }],
        }),
      ),
    ),
    command: { planId: 'plan f1', cause: 'cancelled' },
    fields: {
      planId: [{ planId: 'plan f1' }, { planId: 'plan f2' }],
      cause: [{ cause: 'cancelled' }, { cause: 'defaulted' }],
    },
  },
  ReverseRefund: {
    account: after(
      ...credits,
      ask('RefundCredit', 'b1', { creditId: 'c1', method: 'CASH' }),
      ask('RefundCredit', 'b2', { creditId: 'c2', method: 'CASH' }),
    ),
    command: { refundId: 'b1' },
    fields: { refundId: [{ refundId: 'b1' }, { refundId: 'b2' }] },
  },
};

/** The fields that every command has, in variants. */
const common = {
  id: [{ id: 'k1' }, { id: 'k2' }],
  at: [{ at }, { at: '2026-03-03T09:00:00Z' }],
  by: [{ channel: 'desk' }, { channel: 'desk', desk: 'front' }, { channel: 'job' }].map((by) => ({ by })),
  reason: [{ reason: 'OTHER' }, { reason: 'ILL' }],
  comment: [{ comment: 'one' }, { comment: 'two' }],
  staffNote: [{ staffNote: 'one' }, { staffNote: 'two' }],
  metadata: [{ metadata: { correlationId: 'one' } }, { metadata: { causationId: 'one' } }],
};

const fields = Object.entries(trials).flatMap(([type, trial]) =>
  Object.entries<Variants>({ ...common, ...trial.fields }).map(
    ([field, variants]) => [type as CommandType, field, trial, variants] as const,
  ),
);

/** Returns a decision as text, without the digest, which every field changes. */
function decided(command: object, { account }: Trial<CommandType>): string {
  const decision = decide(command as Command, account, policy);
  return JSON.stringify(decision, (key, value) => (key.endsWith('Digest') ? undefined : value));
}

/** Returns the commands of a trial that give one field different values. */
function commandsOf(type: CommandType, trial: Trial<CommandType>, variants: Variants): readonly object[] {
  return variants.map((variant) => ({ type, id: 'k1', at, ...trial.command, ...variant }));
}

it.each(fields)('the decision on %s depends on %s', (type, field, trial, variants) => {
  const commands = commandsOf(type, trial, variants);
  const others = commands.map((command) => ({ ...command, [field]: null }));
  const differing = new Set(others.map((command) => JSON.stringify(command)));
  expect(differing.size, `the variants of ${field} differ in another field too`).toBe(1);
  const results = commands.map((command) => decided(command, trial));
  expect(results.join()).not.toContain('InvalidCommand');
  const different = [...new Set(results)];
  const alike = `\`${field}\` makes no difference to the decision on ${type}: ${different.join('\n')}`;
  expect(different.length, alike).toBe(commands.length);
});

/** The texts that may be too long for an event, the longest first. */
const texts = [100_000, 200, 190].map((length) => 'x'.repeat(length));

it.each(fields)(
  'the events of %s hold the longest %s that the command accepts',
  (type, field, trial, variants) => {
    for (const command of commandsOf(type, trial, variants))
      for (const { path, value, with: changed } of placesIn(command)) {
        if (typeof value !== 'string' || path.split(/[.[]/)[0] !== field) continue;
        for (const text of texts) {
          const decision = decide(changed(text) as Command, trial.account, policy);
          if (!decision.accepted && decision.rejection.type === 'InvalidCommand') continue;
          const events = decision.accepted ? decision.events : [];
          const tooLong = `${type}.${path} may have ${text.length} characters, but its event refuses them`;
          expect(() => encodeEvents(events), tooLong).not.toThrow();
          break;
        }
      }
  },
);
