import { expect, it } from 'vitest';
import {
  addToPatron,
  issuedBefore,
  lastReceipt,
  recordRequest,
} from '../../../src/office/receipts/receiptRecords.js';
import { at, by, officeStore } from '../till/tills.js';

const retry = { attempts: 1, maxPauseMs: 0 };
const subject = { patronId: 'u1', kind: 'payment', subjectId: 'p1' } as const;
const request = { ...subject, series: '2026', accountVersion: 2, amount: '5.00', currency: 'USD', at, by };

it('keeps the first request for a payment', async () => {
  const office = officeStore();
  expect(await recordRequest(office, 'north', request, retry)).toEqual(request);
  const later = { ...request, series: '2027', accountVersion: 9 };
  expect(await recordRequest(office, 'north', later, retry)).toEqual(request);
  expect(await recordRequest(office, 'north', { ...later, kind: 'waiver' }, retry)).toMatchObject({
    series: '2027',
  });
});

it('replaces a request in a closed series once', async () => {
  const office = officeStore();
  await recordRequest(office, 'north', request, retry);
  const [moved, other] = ['2027', '2028'].map((series) => ({ ...request, series })) as [
    typeof request,
    typeof request,
  ];
  expect(await recordRequest(office, 'north', moved, retry, '2026')).toEqual(moved);
  expect(await recordRequest(office, 'north', other, retry, '2026')).toEqual(moved);
  expect(await recordRequest(office, 'north', request, retry)).toEqual(moved);
});

it('adds a number to the receipts of its patron once', async () => {
  const office = officeStore();
  const issued = { ...request, number: 1 };
  expect(await issuedBefore(office, { institution: 'north', ...subject })).toBeUndefined();
  await addToPatron(office, 'north', issued, retry);
  await addToPatron(office, 'north', issued, retry);
  expect(await issuedBefore(office, { institution: 'north', ...subject })).toEqual(issued);
  expect((await office.readAll()).events).toHaveLength(1);
});

it('finds the last number of a series', async () => {
  const office = officeStore();
  const series = { institution: 'north', stream: 'receipts:2026' };
  expect(await lastReceipt(office, series)).toEqual({ head: 0, last: undefined });
  const receipts = [1, 2].map((number) => ({ type: 'ReceiptIssued' as const, data: { ...request, number } }));
  await office.append(series, receipts, { expectedVersion: 0 });
  expect(await lastReceipt(office, series)).toEqual({ head: 2, last: receipts[1]?.data });
});
