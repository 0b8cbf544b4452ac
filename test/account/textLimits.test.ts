import { copyEvents, decodeEvent, encodeEvent, memoryEventStore } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/account/commands/parseCommand.js';
import { redactEvent } from '../../src/history/redaction.js';
import { type AccountEvent, fold } from '../../src/index.js';
import { officeEvents } from '../../src/office/index.js';
import { goldenEvents } from '../support/goldenEvents.js';
import { placesIn, wholeCommands } from '../support/wholeCommands.js';

const longest = 'x'.repeat(10_000);
const tooLong = `${longest}x`;
const expected = 'a string of at most 10000 characters';
const fault = {
  expected,
  found: 'a string of 10001 characters',
  code: 'shortText',
  parameters: { lengthMax: 10_000, length: 10_001 },
};
const stream = { institution: 'north', patronId: 'p1' };

/** Whether a command or event with this value is valid. */
const accepts = (command: unknown) => 'command' in parseCommand(command, 2);
const writes = (event: unknown) => {
  try {
    return encodeEvent(event as AccountEvent) !== '';
  } catch {
    return false;
  }
};

/** An event with a comment as an early version stored it: without a limit. */
const stored = (comment: string) =>
  `{"type":"FeeAssessed","data":{"feeId":"f1","feeType":"OTHER","amount":"2.50","currency":"USD","owner":"MAIN","comment":"${comment}","at":"2026-03-02T09:00:00Z"}}`;

describe('the limit of texts', () => {
  const places = Object.values(wholeCommands).flatMap((command) => placesIn(command));
  const eventPlaces = goldenEvents.flatMap((event) => placesIn(event));

  it('exists for every text of a command or an event', () => {
    const endless = 'x'.repeat(100_000);
    for (const place of [...places]) expect(accepts(place.with(endless)), place.path).toBe(false);
    for (const place of [...eventPlaces]) expect(writes(place.with(endless)), place.path).toBe(false);
  });

  it('is 10,000 characters, in commands and in events', () => {
    const texts = places.filter((place) => accepts(place.with(longest)));
    const names = [
      'comment',
      'staffNote',
      'reason',
      'reference',
      'externalReference',
      'correlationId',
      'causationId',
    ];
    const items = ['barcode', 'callNumber', 'id', 'library', 'location', 'title'].map(
      (name) => `item.${name}`,
    );
    const paths = new Set(texts.map(({ path }) => path.replace('metadata.', '')));
    expect([...paths].sort()).toEqual([...names, ...items].sort());
    for (const place of texts) {
      const result = parseCommand(place.with(tooLong), 2);
      expect(result).toEqual({ faults: [{ path: place.path, ...fault }] });
    }
    const ofEvents = eventPlaces.filter((place) => writes(place.with(longest)));
    expect(ofEvents.length).toBeGreaterThan(100);
    for (const place of ofEvents) expect(writes(place.with(tooLong)), place.path).toBe(false);
  });

  it('does not apply to stored texts: they are read, folded and redacted', () => {
    const event = decodeEvent(stored(tooLong));
    expect(event.data).toMatchObject({ comment: tooLong });
    expect(fold([event]).fees[0]?.original).toBe(250);
    expect(encodeEvent(redactEvent(event))).not.toContain('xxx');
    expect(() => decodeEvent(stored(tooLong).replace('"OTHER"', '7'))).toThrow('data.feeType');
    const office = (comment: string) =>
      `{"type":"TillOpened","data":{"sessionId":"s1","currency":"USD","float":"1.00","floatMethod":"CASH","at":"2026-03-02T09:00:00Z","by":{"channel":"desk","userId":"ana"},"comment":"${comment}"},"metadata":{"commandId":"s1","commandDigest":"d"}}`;
    const opened = officeEvents.decode(office(tooLong));
    expect(opened.data).toMatchObject({ comment: tooLong });
    expect(() => officeEvents.decode(office(tooLong).replace('"1.00"', '"1"'))).toThrow('data.float');
    expect(() => officeEvents.encode(opened)).toThrow(expected);
  });

  it('applies to copied texts, which can be shortened', async () => {
    const now = () => '2026-03-02T09:00:00Z';
    const early = memoryEventStore({
      now,
      codec: { encode: JSON.stringify, decode: decodeEvent, idField: 'patronId' },
    });
    await early.append(stream, [decodeEvent(stored(tooLong))], { expectedVersion: 0 });
    const next = memoryEventStore({ now });
    await expect(copyEvents(early as never, next)).rejects.toThrow(`data.comment: expected ${expected}`);
    const change = (event: AccountEvent) =>
      ({ ...event, data: { ...event.data, comment: event.data.comment?.slice(0, 10_000) } }) as AccountEvent;
    await copyEvents(early as never, next, { change });
    expect((await next.read(stream)).events[0]?.event.data.comment).toBe(longest);
  });
});
