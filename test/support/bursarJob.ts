import { definePolicy } from '../../src/index.js';

export const bursarPolicy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });

/** The options of an export that is killed and run again. */
export const bursarJob = {
  jobId: 'export-9',
  at: '2026-03-02T09:00:00Z',
  institution: 'north',
  fees: { minimumAmount: '1' },
};

/** The same as a placement of whole accounts. */
export const placementJob = {
  ...bursarJob,
  at: '2026-06-01T09:00:00Z',
  fees: {},
  wholeAccounts: { owedAbove: '4.00', minimumAgeDays: 30 },
};
