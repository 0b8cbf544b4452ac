import {
  englishCommandRejections,
  type JobApprovalRequired,
} from '../account/rejections/commandRejections.js';
import type { Refusal } from '../account/rejections/refusal.js';
import type { RejectionWords } from '../account/rejections/rejectionText.js';
import type { FindingsReport } from '../job/tallies.js';
import type { SealFinding } from './sealFinding.js';
import type {
  SealFileExists,
  SealMonthLeftOut,
  SealNotAfterLast,
  SealTermsDiffer,
  SealTooEarly,
} from './sealForm.js';

/**
 * The books differ from the previous seal, or from the seal of the same month, and the form does not list the
 * difference as known.
 */
export type BooksDiffer = Refusal<'BooksDiffer', 'conflict'> & {
  /** The number of the seal from which they differ; 0 without one. */
  readonly seal: number;
  /** The differences that are not known. */
  readonly findings: FindingsReport<SealFinding>;
};

/** Why a month is not sealed. */
export type SealRejection =
  | SealTooEarly
  | SealNotAfterLast
  | SealMonthLeftOut
  | SealTermsDiffer
  | SealFileExists
  | BooksDiffer
  | JobApprovalRequired;

/** The English sentences of these rejections. */
export const englishSealRejections: RejectionWords<SealRejection> = {
  SealTooEarly: 'The month that ends at {cutoff} can be sealed from {sealableFrom} on.',
  SealNotAfterLast: 'A later month is sealed: this one ends at {cutoff}, the newest seal at {lastCutoff}.',
  SealMonthLeftOut: 'Seal the month {month} first.',
  SealTermsDiffer: 'The seals have the time zone {timeZone}, the basis {basis} and lost items {lostItems}.',
  SealFileExists:
    'The folder has a file of seal {number} that the office does not know, with the total {total}. Move it aside.',
  ApprovalRequired: englishCommandRejections.ApprovalRequired,
  BooksDiffer: ({ seal, findings }) =>
    seal === 0
      ? `The books cannot be sealed: ${findings.count} findings.`
      : `The books differ from seal ${seal}: ${findings.count} findings.`,
};
