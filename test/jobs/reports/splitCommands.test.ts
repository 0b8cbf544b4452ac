import { expect, it } from 'vitest';
import {
  type GivenAmount,
  splitCommands,
  splitCommandsCsv,
  staffUsers,
} from '../../../src/jobs/reports/splitCommands.js';
import { policyWith } from '../../support/account.js';

it('takes spellings of one user as one, with the roles of all', () => {
  const users = staffUsers({ Ana: ['CLERK'], ' ana': ['CHIEF', 'CLERK'], ßen: [] });
  expect(users.rolesOf('ANA')).toEqual(['CLERK', 'CHIEF']);
  expect(users.keyOf('ana ')).toBe(users.keyOf('Ａｎａ'));
  expect([users.isKnown('ana'), users.isKnown('ssen'), users.isKnown('mo')]).toEqual([true, true, false]);
  expect([users.nameOf('ssEN'), users.nameOf('Mo'), users.nameOf('mo')]).toEqual(['ßen', 'Mo', 'Mo']);
});

it('has nobody for no user and for blanks', () => {
  const users = staffUsers({});
  for (const nobody of [undefined, ' ']) {
    expect([users.keyOf(nobody), users.nameOf(nobody), users.rolesOf(nobody)]).toEqual([null, null, []]);
  }
});

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
  item: null,
  day: '2026-03-02',
  recordedAt: '2026-03-02T09:00:00Z',
  commandId,
  isApproved: false,
  amount,
  ...more,
});
const split = (...given: readonly GivenAmount[]) =>
  splitCommands(given, place, policy, 2, users).map(({ user, limit, count, amount, commandIds }) => [
    user,
    limit,
    count,
    amount,
    commandIds.join(' '),
  ]);

it('finds four waivers of 20.00 under an approval above 30.00, whatever the spelling of the user, in one line', () => {
  const all = ['Ana', 'ana', ' ANA', 'ana'].map((userId, index) => waived(`w${index}`, 2_000, { userId }));
  expect(split(...all)).toEqual([['ana', '30.00', 4, '80.00', 'w0 w1 w2 w3']]);
  const row = { day: '2026-03-02', user: 'ana', command: 'WaiveFees', ...place };
  expect(splitCommands(all, place, policy, 2, users)[0]).toMatchObject(row);
  const limited = policyWith({ permissions: { WaiveFees: { CLERK: { upTo: '20.00' } } } });
  expect(splitCommands(all, place, limited, 2, users)).toMatchObject([{ limit: '20.00', count: 4 }]);
});

it('counts no command that is above the limit by itself, and none that was approved', () => {
  expect(split(waived('w1', 6_000), waived('w2', 500))).toEqual([]);
  const approved = waived('w3', 3_000, { isApproved: true });
  expect(split(approved, waived('w4', 2_500))).toEqual([]);
});

it('finds nothing up to the limit, for two items, with two users, without a limit, or without a user', () => {
  expect(split(waived('w1', 1_500), waived('w2', 1_500))).toEqual([]);
  expect(split(waived('w1', 2_000, { item: 's1' }), waived('w2', 2_000, { item: 's2' }))).toEqual([]);
  expect(split(waived('w1', 2_000), waived('w2', 2_000, { userId: 'mo' }))).toEqual([]);
  const refunds = (command: 'CancelFee') => [
    waived('w1', 9_000, { command }),
    waived('w2', 9_000, { command }),
  ];
  expect(split(...refunds('CancelFee'))).toEqual([]);
  expect(split(waived('w1', 2_000, { userId: undefined }), waived('w2', 2_000, { userId: ' ' }))).toEqual([]);
});

it('finds what is within 24 hours, also over midnight, and each command in one line', () => {
  const at = (commandId: string, recordedAt: string, amount = 2_000) =>
    waived(commandId, amount, { recordedAt, day: recordedAt.slice(0, 10) });
  const late = at('w1', '2026-03-02T23:00:00Z');
  expect(split(late, at('w2', '2026-03-03T23:00:00Z'))).toEqual([['ana', '30.00', 2, '40.00', 'w1 w2']]);
  expect(split(late, at('w2', '2026-03-03T23:00:01Z'))).toEqual([]);
  // The first is too long ago for the third.
  const three = [late, at('w2', '2026-03-03T22:00:00Z', 500), at('w3', '2026-03-04T08:00:00Z', 2_600)];
  expect(split(...three)).toEqual([['ana', '30.00', 2, '31.00', 'w2 w3']]);
  const daily = ['02', '03', '04', '05'].map((day) => at(`d${day}`, `2026-03-${day}T09:00:00Z`));
  expect(split(...daily)).toEqual([
    ['ana', '30.00', 2, '40.00', 'd02 d03'],
    ['ana', '30.00', 2, '40.00', 'd04 d05'],
  ]);
});

it('is written as CSV', async () => {
  const given = [waived('w1', 2_000), waived('w2', 2_000, { commandId: undefined }), waived('=w3', 500)];
  let text = '';
  for await (const piece of splitCommandsCsv(splitCommands(given, place, policy, 2, users))) text += piece;
  expect(text).toBe(
    'day,user,command,patronId,office,limit,count,amount,commandIds\r\n' +
      '2026-03-02,ana,WaiveFees,p1,,30.00,3,45.00,w1 =w3\r\n',
  );
});
