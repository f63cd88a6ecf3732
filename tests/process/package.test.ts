/** What is published: the compiled sources and nothing else, the same bytes from two builds, ready to be used. */

import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { repository } from '../cli/run.ts';
import { node, run, sha256, temporaryFolder } from './children.ts';

const sources = ['src', 'ir', 'passes', 'codegen', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
const texts = ['README.md', 'LICENSE', 'CHANGELOG.md'];
const check = join(repository, '.ci', 'package.mjs');
