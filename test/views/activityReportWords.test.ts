import { expect, it } from 'vitest';
import { englishReportWords } from '../../src/views/activityReportWords.js';

it('the English words of a report are all there, and say so in their language tag', () => {
  const { language, direction, statuses, ...words } = englishReportWords;
  expect([language, direction]).toEqual(['en', 'ltr']);
  for (const word of [...Object.values(words), ...Object.values(statuses)])
    expect(word).toMatch(/^[A-Z][a-z ]+\.?$/);
});
