/** Finds the line of the user's model that is being run, from the stack. */

import type { Site } from '../../ir/value.ts';

/** In a page there are none: whatever is bundled comes from a URL, and what lies in a path is the user's. */
const ownFolders = import.meta.url.startsWith('file:') ? foldersAbove(import.meta.url) : [];

function foldersAbove(url: string): readonly string[] {
  const base = decodeURIComponent(new URL('../../', url).pathname);
  return ['src', 'ir', 'passes', 'codegen'].map((folder) => `${base}${folder}/`);
}

/** `http:`, `blob:`, `node:` and others; the letter of a drive is none. */
const isUrl = (file: string): boolean => /^[a-z][a-z\d+.-]+:/i.test(file);

const isOwn = (file: string): boolean =>
  isUrl(file) || file.includes('/node_modules/') || ownFolders.some((folder) => file.startsWith(folder));

/** V8 writes `at name (file:line:column)` or `at file:line:column`, the file as a path or a URL. */
const v8Frames = [/^\s*at .*? \((.+):(\d+):\d+\)$/, /^\s*at (?:async )?(.+):(\d+):\d+$/];
/** Firefox and Safari write `name@file:line:column`. */
const otherFrames = [/^[^@]*@(.+):(\d+):\d+$/];

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
  const frames = stack.includes('\n    at ') ? v8Frames : otherFrames;
  for (let at = 0; at >= 0 && at < stack.length; ) {
    const end = stack.indexOf('\n', at);
    const site = siteOf(stack.slice(at, end < 0 ? undefined : end), frames);
    if (site) return site;
    at = end < 0 ? end : end + 1;
  }
  return undefined;
}

/** The place of a frame, unless it is the compiler's, or no file's. */
function siteOf(line: string, frames: readonly RegExp[]): Site | undefined {
  for (const frame of frames) {
    const [, place, number] = frame.exec(line) ?? [];
    if (place === undefined) continue;
    const file = place.startsWith('file://') ? decodeURIComponent(new URL(place).pathname) : place;
    return isPath(file) && !isOwn(file) ? { file, line: Number(number) } : undefined;
  }
  return undefined;
}

const isPath = (file: string): boolean => /^(?:\/|[a-z]:[\\/])/i.test(file);
