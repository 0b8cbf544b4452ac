import type {
  ApplyCredit,
  CancelCredit,
  IssueCredit,
  RefundCredit,
  ReverseCreditApplication,
  ReverseRefund,
} from './creditCommands.js';
import type {
  AccrueFine,
  AgreePaymentPlan,
  AssessFee,
  CancelFee,
  DisputeFee,
  EndPaymentPlan,
  ResolveDispute,
  ReturnLostItem,
  ReverseWaiver,
  WaiveFees,
} from './feeCommands.js';
import type { ReceivePayment, ReversePayment } from './paymentCommands.js';
import type { RecallTransfer, ReverseSettlement, SettleTransfer, TransferFees } from './transferCommands.js';

/** A request to change a patron account. */
export type Command =
  | AssessFee
  | AccrueFine
  | ReceivePayment
  | WaiveFees
  | ReturnLostItem
  | DisputeFee
  | ResolveDispute
  | TransferFees
  | SettleTransfer
  | ReverseSettlement
  | RecallTransfer
  | IssueCredit
  | CancelCredit
  | ApplyCredit
  | RefundCredit
  | CancelFee
  | ReversePayment
  | ReverseWaiver
  | ReverseCreditApplication
  | ReverseRefund
  | AgreePaymentPlan
  | EndPaymentPlan;

/** The name of a command: see {@link Command} for what each one does. */
export type CommandType = Command['type'];

/** The command type with the given name. */
export type CommandOf<Type extends CommandType> = Extract<
  Command,
  {
    /** The command's name. */
    type: Type;
  }
>;

/**
 * Several commands, decided as a whole: an array, or any list with its length and its entries.
 *
 * It has none of an array's methods, so that the compiler reports a wrong `at` of a single command as that field, not
 * as the method `at` of a list.
 */
export type CommandList = {
  /** The number of commands. */
  readonly length: number;
  /** The commands, from 0. */
  readonly [index: number]: Command;
  /** Iterates the commands. */
  readonly [Symbol.iterator]: () => Iterator<Command>;
};
