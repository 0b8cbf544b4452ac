import type { OnlinePaymentEvent } from 'patron-fees/online';
import { expect, it } from 'vitest';
import { keptRow, settledOnline } from '../../../scripts/goldenOnlinePayment.js';
import { localDay } from '../../../src/job/localDay.js';
import {
  approvalOf,
  givenInOffice,
  hasApprovals,
  officeCommands,
} from '../../../src/jobs/reports/officeCommands.js';
import type { OfficeEvent } from '../../../src/office/index.js';
import { bankAfter, cash, confirm, depositFromSafe, reverse } from '../../office/bank/banks.js';
import { close, move, open, tillEvents } from '../../office/till/tills.js';

const inStream = (stream: string, events: readonly OfficeEvent[]) =>
  officeCommands(
    { institution: 'north', stream },
    events.map((event, index) => ({ version: index + 1, recordedAt: '2026-03-03T03:00:00Z', event })),
    localDay('America/New_York'),
  );

it('has the amounts of till commands that limits are compared with', () => {
  const found = inStream('till:CIRC', tillEvents(open(), move('m1', 'out', '20'), close('c1', '0', '30')));
  expect(found.map(({ command, commandId, amount, day }) => [command, commandId, amount, day])).toEqual([
    ['OpenTill', 'CIRC/1', 5_000, '2026-03-02'],
    ['MoveTillMoney', 'm1', 2_000, '2026-03-02'],
    ['CloseTill', 'c1', null, '2026-03-02'],
  ]);
  // Floats and counts are written off by nobody.
  expect(found.flatMap(givenInOffice)).toMatchObject([
    { command: 'MoveTillMoney', item: 'CIRC/1', userId: 'ana', isApproved: false },
  ]);
});

it('has the amounts of bank commands that limits are compared with, including differences and reversed amounts', () => {
  const difference = { kind: 'overShort', amount: '-2.00' } as const;
  const { events } = bankAfter(
    depositFromSafe('s1', '10'),
    { ...confirm('c1', '60.00', cash()), difference },
    reverse('r1', 'c1'),
  );
  expect(inStream('bank:GIRO', events).map(({ command, item, amount }) => [command, item, amount])).toEqual([
    ['DepositFromSafe', null, 1_000],
    ['ConfirmBankEntry', '["deposit","CIRC","CIRC/1","CASH"]', 6_200],
    ['ReverseBankRecord', null, 6_200],
  ]);
});

it('leaves out confirmations by a job, except those of an earlier release', () => {
  const { events } = bankAfter(confirm('c1', '62.00', cash()));
  const [event] = events;
  const matched = (matchedBy: 'reference' | 'hand' | undefined) =>
    inStream('bank:GIRO', [{ ...event, data: { ...event?.data, matchedBy } } as OfficeEvent]).flatMap(
      givenInOffice,
    ).length;
  expect([matched('reference'), matched('hand'), matched(undefined)]).toEqual([0, 1, 1]);
});

it('lists what another user approved, and up to which amount', () => {
  const by = { channel: 'job', userId: 'mo' } as const;
  const purge: OfficeEvent = {
    type: 'PurgeRecorded',
    data: {
      purgeId: 'x',
      patronId: 'p1',
      version: 3,
      seal: 1,
      at: '2026-03-02T09:00:00Z',
      by,
      approvedBy: { userId: 'di' },
    },
    metadata: { correlationId: 'purge 1' },
  };
  const [moved] = tillEvents(open(), move('m1', 'out', '20')).slice(1);
  const approved = {
    ...moved,
    data: { ...moved?.data, approvedBy: { userId: 'mo', upTo: '25.00' } },
  } as OfficeEvent;
  const said = (stream: string, event: OfficeEvent) =>
    inStream(stream, [event]).flatMap((one) =>
      approvalOf({ institution: 'north', stream }, one, (user) => user ?? null),
    );
  const day = '2026-03-02';
  expect(said('purges:p1', purge)).toEqual([
    {
      ...{ day, command: 'Purge', office: 'purges:p1', commandId: 'purge 1', user: 'mo', approvedBy: 'di' },
      ...{ approvedUpTo: null, amount: null, currency: null },
    },
  ]);
  expect(said('till:CIRC', approved)).toEqual([
    {
      ...{
        day,
        command: 'MoveTillMoney',
        office: 'till:CIRC',
        commandId: 'm1',
        user: 'ana',
        approvedBy: 'mo',
      },
      ...{ approvedUpTo: '25.00', amount: '20.00', currency: 'USD' },
    },
  ]);
  expect(said('till:CIRC', moved as OfficeEvent)).toEqual([]);
});

it('reads the streams with approvals only', () => {
  const has = (stream: string) => hasApprovals({ institution: 'north', stream });
  expect([has('till:CIRC'), has('seals:'), has('receipts:2026'), has('capture:ch_1')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('lists settlements of online payments by persons, but not those that followed automatically', () => {
  const [, , , , part] = settledOnline;
  const settled = part as OnlinePaymentEvent & { readonly type: 'OnlinePaymentSettled' };
  const follows = { ...settled, data: { ...settled.data, what: 'follows', kind: 'return' } } as const;
  expect(inStream('online:o2', [...settledOnline, follows])).toMatchObject([
    { command: 'SettleOnlinePart', amount: 500, currency: 'USD', approvedBy: { userId: 'lee' } },
  ]);
  expect(inStream('onlineKept:k2', keptRow)).toMatchObject([
    { command: 'SettleOnlineReport', amount: 700, approvedBy: { userId: 'lee' } },
    { command: 'SettleOnlineReport', amount: 700 },
  ]);
});
