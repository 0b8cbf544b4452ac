import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type AccountEvent, fold, type PatronAccount } from 'patron-fees';
import { decodeSnapshot, encodeSnapshot, replay } from 'patron-fees/history';
import { compare, medianNanoseconds, repeated, report, round } from './measure.js';
import { stream, streams } from './streams.js';

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

function bytesPerAccount(): void {
  for (const length of [20, 100]) {
    const histories = streams(2_000, length, 'readable');
    const before = heapUsed();
    const accounts = histories.map((events) => fold(events));
    const bytes = Math.round((heapUsed() - before) / accounts.length);
    report('bytes per account, without the strings of the events', { events: length, bytes });
  }
}

function deepFreeze(data: unknown): void {
  if (typeof data !== 'object' || data === null || Object.isFrozen(data)) return;
  Object.freeze(data);
  Object.values(data).forEach(deepFreeze);
}

/** Compares a snapshot of the account with replaying its log, both from text. */
function snapshot(events: readonly AccountEvent[], account: PatronAccount): object {
  const log = events.map((event) => JSON.stringify(event)).join('\n');
  const text = encodeSnapshot(account);
  const times = Math.max(1, Math.round(1_000 / events.length));
  const load = repeated(times, () => decodeSnapshot(text));
  const { ratio } = compare(
    load,
    repeated(times, () => replay(log)),
    15,
  );
  const { ratio: trusted } = compare(
    load,
    repeated(times, () => replay(log, { validate: false })),
    15,
  );
  const write =
    medianNanoseconds(
      repeated(times, () => encodeSnapshot(account)),
      15,
    ) / times;
  return {
    logBytes: log.length,
    snapshotBytes: text.length,
    loadAgainstReplay: ratio,
    loadAgainstUnvalidatedReplay: trusted,
    writeMicroseconds: round(write / 1_000),
  };
}

export function memoryAndSnapshots(): void {
  bytesPerAccount();
  for (const length of [20, 100, 1_000, 10_000]) {
    const events = stream(length, 'readable');
    report('snapshot', { events: length, ...snapshot(events, fold(events)) });
  }
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
