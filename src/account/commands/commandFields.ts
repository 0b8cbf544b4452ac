import type { CommandOf, CommandType } from './command.js';
import type { CommandBase } from './commandBase.js';

/** A field that a command must have. */
export const required = 'required';

/** A field that a command may leave out. */
export const optional = 'optional';

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
export type Fields<Data, Field extends PropertyKey = FieldOf<Data>> = {
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
