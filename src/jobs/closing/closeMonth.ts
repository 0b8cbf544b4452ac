import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { agedDebtCsv } from '../../books/agedDebt/agedDebt.js';
import type { ChartRule } from '../../books/journal/chart.js';
import type { JournalTotals } from '../../books/journal/journalTotals.js';
import { lastDayOf } from '../../books/journal/ledgerText.js';
import { paymentsReportCsv } from '../../books/payments/paymentsReport.js';
import { isUnreadable } from '../../history/consecutive.js';
import type { EventStore } from '../../history/eventStore.js';
import { compareInstants } from '../../history/instants.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { everyAccount, type JobOptions } from '../../job/job.js';
import type { JobStores } from '../../job/jobStores.js';
import { localDay } from '../../job/localDay.js';
import type { DayPeriod } from '../../job/period.js';
import { writeTextFile } from '../../job/textFile.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import type { PeriodSealed } from '../../office/seals/sealEvents.js';
import { streamParts } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { SealForm } from '../../seals/sealForm.js';
import { type SealOptions, sealPeriod } from '../../seals/sealPeriod.js';
import type { SealRejection } from '../../seals/sealRejection.js';
import type { SealReport } from '../../seals/sealReport.js';
import { folderField } from '../../seals/verifySeals.js';
import { type AuditLine, auditLines } from '../lists/runAuditTrail.js';
import { type AgedDebtJobReport, runAgedDebt } from '../reports/runAgedDebt.js';
import { checkedJournalForm, type JournalFormat, runJournalExport } from '../reports/runJournalExport.js';
import { type PaymentsJobReport, runPaymentsReport } from '../reports/runPaymentsReport.js';
import { runTillReport, type TillReport } from '../reports/runTillReport.js';
import { tillReportCsv } from '../reports/tillReportCsv.js';
import { type MissingInMonth, missingInMonth } from './missingInMonth.js';
import { finishFiles, recordFiles, unrecordedPath } from './verifyMonthFiles.js';

/** The month to close: that of the seal, and the format of its journal. */
export type CloseMonthForm = SealForm & {
  /** The program that reads the journal. */
  readonly format: JournalFormat;
  /**
   * The accounts of the institution's books.
   *
   * @defaultValue the names of {@link reports.ledgerAccountName | ledgerAccountName}
   */
  readonly chart?: readonly ChartRule[];
  /**
   * The number of days that the bank may take: deposits that were older at the end of the month, and that no entry of a bank
   * has confirmed, are missing.
   *
   * @defaultValue 10
   */
  readonly depositsWithinDays?: number;
  /**
   * The first day of deposits that the bank should have, a local date `YYYY-MM-DD`.
   *
   * @defaultValue `depositsWithinDays` before the first entry of a bank that was confirmed
   */
  readonly depositsFrom?: string;
};

/** The folders of a closing, and how it runs. It has no shard: seal in shards first, then close. */
export type CloseMonthOptions = Omit<SealOptions, 'shard' | 'onProgress' | 'total'> &
  Pick<JobOptions, 'signal'> & {
    /** The folder for the files of the month, which must be there. The reports have their currency in the names of their files. */
    readonly files: string;
  };

/** A month that was closed. */
export type ClosedMonth = {
  /** The seal, which every file of the month names. */
  readonly seal: PeriodSealed['data'];
  /** The report of the seal. */
  readonly sealing: SealReport;
  /** The totals of the journal. */
  readonly journal: JournalTotals;
  /** The sessions of tills whose opening or closing was recorded in the month, as they were known at its end. */
  readonly till: TillReport;
  /** The payments that were recorded in the month, also those that name an earlier day. */
  readonly payments: PaymentsJobReport;
  /** What is owed on the last day of the month by age, as it was known at its end. */
  readonly agedDebt: AgedDebtJobReport;
  /** What persons settled of online payments in the month, and opened again, with the reason; also in the audit trail. */
  readonly settledOnline: readonly AuditLine[];
  /** The paths of the files: the journal, the tills, the payments, the aged debt. */
  readonly files: readonly string[];
  /** What is still missing; nothing of it refuses the closing. */
  readonly missing: readonly MissingInMonth[];
};

/** The result of a closing: what was written, or why the month cannot be sealed. */
export type CloseMonthResult =
  | {
      /** Whether the month is closed. */
      readonly accepted: true;
      /** What was written. */
      readonly report: ClosedMonth;
    }
  | {
      /** Whether the month is closed. */
      readonly accepted: false;
      /** Why the month cannot be sealed. */
      readonly rejection: SealRejection;
      /** The report of the seal. */
      readonly report: SealReport;
    };

const extensions: Readonly<Record<JournalFormat, string>> = {
  hledger: 'journal',
  beancount: 'beancount',
  csv: 'csv',
};

const depositsSchema = v.object({
  depositsWithinDays: v.optional(wholeNumber(0), 10),
  depositsFrom: v.exactOptional(dateField),
});

/**
 * Closes a month: seals it ({@link sealPeriod}), writes its journal, its till report, its payments report and the aged
 * debt at its end, each with the name of the seal, and reports what is still missing. The same month again gives the
 * same files, also after a run that was killed, but no longer after a purge of accounts that had payments or debt in
 * it: {@link verifyMonthFiles} then proves the files, whose SHA-256 the office has. Each file is one reading of all
 * accounts.
 *
 * @param stores - the store with the accounts, and that of the office
 * @param policy - the institution's policy
 * @param form - the month, the time zone, the time, the format of the journal
 * @param options - the folder of the seals, that of the files; the signature; callbacks; signal
 * @events {@link PeriodSealed} and {@link MonthClosed}, in the office.
 * @returns the seal, the figures and what is missing; or why the month cannot be sealed
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link sealPeriod}, {@link runJournalExport},
 * {@link runTillReport}, {@link runPaymentsReport} and {@link runAgedDebt} do
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { closeMonth } from 'patron-fees/closing';
 * import { executeTill, officeEvents } from 'patron-fees/office';
 *
 * const now = () => '2026-03-31T14:00:00Z';
 * const stores = { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
 * const policy = definePolicy({ currency: 'USD' });
 * const by = { channel: 'desk', userId: 'kim' } as const;
 * const open = { type: 'OpenTill', id: 's1', float: '50.00', at: now(), by } as const;
 * await executeTill(stores.office, policy, { institution: 'north', till: 'CIRC' }, open);
 *
 * const folder = mkdtempSync(join(tmpdir(), 'closing-'));
 * const month = { institution: 'north', month: '2026-03', timeZone: 'America/New_York', at: '2026-04-01T09:00:00Z' };
 * const form = { ...month, format: 'hledger' } as const;
 * const result = await closeMonth(stores, policy, form, { folder, files: folder });
 * result.accepted && result.report.missing.map(({ code }) => code); //=> ['TILL_OPEN']
 * ```
 */
export async function closeMonth(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: CloseMonthForm,
  options: CloseMonthOptions,
): Promise<CloseMonthResult> {
  const { format, chart, depositsWithinDays: _, depositsFrom, ...sealForm } = form ?? {};
  const { files: folder, ...sealOptions } = options ?? {};
  const { institution, month, timeZone, basis, lostItems } = sealForm;
  const books = { institution, format, timeZone, ...(chart && { chart }) };
  // Faults of the journal and the folder are thrown before the month is sealed.
  checkedJournalForm(books);
  const { depositsWithinDays: withinDays } = checkedArgument(depositsSchema, form, 'form');
  checkedArgument(v.object({ files: folderField }), options, 'options');
  // With the dot, a file is no folder.
  await access(`${folder}/.`, constants.W_OK);
  const sealed = await sealPeriod(stores, policy, sealForm, sealOptions);
  const { accounts, office } = stores as { readonly accounts: EventStore; readonly office: OfficeStore };
  await finishFiles(office, institution, folder);
  if (!sealed.accepted) return sealed;
  const seal = sealed.report.seal as PeriodSealed['data'];
  const days = { from: `${month}-01`, through: lastDayOf(month) };
  const run = options.signal && { signal: options.signal };
  const journalName = `journal-${month}.${extensions[format]}`;
  const journalForm = { ...books, ...days, seal, ...(basis && { basis }), ...(lostItems && { lostItems }) };
  const file = unrecordedPath(folder, journalName);
  const journal = await runJournalExport(stores, policy, journalForm, { file, ...run });
  const known = { institution, timeZone, recordedBefore: seal.cutoff };
  // By the day of recording each payment, and each count of a till, is in the file of exactly one month.
  const recorded = { ...known, ...days, dayOf: 'recordedAt' } as const;
  const till = await runTillReport(stores as never, policy, recorded, { ...run });
  const payments = await runPaymentsReport(stores, policy, recorded, { ...run });
  const debt = await runAgedDebt(stores, policy, { ...known, asOf: days.through }, { ...run });
  const texts = {
    till: tillReportCsv(till, { seal }),
    payments: paymentsReportCsv(payments, { seal }),
    'aged-debt': agedDebtCsv(debt, { seal }),
  };
  const names = [journalName];
  for (const [report, text] of Object.entries(texts)) {
    const name = `${report}-${month}-${payments.currency}.csv`;
    await writeTextFile(unrecordedPath(folder, name), [text]);
    names.push(name);
  }
  await recordFiles(office, { seal: seal.number, ...sealed.report.job }, folder, names);
  const files = names.map((name) => join(folder, name));
  const found = { seal, sealing: sealed.report, journal, till, currency: payments.currency };
  const missing = await missingInMonth(
    { accounts, office },
    policy,
    { ...known, ...days, depositsFrom, withinDays },
    options.folder,
    found,
  );
  const reports = { sealing: sealed.report, journal, till, payments, agedDebt: debt };
  const settled = await settledOnline(office, { ...known, ...days });
  return { accepted: true, report: { seal, ...reports, settledOnline: settled, files, missing } };
}

/** Returns what persons settled of online payments. What cannot be read is a finding of the seal. */
export async function settledOnline(
  office: OfficeStore,
  {
    institution,
    timeZone,
    from,
    through,
    recordedBefore,
  }: DayPeriod & {
    readonly institution: string;
    readonly recordedBefore: string;
  },
): Promise<readonly AuditLine[]> {
  const dayOf = localDay(timeZone);
  const settled: AuditLine[] = [];
  for await (const stream of everyAccount(office, institution)) {
    const parts = streamParts(stream);
    if (parts?.kind !== 'online' && parts?.kind !== 'onlineKept') continue;
    const source = { source: 'onlinePayments', institution, patronId: null, office: parts.name } as const;
    try {
      const { events } = await office.read(stream);
      const ofPersons = events.filter(
        ({ event: { type, data }, recordedAt }) =>
          (type === 'OnlinePaymentSettled' || type === 'OnlineReportSettled') &&
          data.by.userId !== undefined &&
          compareInstants(recordedAt, recordedBefore) < 0,
      );
      const lines = auditLines(source, ofPersons, dayOf);
      settled.push(...lines.filter(({ day }) => day >= from && day <= through));
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
  return settled;
}
