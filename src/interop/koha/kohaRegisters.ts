import { digestOf } from '../../account/digest.js';
import { digitsOf } from '../../money/currency.js';
import { minorUnits } from '../../money/money.js';
import { loadTill } from '../../office/till/executeTill.js';
import type { TillSession } from '../../office/till/till.js';
import { jsonNumber } from '../clientAmount.js';
import { NUMBERS } from './kohaLines.js';
import type { KohaSettings, KohaTill } from './kohaOptions.js';

/** Returns the number of a till or of one of its closings, which Koha numbers. */
function numberOf(...names: readonly string[]): number {
  const digest = digestOf(['koha-register', ...names]);
  return (Number.parseInt(digest.slice(0, 13), 16) % NUMBERS) + 1;
}

/** Returns the cash registers of a library: `GET /libraries/{library_id}/cash_registers`. */
export function cashRegisters(library: string, { cashRegisters: given }: KohaSettings) {
  return given?.tills.filter((till) => till.library === library).map(registerOf);
}

function registerOf({ till, library, name = till }: KohaTill) {
  return {
    cash_register_id: numberOf(till),
    name,
    library_id: library,
    description: name,
    starting_float: null,
    archived: false,
    branch_default: false,
  };
}

/** Returns the cash-ups of a register, the last one first; undefined if there is no such register. */
export async function cashups(register: string, settings: KohaSettings) {
  const till = settings.cashRegisters?.tills.find((one) => String(numberOf(one.till)) === register);
  return till === undefined ? undefined : cashupsOf(till, settings);
}

/** Returns a cash-up with its summary; undefined if there is no such one. */
export async function cashup(id: string, settings: KohaSettings) {
  for (const till of settings.cashRegisters?.tills ?? [])
    for (const row of await cashupsOf(till, settings)) if (String(row.cashup_id) === id) return row;
  return undefined;
}

async function cashupsOf({ till }: KohaTill, { cashRegisters: given, institution, policy }: KohaSettings) {
  if (given === undefined) return [];
  const { sessions, currency } = await loadTill(given.office, { institution, till });
  const digits = digitsOf(currency ?? policy.currency);
  return sessions.flatMap((session) => cashupOf(till, session, digits) ?? []).reverse();
}

/** A session that is closed is a cash-up: what was counted and taken to the bank, and what was taken in. */
function cashupOf(till: string, { sessionId, openedAt, closing }: TillSession, digits: number) {
  if (closing === null) return undefined;
  const { counts, closedAt } = closing;
  const sum = (amounts: readonly string[]) =>
    jsonNumber(Number(amounts.reduce((total, amount) => total + minorUnits(amount), 0n)), digits);
  return {
    cashup_id: numberOf(till, sessionId),
    cash_register_id: numberOf(till),
    amount: sum(counts.map(({ deposit }) => deposit)),
    timestamp: closedAt,
    summary: {
      from_date: openedAt,
      to_date: closedAt,
      total: sum(counts.map(({ takings }) => takings)),
      total_grouped: counts.map(({ method, takings }) => ({ payment_type: method, total: sum([takings]) })),
    },
  };
}
