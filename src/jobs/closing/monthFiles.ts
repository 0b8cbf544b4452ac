import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RETRY } from '../../history/retry.js';
import type { JobHead } from '../../job/jobHead.js';
import type { OfficeEvent, OfficeStore } from '../../office/officeEvents.js';
import { executeOffice } from '../../office/officeStream.js';
import type { MonthClosed, MonthFile } from '../../office/seals/sealEvents.js';
import { streamOfKind } from '../../office/streamKinds.js';
import { totalOf } from '../../seals/sealFile.js';

/** A file as the last closing that wrote it recorded it. */
export type RecordedFile = MonthFile & {
  /** The number of the seal of its month. */
  readonly seal: number;
  /** The SHA-256 of the file that this one replaced; null if it was the first. */
  readonly replaced: string | null;
};

/** The closings of an institution, and their files by name. */
type Closings = { readonly eventCount: number; readonly files: ReadonlyMap<string, RecordedFile> };

function foldClosings(
  events: readonly OfficeEvent[],
  state: Closings = { eventCount: 0, files: new Map() },
): Closings {
  const files = new Map(state.files);
  for (const { data } of events as readonly MonthClosed[]) {
    for (const file of data.files) {
      const replaced = files.get(file.name)?.sha256 ?? null;
      files.set(file.name, { ...file, seal: data.seal, replaced });
    }
  }
  return { eventCount: state.eventCount + events.length, files };
}

/** Reads the files that the closings of an institution recorded, by name. */
export async function recordedFiles(
  office: OfficeStore,
  institution: string,
): Promise<ReadonlyMap<string, RecordedFile>> {
  const { events } = await office.read(streamOfKind(institution, 'closings'));
  return foldClosings(events.map(({ event }) => event)).files;
}

/** The path of a file until its closing is recorded. */
export function unrecordedPath(folder: string, name: string): string {
  return `${join(folder, name)}.closing`;
}

/** Records the SHA-256 of the files of a month, unless they are recorded just so, and gives them their names. */
export async function recordFiles(
  office: OfficeStore,
  {
    seal,
    institution,
    at,
    by,
    jobId,
  }: Pick<JobHead, 'institution' | 'at' | 'by' | 'jobId'> & { seal: number },
  folder: string,
  names: readonly string[],
): Promise<void> {
  const files = await Promise.all(
    names.map(async (name) => {
      const path = unrecordedPath(folder, name);
      return { name, bytes: (await stat(path)).size, sha256: (await totalOf(path)) as string };
    }),
  );
  const event: MonthClosed = {
    type: 'MonthClosed',
    data: { seal, files, at: at as string, ...(by !== null && { by }) },
    ...(jobId !== null && { metadata: { correlationId: jobId } }),
  };
  await executeOffice<Closings, { readonly events: readonly OfficeEvent[] }>(
    office,
    streamOfKind(institution, 'closings'),
    {
      fold: foldClosings,
      decide: ({ files: recorded }) => {
        const isSame = files.every(({ name, sha256 }) => {
          const before = recorded.get(name);
          return before?.sha256 === sha256 && before.seal === seal;
        });
        return { events: isSame ? [] : [event] };
      },
    },
    RETRY,
  );
  for (const name of names) await rename(unrecordedPath(folder, name), join(folder, name));
}

/** Renames the files of a closing that was killed after it was recorded. */
export async function finishFiles(office: OfficeStore, institution: string, folder: string): Promise<void> {
  for (const { name, sha256 } of (await recordedFiles(office, institution)).values()) {
    const path = unrecordedPath(folder, name);
    if ((await totalOf(path)) === sha256) await rename(path, join(folder, name));
  }
}
