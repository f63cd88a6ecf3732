/** The command line: one call from its words to its exit code. */

import { commands } from './commands.ts';
import { exitCodes } from './failure.ts';
import { packageVersion } from './files.ts';
import { reportError } from './output.ts';
import { parse } from './parser.ts';

/** Runs the command that `words` call and sets the exit code of the process. */
export async function main(words: readonly string[]): Promise<void> {
  endOnClosedPipe();
  try {
    const parsed = parse(commands, words, { version: packageVersion() });
    process.exitCode = parsed.kind === 'call' ? await parsed.command.run(parsed.call) : exitCodes.ok;
  } catch (thrown) {
    process.exitCode = reportError(thrown);
  }
}

/** `chainrule ... | head -1` closes the pipe early: that ends the command, as it does for other programs. */
function endOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(exitCodes.closedPipe);
      throw error;
    });
  }
}
