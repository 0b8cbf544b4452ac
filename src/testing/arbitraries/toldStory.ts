import type { Command } from '../../account/commands.js';
import type { Decision } from '../../account/decision.js';
import { described } from '../described.js';
import type { Story } from './story.js';

/** What a reader of a story does without. */
const aside = new Set(['type', 'id', 'at', 'comment', 'staffNote', 'metadata']);

/** A story as a list: what was asked, and what came of it. */
export function toldStory({ policy, steps, broken }: Omit<Story, 'events' | 'account'>): string {
  const lines = steps.map(
    (step) =>
      `${toldCommand(step.command)}${step.policy === policy ? '' : ', under another policy'} -> ${toldDecision(step.decision)}`,
  );
  if (broken !== undefined) {
    const { command, decision, error } = broken;
    const outcome = decision === undefined ? '' : `${toldDecision(decision)}, then `;
    lines.push(`${toldCommand(command)} -> ${outcome}throws ${described(error)}`);
  }
  return [`In ${policy.currency}:`, ...lines.map((line, index) => `${index + 1}. ${line}`)].join('\n');
}

function toldCommand(command: Command): string {
  const fields = Object.entries(command).filter(([name]) => !aside.has(name));
  return [command.type, ...[command.id, ...fields.map(([name, value]) => `${name}=${told(value)}`)]].join(
    ' ',
  );
}

function toldDecision(decision: Decision): string {
  if (!decision.accepted) return `refused: ${decision.rejection.type}`;
  return decision.events.map(({ type }) => type).join(', ') || 'nothing';
}

function told(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(told).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `(${Object.entries(value)
    .map(([name, inner]) => `${name}=${told(inner)}`)
    .join(' ')})`;
}
