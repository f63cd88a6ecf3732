/** Finds the line of the user's model that is being run, from the stack. */

import type { Site } from '../../ir/value.ts';

const base = decodeURIComponent(new URL('../../', import.meta.url).pathname);
const ownFolders = ['src', 'ir', 'passes', 'codegen'].map((folder) => `${base}${folder}/`);

const isOwn = (file: string): boolean =>
  ownFolders.some((folder) => file.startsWith(folder)) ||
  file.startsWith('node:') ||
  file.includes('/node_modules/');

/** A frame is `at name (file:line:column)` or `at file:line:column`, the file as a path or a URL. */
const frame = /\(?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()]*?):(\d+):\d+\)?$/;

/** The innermost frame outside the compiler, or undefined when there is none. */
export function callerSite(): Site | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 14;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  return siteIn(stack);
}

/** The innermost frame of a stack trace that lies in the user's code. */
export function siteIn(stack: string): Site | undefined {
  for (let at = stack.indexOf('\n'); at >= 0; ) {
    const end = stack.indexOf('\n', at + 1);
    const match = frame.exec(stack.slice(at + 1, end < 0 ? undefined : end).trim());
    const file = match?.[1]?.startsWith('file://')
      ? decodeURIComponent(new URL(match[1]).pathname)
      : match?.[1];
    if (file && !isOwn(file)) return { file, line: Number(match?.[2]) };
    at = end;
  }
  return undefined;
}
