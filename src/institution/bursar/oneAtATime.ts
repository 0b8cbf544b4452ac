/**
 * Returns a function that runs tasks with the same key one after the other, in the order of the calls, even if some
 * fail.
 */
export function oneAtATime(): <Result>(key: string, task: () => Promise<Result>) => Promise<Result> {
  /** The last task of every key with pending tasks; finished keys are removed. */
  const last = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const before = last.get(key) ?? Promise.resolve();
    const next = before.then(task, task);
    last.set(key, next);
    const forget = () => {
      if (last.get(key) === next) last.delete(key);
    };
    next.then(forget, forget);
    return next;
  };
}
