/**
 * The commands that a policy's {@link Approvals} can name: those that have amounts, of accounts and of the office,
 * except the counts of a till. `SettleOnlinePart` and `SettleOnlineReport` are the functions `settleOnlinePart` and
 * `settleOnlineReport`. `IssueCredit` with the cause `imported` is named `ImportCredit` here, because it becomes money
 * although none came in; `IssueCredit` means the other causes.
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
  'MoveTillMoney',
  'AcceptTillDifference',
  'RecordRemittance',
  'ReverseRemittance',
  'DepositFromSafe',
  'ConfirmBankEntry',
  'EndBankItem',
  'BookBankEntry',
  'ReverseBankRecord',
  'SettleOnlinePart',
  'SettleOnlineReport',
] as const;

/**
 * The jobs that need an approval once a policy's {@link Approvals} name them, whatever the amount: a seal that makes
 * differences known, and a purge.
 */
export const approvableJobs = ['SealKnown', 'Purge'] as const;

/**
 * The commands that a policy's permissions are about: all but `AccrueFine` and `ReturnLostItem`. `MergeAccounts` and
 * `SeparateAccounts` are the functions `mergeAccounts` and `separateAccounts`, which write two accounts. `SecondUser`
 * permits another user in a list of commands; each command needs its own permission, too. `CloseReceiptSeries` is the
 * function `closeReceiptSeries`; a policy that does not name it permits it to the roles that approve a purge.
 */
export const permittedCommands = [
  ...approvableCommands,
  'DisputeFee',
  'AgreePaymentPlan',
  'EndPaymentPlan',
  'MergeAccounts',
  'SeparateAccounts',
  'OpenTill',
  'CloseTill',
  'SecondUser',
  'CloseReceiptSeries',
] as const;

/** A command that needs a permission, once a policy defines any. */
export type PermittedCommand = (typeof permittedCommands)[number];

/** A command that a policy's {@link Approvals} can name. */
export type ApprovableCommand = (typeof approvableCommands)[number];

/** What a policy's {@link Approvals} can name beside commands: it has no amount. */
export type ApprovableJob = (typeof approvableJobs)[number];

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

/** Who may approve what has no amount. */
export type JobApproval = {
  /** The roles that may approve; the approver needs one of them. */
  readonly roles: readonly string[];
};

/**
 * Which commands need the approval of a second member of staff, above which amount, by command. Such a command must
 * name its user (`by.userId`) and another user with one of the roles who approves it (`approvedBy`), up to the amount
 * that the approver was shown; otherwise it is refused with {@link ApprovalRequired}. What patrons pay and dispute, and
 * what the library system computes, needs none. If the policy names `SealKnown` or `Purge`, this job always needs an
 * approval, whatever the amounts.
 */
export type Approvals = {
  readonly [Command in ApprovableCommand]?: Approval;
} & {
  readonly [Job in ApprovableJob]?: JobApproval;
};

/**
 * Lists of types of commands. For the same thing (a fee, a credit, a session of a till, a deposit, a remittance, a
 * transaction of an online payment) one user may give commands of only one type of a list; a command of another type is
 * refused with {@link SameUser}.
 */
export type Duties = readonly (readonly PermittedCommand[])[];

/** Who may give which command, and up to which amount: by command, then by role. */
export type Permissions = {
  readonly [Command in PermittedCommand]?: Readonly<Record<string, Permission>>;
};
