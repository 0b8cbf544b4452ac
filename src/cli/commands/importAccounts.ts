import { balancesInMinorUnits, type FeePolicy, fold, formatAmount, minorDigits } from 'patron-fees';
import { fromAlmaFees } from 'patron-fees/alma';
import { evergreenAccounts } from 'patron-fees/evergreen';
import { folioAccounts } from 'patron-fees/folio';
import type { EventStore } from 'patron-fees/history';
import {
  csvRows,
  type ForeignAccount,
  type ImportCredits,
  jsonLines,
  type OpeningOptions,
  openingBalances,
  type Rows,
  runImport,
  type UnreadableRow,
} from 'patron-fees/import';
import { kohaAccounts } from 'patron-fees/koha';
import { openInput } from '../eventSource.js';
import { openStore, withoutPassword } from '../openStore.js';
import { type PolicyOptions, readJson, readPolicy } from '../policyFile.js';
import { progressBar } from '../progressBar.js';
import { CliError, type ExitCode, print, type Terminal, table, visible } from '../terminal.js';

/** Options of `import`. */
export type ImportOptions = PolicyOptions & {
  readonly institution: string;
  /** The store to record in; without one nothing is recorded. */
  readonly into?: string;
  /** The file of the code names: `ReadOptions` as JSON, without the policy. */
  readonly map?: string;
  readonly timeZone?: string;
  /** The delimiter of cells, or `tab`: the files are CSV, whatever their names. */
  readonly delimiter?: string;
  /** The name of the system of opening balances: the beginning of all ids. */
  readonly system?: string;
  readonly job?: string;
  readonly json?: boolean;
};

/** The files of each system, those that may be left out in brackets. */
const filesOf = {
  koha: ['accountlines', '[account_offsets]'],
  folio: ['accounts', '[feefineactions]'],
  evergreen: ['billable_xact', 'billing', 'payment', '[usr]'],
  balances: ['rows'],
  alma: ['responses'],
} as const;

/** A system from which accounts can be imported. */
type System = keyof typeof filesOf;

/** What is wrong with a row, without the row: that may have texts of patrons. */
type Finding = {
  readonly code: string;
  readonly patronId: string | null;
  readonly message: string;
  readonly table?: string;
  readonly row?: unknown;
};

/** The column with the patron in the first file of a system, if every row has it. */
const patronColumns: { readonly [system in System]?: string } = {
  koha: 'borrowernumber',
  balances: 'patronId',
};

/** Returns what is wrong with a line that could not be read; undefined for a row. */
function unreadableLine(row: unknown): UnreadableRow['unreadable'] | undefined {
  const { unreadable } = Object(row) as Partial<UnreadableRow>;
  return typeof Object(unreadable).line === 'number' ? unreadable : undefined;
}

function lineText(file: string, { line, expected, found }: UnreadableRow['unreadable']): string {
  return `${file}:${line}: expected ${expected}, found ${found}`;
}

/** Imports accounts of another system; without a store, only says what would be imported. */
export async function importAccounts(
  terminal: Terminal,
  system: string,
  files: readonly string[],
  options: ImportOptions,
): Promise<ExitCode> {
  const known = filesOf[system as System];
  if (known === undefined)
    throw new CliError(`${system}: expected one of ${Object.keys(filesOf).join(', ')}.`);
  const needed = known.filter((name) => !name.startsWith('[')).length;
  if (files.length < needed || files.length > known.length)
    throw new CliError(
      `${system}: expected ${known.length === 1 ? 'one file' : 'the files'}: ${known.join(' ')}`,
    );
  if (options.system !== undefined && system !== 'balances')
    throw new CliError(`--system is only for balances: the ids of ${system} begin with its name.`);
  const policy = await readPolicy(options);
  const reading: OpeningOptions = { ...(await mapping(options)), policy };
  const rows: Rows[] = [];
  for (const file of files) rows.push(await rowsOf(terminal, file, options));
  rows[0] = await begunRows(files[0] as string, rows[0] as Rows, patronColumns[system as System]);
  // By its name in the findings, each table's file.
  const fileOf = new Map(known.map((name, at) => [name.replace(/[[\]]/g, ''), files[at] as string]));
  const opened =
    options.into === undefined
      ? { store: dryStore, close: async () => {} }
      : await openStore(options.into, true);
  const progress = progressBar(terminal, { unit: 'accounts' });
  let findings = 0;
  let isWhole = true;
  const onFinding = async ({ code, patronId, table = '', row, ...finding }: Finding) => {
    findings += 1;
    const line = unreadableLine(row);
    if (line?.restNotRead) isWhole = false;
    const message = line === undefined ? finding.message : lineText(fileOf.get(table) ?? table, line);
    const text = patronId === null ? message : `${patronId}: ${message}`;
    await print(
      terminal,
      options.json ? `${JSON.stringify({ code, patronId, message })}\n` : `${visible(text)}\n`,
    );
  };
  try {
    const totals =
      system === 'alma'
        ? await importAlma(
            terminal,
            files[0] as string,
            rows[0] as Rows,
            opened.store,
            policy,
            options,
            onFinding,
            progress.add,
          )
        : await importRows(
            terminal,
            accountsOf(system as System, rows, reading),
            opened.store,
            policy,
            options,
            onFinding,
            progress.add,
          );
    progress.stop();
    if (!isWhole) {
      const what = options.into === undefined ? 'nothing was recorded' : 'only the rows before were recorded';
      throw new CliError(`A file was not read to its end, so there are no totals; ${what}.`);
    }
    await printTotals(terminal, { ...totals, findings }, options);
  } finally {
    progress.stop();
    await opened.close();
  }
  return findings === 0 ? 0 : 1;
}

type OnFinding = (finding: Finding) => Promise<void>;

async function mapping({ map, timeZone, system }: ImportOptions): Promise<Omit<OpeningOptions, 'policy'>> {
  const given = { ...(timeZone && { timeZone }), ...(system !== undefined && { system }) };
  if (map === undefined) return given;
  const names = await readJson(map);
  if (typeof names !== 'object' || names === null || Array.isArray(names))
    throw new CliError(`${map}: expected an object with feeTypes, owners, methods or reasons.`);
  return { ...names, ...given };
}

/** The rows of a CSV file, if its name ends so or a delimiter is given; otherwise of JSON lines. */
async function rowsOf(terminal: Terminal, file: string, { delimiter }: ImportOptions): Promise<Rows> {
  const sign = delimiter === 'tab' ? '\t' : delimiter;
  if (sign !== undefined && [...sign].length !== 1)
    throw new CliError(`--delimiter ${sign}: expected one character, or tab.`);
  const { input, size = Number.POSITIVE_INFINITY } = await openInput(terminal, file);
  if (sign !== undefined) return csvRows(input, { delimiter: sign });
  if (/\.csv$/i.test(file)) return csvRows(input);
  // JSON over several lines is no JSON lines, but people have it.
  const value = size > WHOLE_FILE_BYTES_MAX ? undefined : await readJson(file).catch(() => undefined);
  if (value === undefined) return jsonLines(input);
  input.destroy();
  return Array.isArray(value) ? value : [value];
}

/** A larger file is read line by line: it must not fill the memory. */
const WHOLE_FILE_BYTES_MAX = 16_777_216;

/** Reads the first row, so that a file of another form is refused once and before the work. */
async function begunRows(file: string, rows: Rows, column: string | undefined): Promise<Rows> {
  if (Array.isArray(rows) && rows.length > 0) return rows;
  const iterator = (async function* () {
    yield* rows;
  })();
  const { done, value } = await iterator.next();
  if (done === true) throw new CliError(`${file}: expected rows, found none.`);
  const names = Object.keys(Object(value));
  const header = names.join(',').slice(0, 80);
  const other = names.length === 1 ? /[;\t|]/.exec(header)?.[0] : undefined;
  if (unreadableLine(value) === undefined && column !== undefined && !names.includes(column)) {
    const remedy = other === undefined ? '' : `: --delimiter ${other === '\t' ? 'tab' : `"${other}"`}?`;
    throw new CliError(`${file}: expected a column ${column}, found ${JSON.stringify(header)}${remedy}`);
  }
  return (async function* () {
    yield value;
    yield* iterator;
  })();
}

function accountsOf(
  system: System,
  rows: readonly Rows[],
  reading: OpeningOptions,
): AsyncGenerator<ForeignAccount> {
  const [first = [], second, third = [], fourth] = rows;
  switch (system) {
    case 'koha':
      return kohaAccounts({ accountlines: first, ...(second && { account_offsets: second }) }, reading);
    case 'folio':
      return folioAccounts({ accounts: first, ...(second && { feefineactions: second }) }, reading);
    case 'evergreen': {
      const tables = { billable_xact: first, billing: second ?? [], payment: third };
      return evergreenAccounts({ ...tables, ...(fourth && { usr: fourth }) }, reading);
    }
    default:
      return openingBalances(first, reading);
  }
}

/** Takes all events and keeps none, so that a trial needs no more memory than one account. */
const dryStore: EventStore = {
  read: async () => ({ version: 0, events: [] }),
  append: async (_stream, events) => ({ version: events.length }),
  readAll: async () => ({ events: [], cursor: '0' }),
  accounts: async () => ({ accounts: [], cursor: '0' }),
  close: async () => {},
};

/** What was imported, or would be. */
type Totals = {
  readonly currency: string;
  readonly accounts: number;
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

async function importRows(
  { signal }: Terminal,
  accounts: AsyncIterable<ForeignAccount>,
  store: EventStore,
  policy: FeePolicy,
  { institution, job: jobId = 'import' }: ImportOptions,
  onFinding: OnFinding,
  onAccounts: (count: number) => void,
): Promise<Totals> {
  let done = 0;
  const report = await runImport(
    store,
    policy,
    { jobId, institution },
    {
      accounts,
      signal,
      onFinding: (finding) => onFinding(finding as Finding),
      onProgress: (progress) => {
        onAccounts(progress.done - done);
        done = progress.done;
      },
    },
  );
  const { currency, events, total, credits } = report;
  return { currency, accounts: report.accounts, events, ...total, credits };
}

/** Imports the answers of Alma: a line has one, and those of a patron follow each other. */
async function importAlma(
  { signal }: Terminal,
  file: string,
  rows: Rows,
  store: EventStore,
  policy: FeePolicy,
  { institution }: ImportOptions,
  onFinding: OnFinding,
  onAccounts: (count: number) => void,
): Promise<Totals> {
  const { currency } = policy;
  const digits = minorDigits(currency) as number;
  const [sums, minor] = [
    { accounts: 0, fees: 0, events: 0 },
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
    const { events, findings } = fromAlmaFees(responses, { policy, institution });
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

async function printTotals(
  terminal: Terminal,
  totals: Totals & { readonly findings: number },
  { into, json }: ImportOptions,
): Promise<void> {
  if (json)
    return print(terminal, `${JSON.stringify({ totals: { ...totals, recorded: into !== undefined } })}\n`);
  const { credits, findings, ...figures } = totals;
  const hasCredits = credits !== undefined && (credits.credits > 0 || Number(credits.unusedByRows) !== 0);
  const { difference: ofCredits, ...unused } = credits ?? {};
  const shown = { ...figures, ...(hasCredits && { ...unused, differenceOfCredits: ofCredits }), findings };
  const rows = Object.entries(shown).map(([name, value]) => [name, String(value)]);
  const what =
    into === undefined
      ? 'nothing was recorded: --into STORE records'
      : `recorded in ${withoutPassword(into)}`;
  await print(terminal, `${table(rows)}${what}\n`);
}
