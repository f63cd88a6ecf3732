/** What a command of the command line is: its words for the help, its options, and what it does. */

export interface OptionSpec {
  /** As it is written: `epochs`, or `no-shuffle`. */
  readonly name: string;
  readonly short?: string;
  /** What stands for the value in the help; without it the option is a switch. */
  readonly value?: string;
  readonly about: string;
}

/** A command as it was called: its model file and options, with values as they were written. */
export interface Call {
  readonly model: string;
  /** A switch that was given has the value `''`. */
  readonly options: ReadonlyMap<string, string>;
}

/** What a command can ask of the process that it runs in. */
export interface Host {
  /** From now on calls `then` when nobody reads any more what is printed, in place of ending the process. */
  readonly whenPipeCloses: (then: () => void) => void;
}

export interface CommandSpec {
  readonly name: string;
  readonly about: string;
  /** Whether a file is named, which is a model's unless `file` says what it is. */
  readonly takesModel: boolean;
  /** What stands for the file in the help; `MODEL.ts` unless given. */
  readonly file?: string;
  /** Left out of the general help. */
  readonly hidden?: boolean;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** More for the help, below the options. */
  readonly notes?: readonly string[];
  /** Gives the exit code. */
  readonly run: (call: Call, host: Host) => Promise<number>;
}
