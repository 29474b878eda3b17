// Writes the import arrows of docs/architecture.md into .oxlintrc.json, so that they are kept in one table.
//   node scripts/arrows.mjs          rewrite .oxlintrc.json
//   node scripts/arrows.mjs --check  fail when it differs
import { readFileSync, writeFileSync } from 'node:fs';

/** Which folder may import which others. Tests beside the code may import anything. */
const ARROWS = {
  'src/shared': [],
  'src/river': ['shared'],
  'src/freenet': ['shared'],
  'src/persist': ['river', 'shared'],
  'src/bridge': ['river', 'shared'],
  'src/sync': ['persist', 'river', 'freenet', 'bridge', 'shared'],
  'src/sw': ['sync', 'persist', 'river', 'freenet', 'bridge', 'shared'],
  'src/live': ['persist', 'river', 'freenet', 'shared'],
  'src/app': ['sync', 'live', 'persist', 'river', 'bridge', 'shared'],
  host: ['river', 'freenet', 'shared'],
  storm: ['sync', 'persist', 'bridge', 'river', 'freenet', 'shared', 'host'],
};

const folders = ['app', 'sw', 'sync', 'live', 'persist', 'bridge', 'river', 'freenet', 'shared'];

const override = (folder, allowed) => {
  const self = folder.split('/').pop();
  const forbidden = folders.filter((name) => name !== self && !allowed.includes(name));
  if (folder.startsWith('src/'))
    forbidden.push('host', 'delegate', 'scripts', 'tests', 'storm', 'bench');
  return {
    files: [`${folder}/**/*.ts`],
    excludeFiles: [`${folder}/**/*.test.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(src/)?(${forbidden.join('|')})/`,
              message: `${folder} may import only: ${allowed.join(', ') || 'nothing of ours'} (docs/architecture.md, "Import arrows").`,
            },
          ],
        },
      ],
    },
  };
};

const path = new URL('../.oxlintrc.json', import.meta.url);
const before = readFileSync(path, 'utf8');
const config = JSON.parse(before);
config.overrides = [
  ...Object.entries(ARROWS).map(([folder, allowed]) => override(folder, allowed)),
  { files: ['scripts/**', 'delegate/*.ts'], rules: { 'no-console': 'off' } }, // they speak to a terminal
];
const after = `${JSON.stringify(config, null, 2)}\n`;
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error(
      '.oxlintrc.json does not match the arrows in scripts/arrows.mjs: run node scripts/arrows.mjs',
    );
    process.exit(1);
  }
} else {
  writeFileSync(path, after);
}
