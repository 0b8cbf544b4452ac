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

/** A longer story is kept in the page: the link of each step would have all of it again. */
const ADDRESS_CHARACTERS_MAX = 20_000;

/** A story that is only in the page: `npm run story-page` put it there, or it is too long for an address. */
let given = element('given').textContent ?? '';
if (given !== '' && location.hash === '') location.replace(toAddress({ given: true, step: 0 }));

let viewState: ViewState;
let shown: string | undefined;
let played: readonly StoryStep[] = [];

function show(): void {
  viewState = fromAddress(location.hash);
  const text = viewState.given ? given : (viewState.lines ?? stories[viewState.story ?? '']?.lines ?? '');
  story.value = viewState.story ?? '';
  if (text !== shown) {
    shown = text;
    played = playStory(parseStory(text));
    lines.value = text;
    element('steps').replaceChildren(...played.map(stepLink));
  }
  const number = Math.min(viewState.step, Math.max(0, played.length - 1));
  const own = played[number];
  slider.max = String(Math.max(1, played.length));
  slider.value = String(number + 1);
  slider.setAttribute('aria-valuetext', `step ${number + 1} of ${played.length}`);
  document.querySelector('#steps [aria-current]')?.removeAttribute('aria-current');
  element('steps').children[number]?.querySelector('a')?.setAttribute('aria-current', 'step');
  if (own === undefined) {
    element('result').textContent =
      viewState.given && given === ''
        ? 'This story was too long for an address: put it into the page again.'
        : 'This story has no steps.';
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

function stepLink(step: StoryStep, index: number): HTMLElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = toAddress({ ...viewState, step: index, attempt: undefined });
  link.textContent = step.command?.type ?? step.events[0]?.type ?? 'Unreadable line';
  item.append(link, ` ${decidedText(step)}`);
  return item;
}

const go = (to: ViewState) => {
  location.hash = toAddress(to);
};
/** Shows one's own story, by its address if it is short enough for one. */
function playLines(text: string): void {
  if (text.length <= ADDRESS_CHARACTERS_MAX) return go({ lines: text, step: 0 });
  given = text;
  go({ given: true, step: 0 });
  // The address may be the same as before.
  show();
}
story.addEventListener('change', () =>
  story.value === '' ? playLines(lines.value) : go({ story: story.value, step: 0 }),
);
slider.addEventListener('input', () =>
  go({ ...viewState, step: Number(slider.value) - 1, attempt: undefined }),
);
element('play').addEventListener('click', () => playLines(lines.value));
element('decide').addEventListener('click', () => go({ ...viewState, attempt: command.value }));
element<HTMLInputElement>('file').addEventListener('change', async ({ target }) => {
  const file = (target as HTMLInputElement).files?.[0];
  if (file !== undefined) playLines(await file.text());
});
document.addEventListener('keydown', ({ key, target }) => {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) return;
  const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  const step = viewState.step + by;
  if (by !== 0 && step >= 0 && step < played.length) go({ ...viewState, step, attempt: undefined });
});
addEventListener('hashchange', show);
show();
