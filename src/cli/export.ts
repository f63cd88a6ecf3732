/** `chainrule export`: what a model predicts, in a format that others read. */

import type { Call } from './command.ts';
import { usageError } from './failure.ts';
import { choice } from './options.ts';

/** Each format in a file of its own, which is loaded when it is asked for. */
const formats = {
  onnx: async (call: Call) => (await import('./export-onnx.ts')).exportOnnxCommand(call),
  stablehlo: async (call: Call) => (await import('./export-stablehlo.ts')).exportStablehloCommand(call),
} as const;

export async function exportCommand(call: Call): Promise<number> {
  const to = choice(call.options, 'to', ['onnx', 'stablehlo']);
  if (to !== undefined) return formats[to](call);
  throw usageError('export needs the option --to FORMAT.', 'Write --to onnx or --to stablehlo.');
}
