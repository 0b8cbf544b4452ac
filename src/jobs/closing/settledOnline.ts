import { isUnreadable } from '../../history/consecutive.js';
import { compareInstants } from '../../history/instants.js';
import { everyAccount } from '../../job/job.js';
import { localDay } from '../../job/localDay.js';
import type { DayPeriod } from '../../job/period.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { streamParts } from '../../office/streamKinds.js';
import { type AuditLine, auditLines } from '../lists/auditLine.js';

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
