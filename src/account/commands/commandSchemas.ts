import * as v from 'valibot';
import type { FaultCode } from '../../faultWords.js';
import { expects } from '../../input/faultCodes.js';
import { dateField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { shown } from '../../input/shown.js';
import { type AmountSchema, amountOrZeroSchema, amountSchema } from '../../money/amountSchema.js';
import { paymentOrders } from '../../policy/paymentOrder.js';
import { accrualEndCauses } from '../accrual.js';
import type { Allocation } from '../circumstances.js';
import { disputeOutcomes } from '../events/feeEvents.js';
import {
  approverField,
  circumstancesFields,
  commandActorField,
  commandIdField,
  itemField,
  nameField,
  policyCodeField,
  textField,
} from '../fieldSchemas.js';
import { planEndCauses } from '../records.js';
import type { CommandType } from './command.js';
import type { CommandMetadata, CreditChoice, FeePart } from './commandBase.js';
import { type Fields, fieldsByCommand, optional, required } from './commandFields.js';
import type { ShortfallFee } from './paymentCommands.js';
import type { Eligibility, EligibleSelection } from './transferCommands.js';

/** The schemas of fields by name. Fields without an entry are ids or codes. */
type FieldsByName = Readonly<Record<string, v.GenericSchema>>;

/** Creates the schema of an object with the fields of a table. */
function objectOf(
  fields: Readonly<Record<string, typeof required | typeof optional>>,
  byName: FieldsByName,
  common: v.ObjectEntries = {},
) {
  const entries: v.ObjectEntries = { ...common };
  for (const [name, presence] of Object.entries(fields)) {
    const schema = byName[name] ?? nameField;
    entries[name] = presence === required ? schema : v.exactOptional(schema);
  }
  return onlyFields(entries);
}

/** Creates the schema of a list without duplicates. */
function listOf<Entry>(
  entry: v.GenericSchema<unknown, Entry>,
  idOf: (entry: Entry) => unknown,
  atLeast: 0 | 1 = 1,
) {
  return v.pipe(
    v.array(entry),
    v.check((list) => list.length >= atLeast, expects('atLeastOne')),
    v.check((list) => new Set(list.map(idOf)).size === list.length, expects('distinct')),
  );
}

/** Returns the schemas of all fields that are neither ids nor codes, for a currency's amounts. */
function fieldsByName(amount: AmountSchema, total: AmountSchema): FieldsByName {
  const feeType = policyCodeField('feeType');
  const eligibility = objectOf(
    {
      minimumAmount: optional,
      minimumAgeDays: optional,
      feeTypes: optional,
      owners: optional,
    } satisfies Fields<Eligibility>,
    {
      minimumAmount: amount,
      minimumAgeDays: v.pipe(
        v.number(),
        v.check((days) => days >= 0 && days < Number.POSITIVE_INFINITY, expects('days')),
      ),
      feeTypes: v.array(nameField),
      owners: v.array(nameField),
    },
  );
  return {
    amount,
    feeType,
    method: policyCodeField('method'),
    reason: policyCodeField('reason'),
    total,
    externalTransactionTotal: amount,
    part: v.picklist(['whole', 'rest']),
    item: itemField,
    reference: textField,
    externalReference: textField,
    expectsSettlement: v.boolean(),
    automatic: v.boolean(),
    forfeit: v.boolean(),
    allocations: listOf(
      objectOf({ feeId: required, amount: required } satisfies Fields<Allocation>, { amount }),
      ({ feeId }) => feeId,
      0,
    ),
    feeIds: listOf(nameField, (feeId) => feeId),
    fees: listOf(
      objectOf({ feeId: required, amount: optional } satisfies Fields<FeePart>, { amount }),
      ({ feeId }) => feeId,
    ),
    credits: listOf(
      objectOf({ creditId: required, amount: optional } satisfies Fields<CreditChoice>, { amount }),
      ({ creditId }) => creditId,
    ),
    eligible: objectOf({ fees: optional, credits: optional } satisfies Fields<EligibleSelection>, {
      fees: eligibility,
      credits: eligibility,
    }),
    shortfallFee: objectOf(
      { feeId: required, feeType: required, owner: optional } satisfies Fields<ShortfallFee>,
      { feeType },
    ),
    instalments: v.pipe(
      v.array(onlyFields({ dueOn: dateField, amount })),
      v.check((list) => list.length >= 1, expects('atLeastOne')),
      v.check(
        (list) => list.every(({ dueOn }, index) => dueOn > (list[index - 1]?.dueOn ?? '')),
        expects('laterDays'),
      ),
    ),
    order: v.picklist(paymentOrders),
    overpayment: v.picklist(['refuse', 'credit']),
    outcome: v.picklist(disputeOutcomes),
    ends: v.picklist(accrualEndCauses),
    remedy: v.picklist(['waive', 'cancel']),
    cause: v.picklist(['manual', 'imported']),
    purpose: v.picklist(['refundable', 'goodwill']),
  };
}

/** The schemas of fields that mean something else in one command. */
const fieldsByCommandType: Readonly<Partial<Record<CommandType, FieldsByName>>> = {
  EndPaymentPlan: { cause: v.picklist(planEndCauses) },
};

/** The fields in rules whose values are words of a list. */
const words = ['remedy', 'purpose'];

/** The fields of a command, for the rules between them. */
type AnyFields = Readonly<Record<string, unknown>>;

/** A rule between the fields of a command: the field it is about, the code of what is expected, and the condition. */
type FieldRule = {
  readonly field: string;
  readonly code: FaultCode;
  readonly holds: (command: AnyFields) => boolean;
};

/** A command with allocations has no `feeIds` and no `order`. */
const allocationsStandAlone: FieldRule = {
  field: 'allocations',
  code: 'allocationsAlone',
  holds: ({ allocations, feeIds, order }) =>
    allocations === undefined || (feeIds === undefined && order === undefined),
};

/** A total and a part belong to a transaction. */
const ofTransaction: FieldRule = {
  field: 'externalTransactionId',
  code: 'transactionId',
  holds: ({ externalTransactionId, externalTransactionTotal, part }) =>
    externalTransactionId !== undefined || (externalTransactionTotal === undefined && part === undefined),
};

/** The whole of a transaction is its total, and the rest names no fees unless it says the total. */
const partOfTransaction: readonly FieldRule[] = [
  {
    field: 'part',
    code: 'restNamesNoFees',
    holds: ({ part, feeIds, allocations, externalTransactionTotal }) =>
      part !== 'rest' ||
      externalTransactionTotal !== undefined ||
      (feeIds === undefined && (!Array.isArray(allocations) || allocations.length === 0)),
  },
  {
    field: 'externalTransactionTotal',
    code: 'totalOfWhole',
    holds: ({ part, amount, externalTransactionTotal }) =>
      part !== 'whole' || externalTransactionTotal === undefined || externalTransactionTotal === amount,
  },
];

/** The rules between the fields of each command. */
export const fieldRules: Readonly<Partial<Record<CommandType, readonly FieldRule[]>>> = {
  AccrueFine: [
    {
      field: 'total',
      code: 'totalOrEnd',
      holds: ({ total, ends }) => total !== undefined || ends !== undefined,
    },
    {
      field: 'feeId',
      code: 'otherId',
      holds: ({ id, feeId }) => id !== feeId,
    },
  ],
  ReceivePayment: [allocationsStandAlone, ofTransaction, ...partOfTransaction],
  RefundCredit: [ofTransaction],
  ReversePayment: [ofTransaction],
  ApplyCredit: [
    allocationsStandAlone,
    {
      field: 'allocations',
      code: 'atLeastOne',
      holds: ({ allocations }) => !Array.isArray(allocations) || allocations.length > 0,
    },
  ],
  ReturnLostItem: [
    {
      field: 'feeIds',
      code: 'feesOrLoan',
      holds: ({ feeIds, loanId }) => (feeIds === undefined) !== (loanId === undefined),
    },
  ],
  ResolveDispute: [
    {
      field: 'remedy',
      code: 'remedyOfOutcome',
      holds: ({ outcome, remedy }) => (outcome === 'patronUpheld') === (remedy !== undefined),
    },
  ],
  TransferFees: [
    {
      field: 'eligible',
      code: 'namedOrEligible',
      holds: ({ fees, credits, eligible }) =>
        (fees === undefined && credits === undefined) === (eligible !== undefined),
    },
  ],
  IssueCredit: [
    {
      field: 'purpose',
      code: 'goodwillIfManual',
      holds: ({ cause, purpose }) => cause !== 'manual' || purpose !== 'refundable',
    },
  ],
};

/** Creates the check of a rule between fields. Its fault names the field. */
function ruleCheck({ field, code, holds }: FieldRule) {
  return v.rawCheck<AnyFields>(({ dataset, addIssue }) => {
    if (!dataset.typed || holds(dataset.value)) return;
    const { value } = dataset;
    const path = { type: 'unknown', origin: 'value', input: value, key: field, value: value[field] } as const;
    const given = value[field];
    // Any text but a word of a list is an id.
    const received = words.includes(field) || typeof given !== 'string' ? shown(given) : 'an id';
    addIssue({ message: expects(code), received, path: [path] });
  });
}

/** The schemas of all commands by name. */
export type CommandSchemas = Readonly<Record<string, v.GenericSchema<unknown, AnyFields>>>;

/**
 * Creates the schemas of all commands for a currency with `digits` decimals. Their output is canonical: amounts with
 * exactly the currency's decimals, and no undefined fields.
 */
export function commandSchemas(digits: number): CommandSchemas {
  const amount = amountSchema(digits);
  const byName = fieldsByName(amount, amountOrZeroSchema(digits));
  const common = {
    type: v.string(),
    id: commandIdField,
    ...circumstancesFields,
    by: v.exactOptional(commandActorField),
    approvedBy: v.exactOptional(approverField(amount)),
    metadata: v.exactOptional(
      objectOf({ correlationId: optional, causationId: optional } satisfies Fields<CommandMetadata>, {
        correlationId: textField,
        causationId: textField,
      }),
    ),
  };
  const schemas: Record<string, CommandSchemas[string]> = Object.create(null);
  for (const [type, fields] of Object.entries(fieldsByCommand)) {
    const rules = (fieldRules[type as CommandType] ?? []).map(ruleCheck);
    const own = { ...byName, ...fieldsByCommandType[type as CommandType] };
    schemas[type] = v.pipe(objectOf(fields, own, common), ...rules);
  }
  return schemas;
}
