import type { Command } from 'patron-fees';
import { fromAddress, toAddress, type ViewState } from './address.js';
import { chartView, decidedText, stepView } from './stepView.js';
import { stories } from './stories.js';
import { parseStory, playCommand, playStory, type StoryStep } from './story.js';

const element = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const story = element<HTMLSelectElement>('story');
const lines = element<HTMLTextAreaElement>('lines');
const command = element<HTMLTextAreaElement>('command');
const slider = element<HTMLInputElement>('step');

for (const [name, { title }] of Object.entries(stories)) story.append(new Option(title, name));
story.append(new Option('My own JSON lines', ''));

/** A story that `npm run explore` put into the page. */
const given = element('given').textContent ?? '';
if (given !== '' && location.hash === '') location.replace(toAddress({ lines: given, step: 0 }));

let viewState: ViewState;
let played: readonly StoryStep[] = [];

function show(): void {
  viewState = fromAddress(location.hash);
  const text = viewState.lines ?? stories[viewState.story ?? '']?.lines ?? '';
  played = playStory(parseStory(text));
  story.value = viewState.lines === undefined ? (viewState.story ?? '') : '';
  lines.value = text;
  const number = Math.min(viewState.step, Math.max(0, played.length - 1));
  const own = played[number];
  slider.max = String(Math.max(1, played.length));
  slider.value = String(number + 1);
  slider.setAttribute('aria-valuetext', `step ${number + 1} of ${played.length}`);
  element('steps').replaceChildren(...played.map((step, index) => stepLink(step, index, index === number)));
  if (own === undefined) {
    element('result').textContent = 'This story has no steps.';
    element('chart').textContent = '';
    return;
  }
  command.value = viewState.attempt ?? JSON.stringify(own.command ?? own.events[0] ?? null, null, 2);
  element('tried').hidden = viewState.attempt === undefined;
  element<HTMLAnchorElement>('untry').href = toAddress({ ...viewState, attempt: undefined });
  const step = viewState.attempt === undefined ? own : attempted(viewState.attempt, own);
  element('result').innerHTML = String(stepView(step));
  element('chart').innerHTML = String(chartView(played, number));
  element('said').textContent = `Step ${number + 1} of ${played.length}: ${decidedText(step)}`;
}

/** Decides an edited command on the account before the step. */
function attempted(text: string, { before, policy }: StoryStep): StoryStep {
  const [line] = parseStory(text.replaceAll('\n', ' '));
  if (line !== undefined && 'command' in line) return playCommand(line.command as Command, before, policy);
  const error = line !== undefined && 'fault' in line ? line.fault : 'Only a command can be tried.';
  return {
    policy,
    before,
    after: before,
    error,
    command: undefined,
    decision: undefined,
    events: [],
    postings: [],
  };
}

function stepLink(step: StoryStep, index: number, isCurrent: boolean): HTMLElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = toAddress({ ...viewState, step: index, attempt: undefined });
  link.textContent = step.command?.type ?? step.events[0]?.type ?? 'Unreadable line';
  if (isCurrent) link.setAttribute('aria-current', 'step');
  item.append(link, ` ${decidedText(step)}`);
  return item;
}

const go = (to: ViewState) => {
  location.hash = toAddress(to);
};
story.addEventListener('change', () =>
  go(story.value === '' ? { lines: lines.value, step: 0 } : { story: story.value, step: 0 }),
);
slider.addEventListener('input', () =>
  go({ ...viewState, step: Number(slider.value) - 1, attempt: undefined }),
);
element('play').addEventListener('click', () => go({ lines: lines.value, step: 0 }));
element('decide').addEventListener('click', () => go({ ...viewState, attempt: command.value }));
element<HTMLInputElement>('file').addEventListener('change', async ({ target }) => {
  const file = (target as HTMLInputElement).files?.[0];
  if (file !== undefined) go({ lines: await file.text(), step: 0 });
});
document.addEventListener('keydown', ({ key, target }) => {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) return;
  const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  const step = viewState.step + by;
  if (by !== 0 && step >= 0 && step < played.length) go({ ...viewState, step, attempt: undefined });
});
addEventListener('hashchange', show);
show();
