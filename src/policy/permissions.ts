/**
 * The commands that a policy's permissions are about: all but `AccrueFine` and `ReturnLostItem`. `MergeAccounts` and
 * `SeparateAccounts` are the functions `mergeAccounts` and `separateAccounts`, which write two accounts. The last five are
 * commands to tills and about remittances.
 */
export const permittedCommands = [
  'AssessFee',
  'ReceivePayment',
  'WaiveFees',
  'DisputeFee',
  'ResolveDispute',
  'TransferFees',
  'SettleTransfer',
  'ReverseSettlement',
  'RecallTransfer',
  'IssueCredit',
  'CancelCredit',
  'ApplyCredit',
  'RefundCredit',
  'CancelFee',
  'ReversePayment',
  'ReverseWaiver',
  'ReverseCreditApplication',
  'ReverseRefund',
  'AgreePaymentPlan',
  'EndPaymentPlan',
  'MergeAccounts',
  'SeparateAccounts',
  'OpenTill',
  'MoveTillMoney',
  'CloseTill',
  'RecordRemittance',
  'ReverseRemittance',
] as const;

/** A command that needs a permission, once a policy defines any. */
export type PermittedCommand = (typeof permittedCommands)[number];

/** What a role may do with a command. */
export type Permission = {
  /**
   * The highest amount of one call, a decimal string: of a command, or of all commands of its type by the same user in a
   * list. No limit if left out.
   */
  readonly upTo?: string;
};

/** Who may give which command, and up to which amount: by command, then by role. */
export type Permissions = {
  readonly [Command in PermittedCommand]?: Readonly<Record<string, Permission>>;
};
