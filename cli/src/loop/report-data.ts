/** Everything that the report shows, each figure beside the activity that made it. `report.json` is this, as it stands. */
export interface Report {
  title: string;
  made: string;
  code: string;
  workspace: string;
  /** True when the experiment was signed with the demonstration key instead of by a person. */
  demoKey: boolean;
  question: string;
  claim: string;
  rivals: string[];
  data: {
    dataset: string;
    title: string;
    neurons: number;
    stimuli: number;
    repeats: number;
    licence: string;
    cite: string[];
    activity: string;
  };
  twins: TwinReport[];
  hypothesis: { id: string; digest: string; recorded: string; frozen: string };
  design: { activity: string; candidates: number; examples: Example[] };
  experiment: {
    plan: string;
    experiment: string;
    approval: string;
    signedBy: string;
    trials: number;
    asked: number;
    activity: string;
  };
  test: TestReport;
  benefit: BenefitReport;
  decision: {
    activity: string;
    validity: number;
    prior: number;
    chosen: number;
    ppv: number;
    ppvOfRival: number;
    candidatesFactor: number | null;
  };
  seconds: number;
  /** Plain statements of what the numbers do not show. */
  limits: string[];
}

/** An interval of confidence; null ends: not measured. level: 0 to 1. */
export interface Interval {
  low: number | null;
  high: number | null;
  level?: number;
}

/** One of the rival twins in the report. */
export interface TwinReport {
  id: string;
  label: string;
  describes: string;
  built: string;
  /** On stimuli that the twin was not fitted on. */
  validity: {
    activity: string;
    n: number;
    pearson: number;
    spearman: number;
    ci: Interval;
    ceiling: number | null;
    control: number;
  };
  units: UnitReport[];
}

/** One neuron: how well the twin predicts it, Pearson r, and the most that its noise allows. */
export interface UnitReport {
  name: string;
  pearson: number | null;
  ceiling: number | null;
}

/** A stimulus that tells the rivals apart, with what showing it is worth. */
export interface Example {
  stimulus: number;
  gainNats: number;
  /** PNG as a data URI. */
  image: string;
  /** Mean over neurons of |difference of the two predictions| in units of the trial noise. */
  separation: number;
}

/** What the test of the prediction gave, with the call that made it. */
export interface TestReport {
  activity: string;
  verdict: string;
  reasons: string[];
  level: number;
  evidence: number;
  evidenceName: string;
  effect: number;
  ci: Interval;
  n: number;
  /** What n counts. */
  of: string;
  nTrials: number;
}

/** What the discriminating order saves against random orders of the same stimuli. */
export interface BenefitReport {
  activity: string;
  orders: number;
  /** Trials that random order needs for each trial that the discriminating order needs: median and 10th to 90th percentile over neurons. */
  ratio: { median: number | null; p10: number | null; p90: number | null };
  decided: { designed: number; random: number; of: number };
  /** Median over neurons of log10 e-value after each trial. */
  curve: { trial: number; designed: number; random: number; low: number; high: number }[];
  /** The same ratio when one order serves all neurons at once. */
  sharedRatio: number | null;
  /** Trials to a decision, median over neurons. */
  trials: { designed: number | null; shared: number | null; random: number | null };
  threshold: number;
}

/** Points of the scatter figure: one neuron, prediction against measured response, per twin. */
export interface Scatter {
  unit: string;
  points: { twin: string; predicted: number; measured: number }[];
}
