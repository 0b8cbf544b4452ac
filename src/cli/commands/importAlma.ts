import { balancesInMinorUnits, type FeePolicy, fold, formatAmount, minorDigits } from 'patron-fees';
import { type AlmaImportOptions, fromAlmaFees } from 'patron-fees/alma';
import type { EventStore } from 'patron-fees/history';
import type { ImportCredits, Rows } from 'patron-fees/import';
import { lineText, unreadableLine } from '../importedRows.js';
import { CliError, type Terminal } from '../terminal.js';

/** What is wrong with a row. The row itself is left out, because it may have texts about patrons. */
export type Finding = {
  readonly code: string;
  readonly patronId: string | null;
  readonly message: string;
  readonly table?: string;
  /** The line in the file of the table. */
  readonly line?: number;
  /** The column. */
  readonly field?: string;
  readonly row?: unknown;
};

/** What follows an import. */
export type Watching = {
  /** Prints a finding. */
  readonly onFinding: (finding: Finding) => Promise<void>;
  /** Counts accounts. */
  readonly onAccounts: (count: number) => void;
};

/** What was imported, or would be. */
export type Totals = {
  readonly currency: string;
  readonly accounts: number;
  /** Those of which nothing could be imported. */
  readonly withoutEvents: number;
  readonly fees: number;
  readonly events: number;
  readonly charged: string;
  readonly owed: string;
  /** What the rows of the other system say is owed. */
  readonly owedByRows: string;
  readonly difference: string;
  /** The credits; those of Alma are not summed. */
  readonly credits?: ImportCredits;
};

/** Imports answers of Alma's API, one a line. The answers of a patron are next to each other. */
export async function importAlma(
  { signal }: Terminal,
  { file, rows }: { readonly file: string; readonly rows: Rows },
  store: EventStore,
  options: AlmaImportOptions & { readonly policy: FeePolicy; readonly institution: string },
  { onFinding, onAccounts }: Watching,
): Promise<Totals> {
  const { policy, institution } = options;
  const { currency } = policy;
  const digits = minorDigits(currency) as number;
  const [sums, minor] = [
    { accounts: 0, withoutEvents: 0, fees: 0, events: 0 },
    { charged: 0, owed: 0, owedByRows: 0 },
  ];
  const patrons = new Set<string>();
  for await (const { patronId, fees, responses } of byPatron(file, rows)) {
    signal.throwIfAborted();
    onAccounts(1);
    minor.owedByRows += fees.reduce((sum, { balance }) => sum + Math.max(0, minorOf(balance, digits)), 0);
    if (patrons.has(patronId)) {
      const message = 'expected the responses of a user together, found another user between them';
      await onFinding({ code: 'NotSorted', patronId, message });
      continue;
    }
    patrons.add(patronId);
    const { events, findings } = fromAlmaFees(responses, options);
    for (const { code, message } of findings) await onFinding({ code, patronId, message });
    const stream = { institution, patronId };
    const { version } = await store.read(stream, { limit: 1 });
    if (version > 0) {
      await onFinding({ code: 'AccountNotEmpty', patronId, message: 'the account has events already' });
      continue;
    }
    await store.append(stream, events, { expectedVersion: 0 });
    const account = fold(events);
    sums.accounts += 1;
    if (events.length === 0) sums.withoutEvents += 1;
    sums.events += events.length;
    sums.fees += account.fees.length;
    minor.charged += account.fees.reduce((sum, { original }) => sum + original, 0);
    minor.owed += balancesInMinorUnits(account).owed;
  }
  const { charged, owed, owedByRows } = minor;
  const amounts = { charged, owed, owedByRows, difference: owed - owedByRows };
  const texts = Object.entries(amounts).map(([name, amount]) => [name, formatAmount(amount, digits)]);
  return { currency, ...sums, ...(Object.fromEntries(texts) as Record<keyof typeof amounts, string>) };
}

/** A row of Alma, as far as it says whose it is and what is owed. */
type AlmaRow = { readonly balance?: unknown; readonly user_primary_id?: { readonly value?: unknown } };

type AlmaPatronRows = {
  readonly patronId: string;
  readonly fees: AlmaRow[];
  readonly responses: unknown[];
};

/** Collects the responses of each patron. One without a fee says of nobody anything. */
async function* byPatron(file: string, rows: Rows): AsyncGenerator<AlmaPatronRows> {
  let patron: AlmaPatronRows | undefined;
  let number = 0;
  for await (const response of rows) {
    number += 1;
    const broken = unreadableLine(response);
    if (broken !== undefined) throw new CliError(lineText(file, broken));
    const { fee: fees = [] } = Object(response) as { readonly fee?: readonly AlmaRow[] };
    if (!Array.isArray(fees)) throw new CliError(`${file}: response ${number}: fee: expected a list`);
    if (fees.length === 0) {
      if (Object(response).total_record_count === undefined)
        throw new CliError(
          `${file}: response ${number}: expected a response to GET .../fees, with fee and total_record_count`,
        );
      continue;
    }
    const patronId = fees[0]?.user_primary_id?.value;
    if (typeof patronId !== 'string' || patronId === '')
      throw new CliError(
        `${file}: response ${number}: fee[0].user_primary_id.value: expected the id of a user`,
      );
    if (patron !== undefined && patron.patronId !== patronId) yield patron;
    if (patron?.patronId !== patronId) patron = { patronId, fees: [], responses: [] };
    patron.fees.push(...fees);
    patron.responses.push(response);
  }
  if (patron !== undefined) yield patron;
}

/** Rounds a sum of binary fractions to the amount that it stands for. */
function minorOf(amount: unknown, digits: number): number {
  return typeof amount === 'number' ? Math.round(amount * 10 ** digits) : 0;
}
