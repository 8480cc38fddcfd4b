import { BregmaError } from '@bregma/core/errors';

/** [3 × 4]. */
type Matrix = number[][];

const next =
  'Affine, rigid and similarity transforms of three dimensions are read; of a composite one, split off its affine part.';
const refuse = (name: string, what: string) => new BregmaError('bad-input', `${name} ${what}.`, { next });

/** Kinds that ITK writes as nine numbers of a matrix and three of a shift (itkMatrixOffsetTransformBase). */
const matrixKinds = /^(AffineTransform|MatrixOffsetTransformBase)_(double|float)_3_3$/;

/**
 * The matrix of an ITK transform: what it does to points, in mm of LPS, y = A·(x − c) + t + c (The ITK Software Guide, "Transforms").
 * It is given for RAS, in which x and y have the other sign.
 */
function matrixOf(kind: string, parameters: number[], fixed: number[], name: string): Matrix {
  if (!matrixKinds.test(kind)) throw refuse(name, `holds a ${kind.slice(0, 60)}, which is not read`);
  if (parameters.length !== 12 || fixed.length !== 3 || ![...parameters, ...fixed].every(Number.isFinite))
    throw refuse(name, `has ${parameters.length} parameters and ${fixed.length} fixed ones; 12 and 3 make an affine`);
  const turn = [-1, -1, 1];
  return [0, 1, 2].map((row) => {
    const a = parameters.slice(3 * row, 3 * row + 3);
    const shift = parameters[9 + row] + fixed[row] - a.reduce((sum, value, axis) => sum + value * fixed[axis], 0);
    return [...a.map((value, axis) => turn[row] * value * turn[axis]), turn[row] * shift];
  });
}

/** Reads the text form (`.tfm`, `.txt`: "#Insight Transform File V1.0"). Throws `bad-input`. */
export function parseItkText(text: string, name: string): Matrix {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const of = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}:`)).map((line) => line.slice(key.length + 1).trim());
  const [kinds, parameters, fixed] = [of('Transform'), of('Parameters'), of('FixedParameters')];
  if (kinds.length !== 1 || parameters.length !== 1 || fixed.length !== 1)
    throw refuse(name, `holds ${kinds.length} transforms with ${parameters.length} lists of parameters; one is read`);
  const numbers = (line: string) => line.split(/\s+/).filter(Boolean).map(Number);
  return matrixOf(kinds[0], numbers(parameters[0]), numbers(fixed[0]), name);
}

/** Whether a text begins as a transform of ITK. */
export const isItkText = (head: string): boolean => /^#\s*Insight Transform File/i.test(head);

/** Whether bytes begin as a variable of MATLAB 4 that ITK writes: doubles, named for a kind of transform. */
export const isItkMat = (bytes: Buffer): boolean =>
  bytes.length > 20 &&
  [0, 1000].some((type) => bytes.readInt32LE(0) === type || bytes.readInt32BE(0) === type) &&
  /Transform/.test(bytes.toString('latin1', 20, 60));

/**
 * Reads the binary form (`.mat`), which is MATLAB 4: two columns of doubles, the parameters under the kind's name and `fixed`
 * (MAT-File Format, "Level 4"). Throws `bad-input`.
 */
export function parseItkMat(bytes: Buffer, name: string): Matrix {
  const found: { name: string; values: number[] }[] = [];
  for (let at = 0; at < bytes.length && found.length < 3; ) {
    const { variable, end } = variableAt(bytes, at, name);
    found.push(variable);
    at = end;
  }
  const kind = found.find(({ name: one }) => one !== 'fixed');
  const fixed = found.find(({ name: one }) => one === 'fixed');
  if (found.length !== 2 || !kind || !fixed) throw refuse(name, 'holds no single transform: a matrix and its centre');
  return matrixOf(kind.name, kind.values, fixed.values, name);
}

function variableAt(bytes: Buffer, at: number, name: string) {
  const early = () => new BregmaError('corrupt', `${name} ends within a variable.`, { next: 'Copy the file again.' });
  if (at + 20 > bytes.length) throw early();
  // Types are small: 0 to 4,052 the right way round.
  const big = bytes.readUInt32LE(at) > 5000;
  const whole = (from: number) => (big ? bytes.readInt32BE(from) : bytes.readInt32LE(from));
  const [type, rows, columns, imaginary, length] = [0, 4, 8, 12, 16].map((offset) => whole(at + offset));
  const width = { 0: 8, 10: 4 }[type % 100];
  if (width === undefined || imaginary !== 0 || rows < 0 || columns < 0 || length < 1 || length > 200)
    throw refuse(name, 'holds a variable that is no list of numbers');
  const from = at + 20 + length;
  const end = from + rows * columns * width;
  if (!(end <= bytes.length)) throw early();
  const value = (place: number) => {
    if (width === 4) return big ? bytes.readFloatBE(place) : bytes.readFloatLE(place);
    return big ? bytes.readDoubleBE(place) : bytes.readDoubleLE(place);
  };
  const values = Array.from({ length: rows * columns }, (_, i) => value(from + i * width));
  return { variable: { name: bytes.toString('latin1', at + 20, from - 1), values }, end };
}
