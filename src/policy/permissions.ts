/**
 * The commands that a policy's {@link Approvals} can name: those of an account that have amounts. `ImportCredit` is
 * `IssueCredit` with the cause `imported`, which is not `IssueCredit` here: it becomes money without any coming in.
 */
export const approvableCommands = [
  'AssessFee',
  'ReceivePayment',
  'WaiveFees',
  'ResolveDispute',
  'TransferFees',
  'SettleTransfer',
  'ReverseSettlement',
  'RecallTransfer',
  'IssueCredit',
  'ImportCredit',
  'CancelCredit',
  'ApplyCredit',
  'RefundCredit',
  'CancelFee',
  'ReversePayment',
  'ReverseWaiver',
  'ReverseCreditApplication',
  'ReverseRefund',
] as const;

/**
 * The commands that a policy's permissions are about: all but `AccrueFine` and `ReturnLostItem`. `MergeAccounts` and
 * `SeparateAccounts` are the functions `mergeAccounts` and `separateAccounts`, which write two accounts. The last eight
 * are commands to tills, about remittances and about bank accounts.
 */
export const permittedCommands = [
  ...approvableCommands,
  'DisputeFee',
  'AgreePaymentPlan',
  'EndPaymentPlan',
  'MergeAccounts',
  'SeparateAccounts',
  'OpenTill',
  'MoveTillMoney',
  'CloseTill',
  'AcceptTillDifference',
  'RecordRemittance',
  'ReverseRemittance',
  'DepositFromSafe',
  'ConfirmBankEntry',
  'ReverseBankRecord',
] as const;

/** A command that needs a permission, once a policy defines any. */
export type PermittedCommand = (typeof permittedCommands)[number];

/** A command that a policy's {@link Approvals} can name. */
export type ApprovableCommand = (typeof approvableCommands)[number];

/** What a role may do with a command. */
export type Permission = {
  /**
   * The highest amount of one call, a decimal string: of a command, or of all commands of its type by the same user in
   * a list. No limit if left out.
   */
  readonly upTo?: string;
};

/** When a command needs the approval of a second member of staff. */
export type Approval = {
  /**
   * The highest amount of one call that needs none, compared as the limits of roles are; a decimal string, or `"0"` for
   * any amount.
   */
  readonly above: string;
  /** The roles that may approve; the approver needs one of them. */
  readonly roles: readonly string[];
};

/**
 * Which commands need the approval of a second member of staff, above which amount, by command. Such a command must
 * name its user (`by.userId`) and another one who approves it (`approvedBy`), with one of the roles, up to the amount
 * that this one was shown; else it is refused with {@link ApprovalRequired}. What patrons pay and dispute, and what the library system computes, needs none.
 */
export type Approvals = {
  readonly [Command in ApprovableCommand]?: Approval;
};

/** Who may give which command, and up to which amount: by command, then by role. */
export type Permissions = {
  readonly [Command in PermittedCommand]?: Readonly<Record<string, Permission>>;
};
