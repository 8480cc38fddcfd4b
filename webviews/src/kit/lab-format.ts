/** "0.123", "−0.0042", "not measured". Three significant digits. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'not measured';
  return minus(Number(value.toPrecision(3)).toString());
}

/** An e-value or what it must reach: "12 400", "1.2 × 10⁶", "0.003". */
export function evidence(value: number | null): string {
  if (value === null) return 'not measured';
  if (value >= 1e6 || (value > 0 && value < 1e-4)) {
    const [mantissa, exponent] = value.toExponential(1).split('e');
    return `${mantissa} × 10${superscript(Number(exponent))}`;
  }
  if (value >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', '\u202f');
  return number(value);
}

/** "25 Nov 2026, 07:24" in the reader's own time zone. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** "1 trial", "12 trials" */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** "45 s", "2 min 5 s", "1 h 10 min" */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ''}`;
  const minutes = Math.round((whole % 3600) / 60);
  return `${Math.floor(whole / 3600)} h${minutes ? ` ${minutes} min` : ''}`;
}

const minus = (text: string) => text.replace(/^-/, '−');
const superscript = (n: number) =>
  String(n).replace(/[-\d]/g, (digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]));
