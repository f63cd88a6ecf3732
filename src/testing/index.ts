/** What tests of a user's own model are made of: `chainrule compile --with-test` writes one. */

export { type CheckTrainerOptions, checkTrainer } from './check-trainer.ts';
export {
  type Finding,
  type GradcheckOptions,
  type GradcheckReport,
  gradcheck,
  type OracleName,
  type ParameterReport,
} from './gradcheck.ts';
