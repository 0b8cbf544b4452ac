import { type Fee, feeStatus, remaining } from '../../src/index.js';
import { centsOf } from './folioAmount.js';
import { errorOf, perform } from './ourCommands.js';
import { type Desk, dollars, feeIdOf, feeOf, mustAsk, openDesk, tableOf } from './ourDesk.js';
import { isOwnLine, linesOf } from './ourLines.js';
import { ourNames } from './ourNames.js';
import { refundableOf, totalOf } from './ourRefund.js';
import { type Line, noticesOf, type Refunded, type Row, type World } from './outcome.js';
import type { ActionScenario, GivenAccount, Request } from './scenario.js';

/** The answers of this library to FOLIO's requests, in FOLIO's words. */
export function ourWorld({ given, when }: Pick<ActionScenario, 'given' | 'when'>): World {
  const names = ourNames();
  const accounts = given.accounts.map(names.account);
  const requests = [...given.history, ...when.steps].map(names.request);
  const world = worldOf(accounts, requests, names.label);
  return { perform: (request) => names.outcome(world.perform(names.request(request))) };
}

function worldOf(
  accounts: readonly GivenAccount[],
  requests: readonly Request[],
  labelOf: (code: string) => string,
): World {
  const targets = accounts.flatMap(({ ledger }) => ledger.map(({ target }) => target));
  const desk = openDesk({
    feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } },
    paymentMethods: tableOf(['CASH', ...requests.map(({ method }) => method)]),
    waiveReasons: tableOf(['OTHER', ...requests.map(({ reason }) => reason)]),
    destinations: tableOf([...targets, ...requests.map(({ target }) => target)]),
  });
  for (const row of accounts) takeIn(desk, row);
  const labels = new Map(accounts.map(({ ref, paymentStatus }) => [ref, paymentStatus]));
  const refs = accounts.map(({ ref }) => ref);
  const rows = () => new Map(refs.map((ref) => [ref, rowOf(desk, ref, labels)] as const));
  return {
    perform(request) {
      const op = request.op.replace('check-', '');
      const isCheck = op !== request.op;
      const before = { account: desk.account(), rows: rows() };
      // In the order of the library's own payments, oldest fee first; missing fees come before all others.
      const named = [
        ...request.accounts.filter((ref) => !refs.includes(ref)),
        ...refs.filter((ref) => request.accounts.includes(ref)),
      ];
      const echoAmount = request.amount ?? '';
      const existing = named.flatMap((ref) => feeOf(before.account, ref) ?? []);
      const ourFigures = {
        remainedBefore: existing.map(remaining),
        uncancelledBefore: existing.map((fee) => remaining(fee) + fee.waived),
      };
      const rejection = perform(desk, op, request, named);
      if (rejection !== undefined) {
        const error = errorOf(rejection, echoAmount);
        const httpStatus = error === 'ACCOUNT_NOT_FOUND' ? 404 : 422;
        const refused = {
          httpStatus,
          error,
          echoAmount,
          rows: before.rows,
          lines: [],
          notices: [],
          shares: [],
          ...ourFigures,
        };
        return isCheck ? { ...refused, allowed: false } : refused;
      }
      const lines = named
        .flatMap((ref) => linesOf(desk, before.account, op, request, ref))
        .map((line) => ({ ...line, type: labelOf(line.type) }));
      const shares = named.map((ref) => sum(lines.filter(isOwnLine(ref)).map(({ amount }) => amount)));
      const amount = op === 'cancel' ? {} : { amount: sum(shares) };
      if (isCheck) {
        const wouldRemain = sum(named.map((ref) => roomOf(desk, op, ref)));
        desk.backTo(before.account);
        return {
          httpStatus: 200,
          allowed: true,
          ...amount,
          wouldRemain,
          rows: before.rows,
          lines: [],
          notices: [],
          shares,
          ...ourFigures,
        };
      }
      for (const { account, type } of lines) labels.set(account, type);
      const after = rows();
      const loanOf = (ref: string) => feeOf(desk.account(), ref)?.loanId ?? undefined;
      const notices = noticesOf(before.rows, after, named, loanOf);
      const refunded = op === 'refund' ? { refunded: refundedBy(lines) } : {};
      return { httpStatus: 201, ...amount, rows: after, lines, notices, shares, ...refunded, ...ourFigures };
    },
  };
}

function refundedBy(lines: readonly Line[]): Refunded {
  const refunds = lines.filter(({ type }) => type.startsWith('Refunded'));
  const of = (isPatron: boolean) =>
    sum(refunds.filter(({ recipient }) => (recipient === 'patron') === isPatron).map(({ amount }) => amount));
  return { patron: of(true), others: of(false) };
}

/**
 * Creates a FOLIO row. A reduction without a ledger line to explain it is treated as never charged; a row that
 * contradicts its ledger is charged high enough for both.
 */
function takeIn(desk: Desk, row: GivenAccount): void {
  const feeId = feeIdOf(row.ref);
  let net = 0;
  let most = 0;
  for (const { op, amount } of row.ledger) {
    net += centsOf(amount) * (op === 'refund' ? -1 : 1);
    most = Math.max(most, net);
  }
  const left = Math.max(0, centsOf(row.remaining));
  const original = Math.max(centsOf(row.amount), left + net, most, 1);
  mustAsk(desk, {
    type: 'AssessFee',
    id: feeId,
    feeType: 'OVERDUEFINE',
    amount: dollars(original),
    owner: 'MAIN',
    ...(row.loan ? { loanId: row.loan } : {}),
  });
  for (const { op, amount, target } of row.ledger) {
    const request = {
      op,
      amount: dollars(centsOf(amount)),
      accounts: [row.ref],
      bulk: false,
      target,
    } as Request;
    if (perform(desk, op, request, [row.ref]) !== undefined)
      throw new Error(`the ledger of ${row.ref} cannot be played`);
  }
  const excess = original - net - left;
  if (excess > 0) mustAsk(desk, { type: 'CancelFee', feeId, amount: dollars(excess) });
}

function rowOf(desk: Desk, ref: string, labels: ReadonlyMap<string, string>): Row {
  const fee = feeOf(desk.account(), ref) as Fee;
  const status = feeStatus(fee) === 'active' ? 'Open' : 'Closed';
  return { remaining: remaining(fee), status, paymentStatus: labels.get(ref) as string };
}

function roomOf(desk: Desk, op: string, ref: string): number {
  const fee = feeOf(desk.account(), ref) as Fee;
  return op === 'refund' ? totalOf(refundableOf(desk.account(), fee)) : remaining(fee);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
