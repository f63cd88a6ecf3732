/** The files of a new project: a page, its model, and what builds them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from './files.ts';

/** Paths with their texts. `name` is one that npm takes. */
export const projectFiles = (name: string): ReadonlyMap<string, string> =>
  new Map([
    ['package.json', packageText(name)],
    ['tsconfig.json', tsconfig],
    ['vite.config.ts', viteConfig],
    ['index.html', indexHtml(name)],
    ['src/model.ts', model],
    ['src/data.ts', data],
    ['src/main.ts', main],
    ['src/style.css', style],
    ['README.md', readme(name)],
    ['.gitignore', 'node_modules/\ndist/\n'],
  ]);

/** Of the packages that this one was built with, those that a page needs. */
function packageText(name: string): string {
  const own: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
  const text = {
    name,
    private: true,
    type: 'module',
    scripts: {
      dev: 'vite --open',
      build: 'tsc && vite build',
      preview: 'vite preview --open',
      inspect: 'chainrule inspect src/model.ts',
    },
    dependencies: { chainrule: `^${versionIn(own, ['version'])}` },
    devDependencies: {
      typescript: `^${versionIn(own, ['devDependencies', 'typescript'])}`,
      vite: `^${versionIn(own, ['devDependencies', 'vite'])}`,
    },
  };
  return `${JSON.stringify(text, undefined, 2)}\n`;
}

function versionIn(value: unknown, path: readonly string[]): string {
  const found = path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? new Map(Object.entries(at)).get(key) : undefined),
    value,
  );
  return String(found);
}

const tsconfig = `{
  "compilerOptions": {
    "target": "es2022",
    "lib": ["es2023", "dom", "dom.iterable"],
    "types": ["vite/client"],
    "module": "esnext",
    "moduleResolution": "bundler",
    "allowImportingTsExtensions": true,
    "noEmit": true,
    "strict": true,
    "verbatimModuleSyntax": true,
    "skipLibCheck": true
  },
  "include": ["src", "vite.config.ts"]
}
`;

const viteConfig = `import { chainrule } from 'chainrule/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  // The plugin compiles src/model.ts, and keeps the types of its trainer in src/trainers.d.ts.
  plugins: [chainrule({ types: 'src/trainers.d.ts' })],
  build: { target: 'es2022' },
});
`;

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self' ws:",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const indexHtml = (name: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>${name}</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <main>
      <h1>Two half moons</h1>
      <canvas id="plane" width="360" height="270" aria-label="Points of two classes, and where the model draws the line"></canvas>
      <p id="status" role="status">The trainer starts.</p>
      <button id="train" type="button">Train</button>
    </main>
    <script type="module" src="./src/main.ts"></script>
  </body>
</html>
`;

const model = `/** Two classes of points, told apart by sixteen units. */

import { accuracy, adam, dense, model, softmax, softmaxCrossEntropy, tanh } from 'chainrule';

export default model(
  'moons',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });
    const hidden = tanh(dense(x, 16));
    const logits = dense(hidden, 2);
    return {
      loss: softmaxCrossEntropy(logits, y),
      metrics: { accuracy: accuracy(logits, y) },
      outputs: { probabilities: softmax(logits) },
    };
  },
  { data: 'moons', batch: 32, maxBatch: 1024, optimizer: adam({ learningRate: 0.02 }) },
);
`;

const data = `/** What the page trains on: put your own here. One array per column of the model, row after row. */

const count = 400;

export function moons(): { readonly x: Float32Array; readonly y: Int32Array } {
  const x = new Float32Array(2 * count);
  const y = new Int32Array(count);
  const noise = (): number => 0.24 * (Math.random() - 0.5);
  for (let i = 0; i < count; i++) {
    const turn = Math.PI * Math.random();
    const upper = i % 2 === 0;
    x[2 * i] = (upper ? Math.cos(turn) : 1 - Math.cos(turn)) + noise();
    x[2 * i + 1] = (upper ? Math.sin(turn) : 0.5 - Math.sin(turn)) + noise();
    y[i] = upper ? 0 : 1;
  }
  return { x, y };
}
`;

const main = `/** Trains the model in a worker and draws what it has learnt. */

import { connect } from 'chainrule/worker';
import { moons } from './data.ts';
// What follows the question mark is for the plugin: this is the trainer that model.ts compiles to.
import type * as module from './model.ts?trainer';
import startWorker from './model.ts?trainer-worker&target=wasm';
import './style.css';

const data = moons();
const trainer = await connect<typeof module>(startWorker(), { seed: 1 });
const [columns, rows] = [36, 27];

const element = <E extends Element>(selector: string): E => {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(\`There is no \${selector} in the page.\`);
  return found;
};
const [canvas, status, button] = [
  element<HTMLCanvasElement>('#plane'),
  element('#status'),
  element<HTMLButtonElement>('#train'),
];

/** The middles of the cells that the plane is drawn in. */
const grid = new Float32Array(2 * columns * rows);
for (let cell = 0; cell < columns * rows; cell++) {
  grid[2 * cell] = -1.5 + (4 * ((cell % columns) + 0.5)) / columns;
  grid[2 * cell + 1] = 1.75 - (3 * (Math.floor(cell / columns) + 0.5)) / rows;
}

async function draw(): Promise<void> {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { probabilities } = await trainer.predict({ x: grid });
  const size = canvas.width / columns;
  for (let cell = 0; cell < columns * rows; cell++) {
    const share = probabilities[2 * cell + 1] ?? 0;
    context.fillStyle = \`rgb(\${110 + 130 * share} \${160} \${240 - 150 * share})\`;
    context.fillRect((cell % columns) * size, Math.floor(cell / columns) * size, size, size);
  }
  for (let i = 0; i < data.y.length; i++) {
    context.fillStyle = data.y[i] === 0 ? '#123a7a' : '#7a3500';
    const [x = 0, y = 0] = data.x.subarray(2 * i, 2 * i + 2);
    context.fillRect(((x + 1.5) / 4) * canvas.width - 1.5, ((1.75 - y) / 3) * canvas.height - 1.5, 3, 3);
  }
}

async function train(): Promise<void> {
  button.disabled = true;
  // The worker trains as fast as it can, and reports as often as a page can show.
  for await (const { epoch, loss } of trainer.fit(data, { epochs: 30, batch: 32 })) {
    status.textContent = \`epoch \${epoch + 1}: loss \${loss.toFixed(4)}\`;
    await draw();
  }
  const { accuracy } = await trainer.evaluate(data);
  status.textContent = \`\${(100 * accuracy).toFixed(1)} % of the points are told apart.\`;
  button.disabled = false;
}

button.addEventListener('click', () => void train());
await draw();
await train();
`;

const style = `:root {
  color-scheme: light dark;
  font-family: system-ui, sans-serif;
}
main {
  max-width: 40rem;
  margin: 2rem auto;
  padding: 0 1rem;
}
canvas {
  max-width: 100%;
}
`;

const readme = (name: string): string => `# ${name}

A page that trains a model of its own, in a worker, without a library for it: \`src/model.ts\` is compiled to the training step when the
page is built.

\`\`\`sh
npm install
npm run dev        # the page; a change of src/model.ts is compiled while it is open
npm run build      # the page in dist/, to be put on any server
npm run inspect    # the model from all sides: graph, gradients, emitted code, memory
\`\`\`

Keep \`src/trainers.d.ts\`, which the plugin writes: by it the editor knows the columns and metrics of the trainer.
`;
