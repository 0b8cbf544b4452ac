import * as v from 'valibot';
import { type AmountSchema, amountSchema } from '../money/amountSchema.js';
import { plainObject } from '../plainObject.js';
import { paymentOrders } from '../policy/paymentOrder.js';
import type { CommandType } from './commands.js';
import { shown } from './corruptHistory.js';
import { disputeOutcomes } from './events/feeEvents.js';
import { actorField, circumstancesFields, commandIdField, itemField, nameField } from './fieldSchemas.js';

/** Makes a list in which nothing is named twice. */
function listOf<Entry>(
  entry: v.GenericSchema<unknown, Entry>,
  nameOf: (entry: Entry) => string,
  atLeast: 0 | 1,
) {
  return v.pipe(
    v.array(entry),
    v.minLength(atLeast, 'at least one'),
    v.check((list) => new Set(list.map(nameOf)).size === list.length, 'each named once'),
  );
}

/** Makes an object of which every field may be left out. */
function objectOf<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(plainObject, v.strictObject(entries));
}

/** The fields of each command besides those that every command has, for a currency with so many decimals. */
function fieldsByCommand(amount: AmountSchema) {
  const part = v.exactOptional(amount);
  const name = v.exactOptional(nameField);
  const text = v.exactOptional(v.string());
  const allocation = v.strictObject({ feeId: nameField, amount });
  const allocations = (atLeast: 0 | 1) => v.exactOptional(listOf(allocation, ({ feeId }) => feeId, atLeast));
  const spread = {
    feeIds: v.exactOptional(listOf(nameField, (feeId) => feeId, 1)),
    order: v.exactOptional(v.picklist(paymentOrders, `one of ${paymentOrders.join(', ')}`)),
  };
  const feeParts = listOf(v.strictObject({ feeId: nameField, amount: part }), ({ feeId }) => feeId, 1);
  const creditParts = listOf(
    v.strictObject({ creditId: nameField, amount: part }),
    ({ creditId }) => creditId,
    1,
  );
  const eligibility = v.exactOptional(
    objectOf({
      minimumAmount: part,
      minimumAgeDays: v.exactOptional(v.pipe(v.number(), v.minValue(0, 'a number of days, 0 or more'))),
      feeTypes: v.exactOptional(v.array(nameField)),
      owners: v.exactOptional(v.array(nameField)),
    }),
  );
  return {
    AssessFee: {
      feeType: nameField,
      amount,
      owner: name,
      item: v.exactOptional(itemField),
      loanId: name,
      incidentId: name,
    },
    ReceivePayment: {
      amount,
      method: nameField,
      allocations: allocations(0),
      ...spread,
      overpayment: v.exactOptional(v.picklist(['refuse', 'credit'], 'refuse or credit')),
      externalTransactionId: name,
      reference: text,
    },
    WaiveFees: { fees: feeParts, reason: nameField },
    ReturnLostItem: { feeIds: spread.feeIds, loanId: name },
    DisputeFee: { feeId: nameField },
    ResolveDispute: {
      feeId: nameField,
      outcome: v.picklist(disputeOutcomes, `one of ${disputeOutcomes.join(', ')}`),
      remedy: v.exactOptional(v.picklist(['waive', 'cancel'], 'waive or cancel')),
    },
    TransferFees: {
      fees: v.exactOptional(feeParts),
      credits: v.exactOptional(creditParts),
      eligible: v.exactOptional(objectOf({ fees: eligibility, credits: eligibility })),
      destination: name,
      expectsSettlement: v.exactOptional(v.boolean()),
      externalReference: text,
    },
    SettleTransfer: { transferId: nameField, amount, externalReference: text },
    RecallTransfer: { transferId: nameField, amount: part },
    IssueCredit: {
      amount,
      cause: v.picklist(['manual', 'imported'], 'manual or imported'),
      purpose: v.exactOptional(v.picklist(['refundable', 'goodwill'], 'refundable or goodwill')),
      owner: name,
      item: v.exactOptional(itemField),
    },
    CancelCredit: { creditId: nameField, amount: part },
    ApplyCredit: { creditId: nameField, amount: part, allocations: allocations(1), ...spread },
    RefundCredit: {
      creditId: nameField,
      amount: part,
      method: nameField,
      externalTransactionId: name,
      reference: text,
    },
    CancelFee: { feeId: nameField, amount: part },
    ReversePayment: {
      paymentId: nameField,
      amount: part,
      method: name,
      shortfallFee: v.exactOptional(v.strictObject({ feeId: nameField, feeType: nameField, owner: name })),
    },
    ReverseWaiver: { waiverId: nameField },
    ReverseCreditApplication: { applicationId: nameField },
    ReverseRefund: { refundId: nameField },
  } satisfies Record<CommandType, v.ObjectEntries>;
}

/** A command as far as rules between its fields look at it. */
type Fields = Readonly<Record<string, unknown>>;

/** A rule between the fields of a command: which field is wrong when, and what would be right. */
type FieldRule = {
  readonly field: string;
  readonly expected: string;
  readonly holds: (command: Fields) => boolean;
};

/** Allocations say everything: neither a choice of fees nor an order goes with them. */
const allocationsStandAlone: FieldRule = {
  field: 'allocations',
  expected: 'no feeIds and no order beside allocations',
  holds: ({ allocations, feeIds, order }) =>
    allocations === undefined || (feeIds === undefined && order === undefined),
};

/** What the fields of a command must be to each other. */
const fieldRules: Readonly<Partial<Record<CommandType, FieldRule>>> = {
  ReceivePayment: allocationsStandAlone,
  ApplyCredit: allocationsStandAlone,
  ReturnLostItem: {
    field: 'feeIds',
    expected: 'either feeIds or loanId',
    holds: ({ feeIds, loanId }) => (feeIds === undefined) !== (loanId === undefined),
  },
  ResolveDispute: {
    field: 'remedy',
    expected: 'waive or cancel with the outcome patronUpheld, nothing with another',
    holds: ({ outcome, remedy }) => (outcome === 'patronUpheld') === (remedy !== undefined),
  },
  TransferFees: {
    field: 'eligible',
    expected: 'either fees and credits by name, or all that is eligible',
    holds: ({ fees, credits, eligible }) =>
      (fees === undefined && credits === undefined) === (eligible !== undefined),
  },
  IssueCredit: {
    field: 'purpose',
    expected: 'goodwill, or nothing, with the cause manual',
    holds: ({ cause, purpose }) => cause !== 'manual' || purpose !== 'refundable',
  },
};

/** Schemas of all commands by name. */
export type CommandSchemas = Readonly<Record<string, v.GenericSchema<unknown, Fields>>>;

/**
 * Makes the schemas of all commands for a currency with so many decimals. What they give is canonical: amounts with
 * exactly the currency's decimals, nothing undefined.
 */
export function commandSchemas(digits: number): CommandSchemas {
  const metadata = v.exactOptional(
    objectOf({ correlationId: v.exactOptional(v.string()), causationId: v.exactOptional(v.string()) }),
  );
  const fields: Record<CommandType, v.ObjectEntries> = fieldsByCommand(amountSchema(digits));
  const schemas = Object.entries(fields).map(([type, entries]) => {
    const common = {
      type: v.literal(type),
      id: commandIdField,
      ...circumstancesFields,
      by: v.exactOptional(actorField),
    };
    const schema = v.strictObject({ ...common, metadata, ...entries });
    const rule = fieldRules[type as CommandType];
    if (rule === undefined) return [type, schema];
    return [
      type,
      v.pipe(
        schema,
        v.rawCheck(({ dataset, addIssue }) => {
          if (!dataset.typed || rule.holds(dataset.value)) return;
          const command: Record<string, unknown> = dataset.value;
          const { field, expected } = rule;
          const path = {
            type: 'object',
            origin: 'value',
            input: command,
            key: field,
            value: command[field],
          } as const;
          addIssue({ message: expected, received: shown(command[field]), path: [path] });
        }),
      ),
    ];
  });
  return Object.assign(Object.create(null), Object.fromEntries(schemas));
}
