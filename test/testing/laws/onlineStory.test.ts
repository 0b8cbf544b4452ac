import fc from 'fast-check';
import { expect, it } from 'vitest';
import { subjectOf } from '../../../src/testing/laws/laws.js';
import { onlineStories, runOnlineStory } from '../../../src/testing/laws/onlineStory.js';
import { fixedCases } from '../../support/seeded.js';

it('contains second captures, returns, crashes, records of other programs and entries of staff', () => {
  const subject = subjectOf();
  const found = {
    captures: 0,
    second: 0,
    returns: 0,
    credited: 0,
    byOthers: 0,
    split: 0,
    apart: 0,
    follows: 0,
    others: 0,
  };
  fc.assert(
    fc.property(onlineStories(fc, subject), (story) => {
      const { payments } = runOnlineStory(story, subject);
      for (const { captures, returns, recorded, settled } of payments) {
        found.apart += settled.filter(({ what }) => what === 'apart').length;
        found.follows += settled.filter(({ what }) => what === 'follows').length;
        found.others += returns.filter(({ others }) => others !== undefined).length;
        found.captures += captures.length;
        found.second += Math.max(0, captures.length - 1);
        found.returns += returns.length;
        found.split += returns.filter((one) => one.accounts.length > 1).length;
        found.credited += recorded.filter(({ credited }) => credited !== undefined).length;
        found.byOthers += recorded.filter(({ byOthers }) => byOthers !== undefined).length;
      }
    }),
    fixedCases(600),
  );
  for (const [what, count] of Object.entries(found)) expect(`${what} ${count > 0}`).toBe(`${what} true`);
  expect(found.returns).toBeGreaterThan(20);
});
