import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where a program keeps its data for this person, by the conventions of the platform.
 *
 * @param env XDG_DATA_HOME (absolute, or ignored as its specification asks) and LOCALAPPDATA are looked at
 */
export function defaultDataDir(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Weir');
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Weir');
  }
  const xdg = env['XDG_DATA_HOME'];
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, '.local', 'share'), 'weir');
}
