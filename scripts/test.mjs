// The whole test run: checks, build, and every test. Ends with a line `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

function run(command, args) {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

function ensureChromium() {
  if (existsSync(chromium)) return true;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Chromium is missing: installing it with apt-get (about a minute)');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  if (existsSync(chromium)) return true;
  console.error(
    `No Chromium at ${chromium}: install it (Debian: sudo apt-get install chromium) or set CHROMIUM=/path/to/it.`,
  );
  return false;
}

let passed = 0;
let failed = 0;

function step(name, good) {
  if (good) passed++;
  else failed++;
  if (!good) console.error(`FAILED: ${name}`);
  return good;
}

/** Runs one Vitest project and adds its counts; a run that did not report counts as one failure. */
function tests(project) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'));
  const file = join(folder, 'report.json');
  const good = run('npx', [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter',
    'default',
    '--reporter',
    'json',
    '--outputFile.json',
    file,
  ]);
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    if (!good && report.numFailedTests === 0) step(`${project} (see above)`, false);
  } catch {
    step(`${project}: no report`, false);
  }
  rmSync(folder, { recursive: true, force: true });
}

const browser = step('Chromium is installed', ensureChromium());
step('types', run('npm', ['run', '-s', 'check:types']));
step('lint', run('npm', ['run', '-s', 'check:lint']));
step('import arrows', run('node', ['scripts/arrows.mjs', '--check']));
step('format', run('npm', ['run', '-s', 'check:format']));
const built = step('build', run('npm', ['run', '-s', 'build']));
tests('unit');
if (browser) tests('web');
if (browser && built) tests('e2e');

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
