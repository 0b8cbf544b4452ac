import { foldOnlinePayment, type OnlinePayment, onlinePaymentStatus } from 'patron-fees/online';
import { expect, it } from 'vitest';
import { changed, history } from './onlinePayments.js';

const statusOf = (events: readonly unknown[], at = '2026-03-02T09:30:00Z') =>
  onlinePaymentStatus(foldOnlinePayment(events as never) as OnlinePayment, at);

it('the status depends on the events, and on the time while nothing was taken', () => {
  const [started, captured, ann, ben, returned, back] = history;
  const ended = changed(6, { final: false });
  expect(statusOf([started])).toBe('started');
  expect(statusOf([started], '2026-03-02T10:00:00Z')).toBe('ended');
  expect(statusOf([started, ended])).toBe('ended');
  expect(statusOf([started, ended, captured, ann])).toBe('captured');
  expect(statusOf([started, captured, ann, ben], '2027-01-01T00:00:00Z')).toBe('recorded');
  expect(statusOf([started, captured, ann, ben, returned])).toBe('captured');
  expect(statusOf([started, captured, ann, ben, returned, back])).toBe('recorded');
  const all = {
    amount: '10.00',
    serviceFee: '0.50',
    accounts: [
      { patronId: 'ann', amount: '5.50' },
      { patronId: 'ben', amount: '4.00' },
    ],
  };
  const whole = [
    changed(4, all),
    changed(5, { amount: '5.50' }),
    changed(5, { amount: '4.00', byOthers: '4.00', patronId: 'ben' }),
  ];
  expect(statusOf([started, captured, ann, ben, ...whole])).toBe('returned');
});
