/** Training in the page: the data, the buttons, and what there is to see of it. */

import type { Linking } from '../../../inspector/linking.ts';
import type { Studio } from '../state/studio.ts';
import { Arrays } from './arrays.tsx';
import { Charts } from './charts.tsx';
import { Controls } from './controls.tsx';
import { DataPicker } from './data-picker.tsx';
import { Metrics } from './metrics.tsx';
import { StepMode } from './step-mode.tsx';

interface TrainPaneProps {
  readonly studio: Studio;
  readonly linking: Linking;
  readonly shown: boolean;
}

export function TrainPane({ studio, linking, shown }: TrainPaneProps) {
  const { examination } = studio.examining;
  if (examination.value !== undefined) return <StepMode {...{ studio, linking, shown }} />;
  return (
    <div class="train">
      <DataPicker studio={studio} />
      <Controls studio={studio} />
      <Charts studio={studio} />
      <Metrics studio={studio} />
      <Arrays studio={studio} />
    </div>
  );
}
