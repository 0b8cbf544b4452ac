import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { encodeEvents } from '../../src/history/codec.js';
import { replay } from '../../src/history/replay.js';
import { assessed, errorOf, paid } from '../support/events.js';
import { seeded } from '../support/seeded.js';
import { moves, policies, runMoves } from '../support/stories.js';

const history = [assessed('f1', '10.00'), paid('p1', 'f1', '4.00'), assessed('__proto__', '2.50')];
const log = encodeEvents(history);

describe('replaying a log', () => {
  it('folds its events, from a string, bytes or lines, validated or not', () => {
    const bytes = new TextEncoder().encode(log);
    for (const ndjson of [
      log,
      log.trimEnd(),
      log.replaceAll('\n', '\r\n'),
      bytes,
      log.trimEnd().split('\n'),
    ]) {
      expect(replay(ndjson)).toEqual(fold(history));
      expect(replay(ndjson, { validate: false })).toEqual(fold(history));
    }
    expect(replay('')).toEqual(fold([]));
  });

  it('returns the account of any story', () => {
    const policy = policies[0] as (typeof policies)[number];
    fc.assert(
      fc.property(moves(10), (story) => {
        const events = runMoves(story, policy).flatMap(({ decision }) => decision.events);
        const account = fold(events);
        expect(replay(encodeEvents(events))).toEqual(account);
        expect(replay(encodeEvents(events), { validate: false })).toEqual(account);
      }),
      seeded('replayed logs'),
    );
  });

  it.each(['{', '', 'null', '{"type":"FeeAssessed","data":{}}'])(
    'names the line that is not an event: %j',
    (line) => {
      const error = errorOf(() => replay([...log.trimEnd().split('\n'), line, 'never read']));
      expect(error).toMatchObject({ code: 'INVALID_EVENT', details: { line: 4 } });
    },
  );

  it('detects a wrong order and broken JSON even without validation', () => {
    const trusted = (lines: readonly string[]) =>
      errorOf(() => replay(lines, { validate: false, stream: 's' }));
    expect(trusted(['{"type":"FeeAssessed"}'])).toMatchObject({
      code: 'CORRUPT_HISTORY',
      details: { fault: 'MalformedEvent', position: 1, stream: 's' },
    });
    expect(trusted(['{'])).toMatchObject({ code: 'INVALID_EVENT', details: { line: 1 } });
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(errorOf(() => replay(Uint8Array.of(0xff)))).toMatchObject({ code: 'INVALID_EVENT' });
  });

  it.each([undefined, null, 7, {}])('refuses %j, which is neither a string nor bytes nor lines', (other) => {
    expect(errorOf(() => replay(other as never))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
