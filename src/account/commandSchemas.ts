import * as v from 'valibot';
import { plainObject } from '../input/plainObject.js';
import { shown } from '../input/shown.js';
import { type AmountSchema, amountOrZeroSchema, amountSchema } from '../money/amountSchema.js';
import { paymentOrders } from '../policy/paymentOrder.js';
import { accrualEndCauses } from './accrual.js';
import type { CommandType } from './commands.js';
import { disputeOutcomes } from './events/feeEvents.js';
import {
  actorField,
  circumstancesFields,
  commandIdField,
  itemField,
  nameField,
  policyCodeField,
} from './fieldSchemas.js';

/**
 * The fields of each command besides those that every command has; `?` marks one that may be left out. A field of one
 * name means the same in every command, so its shape is said once, in `fieldsByName`.
 */
export const fieldsByCommand = {
  AssessFee: 'feeType amount owner? item? loanId? incidentId? automatic?',
  AccrueFine: 'feeId feeType total? owner? loanId? item? ends?',
  ReceivePayment: 'amount method allocations? feeIds? order? overpayment? externalTransactionId? reference?',
  WaiveFees: 'fees reason',
  ReturnLostItem: 'feeIds? loanId?',
  DisputeFee: 'feeId',
  ResolveDispute: 'feeId outcome remedy?',
  TransferFees: 'fees? credits? eligible? destination? expectsSettlement? externalReference?',
  SettleTransfer: 'transferId amount externalReference?',
  ReverseSettlement: 'settlementId amount? shortfallFee? externalReference?',
  RecallTransfer: 'transferId amount?',
  IssueCredit: 'amount cause purpose? owner? item?',
  CancelCredit: 'creditId amount?',
  ApplyCredit: 'creditId amount? allocations? feeIds? order?',
  RefundCredit: 'creditId amount? method externalTransactionId? reference?',
  CancelFee: 'feeId amount?',
  ReversePayment: 'paymentId amount? method? shortfallFee?',
  ReverseWaiver: 'waiverId',
  ReverseCreditApplication: 'applicationId',
  ReverseRefund: 'refundId',
} as const satisfies Record<CommandType, string>;

/** Fields by name; what has no entry is a name: an id or a code. */
type FieldsByName = Readonly<Record<string, v.GenericSchema>>;

/** Makes an object with the fields that a text lists. */
function objectOf(fields: string, byName: FieldsByName, common: v.ObjectEntries = {}) {
  const entries: v.ObjectEntries = { ...common };
  for (const field of fields.split(' ')) {
    const name = field.replace('?', '');
    const schema = byName[name] ?? nameField;
    entries[name] = name === field ? schema : v.exactOptional(schema);
  }
  return v.pipe(plainObject, v.strictObject(entries));
}

/** Makes a list in which nothing is named twice. */
function listOf<Entry>(
  entry: v.GenericSchema<unknown, Entry>,
  idOf: (entry: Entry) => unknown,
  atLeast: 0 | 1 = 1,
) {
  return v.pipe(
    v.array(entry),
    v.check((list) => list.length >= atLeast, 'at least one'),
    v.check((list) => new Set(list.map(idOf)).size === list.length, 'each named once'),
  );
}

/** One of a few words. */
function oneOf(words: readonly string[]) {
  return v.picklist(words, `one of ${words.join(', ')}`);
}

/** The shapes of the fields that are no names, for a currency with so many decimals. */
function fieldsByName(amount: AmountSchema, total: AmountSchema): FieldsByName {
  const text = v.string();
  const feeType = policyCodeField("one of the policy's fee types");
  const eligibility = objectOf('minimumAmount? minimumAgeDays? feeTypes? owners?', {
    minimumAmount: amount,
    minimumAgeDays: v.pipe(
      v.number(),
      v.check((days) => days >= 0 && days < Number.POSITIVE_INFINITY, 'a number of days, 0 or more'),
    ),
    feeTypes: v.array(nameField),
    owners: v.array(nameField),
  });
  return {
    amount,
    feeType,
    method: policyCodeField("one of the policy's payment methods"),
    reason: policyCodeField("one of the policy's reasons"),
    total,
    item: itemField,
    reference: text,
    externalReference: text,
    expectsSettlement: v.boolean(),
    automatic: v.boolean(),
    allocations: listOf(objectOf('feeId amount', { amount }), ({ feeId }) => feeId, 0),
    feeIds: listOf(nameField, (feeId) => feeId),
    fees: listOf(objectOf('feeId amount?', { amount }), ({ feeId }) => feeId),
    credits: listOf(objectOf('creditId amount?', { amount }), ({ creditId }) => creditId),
    eligible: objectOf('fees? credits?', { fees: eligibility, credits: eligibility }),
    shortfallFee: objectOf('feeId feeType owner?', { feeType }),
    order: oneOf(paymentOrders),
    overpayment: oneOf(['refuse', 'credit']),
    outcome: oneOf(disputeOutcomes),
    ends: oneOf(accrualEndCauses),
    remedy: oneOf(['waive', 'cancel']),
    cause: oneOf(['manual', 'imported']),
    purpose: oneOf(['refundable', 'goodwill']),
  };
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
const fieldRules: Readonly<Partial<Record<CommandType, readonly FieldRule[]>>> = {
  AccrueFine: [
    {
      field: 'total',
      expected: 'an amount, unless the fine ends as it stands',
      holds: ({ total, ends }) => total !== undefined || ends !== undefined,
    },
    {
      field: 'feeId',
      expected: 'another id than that of the command',
      holds: ({ id, feeId }) => id !== feeId,
    },
  ],
  ReceivePayment: [allocationsStandAlone],
  ApplyCredit: [
    allocationsStandAlone,
    {
      field: 'allocations',
      expected: 'at least one',
      holds: ({ allocations }) => !Array.isArray(allocations) || allocations.length > 0,
    },
  ],
  ReturnLostItem: [
    {
      field: 'feeIds',
      expected: 'either feeIds or loanId',
      holds: ({ feeIds, loanId }) => (feeIds === undefined) !== (loanId === undefined),
    },
  ],
  ResolveDispute: [
    {
      field: 'remedy',
      expected: 'waive or cancel with the outcome patronUpheld, nothing with another',
      holds: ({ outcome, remedy }) => (outcome === 'patronUpheld') === (remedy !== undefined),
    },
  ],
  TransferFees: [
    {
      field: 'eligible',
      expected: 'either fees and credits by name, or all that is eligible',
      holds: ({ fees, credits, eligible }) =>
        (fees === undefined && credits === undefined) === (eligible !== undefined),
    },
  ],
  IssueCredit: [
    {
      field: 'purpose',
      expected: 'goodwill, or nothing, with the cause manual',
      holds: ({ cause, purpose }) => cause !== 'manual' || purpose !== 'refundable',
    },
  ],
};

/** Makes the check of a rule between fields; its fault names the field. */
function ruleCheck({ field, expected, holds }: FieldRule) {
  return v.rawCheck<Fields>(({ dataset, addIssue }) => {
    if (!dataset.typed || holds(dataset.value)) return;
    const { value } = dataset;
    const path = { type: 'unknown', origin: 'value', input: value, key: field, value: value[field] } as const;
    addIssue({ message: expected, received: shown(value[field]), path: [path] });
  });
}

/** Schemas of all commands by name. */
export type CommandSchemas = Readonly<Record<string, v.GenericSchema<unknown, Fields>>>;

/**
 * Makes the schemas of all commands for a currency with so many decimals. What they give is canonical: amounts with
 * exactly the currency's decimals, nothing undefined.
 */
export function commandSchemas(digits: number): CommandSchemas {
  const byName = fieldsByName(amountSchema(digits), amountOrZeroSchema(digits));
  const common = {
    type: v.string(),
    id: commandIdField,
    ...circumstancesFields,
    by: v.exactOptional(actorField),
    metadata: v.exactOptional(
      objectOf('correlationId? causationId?', { correlationId: v.string(), causationId: v.string() }),
    ),
  };
  const schemas: Record<string, CommandSchemas[string]> = Object.create(null);
  for (const [type, fields] of Object.entries(fieldsByCommand)) {
    const rules = (fieldRules[type as CommandType] ?? []).map(ruleCheck);
    schemas[type] = v.pipe(objectOf(fields, byName, common), ...rules);
  }
  return schemas;
}
