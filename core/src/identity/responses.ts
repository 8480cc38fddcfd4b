/** Responses, C order [neuron × column]; NaN where nothing was measured. */
export interface Responses {
  neurons: number;
  columns: number;
  values: Float64Array;
}

/** What one neuron did, [column]. */
export const rowOf = ({ columns, values }: Responses, neuron: number): Float64Array =>
  values.subarray(neuron * columns, (neuron + 1) * columns);
