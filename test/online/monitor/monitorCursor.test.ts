import { describe, expect, it } from 'vitest';
import type { OnlinePayment } from '../../../src/office/onlinePayments/onlinePayment.js';
import {
  isAskedNoMore,
  isAskedNow,
  nextCursor,
  parseCursor,
  withNamed,
} from '../../../src/online/monitor/monitorCursor.js';

const expiresAt = '2026-03-02T10:00:00Z';
const payment = {
  expiresAt,
  captures: [],
  pendings: [],
  failedAt: null,
  ended: null,
} as unknown as OnlinePayment;
const minutesLater = (minutes: number) => new Date(Date.parse(expiresAt) + minutes * 60_000).toISOString();
const DAY = 24 * 60;

const nothing = { pages: [undefined], payments: [], kept: new Map(), cursor: '1' };

/** Returns when a run asked last, as the cursor after it says. */
function afterAsk(askedAt: string | null, at: string | null): string | null {
  const left = { payments: [], kept: [], notAsked: [], at };
  return parseCursor(nextCursor({ ...parseCursor(null), askedAt }, nothing, left)).askedAt;
}

/** Counts the questions of runs at some minutes after the expiry, each with the cursor of the one before. */
function questions(
  minutes: readonly number[],
  clock: (minute: number) => number = (minute) => minute,
): number {
  let askedAt: string | null = minutesLater(-1);
  return minutes.filter((minute) => {
    const at = minutesLater(clock(minute));
    const isAsked = isAskedNow(payment, { at, askedAt, askForDays: 30 });
    askedAt = afterAsk(askedAt, at);
    return isAsked;
  }).length;
}

const every5 = Array.from({ length: (31 * DAY) / 5 + 1 }, (_, index) => index * 5);

describe('asking', () => {
  it('happens 36 times in 31 days, in 8,929 runs, even with a slow clock', () => {
    expect([questions(every5), questions(every5, (minute) => minute - 4)]).toEqual([36, 36]);
    // A clock that jumps back asks nothing twice.
    expect(questions([0, 5, 15, 14, 12, 10, 15])).toBe(3);
  });

  it('is timed from the latest run that asked, unless the clock of that run was more than a day ahead', () => {
    const [now, before, ahead] = [minutesLater(14), minutesLater(15), minutesLater(14 + DAY)];
    expect([afterAsk(before, now), afterAsk(ahead, now), afterAsk(minutesLater(15 + DAY), now)]).toEqual([
      before,
      ahead,
      now,
    ]);
    expect([afterAsk(before, null), afterAsk(null, now)]).toEqual([before, now]);
  });

  it('happens at the expiry, after 5, 15, 45 minutes, 2 and 6 hours, then every 24 hours', () => {
    const asked = every5.filter((minute) =>
      isAskedNow(payment, { at: minutesLater(minute), askedAt: minutesLater(minute - 5), askForDays: 2 }),
    );
    expect(asked).toEqual([0, 5, 15, 45, 120, 360, DAY, 2 * DAY]);
  });

  it('happens at least once, however late the run comes; without a cursor always, not before the expiry', () => {
    expect(questions([100 * DAY])).toBe(1);
    const at = minutesLater(100 * DAY);
    expect(isAskedNow(payment, { at, askedAt: null, askForDays: 30 })).toBe(true);
    expect(isAskedNow(payment, { at: minutesLater(-1), askedAt: null, askForDays: 30 })).toBe(false);
    // A clock that was ten years ahead counts for nothing.
    expect(
      isAskedNow(payment, { at: minutesLater(7), askedAt: minutesLater(3_650 * DAY), askForDays: 30 }),
    ).toBe(true);
  });

  it('ends after a number of days, which for a debit begin at its time', () => {
    expect(isAskedNoMore(payment, minutesLater(30 * DAY), 30)).toBe(false);
    expect(isAskedNoMore(payment, minutesLater(30 * DAY + 1), 30)).toBe(true);
    const debit = {
      ...payment,
      pendings: [{ until: minutesLater(40 * DAY), at: expiresAt }],
    } as unknown as OnlinePayment;
    expect(isAskedNoMore(debit, minutesLater(60 * DAY), 30)).toBe(false);
  });
});

describe('the cursor', () => {
  const none = parseCursor(null);
  const changed = (onlinePaymentId: string, before: string | undefined) =>
    ({ onlinePaymentId, before, patronId: undefined, transactions: [] }) as const;
  const at = minutesLater(0);

  it('is read from a cursor of the store, or from a cursor that it wrote', () => {
    expect(parseCursor('17')).toMatchObject({ after: '17', payments: [], askedAt: null });
    const payments = [changed('o1', undefined), changed('o2', '200')];
    const pages = [undefined, '200', '400'];
    const kept = new Map([['k1', '200']]);
    const left = { payments, kept: ['k1'], notAsked: ['o2'], at };
    const read = parseCursor(nextCursor(none, { pages, payments, kept, cursor: '500' }, left));
    expect(read).toEqual({
      after: '500',
      payments: [
        { onlinePaymentId: 'o1', transactions: [] },
        { onlinePaymentId: 'o2', transactions: [] },
      ],
      kept: ['k1'],
      askedAt: at,
      notAsked: ['o2'],
    });
    expect(withNamed(read.payments, [changed('o2', '500')])).toEqual([
      changed('o1', undefined),
      changed('o2', '500'),
    ]);
  });

  it('lists the first 1,000 payments, and points before the earliest of the others', () => {
    const payments = Array.from({ length: 1_500 }, (_, index) =>
      changed(`o${index}`, index < 1_200 ? '200' : '400'),
    );
    const pages = [undefined, '200', '400'];
    const left = { payments, kept: [], notAsked: payments.map(({ onlinePaymentId }) => onlinePaymentId), at };
    const read = parseCursor(nextCursor(none, { pages, payments, kept: new Map(), cursor: '600' }, left));
    expect([read.after, read.payments.length, read.askedAt]).toEqual(['200', 1_000, null]);
  });
});
