import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Story } from 'patron-fees/testing';

/** Writes a story as JSON lines: its policy, then its commands; another policy comes before the command it is for. */
export function storyLines({ policy, steps, broken }: Pick<Story, 'policy' | 'steps' | 'broken'>): string {
  const lines: object[] = [{ policy }];
  let inForce = policy;
  for (const step of steps) {
    if (step.policy !== inForce) lines.push({ policy: step.policy });
    inForce = step.policy;
    lines.push(step.command);
  }
  if (broken !== undefined) lines.push(broken.command);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/**
 * Adds to the error of a failed law how to step through its story: it is written to a file, and the message names the
 * command. An error without a story stays as it is.
 */
export function withExplorer(error: unknown): unknown {
  const [story] =
    error instanceof Error && 'inputs' in error && Array.isArray(error.inputs) ? error.inputs : [];
  if (!(error instanceof Error) || !isStory(story)) return error;
  const file = join(mkdtempSync(join(tmpdir(), 'story-')), 'story.jsonl');
  writeFileSync(file, storyLines(story));
  error.message += `\n\nStep through it: npm run story-page -- ${file}`;
  return error;
}

function isStory(value: unknown): value is Story {
  return typeof value === 'object' && value !== null && 'policy' in value && 'steps' in value;
}
