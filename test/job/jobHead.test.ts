import { expect, it } from 'vitest';
import { actorOf, jobHead } from '../../src/job/jobHead.js';

const order = {
  jobId: 'j',
  at: '2026-03-02T09:00:00Z',
  by: { channel: 'desk', userId: 'mo', roles: ['CHIEF'] },
  reason: 'OTHER',
} as const;

it('says who ordered a job and why, without roles', () => {
  const form = { ...order, institution: 'north', owners: ['LAW'] };
  expect(jobHead(form, 'USD')).toEqual({ ...form, by: { channel: 'desk', userId: 'mo' }, currency: 'USD' });
});

it('has null for what was not given', () => {
  const absent = { jobId: null, at: null, by: null, reason: null, owners: null };
  expect(jobHead({ institution: 'north' }, null)).toEqual({
    institution: 'north',
    currency: null,
    ...absent,
  });
});

it('takes a staff member who orders a job as acting through the job', () => {
  expect(actorOf({ userId: 'mo', roles: ['USER_MANAGER'] })).toEqual({ userId: 'mo', channel: 'job' });
});
