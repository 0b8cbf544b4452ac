import * as v from 'valibot';
import type { Approver } from '../../account/circumstances.js';
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
import type { TillCommandActor } from '../till/tillCommands.js';
import { type BankAccount, bankItemKey, bankSum, confirmationAt } from './bankAccount.js';
import type { BankDifference, BankEvent, BankItem, BankMatchedBy } from './bankEvents.js';
import type { BankRejection } from './bankRejection.js';
import { bankAmounts, givenBefore } from './bankRequest.js';
import { bankCommandSchema } from './bankSchemas.js';

/** What every command about a bank account has. */
export type BankCommandBase = {
  /** Names what the command creates: 1 to 190 characters. The same command with the same id changes nothing. */
  readonly id: string;
  /** When it happened: ISO 8601 with a zone. */
  readonly at: string;
  /** Who records it. */
  readonly by: TillCommandActor;
  /** Another member of staff who approved it, if the policy's `approvals` require one; none if left out. */
  readonly approvedBy?: Approver;
  /** A comment. */
  readonly comment?: string;
};

/** Records that money from the safe was brought to the bank. The command's id names the deposit. */
export type DepositFromSafe = BankCommandBase & {
  /** The command's name. */
  readonly type: 'DepositFromSafe';
  /** The payment method whose money it is; `CASH` if left out. */
  readonly method?: string;
  /** The amount, a decimal string above 0. */
  readonly amount: string;
  /** The reference of the deposit, e.g. the number of the paying-in slip. */
  readonly reference?: string;
};

/** Records which money of the library's books an entry of the bank's statement confirms. */
export type ConfirmBankEntry = BankCommandBase & {
  /** The command's name. */
  readonly type: 'ConfirmBankEntry';
  /** The entry of the bank. */
  readonly entryId: string;
  /** The day on which the bank booked it, a local date `YYYY-MM-DD`. */
  readonly bookedOn: string;
  /** The amount of the entry, a decimal string: above 0 if the bank received it, below 0 if it left. */
  readonly amount: string;
  /** What it confirms, as {@link runBankReconciliation} reports it. */
  readonly items: readonly BankItem[];
  /** What the entry has beside the items: needed if their sum is another amount. */
  readonly difference?: BankDifference;
};

/** Undoes a deposit from the safe, or a confirmation, that was recorded in error. */
export type ReverseBankRecord = BankCommandBase & {
  /** The command's name. */
  readonly type: 'ReverseBankRecord';
  /** The deposit or the confirmation. */
  readonly recordId: string;
};

/** A command about a bank account. */
export type BankCommand = DepositFromSafe | ConfirmBankEntry | ReverseBankRecord;

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
 * Decides a command about one account at a bank. Pure, so it can also be used for a dry run. What the items say is not
 * compared with tills and accounts, which are elsewhere: {@link runBankReconciliation} reads them. Deposits from the
 * safe are here: an item must be one that was not reversed, with its method and amount; what the bank has otherwise is
 * a `difference`.
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
  const rules = {
    schema,
    decide: (canonical: BankCommand, context: OfficeContext) => {
      switch (canonical.type) {
        case 'DepositFromSafe':
          return deposit(canonical, context);
        case 'ConfirmBankEntry':
          return confirm(canonical, state, { others, matchedBy }, context);
        case 'ReverseBankRecord':
          return reverse(canonical, state, context);
      }
    },
    amounts: (event: BankEvent) => bankAmounts(event, state),
    before: (event: BankEvent) => givenBefore(event, state, { tills, remittances }),
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
  matchedBy: v.exactOptional(v.picklist(['reference', 'amount', 'hand'])),
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
  state: BankAccount,
  { others, matchedBy }: Required<Pick<BankDecideOptions, 'others' | 'matchedBy'>>,
  { policy: { currency }, digits, metadata }: OfficeContext,
): BankEvent | Refused {
  const { entries, items: confirmed } = state;
  const { id: confirmationId, entryId, bookedOn, amount, items, difference } = command;
  const known = entries.get(entryId);
  if (known !== undefined) {
    return { type: 'BankEntryAlreadyConfirmed', kind: 'conflict', entryId, confirmationId: known };
  }
  const keys = items.map(bankItemKey);
  const other = keys.map((key) => confirmed.get(key)).find((found) => found !== undefined);
  if (other !== undefined || new Set(keys).size < keys.length) {
    const known = other ?? confirmationId;
    return { type: 'BankItemAlreadyConfirmed', kind: 'conflict', bank: null, confirmationId: known };
  }
  for (const [bank, account] of others) {
    for (const item of items) {
      const found = confirmationAt(account, item);
      if (found !== undefined)
        return { type: 'BankItemAlreadyConfirmed', kind: 'conflict', bank, confirmationId: found };
    }
  }
  const safeRefusal = safeDepositRefusal(items, state);
  if (safeRefusal !== undefined) return safeRefusal;
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

/**
 * Returns why an item is no deposit from the safe at this account: none is known, it was reversed, or it is another
 * amount.
 */
function safeDepositRefusal(
  items: readonly BankItem[],
  { records, reversed }: BankAccount,
): Refused | undefined {
  for (const [index, item] of items.entries()) {
    if (item.kind !== 'safeDeposit') continue;
    const { depositId: recordId } = item;
    const found = records.get(recordId);
    if (found?.type !== 'SafeDeposited') return { type: 'BankRecordNotFound', kind: 'notFound', recordId };
    if (reversed.has(recordId))
      return { type: 'BankRecordClosed', kind: 'conflict', recordId, confirmationId: null };
    const wrong = (['method', 'amount'] as const).find((field) => item[field] !== found.data[field]);
    if (wrong === undefined) continue;
    const fault = { path: `items[${index}].${wrong}`, expected: found.data[wrong], found: item[wrong] };
    return { type: 'InvalidOfficeCommand', kind: 'invalid', faults: [fault] };
  }
  return undefined;
}

function reverse(
  command: ReverseBankRecord,
  { records, reversed, items }: BankAccount,
  { policy: { currency }, metadata }: OfficeContext,
): BankEvent | BankRejection {
  const { id: reversalId, recordId } = command;
  const found = records.get(recordId);
  if (found === undefined) return { type: 'BankRecordNotFound', kind: 'notFound', recordId };
  const { amount } = found.data;
  const confirmationId =
    found.type === 'SafeDeposited'
      ? items.get(bankItemKey({ kind: 'safeDeposit', depositId: recordId, method: '', amount }))
      : undefined;
  if (reversed.has(recordId) || confirmationId !== undefined) {
    return { type: 'BankRecordClosed', kind: 'conflict', recordId, confirmationId: confirmationId ?? null };
  }
  const data = { reversalId, recordId, currency, amount, ...circumstancesOf(command) };
  return { type: 'BankRecordReversed', data, metadata };
}
