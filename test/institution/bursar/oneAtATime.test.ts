import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { oneAtATime } from '../../../src/institution/bursar/oneAtATime.js';

it('runs tasks with one key in call order, and those with other keys in parallel', async () => {
  const inTurn = oneAtATime();
  const log: string[] = [];
  const task = (name: string, ms: number) => async () => {
    log.push(`${name} begins`);
    await pause(ms);
    log.push(`${name} ends`);
    return name;
  };
  const all = [inTurn('a', task('a1', 30)), inTurn('a', task('a2', 1)), inTurn('__proto__', task('b1', 1))];
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1']);
  expect(log).toEqual(['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 begins', 'a2 ends']);
});

it('continues after a task that fails, and rejects only for its caller', async () => {
  const inTurn = oneAtATime();
  const failing = inTurn('a', async () => {
    throw new Error('no');
  });
  const next = inTurn('a', async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
