import type { EventOf } from '../../src/account/events.js';
import { expect } from 'vitest';
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

/** When everything happens unless a test says otherwise. */
export const at = '2026-03-02T09:00:00Z';

const lostItem = (refundPercent: number) => ({ label: 'Lost item', lostItem: true, refundPercent });

/** A policy in dollars with Alma's fee types, and beside them one of every kind that the rules tell apart. */
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

/** The policy years later: every type, method, reason and destination has been renamed. */
export const forgetfulPolicy = definePolicy({
  currency: 'USD',
  feeTypes: { NEW: { label: 'New' } },
  paymentMethods: { NEW: 'New' },
  waiveReasons: { NEW: 'New' },
  creditReasons: { NEW: 'New' },
  destinations: { NEW: 'New' },
});

type Given<Type extends CommandType> = Omit<CommandOf<Type>, 'type' | 'id' | 'at'> & { readonly at?: string };

/** A command, by default at the usual time. */
export function ask<Type extends CommandType>(type: Type, id: string, given: Given<Type>): CommandOf<Type> {
  return { type, id, at, ...given } as unknown as CommandOf<Type>;
}

/** A fee of the main library is charged. */
export function assess(feeId: string, amount: string, more: Partial<CommandOf<'AssessFee'>> = {}) {
  return ask('AssessFee', feeId, { feeType: 'OVERDUEFINE', amount, owner: 'MAIN', ...more });
}

/** A fee of the main library is charged for a lost item. */
export function assessLost(feeId: string, amount: string, feeType = 'LOST100') {
  return assess(feeId, amount, { feeType, loanId: 'loan' });
}

/** Cash comes in. */
export function pay(paymentId: string, amount: string, more: Partial<CommandOf<'ReceivePayment'>> = {}) {
  return ask('ReceivePayment', paymentId, { amount, method: 'CASH', ...more });
}

/** One fee is forgiven, whole or an amount. */
export function waive(waiverId: string, feeId: string, amount?: string) {
  return ask('WaiveFees', waiverId, { fees: [partOf(feeId, amount)], reason: 'OTHER' });
}

/** One fee is handed over, whole or an amount; the external system reports payment. */
export function transfer(transferId: string, feeId: string, amount?: string) {
  return ask('TransferFees', transferId, { fees: [partOf(feeId, amount)], expectsSettlement: true });
}

function partOf(feeId: string, amount: string | undefined) {
  return amount === undefined ? { feeId } : { feeId, amount };
}

/** The account after commands that must all be accepted, each decided by itself. */
export function accountAfter(
  commands: readonly Command[],
  rules: FeePolicy = policy,
  account: PatronAccount = emptyAccount(),
): PatronAccount {
  return commands.reduce((now, command) => fold(acceptedEvents(decide(command, now, rules)), now), account);
}

/** The events of a decision, which must be accepted. */
export function acceptedEvents(decision: Decision): readonly AccountEvent[] {
  if (!decision.accepted) throw new Error(`refused: ${JSON.stringify(decision)}`);
  return decision.events;
}

/** What a decision, which must be accepted, says that happened: its events without their metadata. */
export function factsOf(decision: Decision) {
  return acceptedEvents(decision).map(({ type, data }) => ({ type, data }));
}

/** The decision on a command that was done before: what it recorded then. */
export function repeating(id: string, kind: Repeats['kind']): Decision {
  return { accepted: true, events: [], repeats: { id, kind } };
}

/** Why a decision was refused, without the kind, which must be that of its type; it must be refused. */
export function refusalOf(decision: Decision) {
  expect(decision).toMatchObject({ accepted: false, events: [] });
  const { kind, ...said } = (decision as { rejection: Rejection }).rejection;
  expect(kind).toBe(rejectionKinds[said.type]);
  return said;
}

type Told<Type extends AccountEventType> = Omit<EventOf<Type>['data'], 'at' | 'currency'>;

/** An event in dollars at the usual time, as {@link factsOf} gives it. */
export function fact<Type extends AccountEventType>(type: Type, told: Told<Type>) {
  const money = !['FeeDisputed', 'DisputeResolved', 'LostItemReturned'].includes(type);
  return { type, data: { at, ...(money ? { currency: 'USD' } : {}), ...told } };
}

/** What a person sees of a fee. */
export function feeNow(account: PatronAccount, feeId: string) {
  const fee = findFee(account, feeId);
  if (fee === undefined) throw new Error(`no fee ${feeId}`);
  return { remaining: dollars(remaining(fee)), owed: dollars(owed(fee)), status: feeStatus(fee) };
}

/** What a person sees of a credit. */
export function creditNow(account: PatronAccount, creditId: string) {
  const credit = findCredit(account, creditId);
  if (credit === undefined) throw new Error(`no credit ${creditId}`);
  const { purpose } = credit;
  return { purpose, unused: dollars(unused(credit)), status: creditStatus(account, credit) };
}

function dollars(cents: number): string {
  return formatAmount(cents, 2);
}

/** Freezes data through and through. */
export function deepFrozen<Data>(data: Data): Data {
  if (typeof data === 'object' && data !== null && !Object.isFrozen(data)) {
    Object.freeze(data);
    for (const key of Reflect.ownKeys(data)) deepFrozen((data as Record<PropertyKey, unknown>)[key]);
  }
  return data;
}
