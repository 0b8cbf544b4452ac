// Many desks of one process, so that their appends share batches.
import type { EventStore, StoredAccountEvent } from '../../src/history/index.js';
import { isPatronFeesError } from '../../src/index.js';
import { assessedFee } from '../support/assessedFee.js';

const DESKS = 32;

/** The number of accounts that all crowds share. */
const SHARED = 3;

const REFUSED = 'refused';

/**
 * Lets many desks append to accounts of their own and to shared ones while `goesOn` returns true. Every append is sent
 * once, with a fee id of its own, and every fifth is refused, because it expects a wrong version.
 *
 * @param name - the institution of the crowd's own accounts, different for every crowd
 * @param acknowledge - called with the fee id of each acknowledged append
 */
export async function workInCrowd(
  store: EventStore,
  name: string,
  goesOn: () => boolean,
  acknowledge: (feeId: string) => void,
): Promise<void> {
  const work = async (desk: number) => {
    for (let n = 0; goesOn(); n++) {
      const isWrong = n % 5 === 4;
      const feeId = `${isWrong ? REFUSED : name}-${desk}-${n}`;
      const stream =
        n % 4 === 3
          ? { institution: 'shared', patronId: `p${desk % SHARED}` }
          : { institution: name, patronId: `p${desk}` };
      const events = n % 3 === 0 ? [assessedFee(feeId), assessedFee(`${feeId}-2`)] : [assessedFee(feeId)];
      try {
        await store.append(stream, events, { expectedVersion: isWrong ? 1_000_000 : 'any' });
        acknowledge(feeId);
      } catch (error) {
        // The server is down, or the connection was lost: whether the append was stored is unknown.
        if (!isPatronFeesError(error)) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  await Promise.all(Array.from({ length: DESKS }, (_, desk) => work(desk)));
}

/** Returns what is wrong with the stored events after the work of crowds. */
export function faultsOfCrowds(
  events: readonly StoredAccountEvent[],
  acknowledged: Iterable<string>,
): readonly string[] {
  const faults: string[] = [];
  const times = new Map<string, number>();
  const versions = new Map<string, number>();
  for (const { institution, patronId, version, event } of events) {
    const feeId = 'feeId' in event.data ? event.data.feeId : '';
    times.set(feeId, (times.get(feeId) ?? 0) + 1);
    const stream = `${institution}/${patronId}`;
    if (version !== (versions.get(stream) ?? 0) + 1) faults.push(`${stream} has ${version} out of order`);
    versions.set(stream, version);
    if (feeId.startsWith(REFUSED)) faults.push(`${feeId} was refused but is stored`);
  }
  for (const [feeId, count] of times) {
    if (count > 1) faults.push(`${feeId} is stored ${count} times`);
    // The number of the append is the third part of the id.
    const [name, desk, n, second] = feeId.split('-');
    const other = second === undefined ? `${feeId}-2` : `${name}-${desk}-${n}`;
    if (Number(n) % 3 === 0 && !times.has(other)) faults.push(`${feeId} is stored without ${other}`);
  }
  for (const feeId of acknowledged)
    if (!times.has(feeId)) faults.push(`${feeId} was acknowledged but is missing`);
  return faults;
}
