import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PlantedFault } from './plantedFault.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The simulator, with the source that it runs. */
export type Simulator = Pick<
  typeof import('../../../src/testing/online/playProviderStory.js'),
  'playProviderStory'
> &
  Pick<typeof import('../../../src/testing/online/providerStory.js'), 'providerStories'> &
  Pick<typeof import('../../../src/testing/arbitraries/policies.js'), 'usualPolicies'>;

/** Returns the text of a file with a fault. Fails unless the file has the text that the fault replaces exactly once. */
export function planted({ name, file, before, after }: PlantedFault): string {
  const text = readFileSync(`${root}src/${file}`, 'utf8');
  const places = text.split(before).length - 1;
  if (places !== 1) throw new Error(`${name}: src/${file} has ${places} times: ${before}`);
  return text.replace(before, () => after);
}

/** Returns the simulator over the source with a fault, which no file gets; without one as it is. */
export async function simulatorWith(fault: PlantedFault | undefined): Promise<Simulator> {
  const contents = fault && planted(fault);
  const { outputFiles } = await build({
    stdin: {
      contents: [
        "export * from './src/testing/online/playProviderStory.ts';",
        "export * from './src/testing/online/providerStory.ts';",
        "export * from './src/testing/arbitraries/policies.ts';",
      ].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    plugins: [
      {
        name: 'fault',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) =>
            contents !== undefined && path === `${root}src/${fault?.file}`
              ? { contents, loader: 'ts' }
              : null,
          );
        },
      },
    ],
  });
  const module = { exports: {} };
  const run = new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '');
  run(module, module.exports, createRequire(import.meta.url));
  return module.exports as Simulator;
}
