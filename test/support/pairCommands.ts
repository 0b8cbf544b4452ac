import {
  type Command,
  type CommandType,
  decide,
  definePolicy,
  type FeePolicy,
  fold,
  type PatronAccount,
  unused,
} from '../../src/index.js';
import type { Decide } from '../../src/testing/arbitraries/runMoves.js';
import { at } from './account.js';

/**
 * What a command does to the one fee of an account. "Whole" and `...Unused` commands name no amount: they act on all
 * that is there when they come.
 */
export const pairKinds = [
  'pay',
  'reversePayment',
  'reversePart',
  'waive',
  'waiveWhole',
  'reverseWaiver',
  'cancel',
  'cancelWhole',
  'transfer',
  'transferWhole',
  'recall',
  'recallPart',
  'settle',
  'return',
  'report',
  'reportEnd',
  'end',
  'dispute',
  'upheldCancelled',
  'upheldWaived',
  'feeStands',
  'goodwill',
  'useCredit',
  'useAllCredit',
  'reverseUse',
  'refund',
  'refundUnused',
  'reverseRefund',
  'cancelCredit',
  'cancelUnused',
] as const;

export type PairKind = (typeof pairKinds)[number];

/** A command to the one fee: its kind, the amount, and which of several rows it is about. */
export type PairCommand = readonly [kind: PairKind, amount?: number, pick?: number];

/** The fees: charged once, a fine that grows, a lost item with half or all of it refunded. */
export const pairFees = ['once', 'fine', 'lostHalf', 'lostAll'] as const;

export type PairFee = (typeof pairFees)[number];

const lost = (refundPercent: number) => ({ label: 'Lost item', lostItem: true, refundPercent });
const feeTypes = { FINE: { label: 'Fine' }, HALF: lost(50), ALL: lost(100) };
const types: Readonly<Record<PairFee, string>> = {
  once: 'FINE',
  fine: 'FINE',
  lostHalf: 'HALF',
  lostAll: 'ALL',
};

/** The policies, in yen: both terms of returns, with and without a limit of fines. */
export const pairPolicies: readonly FeePolicy[] = (['percent', 'all'] as const).flatMap((unpaidOnReturn) =>
  [{}, { FINE: '12' }].map((accrualLimits) =>
    definePolicy({ currency: 'JPY', unpaidOnReturn, accrualLimits, feeTypes }),
  ),
);

const feeId = 'f';
const fine = { feeId, feeType: 'FINE', owner: 'MAIN' } as const;

/** Returns the command that charges the fee of ten yen. */
export function chargingOf(fee: PairFee): Command {
  const [amount, owner] = ['10', 'MAIN'];
  if (fee === 'fine') return { type: 'AccrueFine', id: 'charge', at, ...fine, total: amount };
  return { type: 'AssessFee', id: feeId, at, feeType: types[fee], amount, owner };
}

/** Returns a command on an account; undefined if the account has no row that it could be about. */
export function pairCommand(
  [kind, units = 1, pick = 0]: PairCommand,
  id: string,
  account: PatronAccount,
): Command | undefined {
  const amount = String(units);
  const ask = <Type extends CommandType>(type: Type, fields: object) =>
    ({ type, id, at, ...fields }) as unknown as Command;
  const chosen = <Row>(rows: readonly Row[]): Row | undefined => rows[pick % (rows.length || 1)];
  const about = <Row>(row: Row | undefined, command: (row: Row) => Command) =>
    row === undefined ? undefined : command(row);
  const [fee] = account.fees;
  const payment = chosen(account.payments);
  const transfer = chosen(account.transfers.filter((row) => row.feeId === feeId));
  const credit = chosen(account.credits.filter((row) => unused(row) > 0));
  const waived = account.credits.filter(({ cause }) => cause === 'waived');
  const waivers = [
    ...account.waivers.map(({ waiverId }) => waiverId),
    ...waived.map(({ creditId }) => creditId),
  ];
  const shortfallFee = { feeId: `${id}-shortfall`, feeType: 'FINE', owner: 'MAIN' };
  const reversal = (fields: object) =>
    about(payment, ({ paymentId }) => ask('ReversePayment', { paymentId, shortfallFee, ...fields }));
  const ofTransfer = (type: 'RecallTransfer' | 'SettleTransfer', fields: object) =>
    about(transfer, ({ transferId }) => ask(type, { transferId, ...fields }));
  const ofCredit = (type: 'ApplyCredit' | 'RefundCredit' | 'CancelCredit', fields: object) =>
    about(credit, ({ creditId }) => ask(type, { creditId, ...fields }));
  const ofFine = (fields: object) =>
    about(fee?.accrual ?? undefined, () => ask('AccrueFine', { ...fine, ...fields }));
  const resolved = (fields: object) =>
    about(fee?.disputeId ?? undefined, () => ask('ResolveDispute', { feeId, ...fields }));
  const upheld = { outcome: 'patronUpheld', reason: 'OTHER' };
  const one = { fees: [{ feeId, amount }] };
  const whole = { fees: [{ feeId }] };
  const waiver = { reason: 'OTHER' };
  switch (kind) {
    case 'pay': {
      const allocations = [{ feeId, amount }];
      return ask('ReceivePayment', { method: 'CASH', amount, allocations, overpayment: 'credit' });
    }
    case 'reversePayment':
      return reversal({});
    case 'reversePart':
      return reversal({ amount });
    case 'waive':
      return ask('WaiveFees', { ...waiver, ...one });
    case 'waiveWhole':
      return ask('WaiveFees', { ...waiver, ...whole });
    case 'reverseWaiver':
      return about(chosen(waivers), (waiverId) => ask('ReverseWaiver', { waiverId }));
    case 'cancel':
      return ask('CancelFee', { feeId, amount });
    case 'cancelWhole':
      return ask('CancelFee', { feeId });
    case 'transfer':
      return ask('TransferFees', one);
    case 'transferWhole':
      return ask('TransferFees', whole);
    case 'recall':
      return ofTransfer('RecallTransfer', {});
    case 'recallPart':
      return ofTransfer('RecallTransfer', { amount });
    case 'settle':
      return ofTransfer('SettleTransfer', { amount });
    case 'return':
      return fee?.lostItem === true ? ask('ReturnLostItem', { feeIds: [feeId] }) : undefined;
    case 'report':
      return ofFine({ total: amount });
    case 'reportEnd':
      return ofFine({ total: amount, ends: 'returned' });
    case 'end':
      return ofFine({ ends: 'returned' });
    case 'dispute':
      return ask('DisputeFee', { feeId });
    case 'upheldCancelled':
      return resolved({ ...upheld, remedy: 'cancel' });
    case 'upheldWaived':
      return resolved({ ...upheld, remedy: 'waive' });
    case 'feeStands':
      return resolved({ outcome: 'feeStands' });
    case 'goodwill':
      return ask('IssueCredit', { amount, cause: 'manual', reason: 'GOODWILL' });
    case 'useCredit':
      return ofCredit('ApplyCredit', { amount });
    case 'useAllCredit':
      return ofCredit('ApplyCredit', {});
    case 'reverseUse':
      return about(chosen(account.applications), ({ applicationId }) =>
        ask('ReverseCreditApplication', { applicationId }),
      );
    case 'refund':
      return ofCredit('RefundCredit', { method: 'CASH', amount });
    case 'refundUnused':
      return ofCredit('RefundCredit', { method: 'CASH' });
    case 'reverseRefund':
      return about(chosen(account.refunds), ({ refundId }) => ask('ReverseRefund', { refundId }));
    case 'cancelCredit':
      return ofCredit('CancelCredit', { amount });
    case 'cancelUnused':
      return ofCredit('CancelCredit', {});
  }
}

/** Returns the account after a command, or undefined if the command is refused. */
export function afterCommand(
  command: Command | undefined,
  account: PatronAccount,
  policy: FeePolicy,
  decided: Decide = decide,
): PatronAccount | undefined {
  if (command === undefined) return undefined;
  const decision = decided(command, account, policy);
  return decision.accepted ? fold(decision.events, account) : undefined;
}
