import type { AccountEvent } from 'patron-fees';

// Streams as read from storage: parsed from JSON, since other strings and objects are faster or slower.
/** The style of fee ids: short and readable, or long digit strings like those of Alma. */
export type IdStyle = 'readable' | 'digits';

const ALMA_FIRST_ID = 3_637_417_490_004_617n;

/** Returns a pseudo-random generator, so that every run measures the same streams. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Generates the stream of one account like the daily work of a library: most fees are paid in one or two parts, some
 * are waived, disputed or transferred. Roughly 45 % assessments, 35 % payments, 10 % waivers, the rest disputes and
 * transfers; every fourth payment is made online. Every event has the circumstances and metadata of a decision.
 */
export function stream(length: number, style: IdStyle, seed = 1): AccountEvent[] {
  const random = numbers(seed);
  const events: AccountEvent[] = [];
  let fees = 0;
  const feeIdOf = (number: number) =>
    style === 'readable' ? `f-${1000 + number}` : String(ALMA_FIRST_ID + BigInt(number) * 20_000n);
  const add = (type: string, id: string, data: object) => {
    const minute = String(events.length % 60).padStart(2, '0');
    const at = `2026-03-02T09:${minute}:00Z`;
    const by = { userId: 'staff-17', channel: 'desk', desk: 'CIRC', library: 'MAIN' };
    const commandDigest = (events.length * 2_654_435_761).toString(16).padStart(16, '0').slice(0, 16);
    events.push({
      type,
      data: { ...data, at, by },
      metadata: { commandId: id, commandDigest },
    } as AccountEvent);
  };
  const money = { currency: 'USD' };
  while (events.length < length) {
    const number = events.length;
    const feeId = feeIdOf(fees++);
    const cents = 100 + Math.floor(random() * 4_900);
    const amount = (cents / 100).toFixed(2);
    add('FeeAssessed', feeId, {
      feeId,
      feeType: 'OVERDUEFINE',
      amount,
      ...money,
      owner: 'MAIN',
      loanId: `loan-${number}`,
    });
    const fate = random();
    const pay = (paymentId: string, part: string) =>
      add('PaymentReceived', paymentId, {
        paymentId,
        amount: part,
        ...money,
        method: 'CASH',
        allocations: [{ feeId, amount: part }],
        // Every fourth payment is made online.
        ...(random() < 0.25 && { method: 'ONLINE', externalTransactionId: `ch_${paymentId}` }),
      });
    if (fate < 0.5) {
      pay(`p-${number}`, amount);
    } else if (fate < 0.7) {
      const first = Math.floor(cents / 2);
      pay(`p-${number}`, (first / 100).toFixed(2));
      pay(`q-${number}`, ((cents - first) / 100).toFixed(2));
    } else if (fate < 0.85) {
      add('FeeWaived', `w-${number}`, { waiverId: `w-${number}`, feeId, amount, ...money, reason: 'OTHER' });
    } else if (fate < 0.9) {
      add('FeeDisputed', `d-${number}`, { disputeId: `d-${number}`, feeId });
    } else if (fate < 0.95) {
      add('FeeTransferred', `t-${number}`, {
        transferId: `t-${number}`,
        feeId,
        amount,
        ...money,
        expectsSettlement: false,
      });
    }
  }
  return JSON.parse(JSON.stringify(events.slice(0, length)));
}

/** Generates the streams of many accounts. */
export function streams(accounts: number, length: number, style: IdStyle): AccountEvent[][] {
  return Array.from({ length: accounts }, (_, index) => stream(length, style, index + 1));
}
