import { expect, it } from 'vitest';
import { runInMemory } from '../../support/commandLine.js';

const world = ['explore', '--fees', 'OTHER:1', '--depth', '2'];

it('prints what was reached, and that every law holds', async () => {
  const { exitCode, output } = await runInMemory(world);
  const [first, events, ...rest] = output.split('\n');
  expect(exitCode).toBe(0);
  expect(first).toMatch(/^ended by depth: \d+ states, \d+ transitions, depth 2$/);
  expect(events).toContain('FeeAssessed');
  expect(rest).toContain('laws that do not hold: 0');
});

it('writes the report as JSON', async () => {
  const { output } = await runInMemory([...world, '--json']);
  expect(JSON.parse(output)).toMatchObject({ complete: false, endedBy: 'depth', faults: [] });
});

it.each([
  [['explore', '--fees', 'UNKNOWN:2'], '--fees UNKNOWN:2: expected a fee type of the policy and minor units'],
  [['explore', '--depth', '-1'], '--depth -1: expected a whole number.'],
  [['explore', '--pair-depth', 'x'], '--pair-depth x: expected a whole number.'],
  [['explore', 'missing.json'], 'missing.json: there is no such file.'],
])('names what is wrong: %j', async (args, message) => {
  const { exitCode, errors } = await runInMemory(args);
  expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
});
