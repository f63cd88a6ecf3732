/** The command line: one call from its words to its exit code. */

import type { Host } from './command.ts';
import { commands } from './commands.ts';
import { exitCodes } from './failure.ts';
import { packageVersion } from './files.ts';
import { reportError } from './output.ts';
import { parse } from './parser.ts';

/** Runs the command that `words` call and sets the exit code of the process. */
export async function main(words: readonly string[]): Promise<void> {
  const host = watchPipes();
  try {
    const parsed = parse(commands, words, { version: packageVersion() });
    process.exitCode = parsed.kind === 'call' ? await parsed.command.run(parsed.call, host) : exitCodes.ok;
  } catch (thrown) {
    process.exitCode = reportError(thrown);
  }
}

/** `chainrule ... | head -1` closes the pipe early: that ends the command, as it does for other programs, or what it says. */
function watchPipes(): Host {
  let whenClosed = (): void => process.exit(exitCodes.closedPipe);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      whenClosed();
    });
  }
  return {
    whenPipeCloses(then) {
      whenClosed = then;
    },
  };
}
