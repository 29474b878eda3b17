import { version } from '../../package.json';

const build: unknown = import.meta.env['VITE_WEIR_BUILD'];

/** The version of the app that this page runs, with the name of the build where it was given one: `0.1.0` or `0.1.0 nightly`. */
export const APP_VERSION: string =
  typeof build === 'string' && build !== '' ? `${version} ${build}` : version;
