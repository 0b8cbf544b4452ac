import type { Command, CommandList } from '../account/commands/command.js';
import type { Decision } from '../account/decision.js';

/** A command, or a list of commands, that is executed. */
export type ObservedCommand = {
  /** The institution of the account. */
  readonly institution: string;
  /** The type of each command, as the caller gave it: it may be any value. */
  readonly types: readonly unknown[];
};

/**
 * Is called around every command that is executed on an account of a store. It calls `task` once, and returns its
 * result or throws its error.
 */
export type CommandObserver = <
  Result extends {
    /** The decision. */
    readonly decision: Decision;
  },
>(
  command: ObservedCommand,
  task: () => Promise<Result>,
) => Promise<Result>;

/** Executes a command as a task that the store's observer sees. */
export function observed<Result extends { readonly decision: Decision }>(
  { observeCommand }: { readonly observeCommand?: CommandObserver },
  { institution }: { readonly institution: string },
  command: Command | CommandList,
  task: () => Promise<Result>,
): Promise<Result> {
  if (observeCommand === undefined) return task();
  return observeCommand({ institution, types: typesOf(command) }, task);
}

/** Returns the type of each command, as the caller gave it. */
export function typesOf(command: Command | CommandList): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(command) ? command : [command];
  return list.map((item) => (item as { readonly type?: unknown } | null | undefined)?.type);
}
