import { expect, it } from 'vitest';
import { jobHead } from '../../src/institution/jobHead.js';

it('says who ordered a job and why, without roles', () => {
  const by = { channel: 'job', userId: 'mo', roles: ['USER_MANAGER'] } as const;
  const form = {
    jobId: 'j',
    institution: 'north',
    at: '2026-03-02T09:00:00Z',
    by,
    reason: 'OTHER',
    owners: ['LAW'],
  };
  expect(jobHead(form, 'USD')).toEqual({ ...form, by: { channel: 'job', userId: 'mo' }, currency: 'USD' });
});

it('has null for what a job does not have', () => {
  expect(jobHead({ jobId: 'j', institution: 'north' }, 'USD')).toEqual({
    jobId: 'j',
    institution: 'north',
    at: null,
    by: null,
    reason: null,
    owners: null,
    currency: 'USD',
  });
});
