import {
  decideRemittance,
  foldRemittances,
  noRemittances,
  type RecordRemittance,
  type RemittanceCommand,
  type RemittanceEvent,
} from '../../../src/bursar/index.js';
import { policyWith } from '../../support/account.js';

export const policy = policyWith({ destinations: { BURSAR: 'Bursar', AGENCY: 'Collections' } });

/** Someone of the finance office. */
export const by = { channel: 'desk', userId: 'fin' } as const;

const about = { destination: 'BURSAR', at: '2026-04-01T09:00:00Z', by } as const;

/** Records a remittance of the bursar. */
export function received(id: string, amount: string, more: Partial<RecordRemittance> = {}) {
  return { type: 'RecordRemittance', id, direction: 'received', amount, ...about, ...more } as const;
}

/** Reverses a remittance of the bursar. */
export function undone(id: string, remittanceId: string) {
  return { type: 'ReverseRemittance', id, remittanceId, ...about } as const;
}

/** The events of commands that must all be accepted. */
export function remittanceEvents(...commands: readonly RemittanceCommand[]): RemittanceEvent[] {
  let state = noRemittances;
  return commands.flatMap((command) => {
    const decision = decideRemittance(command, state, policy);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
    state = foldRemittances(decision.events, state);
    return [...decision.events];
  });
}
