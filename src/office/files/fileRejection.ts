import type { Refusal } from '../../account/rejections/refusal.js';
import type { RejectionWords } from '../../account/rejections/rejectionText.js';

/** Another job imported a file with the same rows, and the form does not say `again`. */
export type FileAlreadyImported = Refusal<'FileAlreadyImported', 'conflict'> & {
  /** The last job that imported it. */
  readonly jobId: string;
  /** The time of that job. */
  readonly at: string;
};

/** The English sentence of this rejection. */
export const englishFileRejections: RejectionWords<FileAlreadyImported> = {
  FileAlreadyImported: 'This file was imported before, by the job {jobId} at {at}.',
};
