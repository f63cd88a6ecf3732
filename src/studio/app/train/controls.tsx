/** The buttons of a training, and where it stands. */

import { grouped, isShare, metric, short } from '../../../report/numbers.ts';
import type { Studio } from '../state/studio.ts';
import type { Training } from '../state/training-state.ts';
import { Trouble } from './data-picker.tsx';
import { NumberField } from './number-field.tsx';

export function Controls({ studio }: { readonly studio: Studio }) {
  const { training, examining } = studio;
  const state = training.state.value;
  const unable = state === undefined;
  const problem = training.problem.value ?? examining.failure.value;
  return (
    <section class="controls" aria-labelledby="controls-title">
      <h2 id="controls-title">Training</h2>
      <div class="row">
        {state?.running ? (
          <button type="button" class="main" onClick={() => void training.pause()}>
            <span aria-hidden="true">❚❚</span> Pause
          </button>
        ) : (
          <button type="button" class="main" disabled={unable} onClick={() => void start(studio)}>
            <span aria-hidden="true">▶</span> Train
          </button>
        )}
        <button
          type="button"
          disabled={unable}
          title="Makes one step with the next batch"
          onClick={() => void step(studio)}
        >
          One step
        </button>
        <button
          type="button"
          id="examine"
          disabled={unable || examining.busy.value}
          title="Shows the next step statement by statement, with its numbers, before it is made"
          onClick={() => void examining.begin()}
        >
          Examine a step
        </button>
        <button
          type="button"
          disabled={unable}
          title="Back to the first weights"
          onClick={() => void reset(studio)}
        >
          Reset
        </button>
        <Settings studio={studio} />
      </div>
      <Progress training={training} />
      {problem !== undefined && <Trouble trouble={problem} />}
    </section>
  );
}

async function start({ training, examining }: Studio): Promise<void> {
  examining.leave();
  await training.play();
}

async function step({ training, examining }: Studio): Promise<void> {
  examining.leave();
  await training.stepOnce();
}

async function reset({ training, examining }: Studio): Promise<void> {
  examining.leave();
  await training.reset();
}

function Settings({ studio }: { readonly studio: Studio }) {
  const { training } = studio;
  const { seed, epochs } = training;
  return (
    <>
      <NumberField
        label="Epochs"
        hint="Passes over all samples; empty: until you pause"
        value={epochs.value}
        none="∞"
        least={1}
        most={1_000_000}
        whole
        onChange={(value) => {
          epochs.value = value;
        }}
        onNone={() => {
          epochs.value = undefined;
        }}
      />
      <NumberField
        label="Seed"
        hint="Where first weights and the order of samples are drawn from: the same seed, the same training"
        value={seed.value}
        least={0}
        most={2 ** 32 - 1}
        whole
        onChange={(value) => {
          seed.value = value;
          if (training.state.value !== undefined) void reset(studio);
        }}
      />
    </>
  );
}

function Progress({ training }: { readonly training: Training }) {
  const state = training.state.value;
  if (state === undefined) return <p class="note">There is nothing to train yet.</p>;
  const { step: made, stepsPerEpoch, stepsTotal, running } = state;
  const speed = training.speed.value;
  const parts = [
    stepsTotal === undefined ? `step ${grouped(made)}` : `step ${grouped(made)} of ${grouped(stepsTotal)}`,
    `epoch ${grouped(Math.floor(made / stepsPerEpoch))}`,
    ...reached(training),
    ...(running && speed !== undefined ? [`${grouped(Number(short(speed)))} steps/s`] : []),
  ];
  return (
    <div class="progress">
      {!(running && stepsTotal === undefined) && (
        <progress aria-label="Steps made" value={Math.min(made, stepsTotal ?? 0)} max={stepsTotal ?? 1} />
      )}
      <p class="note" data-steps={made} data-running={running}>
        {parts.join(' · ')}
      </p>
    </div>
  );
}

/** One number says how good it is: a share if there is one, and of samples that it does not learn from. */
function reached({ evaluation }: Training): readonly string[] {
  const { train = {}, test = {} } = evaluation.value ?? {};
  const [values, of] = Object.keys(test).length > 0 ? [test, 'test'] : [train, 'train'];
  const name = Object.keys(values).find(isShare) ?? 'loss';
  const value = values[name];
  return value === undefined ? [] : [`${of} ${name} ${metric(name, value)}`];
}
