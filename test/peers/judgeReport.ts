import type { AccountEvent } from '../../src/index.js';
import { formatMismatch, type Mismatch, unlessSame, unlessSameAmount } from './compare.js';
import { centsOf } from './folioAmount.js';
import { type Desk, type DeskCommand, dollars, feeIdOf, mustAsk, openDesk } from './ourDesk.js';
import { refundCommands } from './ourRefund.js';
import type { ReportScenario } from './scenario.js';
import { differs, failed, type Verdict, verdictOf } from './verdict.js';

/** A line of FOLIO's report of refunds, in cents. */
type Row = { readonly refund: number; readonly paidSoFar: number; readonly transferredSoFar: number };

/** An entry of the ledger, and a time that keeps its order within its day. */
type Entry = { readonly op: string; readonly cents: number; readonly day: string; readonly at: string };

/** Received and returned amounts, in cents. */
type Totals = { readonly received: number; readonly givenBack: number };

/** A till report: by payment method, and separately the transfers to external systems. */
type Report = { readonly byMethod: ReadonlyMap<string, Totals>; readonly transferred: Totals };

/**
 * Plays a ledger and reports its refunds. FOLIO's running totals are what was received until then; this report also has
 * what was given back, so that the net can be computed.
 */
export function judgeReport(scenario: ReportScenario): Verdict {
  const { given } = scenario;
  const entries = given.ledger.map(([op, amount, day], index): Entry => {
    const at = new Date(Date.parse(`${day}T00:00:00Z`) + index * 1000).toISOString();
    return { op, cents: centsOf(amount), day, at };
  });
  const [from, to] = given.interval ?? ['', '~'];
  const refunds = entries
    .filter(({ op, day }) => op === 'refund' && day >= from && day <= to)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const theirs = rowsThere(entries, refunds);
  const wrong = scenario.betterThen === undefined ? compareRows(scenario.then, theirs) : [];
  if (wrong.length > 0)
    return failed(wrong.map((mismatch) => `FOLIO's rules say otherwise: ${formatMismatch(mismatch)}`));
  const ours = rowsHere(given.accounts[0], entries, refunds);
  const isCut = ours.some((row, index) => row.refund < (theirs[index] as Row).refund);
  return verdictOf(
    scenario,
    (expected) => ({ mismatches: compareRows(expected, ours).map(formatMismatch), reasons: [] }),
    ({ mismatches }) =>
      isCut
        ? differs(['What never came in cannot be given back, so no report says that it was'])
        : failed(mismatches),
  );
}

function rowsThere(entries: readonly Entry[], refunds: readonly Entry[]): Row[] {
  return refunds.map(({ cents, at }) => {
    const sofar = (kind: string) =>
      sum(entries.filter((entry) => entry.op === kind && entry.at <= at).map((entry) => entry.cents));
    return { refund: cents, paidSoFar: sofar('pay'), transferredSoFar: sofar('transfer') };
  });
}

function rowsHere(
  account: ReportScenario['given']['accounts'][number] | undefined,
  entries: readonly Entry[],
  refunds: readonly Entry[],
): Row[] {
  const { desk, givenBack } = playLedger(account, entries);
  return refunds.map((entry): Row => {
    const { byMethod, transferred } = reportOf(desk.events().filter(({ data }) => data.at <= entry.at));
    return {
      refund: givenBack.get(entry) as number,
      paidSoFar: sum([...byMethod.values()].map(({ received }) => received)),
      transferredSoFar: transferred.received,
    };
  });
}

function compareRows(expected: ReportScenario['then'], rows: readonly Row[]): Mismatch[] {
  const { rows: wanted, note: _note, ...others } = expected;
  return [
    ...Object.entries(others).flatMap(([path, value]) => unlessSame(path, value, undefined)),
    ...unlessSame('rows', wanted.length, rows.length),
    ...wanted.flatMap((row, index) => compareRow(`rows[${index}]`, row, rows[index])),
  ];
}

function compareRow(
  path: string,
  expected: ReportScenario['then']['rows'][number],
  row: Row | undefined,
): Mismatch[] {
  return Object.entries(expected).flatMap(([key, value]) =>
    key === 'note'
      ? []
      : key === 'refund' || key === 'paidSoFar' || key === 'transferredSoFar'
        ? unlessSameAmount(`${path}.${key}`, value as string, row?.[key])
        : [{ path: `${path}.${key}`, expected: value, actual: 'a field that is not understood' }],
  );
}

/** The report is by day, so refunds can be played after the payments they give back, whatever their day. */
function playLedger(
  account: ReportScenario['given']['accounts'][number] | undefined,
  entries: readonly Entry[],
) {
  const desk = openDesk({ feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } } });
  const others = entries.filter(({ op }) => op !== 'refund');
  const feeId = feeIdOf('fee');
  const needed = sum(others.map(({ cents }) => cents));
  const amount = dollars(Math.max(needed, centsOf(account?.amount ?? '0'), 1));
  const at = '1900-01-01T00:00:00Z';
  mustAsk(desk, { type: 'AssessFee', id: feeId, feeType: 'OVERDUEFINE', amount, owner: 'MAIN', at });
  for (const entry of others) {
    mustAsk(desk, { ...commandFor(entry.op, dollars(entry.cents), feeId), at: entry.at });
  }
  const givenBack = new Map(
    entries.filter(({ op }) => op === 'refund').map((entry) => [entry, refund(desk, entry)]),
  );
  return { desk, givenBack };
}

function commandFor(op: string, amount: string, feeId: string): DeskCommand {
  if (op === 'pay') return { type: 'ReceivePayment', amount, method: 'CASH', feeIds: [feeId] };
  if (op === 'waive') return { type: 'WaiveFees', fees: [{ feeId, amount }], reason: 'OTHER' };
  return { type: 'TransferFees', fees: [{ feeId, amount }], destination: 'BURSAR' };
}

/** Gives back an amount, as far as it was received; returns the refund of the report, in cents. */
function refund(desk: Desk, { cents, at }: Entry): number {
  const earlier = desk.events().length;
  const commands = refundCommands(desk.account(), ['fee'], dollars(cents));
  if (commands.length > 0) mustAsk(desk, ...commands.map((command) => ({ ...command, at })));
  const { byMethod, transferred } = reportOf(desk.events().slice(earlier));
  return sum([...byMethod.values(), transferred].map(({ givenBack }) => givenBack));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** Sums the payments of some events. Refunds and reversed payments were returned; the net is the difference. */
function reportOf(events: readonly AccountEvent[]): Report {
  const byMethod = new Map<string, Totals>();
  const add = (method: string, received: number, givenBack: number) => {
    const total = byMethod.get(method) ?? { received: 0, givenBack: 0 };
    byMethod.set(method, { received: total.received + received, givenBack: total.givenBack + givenBack });
  };
  let transferred: Totals = { received: 0, givenBack: 0 };
  for (const { type, data } of events) {
    if (type === 'PaymentReceived') add(data.method, centsOf(data.amount), 0);
    if (type === 'PaymentReversed' || type === 'CreditRefunded') add(data.method, 0, centsOf(data.amount));
    if (type === 'FeeTransferred')
      transferred = { ...transferred, received: transferred.received + centsOf(data.amount) };
    if (type === 'TransferRecalled')
      transferred = { ...transferred, givenBack: transferred.givenBack + centsOf(data.amount) };
  }
  return { byMethod, transferred };
}
