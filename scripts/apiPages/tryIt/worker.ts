// Runs in a worker of the page, so that code without an end can be stopped. The bundle gives it the modules.
import { modules } from 'virtual:modules';
import { runExample } from './runExample.js';

addEventListener('message', ({ data }: MessageEvent<{ code: string; before: string }>) => {
  void runExample(data.code, data.before, modules, (outcome) => postMessage(outcome));
});
