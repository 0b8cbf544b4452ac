import type { FeePolicy, PatronAccount } from 'patron-fees';
import { streamName } from 'patron-fees/history';
import { finesAndFees, summary } from 'patron-fees/views';
import { type EventLine, faultText, idOfLine, isOfficeLine, type LineFault, ofOffice } from '../eventLine.js';
import { openSource } from '../eventSource.js';
import { type FoldedAccount, foldedAccounts } from '../foldedAccounts.js';
import { type PolicyOptions, policyFor, readPolicy } from '../policyFile.js';
import { CliError, type ExitCode, print, report, type Terminal, table, visible } from '../terminal.js';

/** Options of `replay`. */
export type ReplayOptions = PolicyOptions & {
  readonly asOf?: string;
  readonly patron?: string;
  /** Whether rows that are closed are shown too. */
  readonly all?: boolean;
  readonly json?: boolean;
};

/** Prints balances and rows of the accounts of a file or a store. */
export async function replay(terminal: Terminal, address: string, options: ReplayOptions): Promise<ExitCode> {
  const isKnown = untilTime(options.asOf);
  const policy = await readPolicy(options);
  const source = await openSource(terminal, address);
  let faults = 0;
  let accounts = 0;
  const onFault = (fault: LineFault) => {
    faults += 1;
    report(terminal, faultText(fault));
  };
  const chosen = async function* () {
    for await (const line of source.events(onFault)) {
      if (isOfficeLine(line)) throw new CliError(ofOffice(source.name));
      const isAsked = options.patron === undefined || idOfLine(line) === options.patron;
      if (isAsked && isKnown(line)) yield line;
    }
  };
  try {
    for await (const folded of foldedAccounts(terminal, source.name, chosen(), onFault)) {
      accounts += 1;
      await print(terminal, accountText(folded, policy, options));
    }
  } finally {
    await source.close();
  }
  if (accounts === 0 && options.patron !== undefined)
    throw new CliError(`${source.name} has no events of ${options.patron}.`);
  if (accounts + faults === 0)
    report(terminal, `${source.name} has no events${options.asOf ? ' of that time' : ''}.`);
  return faults === 0 ? 0 : 1;
}

/** Returns whether an event was recorded by a time; without a time of recording, whether it happened by then. */
function untilTime(asOf: string | undefined): (line: EventLine) => boolean {
  if (asOf === undefined) return () => true;
  const until = Date.parse(asOf);
  // JavaScript takes February 31 for March 3.
  const day = new Date(`${asOf.slice(0, 10)}T00:00:00Z`);
  if (
    Number.isNaN(until) ||
    Number(asOf.slice(8, 10)) !== day.getUTCDate() ||
    !/(Z|[+-]\d\d:?\d\d)$/.test(asOf)
  )
    throw new CliError(`--as-of ${asOf}: expected a time with a zone, such as 2026-03-31T23:59:59Z.`);
  return ({ recordedAt, event }) => Date.parse(recordedAt ?? event.data.at) <= until;
}

function accountText(folded: FoldedAccount, policy: FeePolicy, { all, json }: ReplayOptions): string {
  const { stream, version } = folded;
  const account = folded.account as PatronAccount;
  const own = policyFor(policy, account.currency);
  const { currency, active, disputed, transferred, payable } = summary(account, own);
  const balances = { active, disputed, transferred, payable };
  // No texts: comments, notes and titles are not asked for.
  const rows = finesAndFees(account, own, { status: 'all' })
    .rows.filter(({ status }) => all === true || status !== 'closed')
    .map(({ id, type, status, original, remaining }) => ({ id, type, status, original, remaining }));
  if (json) return `${JSON.stringify({ ...stream, version, currency, balances, rows })}\n`;
  const name = stream === null ? 'the account' : streamName(stream);
  const figures = Object.entries(balances).map(([figure, amount]) => `${figure} ${amount}`);
  const head = visible(`${name}, version ${version}, ${currency}: ${figures.join(', ')}`);
  return `${head}\n${table(
    rows.map(({ id, type, status, original, remaining }) => [id, type, status, original, remaining]),
    '  ',
  )}`;
}
