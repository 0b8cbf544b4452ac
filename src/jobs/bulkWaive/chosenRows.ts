import * as v from 'valibot';
import { owed } from '../../account/fee.js';
import { nameField } from '../../account/fieldSchemas.js';
import { findFee, type PatronAccount } from '../../account/patronAccount.js';
import { reportsRowsWithoutAccount, type Shard, shardFilter } from '../../history/shard.js';
import { parsed } from '../../input/checkedArgument.js';
import { faultText } from '../../input/faults.js';
import { oneByOneField } from '../../input/iterable.js';
import { plainObject } from '../../input/plainObject.js';
import type { AccountFinding } from '../../job/accountFinding.js';
import type { JobOptions } from '../../job/job.js';
import type { FindingOptions } from '../../job/tallies.js';
import type { UnreadableRow } from '../../job/unreadableRow.js';
import { type FileFinding, fileHash } from '../../office/files/importedFile.js';
import {
  type BulkWaiveEntry,
  type BulkWaivePlanned,
  type BulkWaiveResult,
  type DirectoryPatron,
  directoryPatronFields,
  type EntryPatron,
  notWaivedEntry,
  type PatronDirectory,
} from './bulkWaiveEntry.js';
import type { CheckedForm } from './bulkWaiveForm.js';
import type { NotInFile, NotInSet } from './notWaived.js';

/** A patron of a set. Other fields of the row are ignored. */
export type BulkWaiveSetRow = {
  /** The patron's id at the institution. */
  readonly patronId: string;
};

/** A fee of a file. Other fields of the row are ignored. */
export type BulkWaiveFeeRow = {
  /** The patron's id at the institution: the id of a fee is unique only in its account. */
  readonly patronId: string;
  /** The fee's id. */
  readonly feeId: string;
};

/** A row of the set or of the file that waives nothing. The job continues. */
export type BulkWaiveRowFinding = {
  /**
   * The reason.
   *
   * - `BROKEN_ROW`: it cannot be read, or an id is missing.
   * - `UNKNOWN_PATRON`: the patron is not in the directory.
   * - `UNKNOWN_FEE`: the patron has no such fee.
   * - `NOTHING_OWED`: nothing is owed on the fee: it was paid, waived, transferred or cancelled before.
   */
  readonly code: 'BROKEN_ROW' | 'UNKNOWN_PATRON' | 'UNKNOWN_FEE' | 'NOTHING_OWED';
  /** The institution. */
  readonly institution: string;
  /** Whether it is a row of the set or of the file of fees. */
  readonly list: 'set' | 'fees';
  /** The position of the row, counted from 1 without the header. */
  readonly row: number;
  /** The patron; null if the row cannot be read. */
  readonly patronId: string | null;
  /** The fee; null if the row cannot be read or is about a patron. */
  readonly feeId: string | null;
  /** The finding in one sentence. */
  readonly message: string;
};

/** What a bulk waive could not do: an account that cannot be processed, a row of its set or file, or the whole file. */
export type BulkWaiveFinding = AccountFinding | BulkWaiveRowFinding | FileFinding;

/** Rows one by one: a list, the rows of a query, or what `csvRows` reads from a file, unreadable rows included. */
export type BulkWaiveRows<Row> =
  | AsyncIterable<Row | UnreadableRow | Readonly<Record<string, string>>>
  | Iterable<Row | UnreadableRow | Readonly<Record<string, string>>>;

/** The directory of a bulk waive, and how the job runs. */
export type BulkWaiveOptions = JobOptions &
  FindingOptions<BulkWaiveFinding> & {
    /** The patrons: the directory, or the entries of a plan. */
    readonly patrons: PatronDirectory | AsyncIterable<BulkWaiveEntry> | Iterable<BulkWaiveEntry>;
    /**
     * The patrons of the set that the form names (`setName`): required then, and refused otherwise.
     *
     * @defaultValue none
     */
    readonly set?: BulkWaiveRows<BulkWaiveSetRow>;
    /**
     * The fees of the file that the form names (`fileName`): required then, and refused otherwise.
     *
     * @defaultValue none
     */
    readonly fees?: BulkWaiveRows<BulkWaiveFeeRow>;
  };

const named = v.object({ setName: v.optional(v.unknown()), fileName: v.optional(v.unknown()) });

/** Returns the schemas of the options with rows: required if the form names the set or the file, else refused. */
export function choosingFields(form: unknown) {
  const result = parsed(named, form);
  const { setName, fileName } = 'output' in result ? result.output : {};
  const field = (name: unknown, required: string, refused: string) =>
    name === undefined ? v.optional(v.undefined(refused)) : oneByOneField(required);
  return {
    set: field(setName, 'the patrons of the set, one after the other', 'no set, or its setName in the form'),
    fees: field(
      fileName,
      'the fees of the file, one after the other',
      'no fees, or their fileName in the form',
    ),
  };
}

const rowSchemas = {
  set: v.object({ patronId: nameField }),
  fees: v.object({ patronId: nameField, feeId: nameField }),
};

const unreadableSchema = v.object({ unreadable: v.object({ expected: v.string(), found: v.string() }) });

/** The rows that a form chooses. */
export type ChosenRows = Awaited<ReturnType<typeof chosenRows>>;

/**
 * Reads the set and the file of a bulk waive. Keeps the ids of their rows in memory, about 100 bytes each, since a
 * directory is read only once and in any order.
 *
 * @param found - called with every row that cannot be read
 */
export async function chosenRows(
  { set, fees, shard, signal }: BulkWaiveOptions,
  { institution, fileId }: { readonly institution: string; readonly fileId?: string | undefined },
  found: (finding: BulkWaiveRowFinding) => Promise<void>,
) {
  const hash = fileHash('bulkWaive', fileId);
  const isMine = shardFilter(shard);
  const finding = (
    code: BulkWaiveRowFinding['code'],
    {
      list,
      row,
      patronId = null,
      feeId = null,
    }: Partial<BulkWaiveRowFinding> & Pick<BulkWaiveRowFinding, 'list' | 'row'>,
    message: string,
  ): BulkWaiveRowFinding => ({ code, institution, list, row, patronId, feeId, message });

  async function* readRows(
    list: BulkWaiveRowFinding['list'],
    rows: BulkWaiveRows<BulkWaiveSetRow | BulkWaiveFeeRow>,
  ) {
    let row = 0;
    for await (const input of rows) {
      signal?.throwIfAborted();
      row += 1;
      const result = parsed(
        rowSchemas[list] as v.GenericSchema<unknown, BulkWaiveSetRow & Partial<BulkWaiveFeeRow>>,
        input,
      );
      if ('output' in result) {
        if (list === 'fees') hash.add(result.output);
        if (isMine({ institution, patronId: result.output.patronId })) yield { row, ...result.output };
      } else if (reportsRowsWithoutAccount(shard)) {
        const unreadable = parsed(unreadableSchema, input);
        const message =
          'output' in unreadable
            ? `expected ${unreadable.output.unreadable.expected}, found ${unreadable.output.unreadable.found}`
            : result.faults.map((fault) => faultText(fault)).join('; ');
        await found(finding('BROKEN_ROW', { list, row }, message));
      }
    }
  }

  let inSet: Map<string, number> | undefined;
  if (set !== undefined) {
    inSet = new Map();
    for await (const { row, patronId } of readRows('set', set))
      if (!inSet.has(patronId)) inSet.set(patronId, row);
  }
  let inFile: Map<string, Map<string, number>> | undefined;
  if (fees !== undefined) {
    inFile = new Map();
    for await (const { row, patronId, feeId = '' } of readRows('fees', fees)) {
      const ofPatron = inFile.get(patronId) ?? new Map<string, number>();
      if (!ofPatron.has(feeId)) ofPatron.set(feeId, row);
      inFile.set(patronId, ofPatron);
    }
  }
  return {
    /** What identifies the file; null without one. */
    file: hash.identity(),
    /** Returns why a patron is left out because of the set or the file. */
    forbids(patronId: string): NotInSet | NotInFile | undefined {
      if (inSet?.has(patronId) === false) return { type: 'NotInSet' };
      return inFile?.has(patronId) === false ? { type: 'NotInFile' } : undefined;
    },
    /** Returns the fees of a patron in the file. */
    feeIdsOf: (patronId: string): ReadonlySet<string> => new Set(inFile?.get(patronId)?.keys()),
    /** Returns the findings of the fees that a patron does not owe. */
    unusedFees(patronId: string, account: PatronAccount): readonly BulkWaiveRowFinding[] {
      return [...(inFile?.get(patronId) ?? [])].flatMap(([feeId, row]) => {
        const fee = findFee(account, feeId);
        const place = { list: 'fees', row, patronId, feeId } as const;
        if (fee === undefined) return [finding('UNKNOWN_FEE', place, 'the patron has no such fee')];
        if (owed(fee) > 0) return [];
        return [finding('NOTHING_OWED', place, 'nothing is owed on the fee')];
      });
    },
    /** Yields the findings of the patrons who are not in the directory. */
    *unusedPatrons(inDirectory: ReadonlySet<string>): Generator<BulkWaiveRowFinding> {
      const unknown = (list: BulkWaiveRowFinding['list'], patronId: string, row: number) =>
        finding('UNKNOWN_PATRON', { list, row, patronId }, 'the patron is not in the directory');
      for (const [patronId, row] of inSet ?? [])
        if (!inDirectory.has(patronId)) yield unknown('set', patronId, row);
      for (const [patronId, rows] of inFile ?? []) {
        const [row = 0] = rows.values();
        if (!inDirectory.has(patronId)) yield unknown('fees', patronId, row);
      }
    },
  };
}

/** The fields of a plan's entry that a run compares. */
const plannedFields = {
  waived: v.string(),
  because: v.nullable(v.object({ type: v.string() })),
  fees: v.array(v.object({ feeId: v.string(), waived: v.string() })),
};

/** The planned result, as far as a run compares it. */
type Planned = v.InferOutput<v.ObjectSchema<typeof plannedFields, undefined>>;

/** A patron, with or without a plan. */
const patronSchema = v.pipe(
  plainObject,
  v.object({ ...directoryPatronFields, ...v.partial(v.object(plannedFields)).entries }),
);

/** A plan's entry of a patron missing from its directory: the job finds that account by itself. */
const foundByItself = v.object({ group: v.null(), earlier: v.literal(true), ...plannedFields });

/** One task: an entry of the directory, or an account missing from the directory. */
export type Task =
  | { readonly kind: 'invalid'; readonly entry: BulkWaiveEntry }
  | { readonly kind: 'patron'; readonly patron: DirectoryPatron; readonly planned: Planned | undefined }
  | {
      readonly kind: 'repeated';
      readonly patron: DirectoryPatron;
      readonly planned: Planned | undefined;
      readonly row: number;
    }
  | { readonly kind: 'notNamed'; readonly patron: EntryPatron };

/**
 * Yields the entries of a directory, checked.
 *
 * @param named - collects the id of every patron of the institution; needed because a directory is read only once and
 * in any order
 */
export async function* directoryTasks(
  patrons: AsyncIterable<unknown> | Iterable<unknown>,
  named: Set<string>,
  {
    form,
    digits,
    shard,
  }: { readonly form: CheckedForm; readonly digits: number; readonly shard: Shard | undefined },
): AsyncGenerator<Task> {
  const isMine = shardFilter(shard);
  let row = 0;
  for await (const input of patrons) {
    row += 1;
    const result = parsed(patronSchema, input);
    if ('faults' in result) {
      if ('output' in parsed(foundByItself, input) || !reportsRowsWithoutAccount(shard)) continue;
      const because = { type: 'PatronInvalid', row, faults: result.faults } as const;
      const entry = notWaivedEntry(bestEffortPatron(input), form.institution, digits, because);
      yield { kind: 'invalid', entry };
      continue;
    }
    const { waived, because, fees } = result.output;
    const patron = result.output as DirectoryPatron;
    const { institution = form.institution, patronId } = patron;
    if (!isMine({ institution, patronId })) continue;
    const isPlanned = waived !== undefined && because !== undefined && fees !== undefined;
    const planned = isPlanned ? { waived, because, fees } : undefined;
    if (institution !== form.institution) {
      yield { kind: 'patron', patron, planned };
    } else if (named.has(patronId)) {
      yield { kind: 'repeated', patron, planned, row };
    } else {
      named.add(patronId);
      yield { kind: 'patron', patron, planned };
    }
  }
}

/** Best-effort patron from an invalid entry. */
function bestEffortPatron(input: unknown): EntryPatron {
  const named = parsed(v.object({ patronId: v.string() }), input);
  const patronId = 'output' in named ? named.output.patronId : '';
  return { patronId, group: null, hasOverdueLoans: null };
}

/** Adds the planned result to an entry. */
export function withPlan(plan: Planned | undefined, entry: BulkWaiveEntry): BulkWaiveResult {
  if (plan === undefined) return { ...entry, planned: null, differs: false };
  const planned: BulkWaivePlanned = { waived: plan.waived, because: plan.because?.type ?? null };
  const differs =
    planned.because !== (entry.because?.type ?? null) || waivedIn(plan.fees) !== waivedIn(entry.fees);
  return { ...entry, planned, differs };
}

/** Returns the waived fees and amounts as one text. Other fees with debt make no difference. */
function waivedIn(fees: readonly Planned['fees'][number][]): string {
  const waived = fees.filter((fee) => /[1-9]/.test(fee.waived));
  return JSON.stringify(waived.map((fee) => [fee.feeId, fee.waived]));
}
