import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fold } from 'patron-fees';
import { compare, medianNanoseconds, report, round } from './measure.js';
import { stream, streams } from './streams.js';

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** A function of its own: what an earlier call left on its stack would else be freed, and counted, in a later one. */
function bytesPerAccount(length: number): void {
  const histories = streams(2_000, length, 'readable');
  const before = heapUsed();
  const accounts = histories.map((events) => fold(events));
  const bytes = heapUsed() - before;
  for (const { fees, credits } of accounts) {
    for (const row of [...fees, ...credits]) Object.assign(row, { transactions: null });
  }
  const ofTransactions = before + bytes - heapUsed();
  // Read last, so that neither list is collected before.
  const [events, count] = [histories[0]?.length, accounts.length];
  report('bytes per account, without the strings of the events', {
    events,
    bytes: Math.round(bytes / count),
    ofTransactions: Math.round(ofTransactions / count),
  });
}

function deepFreeze(data: unknown): void {
  if (typeof data !== 'object' || data === null || Object.isFrozen(data)) return;
  Object.freeze(data);
  Object.values(data).forEach(deepFreeze);
}

export function memory(): void {
  for (const length of [20, 100]) bytesPerAccount(length);
  const events = stream(1_000, 'readable');
  const plain = () => fold(events);
  const { ratio } = compare(
    () => deepFreeze(fold(structuredClone(events))),
    () => fold(structuredClone(events)),
    21,
  );
  const freeze = medianNanoseconds(() => deepFreeze(plain()), 21) - medianNanoseconds(plain, 21);
  report('a deep freeze of the account of 1,000 events', {
    microseconds: round(freeze / 1_000),
    speedOfFoldWithIt: ratio,
  });
}
