import type { Connectome } from '../domain/connectome.ts';
import { type Estimate, NeuronMeans, notBelowZero } from './firing-rates.ts';

/** Mean rates of cell types over their neurons that were not driven, with intervals over independent units. */
export class TypeRates {
  private readonly names: string[] = [];
  private readonly sizes: number[] = [];
  /** Type of each neuron; -1: none, or driven. */
  private readonly typeOf: Int32Array;
  private readonly rates: NeuronMeans;

  constructor({ types }: Connectome, driven: ReadonlySet<number>) {
    const index = new Map<string, number>();
    this.typeOf = Int32Array.from(types, (type, i) => {
      if (type === '' || driven.has(i)) return -1;
      const found = index.get(type) ?? this.names.push(type) - 1;
      index.set(type, found);
      this.sizes[found] = (this.sizes[found] ?? 0) + 1;
      return found;
    });
    this.rates = new NeuronMeans(this.names.length);
  }

  /** rates: of every neuron in one unit, Hz. */
  add(rates: ArrayLike<number>): void {
    const means = new Float64Array(this.names.length);
    for (let i = 0; i < this.typeOf.length; i++)
      if (this.typeOf[i] >= 0) means[this.typeOf[i]] += rates[i] / this.sizes[this.typeOf[i]];
    this.rates.add(means);
  }

  /** Types of which a neuron fired, highest rate first. active: neurons of the type that fired in any unit. */
  ranked(isActive: (neuron: number) => boolean): ({ type: string; neurons: number; active: number } & Estimate)[] {
    const active = new Int32Array(this.names.length);
    for (let i = 0; i < this.typeOf.length; i++) if (this.typeOf[i] >= 0 && isActive(i)) active[this.typeOf[i]]++;
    return this.names
      .map((type, k) => ({ type, neurons: this.sizes[k], active: active[k], ...notBelowZero(this.rates.of(k)) }))
      .filter((found) => found.active > 0)
      .sort((a, b) => b.mean - a.mean || (a.type < b.type ? -1 : 1));
  }
}
