import { type Fee, owed } from '../../src/index.js';
import { centsOf } from './folioAmount.js';
import type { LostScenario } from './lostScenario.js';
import { type Desk, dollars, feeIdOf, feeOf, mustAsk, openDesk } from './ourDesk.js';
import { refundableOf, refundCommands, totalOf } from './ourRefund.js';
import { withinWindow } from './withinWindow.js';

const ITEM = 'lost-item-fee';
const PROCESSING = 'lost-processing-fee';

/** The loan that the lost item is on. */
export const LOAN = 'loan';

/** The result for a lost item. */
export type Lost = {
  readonly desk: Desk;
  /** The last operation on each fee, the declaration of the loss included. */
  readonly lastDone: ReadonlyMap<string, string>;
  readonly owedBefore: number;
  /** The number of credits before. */
  readonly creditsBefore: number;
  /** Whether an overdue fine was charged. */
  readonly fined: boolean;
  /** The final status of the actual cost record. */
  readonly actualCostRecord: string | undefined;
};

/**
 * Plays the events of a lost item. The part of the circulation system is done here as FOLIO's does it: it decides
 * whether an item came back in time, charges an overdue fine, and keeps records of costs not known yet.
 */
export function playLost({ given, when }: LostScenario): Lost {
  const policy = given.policy ?? {};
  const desk = openDesk({
    feeTypes: {
      ITEM: { label: 'Lost item', lostItem: true, refundPercent: 100 },
      PROCESSING: {
        label: 'Lost item processing',
        lostItem: true,
        refundPercent: policy.refundProcessingFee === false ? 0 : 100,
      },
      OVERDUEFINE: { label: 'Overdue fine' },
    },
  });
  const lastDone = new Map<string, string>();
  let refs = chargeAtFirst(desk, { given, when });
  const declareLost = () => {
    for (const ref of cancelAged(desk, refs)) lastDone.set(ref, 'declare-lost');
    refs = chargeDeclared(desk, policy, refs.length === 0 ? '' : ' (declared lost)');
  };
  const paid = (given.paid ?? []).map((on) => ({ op: 'pay', on, amount: undefined }) as const);
  for (const { op, on = ITEM, amount } of [...given.history, ...paid]) {
    if (op === 'age-to-lost') continue;
    if (op === 'declare-lost') {
      declareLost();
      continue;
    }
    const ref = latest(refs, on);
    reduce(desk, op, ref, amount);
    lastDone.set(ref, op);
  }
  const before = { owedBefore: owedNow(desk), creditsBefore: desk.account().credits.length };
  const isBack =
    when.op === 'return-or-renew-lost-item' && withinWindow(when.after, policy.refundWindow ?? undefined);
  if (isBack) takeBack(desk, refs);
  if (when.op === 'declare-lost') declareLost();
  const fined = isBack && policy.overdueOnReturn === true;
  if (fined) charge(desk, 'overdue-fine', '1.00', 'OVERDUEFINE');
  const record = given.actualCostRecord ?? (policy.chargeType === 'actual cost' ? 'Open' : undefined);
  const actualCostRecord = isBack && record === 'Open' ? 'Cancelled' : record;
  return { desk, lastDone, ...before, fined, actualCostRecord };
}

/** The fees of a lost item, as this library keeps them. */
export function lostFees(desk: Desk): Fee[] {
  return desk.account().fees.filter(({ lostItem }) => lostItem);
}

/** What is owed for a lost item, in cents. */
export function owedNow(desk: Desk): number {
  return lostFees(desk).reduce((total, fee) => total + owed(fee), 0);
}

function charge(desk: Desk, ref: string, price: string, feeType: string): void {
  const amount = dollars(centsOf(price));
  mustAsk(desk, { type: 'AssessFee', id: feeIdOf(ref), feeType, amount, owner: 'MAIN', loanId: LOAN });
}

/** The last fee charged under a name; for an item fee that does not exist, the only other fee. */
function latest(refs: readonly string[], name: string): string {
  const found = refs.find((ref) => ref === name) ?? refs.find((ref) => ref.startsWith(`${name} (`));
  return found ?? (name === ITEM && refs.length === 1 ? (refs[0] as string) : name);
}

/** The kind of a fee, which a scenario states only in its name. */
function typeOf(ref: string): string {
  if (/overdue|reminder|manual|other|unrelated|not.lost|non.lost/i.test(ref)) return 'OVERDUEFINE';
  if (/processing/i.test(ref)) return 'PROCESSING';
  if (/item|actual.cost/i.test(ref)) return 'ITEM';
  if (/fine/i.test(ref)) return 'OVERDUEFINE';
  throw new Error(`given.fees: ${JSON.stringify(ref)} does not say what fee it is`);
}

/**
 * Charges the named fees, at the policy's price if it has one, or else at the policy's charge for an item aged to
 * lost. An item still to be declared lost costs nothing.
 */
function chargeAtFirst(desk: Desk, { given, when }: Pick<LostScenario, 'given' | 'when'>): string[] {
  const { itemFee, processingFee, processingFeeAged = processingFee, chargeType } = given.policy ?? {};
  if (given.fees !== undefined) {
    const prices: Readonly<Record<string, Price>> = { ITEM: itemFee, PROCESSING: processingFeeAged };
    for (const ref of given.fees) charge(desk, ref, prices[typeOf(ref)] ?? '10.00', typeOf(ref));
    return [...given.fees];
  }
  const losses = [...given.history, when].filter(({ op }) => op === 'age-to-lost' || op === 'declare-lost');
  if (losses[0]?.op === 'declare-lost') return [];
  return chargePrices(desk, chargeType === 'actual cost' ? undefined : itemFee, processingFeeAged, '');
}

function chargePrices(desk: Desk, item: Price, processing: Price, suffix: string): string[] {
  return ([[ITEM, item] as const, [PROCESSING, processing] as const] as const).flatMap(([name, price]) => {
    if (!price || centsOf(price) === 0) return [];
    charge(desk, `${name}${suffix}`, price, typeOf(name));
    return [`${name}${suffix}`];
  });
}

type Price = string | null | undefined;

/** An operation without an amount applies to all that is left. */
function reduce(desk: Desk, op: string, ref: string, given: string | undefined): void {
  const fee = feeOf(desk.account(), ref);
  if (fee === undefined) throw new Error(`${ref} is no fee of the loan`);
  const { feeId } = fee;
  const all = op === 'refund' ? totalOf(refundableOf(desk.account(), fee)) : owed(fee);
  const amount = dollars(given === undefined ? all : centsOf(given));
  switch (op) {
    case 'pay':
      return mustAsk(desk, { type: 'ReceivePayment', amount, method: 'CASH', feeIds: [feeId] });
    case 'waive':
      return mustAsk(desk, { type: 'WaiveFees', fees: [{ feeId, amount }], reason: 'OTHER' });
    case 'transfer':
      return mustAsk(desk, { type: 'TransferFees', fees: [{ feeId, amount }], destination: 'BURSAR' });
    case 'cancel':
      return mustAsk(desk, { type: 'CancelFee', feeId });
    default: {
      if (centsOf(amount) > all) throw new Error(`${amount} cannot be given back of ${ref}: ${dollars(all)}`);
      return mustAsk(desk, ...refundCommands(desk.account(), [ref], amount));
    }
  }
}

function takeBack(desk: Desk, refs: readonly string[]): void {
  const feeIds = refs.filter((ref) => typeOf(ref) !== 'OVERDUEFINE').map(feeIdOf);
  if (feeIds.length > 0) mustAsk(desk, { type: 'ReturnLostItem', feeIds });
}

/** Cancels the charges made when the item aged to lost, as far as any are left to cancel. */
function cancelAged(desk: Desk, refs: readonly string[]): string[] {
  const left = refs.filter((ref) => {
    const fee = feeOf(desk.account(), ref) as Fee;
    return fee.lostItem && owed(fee) + totalOf(refundableOf(desk.account(), fee)) > 0;
  });
  for (const ref of left) mustAsk(desk, { type: 'CancelFee', feeId: feeIdOf(ref) });
  return left;
}

function chargeDeclared(desk: Desk, policy: Policy, suffix: string): string[] {
  const { itemFee, processingFee, processingFeeDeclared = processingFee, chargeType } = policy;
  return chargePrices(
    desk,
    chargeType === 'actual cost' ? undefined : itemFee,
    processingFeeDeclared,
    suffix,
  );
}

type Policy = NonNullable<LostScenario['given']['policy']>;
