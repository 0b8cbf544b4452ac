import type { RemittanceCommand } from '../../src/bursar/index.js';
import { definePolicy } from '../../src/index.js';
import type { TillCommand } from '../../src/office/index.js';

/** The number of sessions of the till. */
export const SESSIONS = 40;

export const officePolicy = definePolicy({ currency: 'USD', destinations: { BURSAR: 'Bursar' } });

const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
const at = '2026-03-02T09:00:00Z';

/** A command, and the stream that it is for. */
export type OfficeCommand =
  | { readonly of: 'till'; readonly command: TillCommand }
  | { readonly of: 'bursar'; readonly command: RemittanceCommand };

/** Sessions of a till with a float, a drop and a count that is short, and a remittance after each; every third bounces. */
export function* officeCommands(): Generator<OfficeCommand> {
  for (let n = 0; n < SESSIONS; n++) {
    const sessionId = `s${n}`;
    const till = (command: TillCommand) => ({ of: 'till', command }) as const;
    yield till({ type: 'OpenTill', id: sessionId, float: '50.00', at, by });
    const out = { direction: 'out', amount: '20.00' } as const;
    yield till({ type: 'MoveTillMoney', id: `drop ${n}`, sessionId, ...out, at, by });
    const takings = [{ method: 'CASH', amount: `${n + 1}.25` }];
    const counts = [{ method: 'CASH', amount: `${n + 31}.00` }];
    yield till({ type: 'CloseTill', id: `close ${n}`, sessionId, takings, counts, at, by });
    const about = { destination: 'BURSAR', at, by } as const;
    const amount = `${n + 1}.00`;
    const record = {
      type: 'RecordRemittance',
      id: `r${n}`,
      direction: 'received',
      amount,
      ...about,
    } as const;
    yield { of: 'bursar', command: record };
    if (n % 3 !== 0) continue;
    const undo = { type: 'ReverseRemittance', id: `u${n}`, remittanceId: `r${n}`, ...about } as const;
    yield { of: 'bursar', command: undo };
  }
}
