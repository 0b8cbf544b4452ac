import type { CommandOf, CommandType } from '../../src/account/commands/command.js';

const common = {
  id: 'k1',
  at: '2026-03-02T09:00:00Z',
  by: { userId: 'anna', channel: 'desk', desk: 'front', library: 'MAIN', institution: 'north' },
  approvedBy: { userId: 'berta', roles: ['SUPERVISOR'] },
  comment: 'for the patron',
  staffNote: 'for the staff',
  metadata: { correlationId: 'job 17', causationId: 'mail 4' },
} as const;

const item = {
  id: 'i1',
  barcode: '0017',
  title: 'Walden',
  callNumber: 'PS 3048',
  library: 'MAIN',
  location: 'stacks',
  dueAt: '2026-02-01T23:59:59+01:00',
};

const reason = 'GOODWILL';
const [one, two] = ['1.00', '2.50'];
const allocations = [
  { feeId: 'f1', amount: one },
  { feeId: 'f2', amount: two },
];
const part = { amount: one };

/** A command of every type in canonical form, with all fields that can be combined. */
export const wholeCommands: { readonly [Type in CommandType]: CommandOf<Type> } = {
  AssessFee: {
    ...common,
    type: 'AssessFee',
    reason,
    feeType: 'OTHER',
    ...part,
    owner: 'MAIN',
    item,
    loanId: 'loan',
    incidentId: 'incident',
    automatic: true,
  },
  AccrueFine: {
    ...common,
    type: 'AccrueFine',
    reason,
    feeId: 'f1',
    feeType: 'OTHER',
    total: one,
    owner: 'MAIN',
    loanId: 'loan',
    item,
    ends: 'returned',
  },
  ReceivePayment: {
    ...common,
    type: 'ReceivePayment',
    reason,
    amount: '3.50',
    method: 'CASH',
    allocations,
    overpayment: 'credit',
    externalTransactionId: 'x1',
    externalTransactionTotal: '3.50',
    part: 'whole',
    reference: '',
  },
  WaiveFees: { ...common, type: 'WaiveFees', reason, fees: [{ feeId: 'f1' }, { feeId: 'f2', ...part }] },
  ReturnLostItem: { ...common, type: 'ReturnLostItem', reason, feeIds: ['f1', 'f2'] },
  DisputeFee: { ...common, type: 'DisputeFee', reason, feeId: 'f1' },
  ResolveDispute: {
    ...common,
    type: 'ResolveDispute',
    reason,
    feeId: 'f1',
    outcome: 'patronUpheld',
    remedy: 'waive',
  },
  TransferFees: {
    ...common,
    type: 'TransferFees',
    reason,
    destination: 'BURSAR',
    expectsSettlement: false,
    externalReference: 'x1',
    eligible: {
      fees: { minimumAmount: one, minimumAgeDays: 0.5, feeTypes: ['OTHER'], owners: ['MAIN', 'LAW'] },
      credits: { minimumAmount: two },
    },
  },
  SettleTransfer: {
    ...common,
    type: 'SettleTransfer',
    reason,
    transferId: 't1',
    ...part,
    externalReference: 'x1',
  },
  ReverseSettlement: {
    ...common,
    type: 'ReverseSettlement',
    reason,
    settlementId: 's1',
    ...part,
    shortfallFee: { feeId: 'f9', feeType: 'OTHER', owner: 'MAIN' },
    externalReference: 'x1',
  },
  RecallTransfer: { ...common, type: 'RecallTransfer', reason, transferId: 't1', ...part },
  IssueCredit: {
    ...common,
    type: 'IssueCredit',
    reason,
    ...part,
    cause: 'imported',
    purpose: 'refundable',
    owner: 'MAIN',
    item,
  },
  CancelCredit: { ...common, type: 'CancelCredit', reason, creditId: 'c1', forfeit: true, ...part },
  ApplyCredit: {
    ...common,
    type: 'ApplyCredit',
    reason,
    creditId: 'c1',
    ...part,
    feeIds: ['f1'],
    order: 'evenly',
  },
  RefundCredit: {
    ...common,
    type: 'RefundCredit',
    reason,
    creditId: 'c1',
    ...part,
    method: 'CASH',
    externalTransactionId: 'x1',
    externalTransactionTotal: two,
    reference: 'r1',
  },
  CancelFee: { ...common, type: 'CancelFee', reason, feeId: 'f1', ...part },
  ReversePayment: {
    ...common,
    type: 'ReversePayment',
    reason,
    paymentId: 'p1',
    ...part,
    method: 'CHECK',
    externalTransactionId: 'x1',
    externalTransactionTotal: two,
    shortfallFee: { feeId: 'f9', feeType: 'OTHER', owner: 'MAIN' },
  },
  ReverseWaiver: { ...common, type: 'ReverseWaiver', reason, waiverId: 'w1' },
  ReverseCreditApplication: { ...common, type: 'ReverseCreditApplication', reason, applicationId: 'a1' },
  ReverseRefund: { ...common, type: 'ReverseRefund', reason, refundId: 'b1' },
  AgreePaymentPlan: {
    ...common,
    type: 'AgreePaymentPlan',
    reason,
    feeIds: ['f1', 'f2'],
    instalments: [
      { dueOn: '2026-04-01', amount: one },
      { dueOn: '2026-05-01', amount: two },
    ],
  },
  EndPaymentPlan: { ...common, type: 'EndPaymentPlan', reason, planId: 'n1', cause: 'defaulted' },
};

/** The required fields of each command type, besides its type. */
export const requiredFields: { readonly [Type in CommandType]: readonly string[] } = {
  AssessFee: ['id', 'at', 'feeType', 'amount'],
  AccrueFine: ['id', 'at', 'feeId', 'feeType'],
  ReceivePayment: ['id', 'at', 'amount', 'method', 'externalTransactionId'],
  WaiveFees: ['id', 'at', 'reason', 'fees'],
  ReturnLostItem: ['id', 'at', 'feeIds'],
  DisputeFee: ['id', 'at', 'feeId'],
  ResolveDispute: ['id', 'at', 'feeId', 'outcome', 'remedy'],
  TransferFees: ['id', 'at', 'eligible'],
  SettleTransfer: ['id', 'at', 'transferId', 'amount'],
  ReverseSettlement: ['id', 'at', 'settlementId'],
  RecallTransfer: ['id', 'at', 'transferId'],
  IssueCredit: ['id', 'at', 'amount', 'cause'],
  CancelCredit: ['id', 'at', 'creditId'],
  ApplyCredit: ['id', 'at', 'creditId'],
  RefundCredit: ['id', 'at', 'creditId', 'method', 'externalTransactionId'],
  CancelFee: ['id', 'at', 'feeId'],
  ReversePayment: ['id', 'at', 'paymentId', 'externalTransactionId'],
  ReverseWaiver: ['id', 'at', 'waiverId'],
  ReverseCreditApplication: ['id', 'at', 'applicationId'],
  ReverseRefund: ['id', 'at', 'refundId'],
  AgreePaymentPlan: ['id', 'at', 'feeIds', 'instalments'],
  EndPaymentPlan: ['id', 'at', 'planId', 'cause'],
};

/** A field of a command: its path, and the command with another value there, or without it. */
export type Place = {
  readonly path: string;
  readonly value: unknown;
  readonly with: (value: unknown) => unknown;
  readonly without: () => unknown;
};

/** Returns every place of a command, lists and objects before their content. */
export function placesIn(command: object): readonly Place[] {
  const places: Place[] = [];
  const visit = (part: object, keys: readonly string[]): void => {
    for (const [key, value] of Object.entries(part)) {
      const path = [...keys, key];
      places.push({
        path: path.reduce((text, name) => (/^\d+$/.test(name) ? `${text}[${name}]` : `${text}.${name}`)),
        value,
        with: (other) => changed(command, path, other),
        without: () => changed(command, path, undefined),
      });
      if (typeof value === 'object' && value !== null) visit(value, path);
    }
  };
  visit(command, []);
  return places;
}

/** Returns a copy of data with another value at one place, or without it. */
function changed(data: object, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy: Record<string, unknown> = Array.isArray(data) ? ([...data] as never) : { ...data };
  if (rest.length > 0) copy[key] = changed(copy[key] as object, rest, value);
  else if (value === undefined) delete copy[key];
  else copy[key] = value;
  return copy;
}
