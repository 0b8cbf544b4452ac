import {
  type AccountEvent,
  type Command,
  decide,
  definePolicy,
  emptyAccount,
  fold,
  type PatronAccount,
} from 'patron-fees';

/** An event that can happen, and the account before and after it. */
export type Transition = {
  readonly before: PatronAccount;
  readonly event: AccountEvent;
  readonly after: PatronAccount;
};

/** How many commands follow a start. One more adds nothing to the pictures, and takes ten times as long. */
const DEPTH = 3;

const policy = definePolicy({
  currency: 'USD',
  overpayment: 'credit',
  destinations: { BURSAR: 'Bursar' },
  transfers: { expectsSettlement: true, fees: {}, credits: {} },
});

/** A command without its id and time. */
type Move = Command extends infer One ? (One extends Command ? Omit<One, 'id' | 'at'> : never) : never;

const fee: Move = { type: 'AssessFee', feeType: 'OTHER', amount: '2.00', owner: 'MAIN' };

/** Where everything starts: a fee of each kind, and some states that take several commands to reach. */
const starts: readonly (readonly Move[])[] = [
  [fee],
  [{ type: 'AssessFee', feeType: 'LOSTITEMREPLACEMENTFEE', amount: '2.00', owner: 'MAIN' }],
  [{ type: 'AccrueFine', feeId: 'fine', feeType: 'OVERDUEFINE', total: '2.00', owner: 'MAIN' }],
  [fee, { type: 'ReceivePayment', amount: '1.00', method: 'CASH' }],
  [fee, { type: 'TransferFees', fees: [{ feeId: 'c1', amount: '1.00' }], destination: 'BURSAR' }],
  [fee, { type: 'TransferFees', fees: [{ feeId: 'c1' }], destination: 'BURSAR' }],
  [{ type: 'IssueCredit', amount: '1.00', cause: 'imported', owner: 'MAIN' }],
];

/**
 * Everything that can happen to one fee: every command with a part and the whole of each amount, then every command
 * after that, and so on. Accounts with the same figures are continued once.
 */
export function* transitions(): Generator<Transition> {
  const seen = new Set<string>();
  let accounts: PatronAccount[] = [];
  for (const moves of starts) {
    let account = emptyAccount();
    for (const move of moves) account = yield* transitionsOf(move, account);
    accounts.push(account);
  }
  for (let depth = 1; depth <= DEPTH; depth++) {
    const next: PatronAccount[] = [];
    for (const account of accounts) {
      for (const move of movesOn(account)) {
        const after = yield* transitionsOf(move, account);
        const figures = signature(after);
        if (after === account || seen.has(figures)) continue;
        seen.add(figures);
        next.push(after);
      }
    }
    accounts = next;
  }
}

/** Gives a command to an account, yields what happens and returns the account after it; the same one if it is refused. */
function* transitionsOf(move: Move, account: PatronAccount): Generator<Transition, PatronAccount> {
  const command = { ...move, id: `c${account.eventCount + 1}`, at: '2026-03-02T09:00:00Z' } as Command;
  let before = account;
  for (const event of decide(command, account, policy).events) {
    const after = fold([event], before);
    yield { before, event, after };
    before = after;
  }
  return before;
}

/** Every command that names a row of the account, and those that name none. Most of them are refused. */
function movesOn(account: PatronAccount): Move[] {
  const part = '1.00';
  const [method, owner] = ['CASH', 'MAIN'];
  const moves: Move[] = [
    { type: 'IssueCredit', amount: part, cause: 'manual', reason: 'GOODWILL' },
    { type: 'IssueCredit', amount: part, cause: 'imported', owner },
  ];
  for (const amount of [part, '2.00', '3.00']) moves.push({ type: 'ReceivePayment', amount, method });
  for (const { feeId, feeType, accrual } of account.fees) {
    const upheld = { type: 'ResolveDispute', feeId, outcome: 'patronUpheld' } as const;
    moves.push(
      { type: 'WaiveFees', fees: [{ feeId }], reason: 'OTHER' },
      { type: 'WaiveFees', fees: [{ feeId, amount: part }], reason: 'OTHER' },
      { type: 'DisputeFee', feeId },
      { type: 'ResolveDispute', feeId, outcome: 'feeStands' },
      { type: 'ResolveDispute', feeId, outcome: 'withdrawn' },
      { ...upheld, remedy: 'cancel' },
      { ...upheld, remedy: 'waive', reason: 'OTHER' },
      { type: 'TransferFees', fees: [{ feeId }], destination: 'BURSAR' },
      { type: 'TransferFees', fees: [{ feeId }], destination: 'BURSAR', expectsSettlement: false },
      { type: 'CancelFee', feeId },
      { type: 'CancelFee', feeId, amount: part },
      { type: 'ReturnLostItem', feeIds: [feeId] },
    );
    if (accrual === null) continue;
    for (const total of [part, '3.00']) {
      moves.push({ type: 'AccrueFine', feeId, feeType, total });
      moves.push({ type: 'AccrueFine', feeId, feeType, total, ends: 'returned' });
    }
  }
  for (const { creditId } of account.credits)
    moves.push(
      { type: 'ApplyCredit', creditId },
      { type: 'RefundCredit', creditId, method },
      { type: 'TransferFees', credits: [{ creditId }], destination: 'BURSAR' },
      { type: 'CancelCredit', creditId },
    );
  for (const { transferId } of account.transfers)
    moves.push(
      { type: 'SettleTransfer', transferId, amount: part },
      { type: 'SettleTransfer', transferId, amount: '3.00' },
      { type: 'RecallTransfer', transferId },
    );
  const shortfallFee = { feeId: `short${account.eventCount}`, feeType: 'OTHER', owner };
  for (const { paymentId } of account.payments)
    moves.push({ type: 'ReversePayment', paymentId }, { type: 'ReversePayment', paymentId, shortfallFee });
  for (const { settlementId } of account.settlements)
    moves.push(
      { type: 'ReverseSettlement', settlementId },
      { type: 'ReverseSettlement', settlementId, shortfallFee },
    );
  for (const { waiverId } of account.waivers) moves.push({ type: 'ReverseWaiver', waiverId });
  for (const { refundId } of account.refunds) moves.push({ type: 'ReverseRefund', refundId });
  for (const { applicationId } of account.applications)
    moves.push({ type: 'ReverseCreditApplication', applicationId });
  return moves;
}

/** The figures of an account without its ids, times and transactions: what decides how it can go on. */
function signature(account: PatronAccount): string {
  const { fees, credits, payments, waivers, transfers, settlements, applications, refunds } = account;
  const rows = { fees, credits, payments, waivers, transfers, settlements, applications, refunds };
  return JSON.stringify(rows, (key, value) =>
    key === 'transactions' || (typeof value === 'string' && /Id$|At$|^at$/.test(key)) ? undefined : value,
  );
}
