import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { parseReportedAmount } from '../../money/reportedAmount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { knownCodes } from '../../policy/knownCodes.js';
import {
  circumstancesOf,
  decideOffice,
  type OfficeContext,
  type OfficeDecideOptions,
  type OfficeDecision,
  type OfficeRejection,
  officeOptionFields,
} from '../officeDecision.js';
import { byDigits, officeAmounts } from '../officeFields.js';
import type { Remittances } from '../remittances/remittance.js';
import type { Till } from '../till/till.js';
import {
  amountOfRecord,
  type BankAccount,
  bankItemKey,
  bankSum,
  itemsOfRecord,
  wholeOf,
} from './bankAccount.js';
import type {
  BankCommand,
  BookBankEntry,
  ConfirmBankEntry,
  DepositFromSafe,
  EndBankItem,
  ReverseBankRecord,
} from './bankCommands.js';
import type { BankEvent, BankMatchedBy } from './bankEvents.js';
import { type BankAccounts, itemRefusal, settlesTooMuch } from './bankItemRules.js';
import type { BankRejection } from './bankRejection.js';
import { bankAmounts, givenBefore } from './bankRequest.js';
import { bankCommandSchema, matchedByField } from './bankSchemas.js';

/** Options of {@link decideBank}. */
export type BankDecideOptions = OfficeDecideOptions & {
  /**
   * The other accounts at banks of the institution, by name: what one of them confirmed is not confirmed again.
   *
   * @defaultValue none
   */
  readonly others?: ReadonlyMap<string, BankAccount>;
  /**
   * How the items of a confirmation were found: {@link runBankReconciliation} says so.
   *
   * @defaultValue `'hand'`
   */
  readonly matchedBy?: BankMatchedBy;
  /**
   * The tills whose deposits an entry confirms, by name: for the policy's `duties`.
   *
   * @defaultValue none
   */
  readonly tills?: ReadonlyMap<string, Till>;
  /**
   * The remittances that an entry confirms, by external system, `''` if transfers name none: for the policy's `duties`.
   *
   * @defaultValue none
   */
  readonly remittances?: ReadonlyMap<string, Remittances>;
};

/** The result of {@link decideBank}: the events to append, or the rejection. */
export type BankDecision = OfficeDecision<BankEvent, BankRejection>;

/**
 * Decides a command about one account at a bank. Pure, so it can also be used for a dry run. The items are not compared
 * with tills and patron accounts, which are in other streams: {@link runBankReconciliation} compares them. Deposits
 * from the safe are in this stream, so they are compared: such an item must name a deposit that was not reversed, with
 * its method and amount; if the bank has another amount, the rest is a `difference`. The amounts confirmed and ended at
 * all accounts together never exceed the item, and no more is taken back than was confirmed.
 *
 * @param command - a command
 * @param state - the bank account
 * @param policy - the institution's policy, for the currency and the payment methods
 * @param options - the present time; the other accounts at banks, tills and remittances
 * @returns the events to append, or the rejection
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY` for an invalid policy; `INVALID_ARGUMENT` if
 * the policy has `backdating` and `now` is missing
 *
 * @example The bank counted 0.50 less than the library
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideBank, noBankAccount } from 'patron-fees/office';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const by = { channel: 'desk', userId: 'fin' } as const;
 * const items = [{ kind: 'deposit', till: 'CIRC', sessionId: 's1', method: 'CASH', amount: '62' }] as const;
 * const entry = { entryId: 'B77', bookedOn: '2026-03-04', amount: '61.50', items } as const;
 * const confirm = { type: 'ConfirmBankEntry', id: 'c1', ...entry, at: '2026-03-05T09:00:00Z', by } as const;
 * const refused = decideBank(confirm, noBankAccount, policy);
 * refused.accepted ? null : refused.rejection.type; //=> 'BankAmountsDiffer'
 * const difference = { kind: 'overShort', amount: '-0.50' } as const;
 * decideBank({ ...confirm, difference }, noBankAccount, policy).accepted; //=> true
 * ```
 */
export function decideBank(
  command: BankCommand,
  state: BankAccount,
  policy: FeePolicy,
  options: BankDecideOptions = {},
): BankDecision {
  const {
    others = new Map(),
    tills = new Map(),
    remittances = new Map(),
    matchedBy = 'hand',
    ...more
  } = checkedArgument(optionsSchema, options, 'options');
  const accounts = { state, others };
  const rules = {
    schema,
    decide: (canonical: BankCommand, context: OfficeContext) => {
      switch (canonical.type) {
        case 'DepositFromSafe':
          return deposit(canonical, context);
        case 'ConfirmBankEntry':
          return confirm(canonical, accounts, matchedBy, context);
        case 'EndBankItem':
          return end(canonical, accounts, context);
        case 'BookBankEntry':
          return book(canonical, state, context);
        case 'ReverseBankRecord':
          return reverse(canonical, accounts, context);
      }
    },
    amounts: (event: BankEvent) => bankAmounts(event, state),
    before: (event: BankEvent) => givenBefore(event, accounts, { tills, remittances }),
  };
  return decideOffice<BankCommand, BankEvent, Refused>(command, state, policy, rules, more);
}

const schema = /* @__PURE__ */ byDigits((digits) =>
  bankCommandSchema(officeAmounts(digits, parseReportedAmount)),
);

const stateField = <State>() =>
  v.custom<ReadonlyMap<string, State>>(
    (map) => typeof (map as Partial<ReadonlyMap<string, State>> | null)?.get === 'function',
    'a Map',
  );

const optionsSchema = v.strictObject({
  ...officeOptionFields,
  others: v.exactOptional(stateField<BankAccount>()),
  tills: v.exactOptional(stateField<Till>()),
  remittances: v.exactOptional(stateField<Remittances>()),
  matchedBy: v.exactOptional(matchedByField),
});

type Refused = BankRejection | OfficeRejection;

function deposit(command: DepositFromSafe, { policy, metadata }: OfficeContext): BankEvent | BankRejection {
  const { id: depositId, method = 'CASH', amount, reference } = command;
  if (!Object.hasOwn(policy.paymentMethods, method)) {
    const known = knownCodes(method, Object.keys(policy.paymentMethods));
    return { type: 'BankMethodUnknown', kind: 'invalid', method, known };
  }
  const more = { ...(reference !== undefined && { reference }), ...circumstancesOf(command) };
  const data = { depositId, currency: policy.currency, method, amount, ...more };
  return { type: 'SafeDeposited', data, metadata };
}

function confirm(
  command: ConfirmBankEntry,
  accounts: BankAccounts,
  matchedBy: BankMatchedBy,
  { policy: { currency }, digits, metadata }: OfficeContext,
): BankEvent | Refused {
  const { id: confirmationId, entryId, bookedOn, amount, items, difference } = command;
  const again = entryRefusal(entryId, accounts.state);
  if (again !== undefined) return again;
  if (new Set(items.map(bankItemKey)).size < items.length) {
    return { type: 'BankItemAlreadyConfirmed', kind: 'conflict', bank: null, confirmationId };
  }
  for (const [index, item] of items.entries()) {
    const refusal = itemRefusal(item, `items[${index}]`, accounts, digits);
    if (refusal !== undefined) return refusal;
  }
  const figures = { items, ...(difference !== undefined && { difference }) };
  const sum = bankSum(figures);
  if (sum !== minorUnits(amount)) {
    return { type: 'BankAmountsDiffer', kind: 'invalid', amount, expected: formatAmount(sum, digits) };
  }
  const data = {
    confirmationId,
    entryId,
    bookedOn,
    currency,
    amount,
    ...figures,
    matchedBy,
    ...circumstancesOf(command),
  };
  return { type: 'BankEntryConfirmed', data, metadata };
}

function entryRefusal(entryId: string, { entries }: BankAccount): BankRejection | undefined {
  const confirmationId = entries.get(entryId);
  if (confirmationId === undefined) return undefined;
  return { type: 'BankEntryAlreadyConfirmed', kind: 'conflict', entryId, confirmationId };
}

function reasonRefusal(reason: string, { bankReasons = {} }: FeePolicy): BankRejection | undefined {
  if (Object.hasOwn(bankReasons, reason)) return undefined;
  const known = knownCodes(reason, Object.keys(bankReasons));
  return { type: 'BankReasonUnknown', kind: 'invalid', reason, known };
}

function book(
  command: BookBankEntry,
  state: BankAccount,
  { policy, metadata }: OfficeContext,
): BankEvent | BankRejection {
  const { id: bookingId, entryId, bookedOn, amount, reason } = command;
  const refusal = entryRefusal(entryId, state) ?? reasonRefusal(reason, policy);
  if (refusal !== undefined) return refusal;
  const entry = { entryId, bookedOn, currency: policy.currency, amount };
  const data = { bookingId, ...entry, reason, ...circumstancesOf(command) };
  return { type: 'BankEntryBooked', data, metadata };
}

function end(
  command: EndBankItem,
  accounts: BankAccounts,
  { policy, digits, metadata }: OfficeContext,
): BankEvent | Refused {
  const { id: endingId, item, reason } = command;
  const unknown = reason === undefined ? undefined : reasonRefusal(reason, policy);
  if (unknown !== undefined) return unknown;
  const isTakenBack = minorUnits(item.amount) > 0n !== minorUnits(wholeOf(item)) > 0n;
  if (isTakenBack) {
    const fault = {
      path: 'item.amount',
      expected: 'an amount with the sign of the item',
      found: item.amount,
    };
    return { type: 'InvalidOfficeCommand', kind: 'invalid', faults: [fault] };
  }
  const refusal = itemRefusal(item, 'item', accounts, digits);
  if (refusal !== undefined) return refusal;
  const data = {
    endingId,
    currency: policy.currency,
    item,
    ...(reason !== undefined && { reason }),
    ...circumstancesOf(command),
  };
  return { type: 'BankItemEnded', data, metadata };
}

function reverse(
  command: ReverseBankRecord,
  accounts: BankAccounts,
  { policy: { currency }, digits, metadata }: OfficeContext,
): BankEvent | BankRejection {
  const { records, reversed, items } = accounts.state;
  const { id: reversalId, recordId } = command;
  const found = records.get(recordId);
  if (found === undefined) return { type: 'BankRecordNotFound', kind: 'notFound', recordId };
  const amount = amountOfRecord(found);
  const confirmationId =
    found.type === 'SafeDeposited'
      ? items
          .get(bankItemKey({ kind: 'safeDeposit', depositId: recordId, method: '', amount }))
          ?.records.at(-1)
      : undefined;
  if (reversed.has(recordId) || confirmationId !== undefined) {
    return { type: 'BankRecordClosed', kind: 'conflict', recordId, confirmationId: confirmationId ?? null };
  }
  for (const item of itemsOfRecord(found)) {
    const refusal = settlesTooMuch(item, -minorUnits(item.amount), accounts, digits);
    if (refusal !== undefined) return refusal;
  }
  const data = { reversalId, recordId, currency, amount, ...circumstancesOf(command) };
  return { type: 'BankRecordReversed', data, metadata };
}
