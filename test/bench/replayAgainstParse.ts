import { replay } from 'patron-fees/history';
import { compare, report, round } from './measure.js';
import { stream, streams } from './streams.js';

/** Measures a replay, as a multiple of `JSON.parse` alone for the same lines, already split and decoded. */
export function replayAgainstParse(): void {
  const logs = {
    'one account of 1,000': [stream(1_000, 'readable')],
    'one account of 10,000': [stream(10_000, 'readable')],
    '500 accounts of 20': streams(500, 20, 'readable'),
  };
  for (const [log, accounts] of Object.entries(logs)) {
    const lines = accounts.map((events) => events.map((event) => JSON.stringify(event)));
    const bytes = lines.map((account) => new TextEncoder().encode(account.join('\n')));
    const parse = () => lines.map((account) => account.map((line) => JSON.parse(line).type));
    for (const [source, sources] of Object.entries({ bytes, lines })) {
      for (const validate of [false, true]) {
        const work = () => sources.map((ndjson: Uint8Array | string[]) => replay(ndjson, { validate }));
        const { ratio, lower, upper, best, pairs } = compare(work, parse, 21);
        const times = {
          times: round(1 / ratio),
          lower: round(1 / upper),
          upper: round(1 / lower),
          best: round(1 / best),
        };
        report('replay / JSON.parse alone', { log, source, validate, ...times, pairs });
      }
    }
  }
}
