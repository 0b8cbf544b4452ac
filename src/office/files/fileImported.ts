import type { RecordedActor } from '../../account/circumstances.js';

/**
 * A job began to import a file, before its first row. The event has no rows: the hash says whether another file has the
 * same ones.
 */
export type FileImported = {
  /** The event's name. */
  readonly type: 'FileImported';
  /** The file, and the job. */
  readonly data: {
    /** The job. */
    readonly jobId: string;
    /** The SHA-256 of the rows that could be read and of the form's `fileId`, in hexadecimal digits. */
    readonly sha256: string;
    /** The number of these rows. */
    readonly rows: number;
    /** The time of the job: ISO 8601 with a zone. */
    readonly at: string;
    /** Who ordered the job; absent if it does not say. */
    readonly by?: RecordedActor;
  };
};
