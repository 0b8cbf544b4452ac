import type { JobReport } from '../job/jobHead.js';
import type { PeriodSealed } from '../office/seals/sealEvents.js';
import type { SealFinding } from './sealFinding.js';
import type { SealRejection } from './sealRejection.js';

/** What {@link sealPeriod} did. */
export type SealReport = JobReport<SealFinding> & {
  /** The event of the seal; null while shares are missing, and for a refused seal. */
  readonly seal: PeriodSealed['data'] | null;
  /** Whether the month had been sealed before. */
  readonly isRepeat: boolean;
  /** The number of accounts that this run read and sealed: those of its share. */
  readonly accounts: number;
  /** The number of streams of the office that this run read and sealed. */
  readonly officeStreams: number;
  /** The number of their sealed events. */
  readonly events: number;
};

/** The result of a seal: its report, and why it was refused. */
export type SealResult =
  | {
      /** Whether the month is sealed, or this run's share of it. */
      readonly accepted: true;
      /** What was done. */
      readonly report: SealReport;
    }
  | {
      /** Whether the month is sealed. */
      readonly accepted: false;
      /** Why not. */
      readonly rejection: SealRejection;
      /** What was read. */
      readonly report: SealReport;
    };
