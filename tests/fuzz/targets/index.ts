/** Every parser of something that comes from outside; another one is a line here, and a floor in `.ci/floors.json`. */

import type { Target } from '../harness.ts';
import { checkpoint } from './checkpoint.ts';
import { csv } from './csv.ts';
import { gzip, idx } from './idx.ts';
import { npy, npz } from './numpy.ts';
import { onnx } from './onnx.ts';
import { header, safetensors } from './safetensors.ts';
import { cli, specs } from './words.ts';

export const targets: readonly Target[] = [
  checkpoint,
  safetensors,
  header,
  idx,
  gzip,
  csv,
  npy,
  npz,
  onnx,
  specs,
  cli,
];
