import { definePolicy } from '../../src/index.js';
import { booked, camt053, details } from '../jobs/bank/camt053.js';

/** The number of days, each with a deposit and a gift. */
export const DAYS = 28;

export const bankPolicy = definePolicy({
  currency: 'EUR',
  bankReasons: { OTHER: 'Other' },
});

const at = '2026-03-31T10:00:00Z';
export const by = { channel: 'desk', userId: 'fin' } as const;
export const giro = { institution: 'north', bank: 'GIRO' };
export const bankForm = {
  ...{ ...giro, timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31', at, by },
} as const;

const date = (day: number) => `2026-03-${String(day + 2).padStart(2, '0')}`;

/** Returns the entries of a day. */
export function entriesOf(day: number) {
  const entry = (id: string, amount: string, text: string) => ({
    ...{ id, amount, text, bookedOn: date(day), entryId: `${date(day)}/${amount}/${id}` },
  });
  return [entry(`D${day}`, `${day + 1}0.00`, `slip ${100 + day}`), entry(`G${day}`, '7.00', 'gift')] as const;
}

/** Returns the statement of some days. */
export function statementOf(from: number, through: number): string {
  const days = Array.from({ length: through + 1 }, (_, day) => entriesOf(day));
  const entries = days.slice(from).flat();
  const words = (text: string) =>
    `<NtryDtls>${details(`<RmtInf><Ustrd>${text}</Ustrd></RmtInf>`)}</NtryDtls>`;
  return camt053(
    entries.map(({ amount, bookedOn, id, text }) => booked(amount, bookedOn, id, words(text))).join(''),
    { id: `S${from}-${through}` },
  );
}
