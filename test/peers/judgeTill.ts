import type { RecordedEvent } from '../../src/history/index.js';
import { groupedPayments, paymentsReport } from '../../src/jobs/reports/index.js';
import { type TransactionLine, transactions } from '../../src/views/index.js';
import { formatMismatch, type Mismatch, unlessSame } from './compare.js';
import { centsOf } from './folioAmount.js';
import { type Desk, type DeskCommand, dollars, feeIdOf, mustAsk, openDesk, tableOf } from './ourDesk.js';
import { refundCommands } from './ourRefund.js';
import type { TillScenario } from './tillScenario.js';
import { failed, type Verdict, verdictOf } from './verdict.js';

type Entry = TillScenario['given']['ledger'][number];
type Expected = TillScenario['then'];

/** One line of a report: an amount in cents, its count, and its name in each list of totals. */
type Line = {
  readonly cents: number;
  readonly count: number;
  readonly names: Readonly<Record<string, string | null | undefined>>;
};

/** Plays the operations at service points, and compares the reports with FOLIO's lists of totals. */
export function judgeTill(scenario: TillScenario): Verdict {
  const wrong = compareTotals(scenario.then, linesThere(scenario));
  if (wrong.length > 0)
    return failed(wrong.map((mismatch) => `FOLIO's rules say otherwise: ${formatMismatch(mismatch)}`));
  const desk = play(scenario);
  const { when } = scenario;
  const ours = when.op === 'cash-drawer-report' ? drawerHere(desk, when) : transactionsHere(desk, when);
  return verdictOf(scenario, (expected) => ({
    mismatches: compareTotals(expected, ours).map(formatMismatch),
    reasons: [],
  }));
}

const actionNames = {
  pay: 'Payment',
  waive: 'Waive',
  transfer: 'Transfer',
  refund: 'Refund',
  cancel: 'Cancelled',
};

/**
 * FOLIO's lines: one for each account of an operation. The drawer has the payments of one service point, without
 * netting (`CashDrawerReconciliationReportService.java`); the other report has every operation on an owner's fees
 * (`FinancialTransactionsDetailReportService.java`). A cancellation has the amount of the fee.
 */
function linesThere({ given, when }: TillScenario): Line[] {
  const [from, to] = when.interval;
  const isShown = ({ op, at, source, servicePoint }: Entry, owner: string) => {
    if (at.slice(0, 10) < from || at.slice(0, 10) > to) return false;
    if (when.op === 'financial-transactions-report')
      return owner === when.owner && when.servicePoints.includes(servicePoint);
    const isSource = when.sources === undefined || when.sources.includes(source);
    return op === 'pay' && servicePoint === when.servicePoint && isSource;
  };
  return given.ledger.flatMap((entry) =>
    entry.of.flatMap(({ account, amount }): Line[] => {
      const fee = given.accounts.find(({ ref }) => ref === account);
      if (fee === undefined) throw new Error(`given.ledger: there is no account ${account}`);
      if (!isShown(entry, fee.owner)) return [];
      const { op, source, method, reason, transferAccount } = entry;
      const names = namesOf(op, { source, ...fee, method, reason, transferAccount });
      return [{ cents: centsOf(op === 'cancel' ? fee.amount : amount), count: 1, names }];
    }),
  );
}

/** The name of a line in each list of totals; undefined in lists of another operation. */
function namesOf(
  op: Entry['op'],
  about: {
    readonly source?: string | undefined;
    readonly type: string;
    readonly owner: string;
    readonly method?: string | null | undefined;
    readonly reason?: string | null | undefined;
    readonly transferAccount?: string | undefined;
  },
): Line['names'] {
  return {
    bySource: about.source,
    byPaymentMethod: op === 'pay' ? about.method : null,
    byFeeFineType: about.type,
    byFeeFineOwner: about.owner,
    byAction: actionNames[op],
    byWaiveReason: op === 'waive' ? about.reason : null,
    byRefundReason: op === 'refund' ? about.reason : null,
    byTransferAccount: op === 'transfer' ? about.transferAccount : null,
  };
}

/** The payments report of a desk. It counts a payment once, however many fees it pays. */
function drawerHere(desk: Desk, when: Extract<TillScenario['when'], { op: 'cash-drawer-report' }>): Line[] {
  const events = desk
    .events()
    .map((event, index): RecordedEvent => ({ version: index + 1, recordedAt: event.data.at, event }));
  const [from, to] = when.interval;
  const report = paymentsReport([{ institution: 'north', patronId: 'p', events }], desk.policy, {
    timeZone: 'UTC',
    from,
    through: to,
    desks: [when.servicePoint],
    columns: ['user', 'method', 'feeType', 'owner'],
  });
  const { sources } = when;
  const rows = report.rows.filter(({ user }) => sources === undefined || sources.includes(user ?? ''));
  return groupedPayments({ ...report, rows }, report.columns).rows.flatMap((row): Line[] => {
    const { user, method, feeType, owner, gross, payments } = row;
    if (gross === '0.00') return [];
    const names = { bySource: user, byPaymentMethod: method, byFeeFineType: feeType, byFeeFineOwner: owner };
    return [{ cents: centsOf(gross), count: payments, names }];
  });
}

const operations: Partial<Record<TransactionLine['kind'], Entry['op']>> = {
  payment: 'pay',
  waiver: 'waive',
  transfer: 'transfer',
  paymentReversed: 'refund',
  recall: 'refund',
  cancellation: 'cancel',
};

/** The transactions of every fee of an owner, as in the view of a fee. */
function transactionsHere(
  desk: Desk,
  when: Extract<TillScenario['when'], { op: 'financial-transactions-report' }>,
): Line[] {
  const [from, to] = when.interval;
  const account = desk.account();
  return account.fees
    .filter(({ owner }) => owner === when.owner)
    .flatMap(({ feeId, feeType, owner }) =>
      transactions(account, desk.policy, { id: feeId }).lines.flatMap((line): Line[] => {
        const { kind, at, by, amount, method, reason, references } = line;
        const op = operations[kind];
        const isShown = at.slice(0, 10) >= from && at.slice(0, 10) <= to;
        if (op === undefined || !isShown || !when.servicePoints.includes(by?.desk ?? '')) return [];
        const transferAccount = references.destination;
        const names = namesOf(op, { type: feeType, owner, method, reason, transferAccount });
        return [{ cents: centsOf(amount), count: 1, names: { ...names, bySource: by?.userId } }];
      }),
    );
}

function compareTotals({ total, note: _note, ...byList }: Expected, lines: readonly Line[]): Mismatch[] {
  return [
    ...(total === undefined ? [] : unlessSame('total', wanted('all', total), written('all', sumOf(lines)))),
    ...Object.entries(byList).flatMap(([path, expected]) =>
      isList(path, expected)
        ? compareList(path, expected, lines)
        : [{ path, expected, actual: 'a field that is not understood' }],
    ),
  ];
}

type TotalsRow = NonNullable<Expected['bySource']>[number];

const lists = Object.keys(namesOf('pay', { type: '', owner: '' }));

function isList(path: string, expected: unknown): expected is readonly TotalsRow[] {
  return lists.includes(path) && Array.isArray(expected);
}

function compareList(path: string, expected: readonly TotalsRow[], lines: readonly Line[]): Mismatch[] {
  const found = byName(lines, path).map(([name, sum]) => written(name, sum));
  const unknown = expected.flatMap((row) =>
    Object.keys(row).filter((key) => !['name', 'amount', 'count'].includes(key)),
  );
  return [
    ...unknown.map((key) => ({
      path: `${path}.${key}`,
      expected: key,
      actual: 'a field that is not understood',
    })),
    ...unlessSame(
      path,
      expected
        .map((row) => wanted(row.name, row))
        .sort()
        .join('; '),
      found.sort().join('; '),
    ),
  ];
}

function written(name: string, { cents, count }: ReturnType<typeof sumOf>): string {
  return `${name}: ${dollars(cents)} in ${count}`;
}

function wanted(name: string, { amount, count }: Pick<TotalsRow, 'amount' | 'count'>): string {
  return written(name, { cents: centsOf(amount), count });
}

/** Sums by name; a line without a name in a list is left out of it. */
function byName(lines: readonly Line[], path: string): [string, ReturnType<typeof sumOf>][] {
  const names = new Set(lines.flatMap(({ names: { [path]: name } }) => name || []));
  return [...names].map((name) => [name, sumOf(lines.filter((line) => line.names[path] === name))]);
}

function sumOf(lines: readonly Line[]) {
  return {
    cents: lines.reduce((total, { cents }) => total + cents, 0),
    count: lines.reduce((total, { count }) => total + count, 0),
  };
}

/** Charges all fees, then performs the operations of the ledger at the desk. */
function play({ given }: TillScenario): Desk {
  const { accounts, ledger } = given;
  const desk = openDesk({
    feeTypes: Object.fromEntries(accounts.map(({ type }) => [type, { label: type, manual: true }])),
    paymentMethods: { CASH: 'Cash', ...tableOf(ledger.map(({ method }) => method)) },
    waiveReasons: {
      OTHER: 'Other',
      ...tableOf(ledger.map(({ op, reason }) => (op === 'waive' ? reason : undefined))),
    },
    destinations: { BURSAR: 'Bursar', ...tableOf(ledger.map(({ transferAccount }) => transferAccount)) },
  });
  for (const { ref, amount, type, owner } of accounts) {
    const at = '1900-01-01T00:00:00Z';
    mustAsk(desk, { type: 'AssessFee', id: feeIdOf(ref), feeType: type, amount, owner, at });
  }
  for (const entry of ledger) {
    const { at, source: userId, servicePoint } = entry;
    const by = { channel: 'desk', userId, desk: servicePoint } as const;
    mustAsk(desk, ...commandsFor(desk, entry).map((command) => ({ ...command, at, by })));
  }
  return desk;
}

function commandsFor(
  desk: Desk,
  { op, of, method = 'CASH', reason, transferAccount = 'BURSAR' }: Entry,
): DeskCommand[] {
  const fees = of.map(({ account, amount }) => ({ feeId: feeIdOf(account), amount }));
  const amount = dollars(of.reduce((total, part) => total + centsOf(part.amount), 0));
  switch (op) {
    case 'pay':
      return [{ type: 'ReceivePayment', amount, method, allocations: fees }];
    case 'waive':
      return [{ type: 'WaiveFees', fees, reason: reason ?? 'OTHER' }];
    case 'transfer':
      return [{ type: 'TransferFees', fees, destination: transferAccount }];
    case 'cancel':
      return fees.map(({ feeId }) => ({ type: 'CancelFee', feeId }));
    case 'refund':
      return of.flatMap((part) =>
        refundCommands(desk.account(), [part.account], part.amount).map((command) => ({
          ...command,
          ...(reason !== undefined && { reason }),
        })),
      );
  }
}
