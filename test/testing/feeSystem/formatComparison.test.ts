import { describe, expect, it } from 'vitest';
import { formatComparison } from '../../../src/testing/index.js';

const results = {
  name: 'a < b',
  passed: false,
  cases: [
    { title: 'waives fees', stories: 1, milliseconds: 5, difference: null },
    { title: 'pays #1', stories: 7, milliseconds: 1_000, difference: 'It differs.\n\n> "5" & <4>\u0007' },
  ],
};

describe('results of a comparison', () => {
  it('as text: what passed, and the story of what failed', () => {
    expect(formatComparison(results, 'text')).toBe(
      'a < b: 2 cases\n\npassed  waives fees (1 story)\nfailed  pays #1\n\n        It differs.\n\n        > "5" & <4>\u0007\n\n',
    );
  });

  it('as TAP, with the story as YAML', () => {
    expect(formatComparison(results, 'tap')).toBe(
      `TAP version 14
1..2
ok 1 - waives fees
  ---
  duration_ms: 5
  ...
not ok 2 - pays \\#1
  ---
  duration_ms: 1000
  message: |-
    It differs.

    > "5" & <4>\u0007
  ...
`,
    );
  });

  it("as JUnit's XML, escaped", () => {
    expect(formatComparison(results, 'junit')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a &lt; b" tests="2" failures="1" time="1.005">
    <testcase classname="a &lt; b" name="waives fees" time="0.005"/>
    <testcase classname="a &lt; b" name="pays #1" time="1.000">
      <failure message="It differs.">It differs.

&gt; &quot;5&quot; &amp; &lt;4&gt;\u{FFFD}</failure>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
  });
});
