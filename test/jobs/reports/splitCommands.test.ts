import { expect, it } from 'vitest';
import {
  type GivenAmount,
  splitCommands,
  splitCommandsCsv,
} from '../../../src/jobs/reports/splitCommands.js';
import { staffUsers } from '../../../src/jobs/reports/staffUsers.js';
import { policyWith } from '../../support/account.js';

const policy = policyWith({
  permissions: { WaiveFees: { CLERK: { upTo: '50.00' }, CHIEF: {} } },
  approvals: {
    WaiveFees: { above: '30.00', roles: ['CHIEF'] },
    RefundCredit: { above: '5.00', roles: ['CHIEF'] },
  },
});
const place = { patronId: 'p1', office: null };
const users = staffUsers({ ana: ['CLERK'], mo: ['CHIEF'] });
const waived = (commandId: string, amount: number, more: Partial<GivenAmount> = {}): GivenAmount => ({
  command: 'WaiveFees',
  userId: 'ana',
  day: '2026-03-02',
  commandId,
  isApproved: false,
  amount,
  ...more,
});
const split = (...given: readonly GivenAmount[]) =>
  splitCommands(given, place, policy, 2, users).map(({ user, above, limit, count, amount, commandIds }) => [
    user,
    above,
    limit,
    count,
    amount,
    commandIds.join(' '),
  ]);

it('finds four waivers of 20.00 under a limit of 50.00, whatever the spelling of the user', () => {
  const [a, b, c, d] = ['Ana', 'ana', ' ANA', 'ana'].map((userId, index) =>
    waived(`w${index}`, 2_000, { userId }),
  );
  expect(split(a as GivenAmount, b as GivenAmount)).toEqual([
    ['ana', 'approval', '30.00', 2, '40.00', 'w0 w1'],
  ]);
  const all = [a, b, c, d] as readonly GivenAmount[];
  expect(split(...all)).toEqual([
    ['ana', 'limit', '50.00', 4, '80.00', 'w0 w1 w2 w3'],
    ['ana', 'approval', '30.00', 4, '80.00', 'w0 w1 w2 w3'],
  ]);
  const row = { day: '2026-03-02', user: 'ana', command: 'WaiveFees', ...place };
  expect(splitCommands(all, place, policy, 2, users)[0]).toMatchObject(row);
});

it('counts no command that is above the limit by itself, and none that was approved where approvals are asked', () => {
  expect(split(waived('w1', 6_000), waived('w2', 500))).toEqual([]);
  const approved = waived('w3', 3_000, { isApproved: true });
  expect(split(approved, waived('w4', 1_000))).toEqual([]);
  expect(split(approved, waived('w4', 2_500))).toEqual([['ana', 'limit', '50.00', 2, '55.00', 'w3 w4']]);
});

it('finds nothing up to the limit, on two days, with two users, without a limit, or without a user', () => {
  expect(split(waived('w1', 1_500), waived('w2', 1_500))).toEqual([]);
  expect(split(waived('w1', 2_000), waived('w2', 2_000, { day: '2026-03-03' }))).toEqual([]);
  expect(split(waived('w1', 2_000), waived('w2', 2_000, { userId: 'mo' }))).toEqual([]);
  const refunds = (command: 'CancelFee') => [
    waived('w1', 9_000, { command }),
    waived('w2', 9_000, { command }),
  ];
  expect(split(...refunds('CancelFee'))).toEqual([]);
  expect(split(waived('w1', 2_000, { userId: undefined }), waived('w2', 2_000, { userId: ' ' }))).toEqual([]);
});

it('is written as CSV', async () => {
  const given = [waived('w1', 2_000), waived('w2', 2_000, { commandId: undefined }), waived('=w3', 500)];
  let text = '';
  for await (const piece of splitCommandsCsv(splitCommands(given, place, policy, 2, users))) text += piece;
  expect(text).toBe(
    'day,user,command,patronId,office,above,limit,count,amount,commandIds\r\n' +
      '2026-03-02,ana,WaiveFees,p1,,approval,30.00,3,45.00,w1 =w3\r\n',
  );
});
