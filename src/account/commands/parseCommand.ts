import * as v from 'valibot';
import type { Fault } from '../../errors.js';
import type { FaultCode } from '../../faultWords.js';
import { expects } from '../../input/faultCodes.js';
import { describedText, faultsOf, MISSING } from '../../input/faults.js';
import { dateField } from '../../input/instant.js';
import { nearest } from '../../input/nearest.js';
import { isPlainObject, onlyFields } from '../../input/plainObject.js';
import { type QuickParse, quickParse } from '../../input/quickParse.js';
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
import type { Command, CommandOf, CommandType } from './command.js';
import type { CommandBase, CommandMetadata, CreditChoice, FeePart } from './commandBase.js';
import type { ShortfallFee } from './paymentCommands.js';
import type { Eligibility, EligibleSelection } from './transferCommands.js';

/** A command in canonical form, or all faults of its shape. */
type ParsedCommand = { readonly command: Command } | { readonly faults: readonly Fault[] };

/** The schema of each type of command, and its parser. */
type Parsers = ReadonlyMap<unknown, { readonly schema: v.GenericSchema; readonly quick: QuickParse<object> }>;

/** The parsers by number of decimals, created when first needed. */
const parsersByDigits = /* @__PURE__ */ new Map<number, Parsers>();

/**
 * Parses a command of any origin into canonical form: a copy without undefined fields, with amounts that have exactly
 * the currency's decimals. Never throws, even if reading the input throws.
 */
export function parseCommand(input: unknown, digits: number): ParsedCommand {
  try {
    return parse(definedParts(input), digits);
  } catch (error) {
    const expected = expects('readable');
    const found = typeof error === 'string' ? 'a text that was thrown' : shown(error);
    return { faults: [{ path: '', expected, found, code: 'readable', parameters: {} }] };
  }
}

function parse(input: unknown, digits: number): ParsedCommand {
  const type: unknown =
    typeof input === 'object' && input !== null ? (input as { type?: unknown }).type : undefined;
  const parsers = parsersFor(digits).get(type);
  if (parsers === undefined) {
    return { faults: [typeFault(type, input)] };
  }
  const { schema, quick } = parsers;
  const command = hasEnumerablePrototype() ? undefined : quick(input);
  if (command !== undefined) return { command: command as Command };
  const result = v.safeParse(schema, input);
  return result.success
    ? { command: result.output as Command }
    : { faults: faultsOf(result.issues, schema, 'described') };
}

/** Whether a program gave every object a field, by its prototype. Then the schemas refuse every command. */
function hasEnumerablePrototype(): boolean {
  for (const _ in {}) return true;
  return false;
}

/** The fault of something that has no name of a command, or an unknown one. */
function typeFault(type: unknown, input: unknown): Fault {
  const given = type ?? input;
  const options = Object.keys(fieldsByCommand);
  const fault = { path: 'type', expected: expects('command', { options }), code: 'command' } as const;
  if (typeof given !== 'string') {
    const isMissing = typeof input === 'object' && input !== null && type === undefined;
    const found = isMissing ? MISSING : shown(given);
    return { ...fault, found, parameters: { options } };
  }
  const known = nearest(given, options);
  return known === undefined
    ? describedText(fault, given, 'command', { options })
    : { ...fault, found: shown(given), parameters: { options, nearest: known } };
}

function parsersFor(digits: number): Parsers {
  const known = parsersByDigits.get(digits);
  if (known !== undefined) return known;
  const schemas = Object.entries(commandSchemas(digits));
  const made: Parsers = new Map(
    schemas.map(([type, schema]) => [type, { schema, quick: quickParse(schema) }]),
  );
  parsersByDigits.set(digits, made);
  return made;
}

/**
 * Reads every field once into a copy without undefined fields and without a prototype. Values other than lists and
 * plain objects (a date, a map) are returned unchanged, to be refused later.
 */
function definedParts(input: unknown): unknown {
  if (Array.isArray(input)) return entriesOf(input)?.map(definedParts);
  if (typeof input !== 'object' || !isPlainObject(input)) return input;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(input)) {
    const value = input[key];
    if (value !== undefined) copy[key] = definedParts(value);
  }
  return copy;
}

/**
 * Reads a list once, by its entries rather than by its claimed length. Returns undefined for a list with holes, which
 * may claim any length and cannot be written as JSON.
 */
export function entriesOf(list: readonly unknown[]): readonly unknown[] | undefined {
  const entries: readonly unknown[] = Object.values(list);
  return entries.length === list.length ? entries : undefined;
}

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
type CommandSchemas = Readonly<Record<string, v.GenericSchema<unknown, AnyFields>>>;

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

/** A field that a command must have. */
const required = 'required';

/** A field that a command may leave out. */
const optional = 'optional';

/** The names of all fields of a union type. */
type FieldOf<Data> = Data extends unknown ? keyof Data : never;

/** Whether every member of a union type requires a field. */
type Presence<Data, Field> = typeof optional extends (
  Data extends unknown
    ? Field extends keyof Data
      ? Record<never, never> extends Pick<Data, Field>
        ? typeof optional
        : typeof required
      : typeof optional
    : never
)
  ? typeof optional
  : typeof required;

/** All fields of a type. The compiler rejects a table with a missing or an additional field. */
type Fields<Data, Field extends PropertyKey = FieldOf<Data>> = {
  readonly [Name in Field]: Presence<Data, Name>;
};

/** The fields that a command adds to the common ones, including the reason if it is required. */
type OwnField<Data> =
  | Exclude<FieldOf<Data>, 'type' | keyof CommandBase>
  | (Presence<Data, 'reason'> extends typeof required ? 'reason' : never);

/**
 * The fields of each command besides the common ones, checked against the command's type. A field has the same meaning
 * in every command, so its schema is written once, in commandSchemas.ts.
 */
export const fieldsByCommand = {
  AssessFee: {
    feeType: required,
    amount: required,
    owner: optional,
    item: optional,
    loanId: optional,
    incidentId: optional,
    automatic: optional,
  },
  AccrueFine: {
    feeId: required,
    feeType: required,
    total: optional,
    owner: optional,
    loanId: optional,
    item: optional,
    ends: optional,
  },
  ReceivePayment: {
    amount: required,
    method: required,
    allocations: optional,
    feeIds: optional,
    order: optional,
    overpayment: optional,
    externalTransactionId: optional,
    externalTransactionTotal: optional,
    part: optional,
    reference: optional,
  },
  WaiveFees: { fees: required, reason: required },
  ReturnLostItem: { feeIds: optional, loanId: optional },
  DisputeFee: { feeId: required },
  ResolveDispute: { feeId: required, outcome: required, remedy: optional },
  TransferFees: {
    fees: optional,
    credits: optional,
    eligible: optional,
    destination: optional,
    expectsSettlement: optional,
    externalReference: optional,
  },
  SettleTransfer: { transferId: required, amount: required, externalReference: optional },
  ReverseSettlement: {
    settlementId: required,
    amount: optional,
    shortfallFee: optional,
    externalReference: optional,
  },
  RecallTransfer: { transferId: required, amount: optional },
  IssueCredit: { amount: required, cause: required, purpose: optional, owner: optional, item: optional },
  CancelCredit: { creditId: required, amount: optional, forfeit: optional },
  ApplyCredit: {
    creditId: required,
    amount: optional,
    allocations: optional,
    feeIds: optional,
    order: optional,
  },
  RefundCredit: {
    creditId: required,
    amount: optional,
    method: required,
    externalTransactionId: optional,
    externalTransactionTotal: optional,
    reference: optional,
  },
  CancelFee: { feeId: required, amount: optional },
  ReversePayment: {
    paymentId: required,
    amount: optional,
    method: optional,
    externalTransactionId: optional,
    externalTransactionTotal: optional,
    shortfallFee: optional,
  },
  ReverseWaiver: { waiverId: required },
  ReverseCreditApplication: { applicationId: required },
  ReverseRefund: { refundId: required },
  AgreePaymentPlan: { feeIds: required, instalments: required },
  EndPaymentPlan: { planId: required, cause: required },
} as const satisfies { readonly [Type in CommandType]: Fields<CommandOf<Type>, OwnField<CommandOf<Type>>> };
