import * as v from 'valibot';
import type { RecordedActor } from '../account/circumstances.js';
import type { ReceivePayment } from '../account/commands/paymentCommands.js';
import { owed } from '../account/fee.js';
import { actorField, commandIdField, nameField } from '../account/fieldSchemas.js';
import { externalTransactionPositions } from '../account/ids.js';
import { findPayment, type PatronAccount, payableFees } from '../account/patronAccount.js';
import { type Payment, reversedOf } from '../account/records.js';
import type { Rejection } from '../account/rejections/rejection.js';
import { PatronFeesError } from '../errors.js';
import type { ReadAppendStore } from '../history/eventStore.js';
import { execute } from '../history/execute.js';
import { compareInstants } from '../history/instants.js';
import { loadAccount } from '../history/loadAccount.js';
import type { ExecuteOptions } from '../history/transact.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { plainObject } from '../input/plainObject.js';
import { ATTEMPTS, BUSY_MESSAGE } from '../job/accountFinding.js';
import { amountSchema } from '../money/amountSchema.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount, parseAmount } from '../money/money.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { type PaymentOrder, paymentOrders, spread } from '../policy/paymentOrder.js';

/** One payment for the fees of several patrons. */
export type HouseholdPayment = {
  /** The institution of the patrons. */
  readonly institution: string;
  /** The patrons, each once; the payer first. What is paid above what all of them owe becomes the payer's credit. */
  readonly patronIds: readonly string[];
  /** The id of the payment in each account. Sending the same payment again finishes it, and never pays twice. */
  readonly id: string;
  /** When it was paid: ISO 8601 with a zone. */
  readonly at: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** A payment method of the policy. */
  readonly method: string;
  /**
   * In which order fees are paid, over all accounts together. Oldest and newest go by the time of the assessment.
   *
   * @defaultValue the policy's payment order
   */
  readonly order?: PaymentOrder;
  /**
   * Whether a payment above what all of them owe is refused, or the excess becomes a credit of the payer.
   *
   * @defaultValue the policy's `overpayment`
   */
  readonly overpayment?: 'refuse' | 'credit';
  /**
   * Who recorded it.
   *
   * @defaultValue unknown
   */
  readonly by?: RecordedActor;
  /**
   * The payment provider's transaction id, recorded in each account.
   *
   * @defaultValue none
   */
  readonly externalTransactionId?: string;
  /**
   * A reference of your choice, e.g. a cheque number.
   *
   * @defaultValue none
   */
  readonly reference?: string;
  /**
   * A comment that the patrons may see.
   *
   * @defaultValue none
   */
  readonly comment?: string;
};

/** How to retry. */
export type HouseholdPaymentOptions = Pick<ExecuteOptions, 'retry'>;

/** The part of a payment that one account received. */
export type HouseholdPart = {
  /** The patron. */
  readonly patronId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
};

/** The result of a payment for several patrons. */
export type HouseholdPaid =
  | {
      /** Whether the whole amount is recorded. */
      readonly accepted: true;
      /** The part of each patron who received one, in the given order. They add up to the amount. */
      readonly parts: readonly HouseholdPart[];
    }
  | {
      /** Whether the whole amount is recorded. */
      readonly accepted: false;
      /** Why not. */
      readonly rejection: Rejection;
      /** The parts that are recorded: none, unless an earlier call was interrupted. */
      readonly parts: readonly HouseholdPart[];
    };

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    institution: nameField,
    patronIds: v.pipe(
      v.array(nameField),
      v.check((ids) => ids.length > 0, 'at least one'),
      v.check((ids) => new Set(ids).size === ids.length, 'each named once'),
    ),
    id: commandIdField,
    at: instantField,
    amount: v.string('a decimal string'),
    method: nameField,
    order: v.exactOptional(v.picklist(paymentOrders)),
    overpayment: v.exactOptional(v.picklist(['refuse', 'credit'], 'refuse or credit')),
    by: v.exactOptional(actorField),
    externalTransactionId: v.exactOptional(nameField),
    reference: v.exactOptional(v.string()),
    comment: v.exactOptional(v.string()),
  }),
);

/**
 * Records one payment for the fees of several patrons: a family, or patrons with one guarantor. Each account receives
 * its part as a payment with the same id, method and external transaction.
 *
 * The accounts are written one after the other, the payer's last. After an interruption, the same call finishes the
 * payment: recorded parts are unchanged, and the rest is divided over the other accounts. Once a part is recorded, what
 * exceeds the remaining debt becomes the payer's credit, even if the policy refuses overpayments.
 *
 * A payment under another id is a repeat if the accounts have the whole amount of its external transaction.
 *
 * Send a payment again only after the call before has ended. If two calls with one payment run at the same time, and
 * another program changes what is owed between their reads, the parts can exceed the amount. The later call then throws
 * `INVALID_ARGUMENT` with the sum, and a part has to be reversed.
 *
 * @param store - the store with the events
 * @param policy - the institution's policy
 * @param payment - the patrons and the payment
 * @param options - how to retry
 * @returns the part of each patron; or the rejection, one of {@link index.ReceivePayment | ReceivePayment}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid payment, or one whose id
 * is that of another payment; `VERSION_CONFLICT` if other writers were first at every attempt; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { payHousehold } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const institution = 'north';
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * const patronIds = ['mother', 'child'];
 * for (const patronId of patronIds) await execute(store, policy, { institution, patronId }, fee);
 * const payment = { institution, patronIds, id: 'p1', amount: '8', method: 'CASH', at };
 * await payHousehold(store, policy, payment);
 * //=> { accepted: true, parts: [{ patronId: 'mother', amount: '5.00' }, { patronId: 'child', amount: '3.00' }] }
 * ```
 */
export async function payHousehold(
  store: ReadAppendStore,
  policy: FeePolicy,
  payment: HouseholdPayment,
  options: HouseholdPaymentOptions = {},
): Promise<HouseholdPaid> {
  const rules = definedPolicy(policy);
  const digits = minorDigits(rules.currency) as number;
  const form = checkedArgument(formSchema, payment, 'payment');
  const amount = parseAmount(checkedArgument(amountSchema(digits), form.amount, 'payment.amount'), digits);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const result = await payOnce(store, rules, { ...form, amount }, digits, options);
    if (result !== 'divide again') return result;
  }
  throw new PatronFeesError('VERSION_CONFLICT', `payment ${form.id}: ${BUSY_MESSAGE}`);
}

type Checked = Omit<v.InferOutput<typeof formSchema>, 'amount'> & { readonly amount: number };

/** A patron of the household, and the part of the payment that the account has already; 0 if it has none. */
type Member = { readonly patronId: string; readonly account: PatronAccount; readonly recorded: number };

/** Refusals because others changed an account after it was read: the payment is divided again. */
const changedMeanwhile: readonly Rejection['type'][] = ['PaymentExceedsOwed', 'FeeIsDisputed'];

async function payOnce(
  store: ReadAppendStore,
  policy: FeePolicy,
  form: Checked,
  digits: number,
  options: HouseholdPaymentOptions,
): Promise<HouseholdPaid | 'divide again'> {
  const { institution, patronIds } = form;
  const members: Member[] = [];
  for (const patronId of patronIds) {
    const { account } = await loadAccount(store, { institution, patronId });
    members.push({ patronId, account, recorded: recordedPart(account, patronId, form) });
  }
  const written = new Map(members.map(({ patronId, recorded }) => [patronId, recorded]));
  const parts = (amounts: ReadonlyMap<string, number> = written) =>
    patronIds
      .map((patronId) => ({ patronId, amount: formatAmount(amounts.get(patronId) as number, digits) }))
      .filter(({ patronId }) => amounts.get(patronId) !== 0);
  const known = new Map(members.map(({ patronId, account }) => [patronId, transactionPart(account, form)]));
  const isNew = members.every(({ recorded }) => recorded === 0);
  const isWhole = [...known.values()].reduce((sum, part) => sum + part, 0) === form.amount;
  if (isNew && isWhole) return { accepted: true, parts: parts(known) };
  const divided = divide(members, form, policy, digits);
  if ('rejection' in divided) return { ...divided, parts: parts() };
  for (const { patronId, command } of divided.commands) {
    const { decision, account } = await execute(store, policy, { institution, patronId }, command, options);
    if (decision.accepted) written.set(patronId, parseAmount(command.amount, digits));
    else if (changedMeanwhile.includes(decision.rejection.type)) return 'divide again';
    // Another call with the same payment was first, and divided it otherwise.
    else if (decision.rejection.type === 'IdAlreadyUsed' && findPayment(account, form.id) !== undefined)
      return 'divide again';
    else return { accepted: false, rejection: decision.rejection, parts: parts() };
  }
  return { accepted: true, parts: parts() };
}

/** Returns the part of the payment that an account has. Throws if it has another payment with this id. */
function recordedPart(account: PatronAccount, patronId: string, form: Checked): number {
  const payment = findPayment(account, form.id);
  if (payment === undefined) return 0;
  const { method, externalTransactionId } = payment;
  if (method !== form.method || externalTransactionId !== (form.externalTransactionId ?? null))
    throw otherPayment(form, `${patronId} has it as a ${method} payment`);
  return payment.amount;
}

/** Returns what an account has of the payment's external transaction, under any payment id; nothing once it is reversed. */
function transactionPart({ ids, payments }: PatronAccount, form: Checked): number {
  const { method, externalTransactionId: id } = form;
  const positions = id === undefined ? [] : externalTransactionPositions(ids, method, id);
  const found = positions.map((position) => payments[position] as Payment);
  return found.reduce((sum, one) => sum + (reversedOf(one) === one.amount ? 0 : one.amount), 0);
}

function otherPayment({ id }: Checked, found: string): PatronFeesError {
  return new PatronFeesError('INVALID_ARGUMENT', `payment.id: ${id} is another payment: ${found}`, { id });
}

type Divided =
  | { readonly commands: readonly { readonly patronId: string; readonly command: ReceivePayment }[] }
  | { readonly accepted: false; readonly rejection: Rejection };

/** Divides the part that is not recorded yet over the fees of the other accounts. The payer's command comes last. */
function divide(members: readonly Member[], form: Checked, policy: FeePolicy, digits: number): Divided {
  const money = (minor: number) => formatAmount(minor, digits);
  const recorded = members.reduce((sum, member) => sum + member.recorded, 0);
  const left = form.amount - recorded;
  const [payer] = members as [Member];
  if (left < 0 || (left > 0 && payer.recorded > 0))
    throw otherPayment(form, `${money(recorded)} is recorded`);
  const rows = members
    .filter((member) => member.recorded === 0)
    .flatMap(({ patronId, account }) =>
      payableFees(account).map((fee) => ({ patronId, fee, owed: owed(fee) })),
    )
    .sort((a, b) => compareInstants(a.fee.assessedAt, b.fee.assessedAt));
  const payable = rows.reduce((sum, row) => sum + row.owed, 0);
  const surplus = Math.max(0, left - payable);
  if (surplus > 0 && recorded === 0 && (form.overpayment ?? policy.overpayment) === 'refuse') {
    const said = { type: 'PaymentExceedsOwed', kind: 'conflict', feeId: null } as const;
    return { accepted: false, rejection: { ...said, amount: money(left), owed: money(payable) } };
  }
  const limits = rows.map((row) => row.owed);
  const shares = spread(left - surplus, limits, form.order ?? policy.paymentOrder);
  const othersPay =
    recorded > 0 ||
    rows.some(({ patronId }, index) => patronId !== payer.patronId && (shares[index] as number) > 0);
  const commands = [...members].reverse().flatMap(({ patronId }) => {
    const own = rows.flatMap(({ fee, ...row }, index) => {
      const share = shares[index] as number;
      return row.patronId === patronId && share > 0 ? [{ fee, share }] : [];
    });
    const isPayer = patronId === payer.patronId;
    const amount = own.reduce((sum, { share }) => sum + share, isPayer ? surplus : 0);
    if (amount === 0) return [];
    const { institution, patronIds, order, ...common } = form;
    const command: ReceivePayment = {
      ...common,
      type: 'ReceivePayment',
      amount: money(amount),
      allocations: own.map(({ fee, share }) => ({ feeId: fee.feeId, amount: money(share) })),
      // Once the others have their parts, the rest was received too.
      overpayment: isPayer && (surplus > 0 || othersPay) ? 'credit' : 'refuse',
    };
    return [{ patronId, command }];
  });
  return { commands };
}
