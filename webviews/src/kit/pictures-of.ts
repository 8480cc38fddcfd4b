import type { FromAnswer, ToolCall } from './answer.ts';

/** A view and what makes its model of an answer. */
export interface Part<Model> {
  view: string;
  from: FromAnswer<Model>;
}

/** What the parts draw of one answer, and why each of the others cannot, once each. */
export async function picturesOf(
  call: ToolCall,
  parts: Part<unknown>[],
): Promise<{ pictures: { view: string; model: unknown }[]; problems: string[] }> {
  const pictures: { view: string; model: unknown }[] = [];
  const problems = new Set<string>();
  for (const { view, from } of parts) {
    try {
      const model = await from.draw(call);
      if (model !== undefined) pictures.push({ view, model });
    } catch (error) {
      problems.add(error instanceof Error ? error.message : String(error));
    }
  }
  return { pictures, problems: [...problems] };
}
