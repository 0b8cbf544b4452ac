// The search of every page, in place of TypeDoc's, which finds names only. TypeDoc's script opens the dialog and moves in
// the list with the keys; this one fills the list. The index is loaded when the dialog is first opened.
import { type FindPages, openSearch, type SearchIndex } from './findPages.js';

/** The number of pages shown. */
const SHOWN_MAX = 10;

declare global {
  interface Window {
    /** Called by the file of the index, which is a script so that pages opened from a disk can load it too. */
    patronFeesSearch(packed: string): Promise<void>;
  }
}

const base = new URL(document.documentElement.dataset.base ?? '.', document.baseURI);
const fieldOf = () => document.querySelector<HTMLInputElement>('#tsd-search-input');
let find: FindPages | undefined;
let shown = 0;

window.patronFeesSearch = async (packed) => {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const text = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')));
  find = openSearch((await text.json()) as SearchIndex);
  show();
};

function show(): void {
  const field = fieldOf();
  const list = document.querySelector<HTMLElement>('#tsd-search-results');
  const status = document.querySelector<HTMLElement>('#tsd-search-status');
  if (!field || !list || !status || !find) return;
  const text = field.value.trim();
  const found = find(text).slice(0, SHOWN_MAX);
  shown += 1;
  list.replaceChildren(
    ...found.map(({ title, part, url, about }, at) => {
      const link = document.createElement('a');
      link.tabIndex = -1;
      link.href = new URL(url, base).href;
      const name = document.createElement('span');
      name.className = 'text';
      name.textContent = title;
      const place = document.createElement('span');
      place.className = 'parent';
      place.textContent = ` ${part}`;
      const excerpt = document.createElement('div');
      excerpt.className = 'excerpt';
      excerpt.textContent = about;
      name.append(place, excerpt);
      link.append(name);
      const item = document.createElement('li');
      item.id = `tsd-search:${shown}-${at}`;
      item.role = 'option';
      item.ariaSelected = 'false';
      item.append(link);
      return item;
    }),
  );
  field.setAttribute('aria-activedescendant', '');
  const message = document.createElement('div');
  message.textContent = `No page is about “${text}”.`;
  status.replaceChildren(...(text === '' || found.length > 0 ? [] : [message]));
}

function load(): void {
  if (document.querySelector('#search-index')) return;
  const script = document.createElement('script');
  script.id = 'search-index';
  script.src = new URL('assets/search-index.js', base).href;
  document.head.append(script);
}

function listen(): void {
  const field = fieldOf();
  field?.addEventListener('focus', load);
  field?.addEventListener('input', () => {
    load();
    show();
  });
  // A quick reader may have opened the search before.
  if (document.activeElement === field) load();
}

// TypeDoc loads its scripts in any order, and before the page is complete.
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', listen);
else listen();
