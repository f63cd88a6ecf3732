/** In f64, regularization, schedules and optimizers take the very steps of the seed's reference runs. */

import { followSystems } from './trajectory-systems.ts';

followSystems('f64');
