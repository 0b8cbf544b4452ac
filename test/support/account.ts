import { expect } from 'vitest';
import type { EventOf } from '../../src/account/events/accountEvent.js';
import {
  type AccountEvent,
  type AccountEventType,
  almaFeeTypes,
  type Command,
  type CommandOf,
  type CommandType,
  creditStatus,
  type Decision,
  decide,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  type FeePolicyInput,
  feeStatus,
  findCredit,
  findFee,
  fold,
  formatAmount,
  owed,
  type PatronAccount,
  type Rejection,
  type Repeats,
  rejectionKinds,
  remaining,
  unused,
} from '../../src/index.js';

/** The default time of commands and events. */
export const at = '2026-03-02T09:00:00Z';

const lostItem = (refundPercent: number) => ({ label: 'Lost item', lostItem: true, refundPercent });

/** Returns a policy in dollars with Alma's fee types, and one fee type of every kind that the rules distinguish. */
export function policyWith(more: Partial<FeePolicyInput> = {}): FeePolicy {
  const feeTypes = {
    ...almaFeeTypes,
    LOST100: lostItem(100),
    LOST50: lostItem(50),
    LOST33: lostItem(33.3),
    LOST0: lostItem(0),
    TAX: { label: 'Tax', waiveable: false },
    OLDFINE: { label: 'Old fine', retired: true },
  };
  return definePolicy({ currency: 'USD', feeTypes, ...more });
}

/** The policy of most tests. */
export const policy = policyWith();

/** The policy after every type, method, reason and destination was renamed. */
export const forgetfulPolicy = definePolicy({
  currency: 'USD',
  feeTypes: { NEW: { label: 'New' } },
  paymentMethods: { NEW: 'New' },
  waiveReasons: { NEW: 'New' },
  creditReasons: { NEW: 'New' },
  destinations: { NEW: 'New' },
});

type Given<Type extends CommandType> = Omit<CommandOf<Type>, 'type' | 'id' | 'at'> & { readonly at?: string };

/** Returns a command, by default at the default time. */
export function ask<Type extends CommandType>(type: Type, id: string, given: Given<Type>): CommandOf<Type> {
  return { type, id, at, ...given } as unknown as CommandOf<Type>;
}

/** Returns a command that charges a fee of the main library. */
export function assess(feeId: string, amount: string, more: Partial<CommandOf<'AssessFee'>> = {}) {
  return ask('AssessFee', feeId, { feeType: 'OVERDUEFINE', amount, owner: 'MAIN', ...more });
}

/** Returns a command that charges a lost-item fee of the main library. */
export function assessLost(feeId: string, amount: string, feeType = 'LOST100') {
  return assess(feeId, amount, { feeType, loanId: 'loan' });
}

/** Returns a cash payment. */
export function pay(paymentId: string, amount: string, more: Partial<CommandOf<'ReceivePayment'>> = {}) {
  return ask('ReceivePayment', paymentId, { amount, method: 'CASH', ...more });
}

/** Returns a waiver of one fee, completely or in part. */
export function waive(waiverId: string, feeId: string, amount?: string) {
  return ask('WaiveFees', waiverId, { fees: [partOf(feeId, amount)], reason: 'OTHER' });
}

/** Returns a transfer of one fee, completely or in part, to a system that reports payment. */
export function transfer(transferId: string, feeId: string, amount?: string) {
  return ask('TransferFees', transferId, { fees: [partOf(feeId, amount)], expectsSettlement: true });
}

function partOf(feeId: string, amount: string | undefined) {
  return amount === undefined ? { feeId } : { feeId, amount };
}

/** Returns the account after commands, decided one by one. Throws if one is rejected. */
export function accountAfter(
  commands: readonly Command[],
  rules: FeePolicy = policy,
  account: PatronAccount = emptyAccount(),
): PatronAccount {
  return commands.reduce((now, command) => fold(acceptedEvents(decide(command, now, rules)), now), account);
}

/** Returns the events of a decision. Throws if it is a rejection. */
export function acceptedEvents(decision: Decision): readonly AccountEvent[] {
  if (!decision.accepted) throw new Error(`rejected: ${JSON.stringify(decision)}`);
  return decision.events;
}

/** Returns the events of an accepted decision, without their metadata. */
export function factsOf(decision: Decision) {
  return acceptedEvents(decision).map(({ type, data }) => ({ type, data }));
}

/** Returns the expected decision on a repeated command. */
export function repeating(id: string, kind: Repeats['kind']): Decision {
  return { accepted: true, events: [], repeats: { id, kind } };
}

/** Returns the fields of a rejection, and checks that its kind matches its type. */
export function refusalOf(decision: Decision) {
  expect(decision).toMatchObject({ accepted: false, events: [] });
  const { kind, ...said } = (decision as { rejection: Rejection }).rejection;
  expect(kind).toBe(rejectionKinds[said.type]);
  return said;
}

type Fields<Type extends AccountEventType> = Omit<EventOf<Type>['data'], 'at' | 'currency'>;

/** Returns an event in dollars at the default time, like one of {@link factsOf}. */
export function fact<Type extends AccountEventType>(type: Type, fields: Fields<Type>) {
  const money = ![
    'FeeDisputed',
    'DisputeResolved',
    'LostItemReturned',
    'PaymentPlanEnded',
    'AccountMerged',
    'AccountJoined',
    'AccountSeparated',
    'AccountPurged',
  ].includes(type);
  return { type, data: { at, ...(money ? { currency: 'USD' } : {}), ...fields } };
}

/** Returns the visible figures of a fee. */
export function feeNow(account: PatronAccount, feeId: string) {
  const fee = findFee(account, feeId);
  if (fee === undefined) throw new Error(`no fee ${feeId}`);
  return { remaining: dollars(remaining(fee)), owed: dollars(owed(fee)), status: feeStatus(fee) };
}

/** Returns the visible figures of a credit. */
export function creditNow(account: PatronAccount, creditId: string) {
  const credit = findCredit(account, creditId);
  if (credit === undefined) throw new Error(`no credit ${creditId}`);
  const { purpose } = credit;
  return { purpose, unused: dollars(unused(credit)), status: creditStatus(account, credit) };
}

function dollars(cents: number): string {
  return formatAmount(cents, 2);
}

/** Freezes data recursively. */
export function deepFrozen<Data>(data: Data): Data {
  if (typeof data === 'object' && data !== null && !Object.isFrozen(data)) {
    Object.freeze(data);
    for (const key of Reflect.ownKeys(data)) deepFrozen((data as Record<PropertyKey, unknown>)[key]);
  }
  return data;
}
