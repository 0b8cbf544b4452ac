import { type Fault, type FeePolicy, faultText, isPatronFeesError } from 'patron-fees';
import { evergreenAccounts } from 'patron-fees/evergreen';
import { folioAccounts } from 'patron-fees/folio';
import type { EventStore } from 'patron-fees/history';
import {
  type ForeignAccount,
  type OpeningOptions,
  openingBalances,
  type Rows,
  runImport,
} from 'patron-fees/import';
import { kohaAccounts } from 'patron-fees/koha';
import type { OfficeStore } from 'patron-fees/office';
import { begunRows, rowsAgain, rowsOf, unreadableLine } from '../importedRows.js';
import { openOffice, openOfficeToAppend, openToAppend, withoutPassword } from '../openStore.js';
import { type FormOptions, withOtherForms } from '../otherForms.js';
import { type PolicyOptions, readJson, readPolicy } from '../policyFile.js';
import { progressBar } from '../progressBar.js';
import { CliError, type ExitCode, print, report, type Terminal, table, visible } from '../terminal.js';
import { type Finding, importAlma, type Totals, type Watching } from './importAlma.js';

/** Options of `import`. */
export type ImportOptions = PolicyOptions &
  FormOptions & {
    readonly institution: string;
    /** The store to record in; without one nothing is recorded. */
    readonly into?: string;
    /** The store of the office, which records a file of opening balances. */
    readonly office?: string;
    readonly again?: boolean;
    /** The store of the keys of its texts. */
    readonly keys?: string;
    /** The file of the code names: `ReadAccountsOptions` as JSON, without the policy. */
    readonly map?: string;
    readonly timeZone?: string;
    /** The delimiter of cells, or `tab`: the files are CSV, whatever their names. */
    readonly delimiter?: string;
    /** The name of the system of opening balances: the beginning of all ids. */
    readonly system?: string;
    /** The library that owns fees whose row names none. */
    readonly owner?: string;
    /** The method of payments whose row names none. */
    readonly paymentMethod?: string;
    readonly withdrawn?: boolean;
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

const ofTables = ['koha', 'folio', 'evergreen', 'balances'] as const;

/** The systems whose imports read an option, if not all do. */
const readBy: readonly (readonly [option: string, key: keyof ImportOptions, systems: readonly System[]])[] = [
  ['--system', 'system', ['balances']],
  ['--office', 'office', ['balances']],
  ['--again', 'again', ['balances']],
  ['--payment-method', 'paymentMethod', ['alma']],
  ['--map', 'map', ofTables],
  ['--time-zone', 'timeZone', ofTables],
  ['--dates', 'dates', ofTables],
  ['--decimal', 'decimal', ofTables],
  ['--delimiter', 'delimiter', ofTables],
  ['--job', 'job', ofTables],
  ['--withdrawn', 'withdrawn', ofTables],
];

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
  for (const [option, key, systems] of readBy) {
    if (options[key] !== undefined && !systems.includes(system as System))
      throw new CliError(
        `${option} is only for ${systems.join(', ')}: the import of ${system} does not read it.`,
      );
  }
  const { into, office } = options;
  if (system === 'balances' && into !== undefined && office === undefined) throw new CliError(NO_OFFICE);
  if (office !== undefined && office === into) throw new CliError(ONE_STORE);
  const policy = await readPolicy(options);
  const reading: OpeningOptions = { ...(await mapping(options)), policy };
  const rows: Rows[] = [];
  for (const file of files) rows.push(await rowsOf(terminal, file, options.delimiter));
  rows[0] = await begunRows(files[0] as string, rows[0] as Rows);
  const read =
    office === undefined ? [] : await rowsAgain(terminal, files[0] as string, rows, options.delimiter);
  // By its name in the findings, each table's file.
  const tables = new Map(known.map((name, at) => [name.replace(/[[\]]/g, ''), files[at] as string]));
  const fileOf = (name: string) => (tables.get(name) === '-' ? 'standard input' : (tables.get(name) ?? name));
  const otherForms = new Map<string, string>();
  const opened =
    into === undefined
      ? { store: { ...dryStore }, close: async () => {} }
      : await openToAppend(into, true, options.keys);
  const ofOffice = await openedOffice(options).catch(async (error) => {
    await opened.close();
    throw error;
  });
  const progress = progressBar(terminal, { unit: 'accounts' });
  let findings = 0;
  let isWhole = true;
  const onFinding = async ({ code, patronId, table = '', line, field: column = '', ...finding }: Finding) => {
    findings += 1;
    const broken = unreadableLine(finding.row);
    if (broken?.restNotRead) isWhole = false;
    const said =
      broken === undefined ? finding.message : `expected ${broken.expected}, found ${broken.found}`;
    const message = said.replace('`again` in the form', '--again');
    const place = { ...(line !== undefined && { file: fileOf(table), line }), ...(column && { column }) };
    const where = line === undefined ? [] : [`${place.file}:${line}`];
    const text = [...where, ...(patronId === null ? [] : [patronId]), message].join(': ');
    await print(
      terminal,
      options.json ? `${JSON.stringify({ code, patronId, ...place, message })}\n` : `${visible(text)}\n`,
    );
  };
  const watching = { onFinding, onAccounts: progress.add };
  const { institution, owner, paymentMethod } = options;
  const own = { policy, institution, ...(owner && { owner }), ...(paymentMethod && { paymentMethod }) };
  const responses = { file: files[0] as string, rows: rows[0] as Rows };
  try {
    const totals =
      system === 'alma'
        ? await importAlma(terminal, responses, opened.store, own, watching)
        : await importRows(
            terminal,
            withOtherForms(accountsOf(system as System, rows, reading), reading, fileOf, otherForms),
            { accounts: opened.store, office: ofOffice.store, ...(system === 'balances' && { rows: read }) },
            policy,
            options,
            watching,
          );
    progress.stop();
    if (!isWhole) {
      const what = options.into === undefined ? 'nothing was recorded' : 'only the rows before were recorded';
      throw new CliError(`A file was not read to its end, so there are no totals; ${what}.`);
    }
    await printTotals(terminal, { ...totals, findings }, options);
    for (const sentence of otherForms.values()) report(terminal, `patron-fees: ${sentence}`);
  } catch (error) {
    throw inFiles(error, tables, fileOf);
  } finally {
    progress.stop();
    await ofOffice.close();
    await opened.close();
  }
  return findings === 0 ? 0 : 1;
}

/** Names the files of tables that lack columns. */
function inFiles(
  error: unknown,
  tables: ReadonlyMap<string, string>,
  fileOf: (table: string) => string,
): unknown {
  if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) return error;
  const { faults = [] } = error.details as { readonly faults?: readonly Fault[] };
  if (!faults.some(({ path }) => tables.has(path))) return error;
  return new CliError(faults.map((fault) => faultText({ ...fault, path: fileOf(fault.path) })).join('; '));
}

async function mapping(options: ImportOptions): Promise<Omit<OpeningOptions, 'policy'>> {
  const { map, timeZone, system, owner, dates, decimal } = options;
  const given = {
    ...(timeZone !== undefined && { timeZone }),
    ...(owner !== undefined && { owner }),
    ...(system !== undefined && { system }),
    ...(dates !== undefined && { dayOrder: dates }),
    ...(decimal !== undefined && { decimalMark: decimal }),
  };
  if (map === undefined) return given;
  const names = await readJson(map);
  if (typeof names !== 'object' || names === null || Array.isArray(names))
    throw new CliError(`${map}: expected an object with feeTypes, owners, methods or reasons.`);
  return { ...names, ...given };
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

const NO_OFFICE =
  '--office STORE is where the file is recorded, so that it is imported once: the store of the office, created if it is missing.';

const ONE_STORE = '--office and --into name one store: the events of the office need a store of their own.';

/** Opens the office; a trial records nothing there. */
async function openedOffice({ into, office }: ImportOptions) {
  if (office === undefined) return { store: dryStore as unknown as OfficeStore, close: async () => {} };
  if (into !== undefined) return openOfficeToAppend(office);
  const { store, close } = await openOffice(office);
  const append: OfficeStore['append'] = async (_stream, events) => ({ version: events.length });
  return { store: { ...store, append }, close };
}

/** Takes all events and keeps none, so that a trial needs no more memory than one account. */
const dryStore: EventStore = {
  read: async () => ({ version: 0, events: [] }),
  append: async (_stream, events) => ({ version: events.length }),
  readAll: async () => ({ events: [], cursor: '0' }),
  accounts: async () => ({ accounts: [], cursor: '0' }),
  close: async () => {},
};

/** The same balances under the name of another system would be charged twice: that is another job. */
function jobOf(system: string | undefined): string {
  return system === undefined ? 'import' : `import ${system}`;
}

async function importRows(
  { signal }: Terminal,
  accounts: AsyncIterable<ForeignAccount>,
  { rows, ...stores }: { accounts: EventStore; office: OfficeStore; rows?: Rows },
  policy: FeePolicy,
  { institution, withdrawn = false, again = false, system, job = jobOf(system) }: ImportOptions,
  { onFinding, onAccounts }: Watching,
): Promise<Totals> {
  let done = 0;
  const report = await runImport(
    stores,
    policy,
    { jobId: job, institution, withdrawn, again, at: new Date().toISOString() },
    {
      accounts,
      ...(rows && { rows }),
      signal,
      onFinding: (finding) => onFinding(finding as Finding),
      onProgress: (progress) => {
        onAccounts(progress.done - done);
        done = progress.done;
      },
    },
  );
  const { currency, withoutEvents, events, total, credits } = report;
  return { currency, accounts: report.accounts, withoutEvents, events, ...total, credits };
}

async function printTotals(
  terminal: Terminal,
  totals: Totals & { readonly findings: number },
  { into, json }: ImportOptions,
): Promise<void> {
  if (json)
    return print(terminal, `${JSON.stringify({ totals: { ...totals, recorded: into !== undefined } })}\n`);
  const { credits, findings, withoutEvents, ...figures } = totals;
  const hasCredits = credits !== undefined && (credits.credits > 0 || Number(credits.unusedByRows) !== 0);
  const { difference: ofCredits, ...unused } = credits ?? {};
  const accounts =
    withoutEvents === 0 ? totals.accounts : `${totals.accounts} (${withoutEvents} without events)`;
  const shown = {
    ...figures,
    accounts,
    ...(hasCredits && { ...unused, differenceOfCredits: ofCredits }),
    findings,
  };
  const rows = Object.entries(shown).map(([name, value]) => [name, String(value)]);
  const what =
    into === undefined
      ? 'nothing was recorded: --into STORE records'
      : `recorded in ${withoutPassword(into)}`;
  await print(terminal, `${table(rows)}${what}\n`);
}
